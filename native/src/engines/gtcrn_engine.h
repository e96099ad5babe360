#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/engine.h"

namespace limpid {

/**
 * The embedded noise suppressor: GTCRN, a 16 kHz network compiled ahead of time, with its own 48 kHz resampling.
 * Takes blocks of 768 frames at 48 kHz, is 890 frames late and passes nothing above 8 kHz. Its output equals the
 * WebAssembly it was made from bit for bit.
 *
 * Samples must be finite: one NaN stays in the network's memory until `reset`. Inputs below 1e-20 in magnitude, but for
 * zero, cost several times the time of others.
 */
class GtcrnEngine final : public Engine {
 public:
  static constexpr double kSampleRate = 48000;
  static constexpr std::size_t kBlockFrames = 768;
  static constexpr std::size_t kDelayFrames = 890;
  static constexpr double kBandwidthHz = 8000;

  GtcrnEngine();
  ~GtcrnEngine() override;

  /** Reserves 8 GiB of address space (18 MB of it usable); fails with a sentence when that is refused. */
  EnginePlan prepare(double sampleRate) override;
  BlockResult process(float* samples, std::size_t frames) noexcept override;
  bool reset() noexcept override;

 private:
  struct Network;
  std::unique_ptr<Network> network_;
  bool dead_ = false;  // after a trap
};

}  // namespace limpid
