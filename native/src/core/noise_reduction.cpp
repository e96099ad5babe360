#include "core/noise_reduction.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr double kFloor = 1e-15;
constexpr double kFloorDb = -150;
constexpr double kTopDb = 50;
constexpr double kStepDb = 0.1;
constexpr double kSilenceDb = -100;  // below it there is no noise that could be reduced

double decibels(double energy) {
  return 10 * std::log10(energy + kFloor);
}
}  // namespace

std::optional<double> reductionDb(double inputEnergy, double outputEnergy) {
  const double inputDb = decibels(inputEnergy);
  if (inputDb < kSilenceDb) return std::nullopt;
  return inputDb - decibels(outputEnergy);
}

NoiseReduction::NoiseReduction() : steps_(static_cast<std::size_t>((kTopDb - kFloorDb) / kStepDb) + 1) {}

void NoiseReduction::add(double inputEnergy, double outputEnergy) {
  const double place = (decibels(inputEnergy) - kFloorDb) / kStepDb;
  Step& step = steps_[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(steps_.size() - 1)))];
  ++step.blocks;
  step.input += inputEnergy;
  step.output += outputEnergy;
  ++blocks_;
}

std::optional<double> NoiseReduction::db() const {
  if (blocks_ < kLeastNoiseBlocks) return std::nullopt;
  const double quiet = std::floor(kQuietShare * static_cast<double>(blocks_));
  double left = quiet;
  double input = 0;
  double output = 0;
  for (const Step& step : steps_) {
    if (step.blocks == 0) continue;
    const double share = std::min(1.0, left / static_cast<double>(step.blocks));
    input += share * step.input;
    output += share * step.output;
    left -= share * static_cast<double>(step.blocks);
    if (left <= 0) break;
  }
  return reductionDb(input / quiet, output / quiet);
}

}  // namespace limpid
