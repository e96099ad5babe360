#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "loop/live_path.h"
#include "signals.h"
#include "simulation.h"

using limpid::createEngine;
using limpid::LivePath;
using limpid::Pipeline;
using limpid::StreamShape;
using namespace limpid::test;

namespace {
constexpr double kHour = 3600;
constexpr double kStallEvery = 600;
constexpr double kStallSeconds = 2;
constexpr double kSettleSeconds = 10;  // after the start and after a stall
constexpr double kHertz = 1000;

/**
 * Finds what is not the tone: the residual of each 50 ms against the best-fitting sine of the pitch the tone has at
 * that moment. Slow wander of the pitch (what following a clock means) is not distortion; a gap or a leap is.
 */
class DistortionMeter {
 public:
  explicit DistortionMeter(double sampleRate)
      : rate_(sampleRate), window_(static_cast<std::size_t>(0.05 * sampleRate)) {}

  void add(const float* samples, std::size_t frames, bool counts) {
    for (std::size_t i = 0; i < frames; ++i) {
      kept_.push_back(samples[i]);
      if (kept_.size() < window_) continue;
      if (counts && ++windows_ % 7 == 0) worstDb_ = std::max(worstDb_, residual());
      kept_.clear();
    }
    if (!counts) kept_.clear();
  }
  double worstDb() const { return worstDb_; }

 private:
  double residual() const {
    double low = kHertz * (1 - 5e-4);
    double high = kHertz * (1 + 5e-4);
    for (int i = 0; i < 12; ++i) {
      const double a = low + (high - low) / 3;
      const double b = high - (high - low) / 3;
      const bool lowerHalf = residualDb(kept_.data(), window_, rate_, a) < residualDb(kept_.data(), window_, rate_, b);
      (lowerHalf ? high : low) = lowerHalf ? b : a;
    }
    return residualDb(kept_.data(), window_, rate_, (low + high) / 2);
  }

  double rate_;
  std::size_t window_;
  std::size_t windows_ = 0;
  std::vector<float> kept_;
  double worstDb_ = -300;
};

bool isNearStall(double seconds) {
  if (seconds < kSettleSeconds) return true;
  const double since = std::fmod(seconds, kStallEvery);
  return seconds > kStallEvery - 1 && (since < kStallSeconds + kSettleSeconds || since > kStallEvery - 0.2);
}
}  // namespace

TEST_CASE("an hour with clocks 200 ppm apart, jitter of half a period and a stall of 2 s every 10 minutes") {
  const StreamShape shapes[] = {{44100, 48000, 480, 480}, {48000, 48000, 480, 480}};
  for (const StreamShape& shape : shapes) {
    std::string error;
    auto pipeline = Pipeline::create({createEngine("bypass")}, shape.inputRate, shape.inputPeriodFrames, &error);
    REQUIRE(pipeline);
    LivePath path(std::move(pipeline), shape);
    Simulation simulation(path);
    simulation.capturePpm = 100;
    simulation.playbackPpm = -100;
    simulation.jitterPeriods = 1;  // ± half a period
    for (double at = kStallEvery; at < kHour; at += kStallEvery) simulation.stalls.emplace_back(at, kStallSeconds);
    const double turn = 2 * kPi * kHertz / shape.inputRate;
    simulation.source = [turn](std::uint64_t frame) {
      return static_cast<float>(0.5 * std::sin(turn * static_cast<double>(frame)));
    };

    DistortionMeter meter(shape.outputRate);
    std::size_t leastFill = 1u << 30;
    std::size_t mostFill = 0;
    std::uint64_t disturbedCalm = 0;
    limpid::PathCounts before;
    simulation.sink = [&](const float* samples, std::size_t frames, double seconds) {
      const bool calm = !isNearStall(seconds);
      meter.add(samples, frames, calm);
      const limpid::PathCounts now = path.counts();
      if (calm) {
        leastFill = std::min(leastFill, path.ringFill());
        mostFill = std::max(mostFill, path.ringFill());
        disturbedCalm += (now.underruns - before.underruns) + (now.droppedFrames - before.droppedFrames) +
                         (now.insertedFrames - before.insertedFrames);
      }
      before = now;
    };
    simulation.runUntil(kHour);

    std::printf(
        "%.0f -> %.0f Hz: ring %zu..%zu frames, drift %.1f ppm, worst distortion %.1f dB, %llu disturbances outside "
        "stalls\n",
        shape.inputRate, shape.outputRate, leastFill, mostFill, path.driftPpm(), meter.worstDb(),
        static_cast<unsigned long long>(disturbedCalm));
    CHECK(disturbedCalm == 0);
    CHECK(mostFill < 3 * shape.inputPeriodFrames + 0.01 * shape.inputRate);
    CHECK(path.driftPpm() == doctest::Approx(200).epsilon(0.15));
    CHECK(meter.worstDb() < -60);
  }
}
