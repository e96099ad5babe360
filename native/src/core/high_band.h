#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace limpid {

/** Second-order section, transposed direct form II. */
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
  double z1 = 0, z2 = 0;

  double step(double x) noexcept {
    const double y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    return y;
  }
  void clear() noexcept { z1 = z2 = 0; }
  /** After long silence the state becomes denormal, and slow. */
  void flush() noexcept {
    if (z1 * z1 + z2 * z2 < 1e-60) clear();
  }
};

/** The filter that splits at `bandwidthHz`: odd, symmetric, unit gain, 70 dB of stop-band from 600 Hz above on. */
std::vector<float> designSplit(double sampleRate, double bandwidthHz);

/**
 * Gives back what an engine of limited bandwidth cannot make: the dry signal above `bandwidthHz`, times a smoothed gain
 * ≤ 1 taken from the engine's out/in energy in the octave below (`bandwidthHz` / 2 .. `bandwidthHz`).
 */
class HighBand {
 public:
  HighBand(double sampleRate, double bandwidthHz);

  /** Half the length of the splitting filter: the dry signal must be known that much later than the place of an output.
   */
  std::size_t lookaheadFrames() const noexcept { return half_; }

  /** Adds the gained high band to `wet`. `dry` holds `frames + 2 · lookaheadFrames` samples; its middle part is aligned
   * with `wet`. */
  void add(const float* dry, float* wet, std::size_t frames) noexcept;

 private:
  using Sections = std::array<Biquad, 2>;
  void clear() noexcept;

  std::vector<float> lowPass_;
  std::size_t half_;
  Sections dryOctave_{};
  Sections wetOctave_{};
  double energyShare_;  // one-pole coefficients per sample
  double rise_;
  double fall_;
  double dryEnergy_ = 0;
  double wetEnergy_ = 0;
  double gain_ = 1;
};

}  // namespace limpid
