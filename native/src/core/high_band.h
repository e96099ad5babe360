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
 *
 * There are two such gains. Where the engine keeps most of that octave in the long run the voice is clean, and a slow
 * gain leaves its breath alone. Where it takes most of it away there is noise, and a fast gain that looks ahead at the
 * dry signal closes before a click and right behind a consonant.
 */
class HighBand {
 public:
  HighBand(double sampleRate, double bandwidthHz);

  /** How much dry signal must be known before and after the place of an output. */
  std::size_t historyFrames() const noexcept { return half_; }
  std::size_t lookaheadFrames() const noexcept { return half_ + ahead_; }

  /**
   * Adds the gained high band to `wet`. `dry` holds `historyFrames + frames + lookaheadFrames` samples; the one at
   * `historyFrames` is aligned with the first of `wet`.
   */
  void add(const float* dry, float* wet, std::size_t frames) noexcept;

  /** Forgets the past signal. */
  void reset() noexcept;

 private:
  static constexpr std::size_t kStep = 8;  // samples a change of gain
  using Sections = std::array<Biquad, 2>;
  /** Mean square of the octave with one time constant. */
  struct Energy {
    double share = 0;
    double value = 0;
    void take(double meanSquare) noexcept { value += share * (meanSquare - value); }
  };
  /** The dry signal at the place of the look-ahead, kept until its own time has come. */
  struct Kept {
    float low = 0;
    float octave = 0;
  };

  void aimGain() noexcept;
  void settle() noexcept;
  void clearStates() noexcept;

  std::vector<float> split_;
  std::size_t half_;
  std::size_t ahead_;
  std::vector<Kept> kept_;
  std::size_t keptAt_ = 0;
  Sections dryOctave_{};
  Sections wetOctave_{};
  double sums_[3] = {};  // of squares since the last change of gain: dry now, dry ahead, wet
  std::size_t summed_ = 0;
  Energy fastDry_, fastAhead_, fastWet_, slowDry_, slowWet_, longDry_, longWet_;
  double rise_, fastFall_, slowFall_;
  double fastGain_ = 1;
  double slowGain_ = 1;
  double gain_ = 1;
  double gainStep_ = 0;
};

}  // namespace limpid
