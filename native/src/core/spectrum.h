#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <vector>

namespace limpid {

/** The strongest bin above 100 Hz, and the share 0..1 that it and two neighbours on either side have of all energy
 * there. */
struct Tone {
  std::size_t bin = 0;
  double share = 0;
};

/** Levels of 128 log-spaced bands (50 Hz .. 20 kHz) of 1024 samples under a Hann window. Not real-time. */
class Spectrum {
 public:
  static constexpr std::size_t kFrames = 1024;
  static constexpr std::size_t kBands = 128;

  explicit Spectrum(double sampleRate);

  /** `samples`: kFrames of them. dBFS per band (a full-scale sine reads about 0), floor −150. */
  std::array<float, kBands> bandsDb(const float* samples);

  Tone strongestTone(const float* samples);

 private:
  void transform(const float* samples);

  double sampleRate_;
  std::vector<float> window_;
  std::vector<std::complex<float>> turns_;
  std::vector<std::complex<float>> bins_;
  std::array<std::size_t, kBands + 1> edges_{};
};

}  // namespace limpid
