#include "roundtrip/chirps.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;
constexpr double kLowestHz = 400;
constexpr double kHighestHz = 6000;
constexpr double kShareOfRate = 0.4;
constexpr double kFadeSeconds = 0.005;
constexpr int kSlotsToPause = 4;
}  // namespace

std::vector<Chirp> planChirps(double seconds) {
  std::vector<Chirp> chirps;
  std::uint32_t state = 0x2545F491;
  const int slots = static_cast<int>((seconds - kLeadInSeconds - kTailSeconds) / kSlotSeconds);
  for (int slot = 0; slot < slots; ++slot) {
    state = state * 1664525 + 1013904223;
    if (slot % kSlotsToPause == kSlotsToPause - 1) continue;
    chirps.push_back({kLeadInSeconds + slot * kSlotSeconds, (state >> 24 & 1) == 1});
  }
  return chirps;
}

double highestChirpHz(double inputRate, double outputRate) {
  return std::min(kHighestHz, kShareOfRate * std::min(inputRate, outputRate));
}

ChirpPattern makeChirp(bool isRising, double highestHz, double sampleRate) {
  const auto frames = static_cast<std::size_t>(std::lround(kChirpSeconds * sampleRate));
  const double octaves = std::log(highestHz / kLowestHz);
  ChirpPattern pattern;
  for (std::size_t i = 0; i < frames; ++i) {
    const double time = static_cast<double>(i) / sampleRate;
    const double edge = std::min(time, kChirpSeconds - time) / kFadeSeconds;
    const double fade = edge >= 1 ? 1 : std::max(0.0, 0.5 - 0.5 * std::cos(kPi * edge));
    // The falling one is the rising one played backwards.
    const double place = (isRising ? time : kChirpSeconds - time) / kChirpSeconds;
    const double phase = 2 * kPi * kLowestHz * kChirpSeconds / octaves * (std::exp(place * octaves) - 1);
    pattern.wave.push_back(static_cast<float>(fade * std::sin(phase)));
    pattern.quarter.push_back(static_cast<float>(fade * std::cos(phase)));
  }
  return pattern;
}

}  // namespace limpid
