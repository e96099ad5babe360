#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace limpid::test {

constexpr double kPi = 3.14159265358979323846;

/** Repeatable noise in −1..1. */
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 11) / 4503599627370496.0 - 1;
  }

 private:
  std::uint64_t state_;
};

inline std::vector<float> sine(double sampleRate, double hertz, double amplitude, std::size_t frames) {
  std::vector<float> samples(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    samples[i] = static_cast<float>(amplitude * std::sin(2 * kPi * hertz * static_cast<double>(i) / sampleRate));
  }
  return samples;
}

inline std::vector<float> noise(std::uint64_t seed, double amplitude, std::size_t frames) {
  Random random(seed);
  std::vector<float> samples(frames);
  for (float& sample : samples) sample = static_cast<float>(amplitude * random.next());
  return samples;
}

inline double energyOf(const float* samples, std::size_t frames) {
  double energy = 0;
  for (std::size_t i = 0; i < frames; ++i) energy += static_cast<double>(samples[i]) * samples[i];
  return energy;
}

/** Level of `a − b` against `b` in dB. */
inline double differenceDb(const float* a, const float* b, std::size_t frames) {
  double error = 0;
  for (std::size_t i = 0; i < frames; ++i) error += std::pow(static_cast<double>(a[i]) - b[i], 2);
  return 10 * std::log10((error + 1e-30) / (energyOf(b, frames) + 1e-30));
}

/** Level in dB of what is left of `samples` after the best-fitting sine of this frequency is taken away, against that
 * sine. */
inline double residualDb(const float* samples, std::size_t frames, double sampleRate, double hertz) {
  double cc = 0, ss = 0, cs = 0, xc = 0, xs = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    const double angle = 2 * kPi * hertz * static_cast<double>(i) / sampleRate;
    const double c = std::cos(angle), s = std::sin(angle);
    cc += c * c;
    ss += s * s;
    cs += c * s;
    xc += samples[i] * c;
    xs += samples[i] * s;
  }
  const double determinant = cc * ss - cs * cs;
  const double a = (xc * ss - xs * cs) / determinant;
  const double b = (xs * cc - xc * cs) / determinant;
  double left = 0, fitted = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    const double angle = 2 * kPi * hertz * static_cast<double>(i) / sampleRate;
    const double fit = a * std::cos(angle) + b * std::sin(angle);
    fitted += fit * fit;
    left += std::pow(samples[i] - fit, 2);
  }
  return 10 * std::log10((left + 1e-30) / (fitted + 1e-30));
}

/** Largest step from one sample to the next. */
inline double largestStep(const float* samples, std::size_t frames) {
  double step = 0;
  for (std::size_t i = 1; i < frames; ++i)
    step = std::max(step, std::abs(static_cast<double>(samples[i]) - samples[i - 1]));
  return step;
}

/** The lag 0..most at which `late` matches `early` best, by cross-correlation. */
inline std::size_t lagOf(const std::vector<float>& early, const std::vector<float>& late, std::size_t most) {
  std::size_t best = 0;
  double bestSum = -1;
  for (std::size_t lag = 0; lag <= most; ++lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < late.size() && i < early.size(); ++i) sum += early[i] * late[i + lag];
    if (sum > bestSum) {
      bestSum = sum;
      best = lag;
    }
  }
  return best;
}

}  // namespace limpid::test
