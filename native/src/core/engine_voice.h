#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/delay_line.h"
#include "core/engine.h"
#include "core/engine_lane.h"
#include "core/fallback_policy.h"
#include "core/ramp.h"

namespace limpid {

/**
 * The chosen engine and its fallback as one voice: one delay from the start (the longer one), one level, and a
 * time-aligned cross-fade whenever the other one takes over. `FallbackPolicy` says when. What is not needed is not run.
 *
 * Audio thread only, but for `create`.
 */
class EngineVoice {
 public:
  /** Prepares both engines (not real-time). On failure returns null and sets `error`. `fixedBlockFrames` as in
   * `Pipeline::create`. */
  static std::unique_ptr<EngineVoice> create(EngineSet engines, double sampleRate, std::size_t fixedBlockFrames,
                                             std::size_t maxFrames, std::string* error);

  /** Reads `frames` finite samples, writes as many, `delayFrames` later, with the level applied. */
  void process(const float* input, float* output, std::size_t frames) noexcept;

  void setLevel(float level) noexcept;  ///< 0..1, ramps over 20 ms; call before the first `process`
  void allowShadow(bool allowed) noexcept { shadowAllowed_ = allowed; }

  std::size_t delayFrames() const noexcept { return delayFrames_; }
  std::size_t engineDelayFrames() const noexcept { return engine_.lane->engineDelayFrames(); }
  /** From the first input until all of its output is good to be heard. */
  std::size_t warmUpFrames() const noexcept { return warmUpFrames_; }
  /** False on the way from one engine to the other. */
  bool settled() const noexcept { return policy_.state() != FallbackPolicy::State::leaving && fade_.resting(); }

  Heard heard() const noexcept;
  const EngineLane& chosen() const noexcept { return *engine_.lane; }
  /** Whether the chosen engine ran in the last call and was blocked. */
  bool refused() const noexcept { return refused_; }
  std::uint64_t replacedBlocks() const noexcept;
  float speechProbability() const noexcept;

 private:
  /** One lane, padded to the common delay, its level applied. */
  struct Part {
    Part(std::unique_ptr<EngineLane> lane, std::size_t delayFrames, std::size_t maxFrames, double sampleRate);
    void run(const float* input, const float* dry, float level, std::size_t frames, std::size_t warmUpFrames) noexcept;
    void rest() noexcept { running = false; }
    bool ready() const noexcept { return running && warmUpLeft == 0; }

    std::unique_ptr<EngineLane> lane;
    std::size_t padFrames;
    DelayLine pad;
    std::vector<float> output;
    Ramp share;  // of the lane in what is heard of it; the rest is the dry signal
    bool running = false;
    std::size_t warmUpLeft = 0;
  };

  EngineVoice(std::unique_ptr<EngineLane> engine, std::unique_ptr<EngineLane> fallback, double sampleRate,
              std::size_t maxFrames);
  void mix(float* output, std::size_t frames) noexcept;
  void tellPolicy(std::size_t frames, bool refusedBlock) noexcept;

  const std::size_t delayFrames_;
  const std::size_t warmUpFrames_;
  Part engine_;
  std::unique_ptr<Part> fallback_;
  FallbackPolicy policy_;
  Ramp fade_;  // 0: the chosen engine, 1: the fallback
  DelayLine dryLine_;
  std::vector<float> dry_;
  float level_ = -1;
  bool shadowAllowed_ = true;
  bool refused_ = false;
};

}  // namespace limpid
