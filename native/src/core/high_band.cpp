#include "core/high_band.h"

#include <algorithm>
#include <cmath>

#include "core/fir.h"

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;
constexpr double kAttenuationDb = 70;
constexpr double kTransitionHz = 1200;
constexpr double kFastSeconds = 0.003;
constexpr double kSlowSeconds = 0.008;
constexpr double kLongSeconds = 1;
constexpr double kAheadSeconds = 0.001875;
constexpr double kRiseSeconds = 0.003;
constexpr double kFastFallSeconds = 0.001;
constexpr double kSlowFallSeconds = 0.020;
constexpr double kNoisyShare = 0.40;  // of the octave's energy that is kept in the long run: below it there is noise,
constexpr double kCleanShare = 0.65;  // above it the voice is clean
constexpr double kFloor = 1e-12;      // −120 dBFS: below it the gain stays near 1 and nothing is heard anyway

double share(double seconds, double sampleRate) {
  return 1 - std::exp(-1 / (seconds * sampleRate));
}

double ratio(double wet, double dry) {
  return std::min(1.0, (wet + kFloor) / (dry + kFloor));
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
    : split_(designSplit(sampleRate, bandwidthHz)),
      half_(split_.size() / 2),
      ahead_(static_cast<std::size_t>(std::lround(kAheadSeconds * sampleRate))),
      kept_(ahead_) {
  dryOctave_ = {highPass(sampleRate, bandwidthHz / 2, 0.5412), highPass(sampleRate, bandwidthHz / 2, 1.3066)};
  wetOctave_ = dryOctave_;
  const double stepRate = sampleRate / kStep;
  for (Energy* energy : {&fastDry_, &fastAhead_, &fastWet_}) energy->share = share(kFastSeconds, stepRate);
  for (Energy* energy : {&slowDry_, &slowWet_}) energy->share = share(kSlowSeconds, stepRate);
  for (Energy* energy : {&longDry_, &longWet_}) energy->share = share(kLongSeconds, stepRate);
  rise_ = share(kRiseSeconds, stepRate);
  fastFall_ = share(kFastFallSeconds, stepRate);
  slowFall_ = share(kSlowFallSeconds, stepRate);
}

void HighBand::add(const float* dry, float* wet, std::size_t frames) noexcept {
  for (std::size_t i = 0; i < frames; ++i) {
    const float lowAhead = dot(dry + i + ahead_, split_.data(), split_.size());
    const float octaveAhead = static_cast<float>(dryOctave_[1].step(dryOctave_[0].step(lowAhead)));
    const double wetOctave = wetOctave_[1].step(wetOctave_[0].step(wet[i]));
    const Kept now = kept_[keptAt_];
    kept_[keptAt_] = {lowAhead, octaveAhead};
    keptAt_ = keptAt_ + 1 < ahead_ ? keptAt_ + 1 : 0;

    sums_[0] += static_cast<double>(now.octave) * now.octave;
    sums_[1] += static_cast<double>(octaveAhead) * octaveAhead;
    sums_[2] += wetOctave * wetOctave;
    if (++summed_ == kStep) aimGain();
    gain_ += gainStep_;
    wet[i] += static_cast<float>(gain_) * (dry[i + half_] - now.low);
  }
  settle();
}

/** Every kStep samples: where the gain goes during the next kStep. */
void HighBand::aimGain() noexcept {
  const double dryNow = sums_[0] / kStep;
  const double dryAhead = sums_[1] / kStep;
  const double wetNow = sums_[2] / kStep;
  sums_[0] = sums_[1] = sums_[2] = 0;
  summed_ = 0;
  for (Energy* energy : {&fastDry_, &slowDry_, &longDry_}) energy->take(dryNow);
  for (Energy* energy : {&fastWet_, &slowWet_, &longWet_}) energy->take(wetNow);
  fastAhead_.take(dryAhead);

  const double fast = std::sqrt(ratio(fastWet_.value, std::max(fastDry_.value, fastAhead_.value)));
  const double slow = std::sqrt(ratio(slowWet_.value, slowDry_.value));
  fastGain_ += (fast > fastGain_ ? rise_ : fastFall_) * (fast - fastGain_);
  slowGain_ += (slow > slowGain_ ? rise_ : slowFall_) * (slow - slowGain_);
  const double kept = ratio(longWet_.value, longDry_.value);
  const double clean = std::clamp((kept - kNoisyShare) / (kCleanShare - kNoisyShare), 0.0, 1.0);
  const double wanted = fastGain_ + clean * (slowGain_ - fastGain_);
  gainStep_ = (wanted - gain_) / kStep;
}

/** Keeps denormals, and what an absurd input may have left, out of the states. */
void HighBand::settle() noexcept {
  for (Sections* sections : {&dryOctave_, &wetOctave_}) {
    for (Biquad& section : *sections) section.flush();
  }
  double sum = gain_ + fastGain_ + slowGain_;
  for (Energy* energy : {&fastDry_, &fastAhead_, &fastWet_, &slowDry_, &slowWet_, &longDry_, &longWet_}) {
    if (energy->value < 1e-60) energy->value = 0;
    sum += energy->value;
  }
  if (!std::isfinite(sum)) clearStates();
}

void HighBand::reset() noexcept {
  clearStates();
  std::fill(kept_.begin(), kept_.end(), Kept{});
  sums_[0] = sums_[1] = sums_[2] = 0;
}

void HighBand::clearStates() noexcept {
  for (Sections* sections : {&dryOctave_, &wetOctave_}) {
    for (Biquad& section : *sections) section.clear();
  }
  for (Energy* energy : {&fastDry_, &fastAhead_, &fastWet_, &slowDry_, &slowWet_, &longDry_, &longWet_}) {
    energy->value = 0;
  }
  fastGain_ = slowGain_ = gain_ = 1;
  gainStep_ = 0;
}

}  // namespace limpid
