#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/engine.h"

namespace limpid {

/** Counts since `create`. Read from any thread. */
struct PipelineCounts {
  std::uint64_t nonFiniteSamples = 0;  ///< input samples that were not finite or beyond 1e9 (now silence)
  std::uint64_t tinySamples = 0;       ///< input samples below 1e-20 (now zero)
  std::uint64_t replacedBlocks = 0;    ///< engine blocks that were replaced by the dry signal
  std::uint64_t blocksEnhanced = 0;    ///< calls of `process` heard through an engine
  std::uint64_t blocksBypassed = 0;    ///< calls of `process` heard unchanged: bypass, or no engine works
  std::uint64_t blocksDisallowed = 0;  ///< calls of `process` in which the chosen engine was blocked
};

/** What is heard and how the chosen engine fares, all of one moment and of one set of engines. */
struct PipelineStatus {
  std::uint64_t id = 0;         ///< of the set that is heard: after a switch that of the old one until the fade is over
  Heard heard = Heard::engine;  ///< the user's own bypass and level 0 do not count
  bool isBlocked = false;       ///< the chosen engine's last block came back unprocessed
  int vendorCode = 0;           ///< the chosen engine's, for its last block; 0 = enhanced
  const char* reason = "";      ///< "", or why the chosen engine can never work again: "trap" or "bad-output"
  float speechProbability = -1;  ///< negative: none
};

/**
 * Gives every engine the same promises at the caller's rate: any block size, full bandwidth, sample-exact level and
 * bypass with the delay kept, clean numbers, the fallback or the dry signal while the engine cannot work, click-free
 * time-aligned engine change. Mono; several channels are several pipelines.
 *
 * Threads: `process` on one audio thread; `switchEngine` and `collect` on one control thread; the setters and getters
 * anywhere.
 */
class Pipeline {
 public:
  static constexpr std::size_t kMaxFrames = 8192;  ///< most frames of one `process` call

  /**
   * `sampleRate` 8000..192000 Hz. `fixedBlockFrames`: when every call of `process` has this many frames (a multiple of
   * it counts too) the block adapter needs less delay; 0 = any size may come. On failure returns null and sets `error`.
   */
  static std::unique_ptr<Pipeline> create(EngineSet engines, double sampleRate, std::size_t fixedBlockFrames,
                                          std::string* error);
  ~Pipeline();

  /** Real-time safe. Reads `frames` samples from `input`, writes as many to `output` (may be the same buffer). */
  void process(const float* input, float* output, std::size_t frames) noexcept;

  /** The input of the last `process`, sanitised and delayed as the output is: the time-aligned original. Valid until
   * the next call. */
  const float* alignedDry() const noexcept;

  void setLevel(float level) noexcept;   ///< 0..1, ramps over 20 ms
  void setBypass(bool bypass) noexcept;  ///< fades over 10 ms

  /** Total delay in frames at `sampleRate`. Grows when an engine with a longer delay is switched to; never shrinks. */
  std::size_t delayFrames() const noexcept;
  std::size_t engineDelayFrames()
      const noexcept;  ///< of which the engine's own (block adapter and rate conversion excluded)

  /** Prepares `engines` and hands them to the audio thread, which cross-fades. Returns false and sets `error` when one
   * cannot be prepared. */
  bool switchEngine(EngineSet engines, std::string* error);
  /** Destroys engines that the audio thread has let go; true: there were some. Call now and then from the control
   * thread. */
  bool collect();

  /** False: this machine cannot run two engines at a time; a blocked one is then only tried now and then. */
  void allowShadow(bool allowed) noexcept;

  PipelineStatus status() const noexcept;
  Heard heard() const noexcept { return status().heard; }
  bool engineBlocked() const noexcept { return status().isBlocked; }
  int vendorCode() const noexcept { return status().vendorCode; }
  bool engineFailed() const noexcept { return status().reason[0] != '\0'; }
  const char* engineReason() const noexcept { return status().reason; }
  float speechProbability() const noexcept { return status().speechProbability; }
  PipelineCounts counts() const noexcept;

 private:
  class Impl;
  explicit Pipeline(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace limpid
