#include "core/spectrum.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;
constexpr double kLowestHz = 50;
constexpr double kHighestHz = 20000;
constexpr float kFloorDb = -150;
}  // namespace

Spectrum::Spectrum(double sampleRate) : sampleRate_(sampleRate), window_(kFrames), turns_(kFrames / 2), bins_(kFrames) {
  for (std::size_t i = 0; i < kFrames; ++i) {
    window_[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * kPi * static_cast<double>(i) / kFrames));
  }
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    turns_[i] = std::polar(1.0f, static_cast<float>(-2 * kPi * static_cast<double>(i) / kFrames));
  }
  for (std::size_t band = 0; band <= kBands; ++band) {
    const double hertz = kLowestHz * std::pow(kHighestHz / kLowestHz, static_cast<double>(band) / kBands);
    edges_[band] = static_cast<std::size_t>(hertz / sampleRate * kFrames);
  }
}

/** Iterative radix-2 fast Fourier transform (Cooley and Tukey, 1965) of the windowed samples. */
void Spectrum::transform(const float* samples) {
  for (std::size_t i = 0, reversed = 0; i < kFrames; ++i) {
    bins_[reversed] = samples[i] * window_[i];
    std::size_t bit = kFrames / 2;
    while (bit > 0 && (reversed & bit) != 0) {
      reversed ^= bit;
      bit /= 2;
    }
    reversed |= bit;
  }
  for (std::size_t size = 2; size <= kFrames; size *= 2) {
    const std::size_t stride = kFrames / size;
    for (std::size_t start = 0; start < kFrames; start += size) {
      for (std::size_t k = 0; k < size / 2; ++k) {
        const std::complex<float> even = bins_[start + k];
        const std::complex<float> odd = turns_[k * stride] * bins_[start + k + size / 2];
        bins_[start + k] = even + odd;
        bins_[start + k + size / 2] = even - odd;
      }
    }
  }
}

std::array<float, Spectrum::kBands> Spectrum::bandsDb(const float* samples) {
  transform(samples);
  std::array<float, kBands> bands{};
  for (std::size_t band = 0; band < kBands; ++band) {
    const std::size_t from = edges_[band];
    const std::size_t to = std::max(from + 1, edges_[band + 1]);
    double energy = 0;
    for (std::size_t bin = from; bin < to && bin < kFrames / 2; ++bin) energy += std::norm(bins_[bin]);
    // A full-scale sine puts kFrames / 4 into its bin under a Hann window, and half of that into each neighbour.
    const double db = 10 * std::log10(energy / (kFrames * kFrames / 16.0) + 1e-15);
    bands[band] = std::max(kFloorDb, static_cast<float>(db));
  }
  return bands;
}

Tone Spectrum::strongestTone(const float* samples) {
  transform(samples);
  const std::size_t first = static_cast<std::size_t>(100 / sampleRate_ * kFrames) + 1;
  std::size_t strongest = first;
  double total = 1e-20;
  for (std::size_t bin = first; bin < kFrames / 2; ++bin) {
    total += std::norm(bins_[bin]);
    if (std::norm(bins_[bin]) > std::norm(bins_[strongest])) strongest = bin;
  }
  double peak = 0;
  const std::size_t from = strongest >= 2 ? strongest - 2 : 0;
  for (std::size_t bin = from; bin <= strongest + 2 && bin < kFrames / 2; ++bin) peak += std::norm(bins_[bin]);
  return {strongest, std::min(1.0, peak / total)};
}

}  // namespace limpid
