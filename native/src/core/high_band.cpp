#include "core/high_band.h"

#include <algorithm>
#include <cmath>

#include "core/fir.h"

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;
constexpr double kAttenuationDb = 70;
constexpr double kTransitionHz = 1200;
constexpr double kEnergySeconds = 0.008;
constexpr double kRiseSeconds = 0.003;
constexpr double kFallSeconds = 0.020;
constexpr double kFloor = 1e-12;  // −120 dBFS: below it the gain stays near 1 and nothing is heard anyway

double share(double seconds, double sampleRate) {
  return 1 - std::exp(-1 / (seconds * sampleRate));
}

/** One section of a Butterworth high-pass by the bilinear transform (R. Bristow-Johnson's audio EQ formulas). */
Biquad highPass(double sampleRate, double cornerHz, double q) {
  const double w = 2 * kPi * cornerHz / sampleRate;
  const double alpha = std::sin(w) / (2 * q);
  const double a0 = 1 + alpha;
  Biquad section;
  section.b0 = (1 + std::cos(w)) / 2 / a0;
  section.b1 = -(1 + std::cos(w)) / a0;
  section.b2 = section.b0;
  section.a1 = -2 * std::cos(w) / a0;
  section.a2 = (1 - alpha) / a0;
  return section;
}
}  // namespace

std::vector<float> designSplit(double sampleRate, double bandwidthHz) {
  return designLowPass(sampleRate, bandwidthHz, kTransitionHz, kAttenuationDb);
}

HighBand::HighBand(double sampleRate, double bandwidthHz)
    : lowPass_(designSplit(sampleRate, bandwidthHz)),
      half_(lowPass_.size() / 2),
      energyShare_(share(kEnergySeconds, sampleRate)),
      rise_(share(kRiseSeconds, sampleRate)),
      fall_(share(kFallSeconds, sampleRate)) {
  dryOctave_ = {highPass(sampleRate, bandwidthHz / 2, 0.5412), highPass(sampleRate, bandwidthHz / 2, 1.3066)};
  wetOctave_ = dryOctave_;
}

void HighBand::add(const float* dry, float* wet, std::size_t frames) noexcept {
  for (std::size_t i = 0; i < frames; ++i) {
    const double low = dot(dry + i, lowPass_.data(), lowPass_.size());
    const double high = static_cast<double>(dry[i + half_]) - low;
    const double dryOctave = dryOctave_[1].step(dryOctave_[0].step(low));
    const double wetOctave = wetOctave_[1].step(wetOctave_[0].step(wet[i]));
    dryEnergy_ += energyShare_ * (dryOctave * dryOctave - dryEnergy_);
    wetEnergy_ += energyShare_ * (wetOctave * wetOctave - wetEnergy_);
    const double wanted = std::min(1.0, std::sqrt((wetEnergy_ + kFloor) / (dryEnergy_ + kFloor)));
    gain_ += (wanted > gain_ ? rise_ : fall_) * (wanted - gain_);
    wet[i] += static_cast<float>(gain_ * high);
  }
  if (!std::isfinite(dryEnergy_ + wetEnergy_ + gain_)) clear();
  for (Biquad& section : dryOctave_) section.flush();
  for (Biquad& section : wetOctave_) section.flush();
  if (dryEnergy_ < 1e-60) dryEnergy_ = 0;
  if (wetEnergy_ < 1e-60) wetEnergy_ = 0;
}

void HighBand::clear() noexcept {
  for (Biquad& section : dryOctave_) section.clear();
  for (Biquad& section : wetOctave_) section.clear();
  dryEnergy_ = wetEnergy_ = 0;
  gain_ = 1;
}

}  // namespace limpid
