#pragma once

#include <cstddef>
#include <vector>

namespace limpid {

// What is played: slots of 0.25 s, in which a logarithmic sweep rises or falls, every fourth left silent. The
// directions follow a fixed pattern without a period, so that it is known which chirp is heard.
constexpr double kSlotSeconds = 0.25;
constexpr double kChirpSeconds = 0.24;
constexpr double kLeadInSeconds = 0.5;  // before the first chirp: devices settle
constexpr double kTailSeconds = 1.0;    // after the last: it has a long way back

struct Chirp {
  double startSeconds = 0;  ///< of what is played
  bool isRising = false;
};

/** The chirps that fit a run of this length. */
std::vector<Chirp> planChirps(double seconds);

/** The highest frequency in Hz that both rates carry well. */
double highestChirpHz(double inputRate, double outputRate);

/** One chirp and the same a quarter of a turn later; peak 1, faded at both ends. */
struct ChirpPattern {
  std::vector<float> wave;
  std::vector<float> quarter;
};
ChirpPattern makeChirp(bool isRising, double highestHz, double sampleRate);

}  // namespace limpid
