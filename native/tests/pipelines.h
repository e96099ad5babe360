#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline.h"
#include "signals.h"

namespace limpid::test {

inline std::unique_ptr<Pipeline> make(EngineSet engines, double rate = 48000, std::size_t fixed = 0) {
  std::string error;
  std::unique_ptr<Pipeline> pipeline = Pipeline::create(std::move(engines), rate, fixed, &error);
  REQUIRE_MESSAGE(pipeline, error);
  return pipeline;
}

/** Runs the whole signal in blocks of `block` (0: uneven ones); `before` is called with the place of each. */
inline std::vector<float> run(Pipeline& pipeline, const std::vector<float>& input, std::size_t block,
                              const std::function<void(std::size_t)>& before = nullptr) {
  std::vector<float> output(input.size());
  std::size_t piece = 1;
  for (std::size_t done = 0; done < input.size();) {
    piece = piece % 1021 + 61;
    const std::size_t now = std::min(block > 0 ? block : piece, input.size() - done);
    if (before) before(done);
    pipeline.process(input.data() + done, output.data() + done, now);
    done += now;
  }
  return output;
}

inline double differenceAfterDelayDb(const Pipeline& pipeline, const std::vector<float>& input,
                                     const std::vector<float>& output, std::size_t from, std::size_t to) {
  return differenceDb(output.data() + from, input.data() + from - pipeline.delayFrames(), to - from);
}

}  // namespace limpid::test
