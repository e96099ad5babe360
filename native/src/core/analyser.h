#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "core/spectrum.h"

namespace limpid {

struct Levels {
  double peakDb = -150;
  double rmsDb = -150;
};

/**
 * Turns the pairs (original, enhanced) that the audio thread leaves behind into the numbers people see, and listens for
 * acoustic feedback. One thread, never the audio thread.
 */
class Analyser {
 public:
  explicit Analyser(double sampleRate);

  /** Takes `frames` interleaved pairs. */
  void add(const float* pairs, std::size_t frames);

  Levels input() const { return levels(0); }   ///< of the last 60 ms
  Levels output() const { return levels(1); }  ///< of the last 60 ms

  /**
   * In minus out RMS in dB over the 20 ms blocks of the last 3 s that lie below the 30th percentile of input level.
   * None before 3 s have passed, or when those blocks are digital silence.
   */
  std::optional<double> noiseReductionDb() const;

  /** Bands of the last 1024 samples: input, output. */
  std::pair<std::array<float, Spectrum::kBands>, std::array<float, Spectrum::kBands>> spectra();

  /**
   * True when the output howls: for 160 ms louder than any voice, or one steady, nearly pure tone that grew gradually,
   * as a loop lets it. A loud voice, or a tone that is switched on, is none.
   */
  bool howling() const;
  void forgetHowl();

 private:
  struct Block {
    float peak[2];
    double energy[2];  // mean square
  };
  Levels levels(std::size_t channel) const;
  void finishBlock();
  void listenForHowl();
  bool hasGrown() const;

  std::size_t blockFrames_;
  std::size_t filled_ = 0;
  Block current_{};
  std::deque<Block> blocks_;      // the last 3 s
  std::vector<float> recent_[2];  // the last Spectrum::kFrames samples, oldest first
  Spectrum spectrum_;
  std::size_t roarBlocks_ = 0;
  std::size_t toneBlocks_ = 0;
  std::size_t toneBin_ = 0;
};

}  // namespace limpid
