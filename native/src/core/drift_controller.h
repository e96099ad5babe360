#pragma once

#include <algorithm>
#include <cmath>

namespace limpid {

/**
 * Keeps a ring between two clocks at its target fill by trimming the converter behind it: a low-pass over the measured
 * error, then a proportional-integral controller (F. Adriaensen, "Controlling adaptive resampling", LAC 2012). Fast for
 * the first seconds to find the clocks' difference, slow afterwards so that callback jitter does not become pitch.
 */
class DriftController {
 public:
  /** `sampleRate` in Hz of the ring's samples. */
  explicit DriftController(double sampleRate) : sampleRate_(sampleRate) {}

  /** Start again with the error filter empty; the clocks' difference found so far is kept. */
  void rearm() noexcept { filtered_ = 0; }

  /** `error` = fill − target in frames, `elapsed` seconds since the last update. Returns the trim in ppm. */
  double update(double error, double elapsed) noexcept {
    // A hiccup of the machine is not the clocks' doing: its error must not be learnt.
    if (std::abs(error) > kHiccupSeconds * sampleRate_) return trim();
    seconds_ += elapsed;
    const double hertz = seconds_ < kFastSeconds ? kFastHertz : kSlowHertz;
    const double smoothing = 1 - std::exp(-elapsed * 2 * kPi * hertz * kFilterFactor);
    filtered_ += smoothing * (error - filtered_);
    const double omega = 2 * kPi * hertz;
    const double framesPerPpm = sampleRate_ * 1e-6;  // a trim of 1 ppm takes away that many frames each second
    integral_ += omega * omega / framesPerPpm * filtered_ * elapsed;
    integral_ = std::clamp(integral_, -kMostPpm, kMostPpm);
    proportional_ = 2 * omega / framesPerPpm * filtered_;
    return trim();
  }

  /** The clocks' difference found so far, in ppm; positive: capture is faster. */
  double driftPpm() const noexcept { return integral_; }
  double filteredError() const noexcept { return filtered_; }

 private:
  static constexpr double kPi = 3.14159265358979323846;
  static constexpr double kFastHertz = 0.02;
  static constexpr double kSlowHertz = 0.005;
  static constexpr double kFastSeconds = 10;
  static constexpr double kFilterFactor = 6;  // corner of the error filter over the loop's own frequency
  static constexpr double kMostPpm = 1000;
  static constexpr double kHiccupSeconds = 0.008;

  double trim() const noexcept { return std::clamp(integral_ + proportional_, -2 * kMostPpm, 2 * kMostPpm); }

  double sampleRate_;
  double seconds_ = 0;
  double filtered_ = 0;
  double integral_ = 0;
  double proportional_ = 0;
};

}  // namespace limpid
