#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/converter.h"
#include "core/delay_line.h"
#include "core/engine.h"
#include "core/high_band.h"
#include "core/ring.h"

namespace limpid {

/**
 * One engine at the caller's rate and block size: rate conversion, block adapter, guard against bad output, high band.
 * In place of a block that the engine refuses or spoils there is the dry one, without a click.
 * Its output is the full-band wet signal, exactly `delayFrames` behind the input. Audio thread only, but for the
 * getters.
 */
class EngineLane {
 public:
  /** Prepares the engine (not real-time). On failure returns null and sets `error`. `fixedBlockFrames` as in
   * `Pipeline::create`. */
  static std::unique_ptr<EngineLane> create(std::unique_ptr<Engine> engine, double sampleRate,
                                            std::size_t fixedBlockFrames, std::size_t maxFrames, std::string* error);

  /** Reads `frames` finite samples, writes as many. */
  void process(const float* input, float* wet, std::size_t frames) noexcept;

  /** For a lane that was not given all of the signal: forgets the past, as after `create`. */
  void restart() noexcept;

  void setLevel(float level) noexcept { ownsLevel_ = engine_->setLevel(level); }
  bool ownsLevel() const noexcept { return ownsLevel_; }

  std::size_t delayFrames() const noexcept { return delayFrames_; }
  std::size_t engineDelayFrames() const noexcept { return engineDelayFrames_; }

  /** Whether the lane plays the dry signal now, for whatever reason. */
  bool isDry() const noexcept { return share_ == 0; }
  /** Whether the engine refused its last block. */
  bool blocked() const noexcept { return blocked_; }
  int vendorCode() const noexcept { return engine_->vendorCode(); }
  bool failed() const noexcept { return failure_.load(std::memory_order_relaxed)[0] != '\0'; }
  const char* failure() const noexcept { return failure_.load(std::memory_order_relaxed); }
  std::uint64_t blocks() const noexcept { return blocks_.load(std::memory_order_relaxed); }
  std::uint64_t replacedBlocks() const noexcept { return replaced_.load(std::memory_order_relaxed); }
  std::uint64_t refusedBlocks() const noexcept { return refused_; }
  float speechProbability() const noexcept { return engine_->speechProbability(); }

 private:
  EngineLane(std::unique_ptr<Engine> engine, const EnginePlan& plan, double sampleRate, std::size_t fixedBlockFrames,
             std::size_t maxFrames);
  void runEngine(const float* samples, std::size_t frames) noexcept;
  void runBlock(float* block, std::size_t frames) noexcept;
  bool enhance(float* block, std::size_t frames) noexcept;
  void startAfresh() noexcept;
  void playDry(float* block, std::size_t frames) noexcept;
  void fadeIn(float* block, std::size_t frames) noexcept;
  float nextStep() noexcept;
  void readDryBlock(std::size_t frames) noexcept;
  void readDry(std::size_t back, float* target, std::size_t frames) noexcept;
  bool isLoudInput(const float* block, std::size_t frames) noexcept;
  void emit(const float* samples, std::size_t frames) noexcept;
  void fail(const char* reason) noexcept { failure_.store(reason, std::memory_order_relaxed); }
  bool badTooOften() noexcept;

  std::unique_ptr<Engine> engine_;
  EnginePlan plan_;
  double engineRate_;
  bool used_ = false;  // since the beginning or the last restart
  std::size_t delayFrames_ = 0;
  std::size_t engineDelayFrames_ = 0;
  bool ownsLevel_ = false;

  std::optional<Converter> toEngine_;
  std::optional<Converter> fromEngine_;
  std::vector<float> converted_;
  std::vector<float> back_;
  std::vector<float> block_;
  std::size_t blockFill_ = 0;
  Ring ready_;
  std::vector<float> prefill_;  // the silence ready_ begins with
  double wayBackStart_ = 0;     // of fromEngine_

  DelayLine engineDry_;             // at the engine's rate, for the guard
  std::vector<float> engineSplit_;  // what lies above the engine's band comes from highBand_; empty: nothing does
  std::vector<float> engineSpan_;
  std::vector<float> dryBlock_;
  std::size_t warmUpBlocks_;  // until the engine's output is whole again after a reset
  std::size_t warmUpLeft_ = 0;
  bool blocked_ = false;
  std::uint64_t refused_ = 0;
  float share_ = 1;      // of the engine in the output; the rest is the dry signal
  float shareStep_ = 1;  // a sample
  float step_ = 0;       // what the output was apart from the dry signal when the engine was left; dies away
  float stepDecay_ = 0;
  float lastSample_ = 0;
  std::uint64_t engineFrames_ = 0;
  std::uint64_t badAt_[3] = {};  // engineFrames_ of the last bad blocks, plus one; 0 = none
  std::size_t badNext_ = 0;

  std::optional<HighBand> highBand_;
  DelayLine dry_;  // at the caller's rate, for the high band
  std::vector<float> drySpan_;

  std::atomic<const char*> failure_{""};    // written by the audio thread
  std::atomic<std::uint64_t> blocks_{0};    // written by the audio thread
  std::atomic<std::uint64_t> replaced_{0};  // written by the audio thread
};

}  // namespace limpid
