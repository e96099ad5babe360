#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "core/delay_line.h"
#include "core/engine.h"
#include "core/fir.h"

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

 protected:
  float gain_;

 private:
  EnginePlan plan_;
  DelayLine line_;
};

/** As `GainEngine`, but it refuses blocks while it is told to, as a licensed engine without a licence does. */
class BlockableEngine : public GainEngine {
 public:
  using GainEngine::GainEngine;

  BlockResult process(float* samples, std::size_t frames) noexcept override {
    if (dies) return BlockResult::dead;
    if (!refuses) {
      code_ = 0;
      return GainEngine::process(samples, frames);
    }
    ++refused;
    code_ = 6;
    if (hearsWhileRefusing) GainEngine::process(samples, frames);
    std::fill(samples, samples + frames, 100.0f);  // "the buffer means nothing"
    return BlockResult::blocked;
  }
  bool setLevel(float level) noexcept override {
    if (ownsLevel) gain_ = level > 0 ? 1 + level * (full_ - 1) : 0.97f;  // an engine's own zero need not be exact
    return ownsLevel;
  }
  int vendorCode() const noexcept override { return code_; }

  bool refuses = false;
  bool dies = false;
  bool hearsWhileRefusing = true;  // false: it comes back with what it held before
  bool ownsLevel = false;
  int refused = 0;

 private:
  const float full_ = gain_;
  std::atomic<int> code_{0};
};

/** Keeps 8 kHz of the band and lowers it by `gain`; 890 samples late. */
class NarrowEngine : public Engine {
 public:
  explicit NarrowEngine(float gain) : gain_(gain), filter_(designLowPass(48000, 8000, 1200, 70)), line_(4096) {}
  EnginePlan prepare(double) override { return {48000, 768, 890, 8000, ""}; }
  BlockResult process(float* samples, std::size_t frames) noexcept override {
    line_.write(samples, frames);
    const std::size_t half = filter_.size() / 2;
    line_.read(890 - half, span_, frames + 2 * half);
    for (std::size_t i = 0; i < frames; ++i) samples[i] = gain_ * dot(span_ + i, filter_.data(), filter_.size());
    return BlockResult::enhanced;
  }
  bool reset() noexcept override { return true; }

 private:
  float gain_;
  std::vector<float> filter_;
  DelayLine line_;
  float span_[2048];
};

}  // namespace limpid::test
