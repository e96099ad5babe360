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

  void setLevel(float level) noexcept { ownsLevel_ = engine_->setLevel(level); }
  bool ownsLevel() const noexcept { return ownsLevel_; }

  std::size_t delayFrames() const noexcept { return delayFrames_; }
  std::size_t engineDelayFrames() const noexcept { return engineDelayFrames_; }

  /** Whether the engine's last block came back unprocessed. */
  bool blocked() const noexcept { return blocked_; }
  int vendorCode() const noexcept { return engine_->vendorCode(); }
  bool failed() const noexcept { return failure_.load(std::memory_order_relaxed)[0] != '\0'; }
  const char* failure() const noexcept { return failure_.load(std::memory_order_relaxed); }
  std::uint64_t blocks() const noexcept { return blocks_.load(std::memory_order_relaxed); }
  std::uint64_t replacedBlocks() const noexcept { return replaced_.load(std::memory_order_relaxed); }
  float speechProbability() const noexcept { return engine_->speechProbability(); }

 private:
  EngineLane(std::unique_ptr<Engine> engine, const EnginePlan& plan, double sampleRate, std::size_t fixedBlockFrames,
             std::size_t maxFrames);
  void runEngine(const float* samples, std::size_t frames) noexcept;
  void runBlock(float* block, std::size_t frames) noexcept;
  void replaceBlock(float* block, std::size_t frames) noexcept;
  void readDryBlock(std::size_t frames) noexcept;
  void readDry(std::size_t back, float* target, std::size_t frames) noexcept;
  bool isLoudInput(const float* block, std::size_t frames) noexcept;
  void emit(const float* samples, std::size_t frames) noexcept;
  void fail(const char* reason) noexcept { failure_.store(reason, std::memory_order_relaxed); }
  bool badTooOften() noexcept;

  std::unique_ptr<Engine> engine_;
  EnginePlan plan_;
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

  DelayLine engineDry_;             // at the engine's rate, for the guard
  std::vector<float> engineSplit_;  // what lies above the engine's band comes from highBand_; empty: nothing does
  std::vector<float> engineSpan_;
  std::vector<float> dryBlock_;
  std::size_t warmUpBlocks_;  // until the engine's output is whole again after a reset
  std::size_t warmUpLeft_ = 0;
  bool fadeBack_ = false;
  bool blocked_ = false;
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
