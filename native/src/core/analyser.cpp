#include "core/analyser.h"

#include <algorithm>
#include <cmath>

#include "core/noise_reduction.h"

namespace limpid {

namespace {
constexpr std::size_t kMeterBlocks = 3;  // 60 ms
constexpr double kFloor = 1e-15;

// Feedback. A loop saturates, so a roar is louder than any voice; a tone is caught while it still grows.
constexpr double kRoarDb = -5;
constexpr std::size_t kRoarBlocks = 8;  // 160 ms
constexpr double kToneDb = -14;
constexpr double kTonality = 0.95;
constexpr std::size_t kToneBlocks = 8;
constexpr double kRiseDb = 10;
constexpr std::size_t kRiseBlocks = 25;  // 500 ms, within which it has risen
constexpr double kSuddenDb = 8;          // a tone that is switched on rises by more than that from block to block

double decibels(double energy) {
  return 10 * std::log10(energy + kFloor);
}
}  // namespace

Analyser::Analyser(double sampleRate)
    : blockFrames_(static_cast<std::size_t>(std::lround(kNoiseBlockSeconds * sampleRate))), spectrum_(sampleRate) {
  for (std::vector<float>& channel : recent_) channel.assign(Spectrum::kFrames, 0.0f);
}

void Analyser::add(const float* pairs, std::size_t frames) {
  while (frames > 0) {
    const std::size_t now = std::min(frames, blockFrames_ - filled_);
    for (std::size_t channel = 0; channel < 2; ++channel) {
      std::vector<float>& recent = recent_[channel];
      for (std::size_t i = 0; i < now; ++i) {
        const float sample = pairs[2 * i + channel];
        current_.peak[channel] = std::max(current_.peak[channel], std::abs(sample));
        current_.energy[channel] += static_cast<double>(sample) * sample;
        recent.push_back(sample);
      }
      recent.erase(recent.begin(), recent.end() - Spectrum::kFrames);
    }
    filled_ += now;
    pairs += 2 * now;
    frames -= now;
    if (filled_ == blockFrames_) finishBlock();
  }
}

void Analyser::finishBlock() {
  for (double& energy : current_.energy) energy /= static_cast<double>(blockFrames_);
  blocks_.push_back(current_);
  if (blocks_.size() > kLeastNoiseBlocks) blocks_.pop_front();
  current_ = Block{};
  filled_ = 0;
  listenForHowl();
}

Levels Analyser::levels(std::size_t channel) const {
  Levels levels;
  const std::size_t count = std::min(kMeterBlocks, blocks_.size());
  double energy = 0;
  float peak = 0;
  for (std::size_t i = blocks_.size() - count; i < blocks_.size(); ++i) {
    energy += blocks_[i].energy[channel] / static_cast<double>(count);
    peak = std::max(peak, blocks_[i].peak[channel]);
  }
  levels.rmsDb = decibels(energy);
  levels.peakDb = decibels(static_cast<double>(peak) * peak);
  return levels;
}

std::optional<double> Analyser::noiseReductionDb() const {
  if (blocks_.size() < kLeastNoiseBlocks) return std::nullopt;
  std::vector<Block> sorted(blocks_.begin(), blocks_.end());
  const std::size_t quiet = static_cast<std::size_t>(kQuietShare * static_cast<double>(sorted.size()));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(quiet), sorted.end(),
                   [](const Block& a, const Block& b) { return a.energy[0] < b.energy[0]; });
  double in = 0;
  double out = 0;
  for (std::size_t i = 0; i < quiet; ++i) {
    in += sorted[i].energy[0];
    out += sorted[i].energy[1];
  }
  return reductionDb(in / static_cast<double>(quiet), out / static_cast<double>(quiet));
}

std::pair<std::array<float, Spectrum::kBands>, std::array<float, Spectrum::kBands>> Analyser::spectra() {
  return {spectrum_.bandsDb(recent_[0].data()), spectrum_.bandsDb(recent_[1].data())};
}

void Analyser::listenForHowl() {
  const double now = decibels(blocks_.back().energy[1]);
  roarBlocks_ = now >= kRoarDb ? roarBlocks_ + 1 : 0;
  if (now < kToneDb) {
    toneBlocks_ = 0;
    return;
  }
  const Tone tone = spectrum_.strongestTone(recent_[1].data());
  const bool same = toneBlocks_ > 0 && tone.bin + 1 >= toneBin_ && tone.bin <= toneBin_ + 1;
  if (tone.share < kTonality || (!same && !hasGrown())) {
    toneBlocks_ = 0;
    return;
  }
  toneBlocks_ = same ? toneBlocks_ + 1 : 1;
  toneBin_ = tone.bin;
}

/** True when the output rose by kRiseDb within kRiseBlocks, and never suddenly. */
bool Analyser::hasGrown() const {
  const std::size_t count = std::min(kRiseBlocks, blocks_.size());
  const double now = decibels(blocks_.back().energy[1]);
  double later = now;
  for (std::size_t i = 2; i <= count; ++i) {
    const double earlier = decibels(blocks_[blocks_.size() - i].energy[1]);
    if (later - earlier > kSuddenDb) return false;
    if (now - earlier >= kRiseDb) return true;
    later = earlier;
  }
  return false;
}

bool Analyser::howling() const {
  return roarBlocks_ >= kRoarBlocks || toneBlocks_ >= kToneBlocks;
}

void Analyser::forgetHowl() {
  roarBlocks_ = toneBlocks_ = 0;
}

}  // namespace limpid
