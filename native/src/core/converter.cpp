#include "core/converter.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/fir.h"

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;
constexpr std::size_t kPhases = 256;
constexpr double kAttenuationDb = 100;
constexpr double kConvertingZeros = 64;     // zero crossings on either side when the rates differ
constexpr std::size_t kTrimmingZeros = 16;  // and when they are equal

double sinc(double x) {
  return std::abs(x) < 1e-12 ? 1 : std::sin(kPi * x) / (kPi * x);
}
}  // namespace

Converter::Converter(double inputRate, double outputRate, std::size_t maxInputFrames)
    : nominalStep_(inputRate / outputRate), step_(nominalStep_), half_(kTrimmingZeros) {
  const bool equalRates = inputRate == outputRate;
  const double beta = kaiserBeta(kAttenuationDb);
  double cutoff = 1;  // of the input's Nyquist frequency
  if (!equalRates) {
    const double lower = std::min(1.0, outputRate / inputRate);
    cutoff = lower * (1 - kaiserTransition(kAttenuationDb, 2 * kConvertingZeros));
    half_ = static_cast<std::size_t>(std::ceil(kConvertingZeros / lower));
  }
  const std::size_t taps = 2 * half_;
  phases_.resize((kPhases + 1) * taps);
  for (std::size_t phase = 0; phase <= kPhases; ++phase) {
    const double fraction = static_cast<double>(phase) / kPhases;
    float* filter = phases_.data() + phase * taps;
    double sum = 0;
    for (std::size_t k = 0; k < taps; ++k) {
      const double distance = static_cast<double>(k) - (static_cast<double>(half_) - 1) - fraction;
      const double tap = cutoff * sinc(cutoff * distance) * kaiserWindow(distance / static_cast<double>(half_), beta);
      filter[k] = static_cast<float>(tap);
      sum += tap;
    }
    for (std::size_t k = 0; k < taps; ++k) filter[k] = static_cast<float>(filter[k] / sum);
    if (equalRates && (phase == 0 || phase == kPhases)) {
      std::fill(filter, filter + taps, 0.0f);
      filter[half_ - 1 + (phase == kPhases ? 1 : 0)] = 1;
    }
  }
  pending_.resize(taps + 2 * maxInputFrames + static_cast<std::size_t>(std::ceil(2 * nominalStep_)) + 16);
  reset();
}

void Converter::reset(double start) noexcept {
  filled_ = half_ - 1;
  std::fill(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(filled_), 0.0f);
  position_ = static_cast<double>(filled_) + start;
}

std::size_t Converter::inputNeeded(std::size_t outputFrames) const noexcept {
  if (outputFrames == 0) return 0;
  const double last = position_ + static_cast<double>(outputFrames - 1) * step_;
  // One sample to spare: adding `step_` up rounds differently from multiplying it.
  const std::size_t needed = static_cast<std::size_t>(last + 1e-6) + half_ + 1;
  return needed > filled_ ? needed - filled_ : 0;
}

std::size_t Converter::process(const float* input, std::size_t inputFrames, float* output,
                               std::size_t capacity) noexcept {
  inputFrames = std::min(inputFrames, pending_.size() - filled_);
  std::memcpy(pending_.data() + filled_, input, inputFrames * sizeof(float));
  filled_ += inputFrames;

  std::size_t done = 0;
  while (done < capacity && static_cast<std::size_t>(position_) + half_ < filled_) {
    output[done++] = interpolate(position_);
    position_ += step_;
  }

  const std::size_t keepFrom = std::min(static_cast<std::size_t>(position_) + 1 - half_, filled_);
  if (keepFrom > 0) {
    std::memmove(pending_.data(), pending_.data() + keepFrom, (filled_ - keepFrom) * sizeof(float));
    filled_ -= keepFrom;
    position_ -= static_cast<double>(keepFrom);
  }
  return done;
}

float Converter::interpolate(double position) const noexcept {
  const std::size_t whole = static_cast<std::size_t>(position);
  const double phase = (position - static_cast<double>(whole)) * kPhases;
  const std::size_t below = static_cast<std::size_t>(phase);
  const float fraction = static_cast<float>(phase - static_cast<double>(below));
  const float* samples = pending_.data() + whole + 1 - half_;
  const std::size_t taps = 2 * half_;
  const float first = dot(samples, phases_.data() + below * taps, taps);
  if (fraction == 0) return first;
  const float second = dot(samples, phases_.data() + (below + 1) * taps, taps);
  return first + fraction * (second - first);
}

}  // namespace limpid
