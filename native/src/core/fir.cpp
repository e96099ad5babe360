#include "core/fir.h"

#include <cmath>

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;
}

double besselI0(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; term > sum * 1e-18; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

double kaiserWindow(double x, double beta) {
  if (std::abs(x) >= 1) return 0;
  return besselI0(beta * std::sqrt(1 - x * x)) / besselI0(beta);
}

double kaiserBeta(double attenuationDb) {
  return 0.1102 * (attenuationDb - 8.7);
}

double kaiserTransition(double attenuationDb, double taps) {
  return (attenuationDb - 8) / (2.285 * 2 * kPi * taps);
}

std::vector<float> designLowPass(double sampleRate, double cutoffHz, double transitionHz, double attenuationDb) {
  const double wanted = (attenuationDb - 8) / (2.285 * 2 * kPi * transitionHz / sampleRate);
  const int half = static_cast<int>(std::ceil(wanted / 2));
  const double beta = kaiserBeta(attenuationDb);
  const double cutoff = 2 * cutoffHz / sampleRate;
  std::vector<double> exact(2 * half + 1);
  double sum = 0;
  for (int k = -half; k <= half; ++k) {
    const double sinc = k == 0 ? cutoff : std::sin(kPi * cutoff * k) / (kPi * k);
    exact[k + half] = sinc * kaiserWindow(k / (half + 1.0), beta);
    sum += exact[k + half];
  }
  std::vector<float> taps;
  taps.reserve(exact.size());
  for (const double tap : exact) taps.push_back(static_cast<float>(tap / sum));
  return taps;
}

}  // namespace limpid
