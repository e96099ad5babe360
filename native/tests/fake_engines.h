#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/delay_line.h"
#include "core/engine.h"

namespace limpid::test {

/**
 * An engine with a known effect: the input times `gain`, `delay` frames late, in blocks. It can be told to misbehave.
 */
class GainEngine : public Engine {
 public:
  GainEngine(float gain, std::size_t block, std::size_t delay, double rate = 0)
      : gain_(gain), plan_{rate, block, delay, 0, ""}, line_(delay + 8192) {}

  EnginePlan prepare(double) override { return plan_; }

  BlockResult process(float* samples, std::size_t frames) noexcept override {
    ++blocks;
    if (trapAt == blocks) return BlockResult::dead;
    line_.write(samples, frames);
    line_.read(plan_.delayFrames, samples, frames);
    for (std::size_t i = 0; i < frames; ++i) samples[i] *= gain_;
    const bool bad = std::find(badBlocks.begin(), badBlocks.end(), blocks) != badBlocks.end();
    if (bad) std::fill(samples, samples + frames, badValue);
    return BlockResult::enhanced;
  }

  bool reset() noexcept override {
    line_.clear();
    ++resets;
    return true;
  }

  int blocks = 0;
  int resets = 0;
  int trapAt = 0;
  float badValue = std::numeric_limits<float>::quiet_NaN();
  std::vector<int> badBlocks;

 private:
  float gain_;
  EnginePlan plan_;
  DelayLine line_;
};

}  // namespace limpid::test
