#pragma once

#include <cstddef>
#include <vector>

namespace limpid {

/** Zeroth-order modified Bessel function of the first kind, by its power series. */
double besselI0(double x);

/** Kaiser window at `x` in −1..1 (0 outside). `beta` from `kaiserBeta`. J. F. Kaiser, "Nonrecursive digital filter
 * design", 1974. */
double kaiserWindow(double x, double beta);

/** Kaiser's formula for the window shape that gives `attenuationDb` (> 50) of stop-band attenuation. */
double kaiserBeta(double attenuationDb);

/** Kaiser's formula: width of the transition band, in cycles per sample, of a filter of `taps` taps. */
double kaiserTransition(double attenuationDb, double taps);

/** Odd, symmetric low-pass of unit gain: half amplitude at `cutoffHz`, stop-band from `cutoffHz + transitionHz / 2`. */
std::vector<float> designLowPass(double sampleRate, double cutoffHz, double transitionHz, double attenuationDb);

/** Sum of products, in sixteen partial sums so that the compiler may use vector registers without reordering anything
 * else. */
inline float dot(const float* a, const float* b, std::size_t count) noexcept {
  constexpr std::size_t kLanes = 16;
  float partial[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) partial[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (; i < count; ++i) sum += a[i] * b[i];
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum += partial[lane];
  return sum;
}

}  // namespace limpid
