#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace limpid {

// What "noise reduction" is, live and in a file: how much quieter the pauses have become.
constexpr double kNoiseBlockSeconds = 0.020;
constexpr std::size_t kLeastNoiseBlocks = 150;  // 3 s
constexpr double kQuietShare = 0.30;            // of all blocks, the quietest by input level

/** In minus out in dB, of mean squares over the quiet blocks. None where the input is digital silence. */
std::optional<double> reductionDb(double inputEnergy, double outputEnergy);

/**
 * The same number over a signal of any length in the same memory: blocks are kept as sums by their input level, in
 * steps of 0.1 dB. Not real-time. One thread.
 */
class NoiseReduction {
 public:
  NoiseReduction();

  /** One block of `kNoiseBlockSeconds`: its mean squares. */
  void add(double inputEnergy, double outputEnergy);

  /** None before 3 s. */
  std::optional<double> db() const;

 private:
  struct Step {
    std::uint64_t blocks = 0;
    double input = 0;
    double output = 0;
  };
  std::vector<Step> steps_;  // by rising input level
  std::uint64_t blocks_ = 0;
};

}  // namespace limpid
