#pragma once

#include <cstddef>
#include <vector>

namespace limpid {

/**
 * Band-limited sample rate converter: a polyphase windowed sinc (Kaiser) whose phases are interpolated linearly, so any
 * ratio works and may be trimmed while running (J. O. Smith, "Digital audio resampling", CCRMA). It is centred: output
 * j is the input at time `start + j · step`; what it costs is `lookaheadFrames` of input that must have arrived.
 *
 * Equal rates: 32 taps, transparent (bit-exact while untrimmed). Else 128 taps of the lower rate, stop-band 100 dB from
 * the lower Nyquist frequency on, pass-band to 0.89 of it. One thread; real-time safe after construction.
 */
class Converter {
 public:
  /** Rates in Hz. `maxInputFrames`: most samples of one `process` call. */
  Converter(double inputRate, double outputRate, std::size_t maxInputFrames);

  /** Forgets the past; the first output is taken `start` input samples (≥ 0) after the first input sample. */
  void reset(double start = 0) noexcept;

  /** Speeds up the reading of the input by `ppm` parts per million (|ppm| ≤ 10,000). */
  void trim(double ppm) noexcept { step_ = nominalStep_ * (1 + ppm * 1e-6); }

  /** How many more input samples `process` needs to give `outputFrames`. */
  std::size_t inputNeeded(std::size_t outputFrames) const noexcept;

  /** Takes all `inputFrames`, writes up to `capacity` outputs and returns their number. What exceeds the capacity comes
   * next time. */
  std::size_t process(const float* input, std::size_t inputFrames, float* output, std::size_t capacity) noexcept;

  /** Input samples that must follow the place of an output. */
  std::size_t lookaheadFrames() const noexcept { return half_; }

 private:
  float interpolate(double position) const noexcept;

  double nominalStep_;
  double step_;
  std::size_t half_;            // taps on either side
  std::vector<float> phases_;   // (kPhases + 1) filters of 2 · half_ taps
  std::vector<float> pending_;  // input not yet done with
  std::size_t filled_ = 0;
  double position_ = 0;  // of the next output, in samples of pending_
};

}  // namespace limpid
