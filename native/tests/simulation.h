#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "loop/live_path.h"
#include "signals.h"

namespace limpid::test {

/**
 * Two devices with clocks of their own that call a `LivePath` in simulated time, faster than real time. A stall stops
 * all callbacks; when it ends, the capture device hands over what it has stored meanwhile, the playback device asks for
 * as much as its buffer holds.
 */
class Simulation {
 public:
  double capturePpm = 0;
  double playbackPpm = 0;
  double jitterPeriods = 0;  ///< callbacks come late by up to this much, earlier ones catch up
  double deviceBufferSeconds = 0.03;
  std::function<float(std::uint64_t frame)> source = [](std::uint64_t) { return 0.0f; };
  std::function<void(const float* samples, std::size_t frames, double seconds)> sink = nullptr;
  std::vector<std::pair<double, double>> stalls;  ///< begin and length in seconds

  explicit Simulation(LivePath& path) : path_(path) {}

  /** Runs until `seconds`; may be called again with a later time. */
  void runUntil(double seconds) {
    const StreamShape& shape = path_.shape();
    const double capturePeriod =
        static_cast<double>(shape.inputPeriodFrames) / (shape.inputRate * (1 + capturePpm * 1e-6));
    const double playbackPeriod =
        static_cast<double>(shape.outputPeriodFrames) / (shape.outputRate * (1 + playbackPpm * 1e-6));
    for (;;) {
      const double captureAt = afterStall(delayed(static_cast<double>(captures_ + 1) * capturePeriod, captureLate_));
      const double playbackAt = afterStall(delayed(static_cast<double>(playbacks_) * playbackPeriod, playbackLate_));
      const double now = std::min(captureAt, playbackAt);
      if (now >= seconds) return;
      if (captureAt <= playbackAt) {
        capture(now);
        captureLate_ = jitter(capturePeriod);
      } else {
        playback(now, playbackPeriod);
        playbackLate_ = jitter(playbackPeriod);
      }
    }
  }

 private:
  static double delayed(double ideal, double late) { return ideal + late; }
  double jitter(double period) { return jitterPeriods * period * (random_.next() + 1) / 2; }

  double afterStall(double time) const {
    for (const auto& [begin, length] : stalls) {
      if (time >= begin && time < begin + length) return begin + length;
    }
    return time;
  }

  void capture(double now) {
    buffer_.resize(path_.shape().inputPeriodFrames);
    for (float& sample : buffer_) sample = source(captured_++);
    path_.capture(buffer_.data(), buffer_.size(), now + kEpoch);
    ++captures_;
  }

  void playback(double now, double period) {
    // What the device could not hold during a stall is lost time: it does not ask for it afterwards.
    const double behind = now - static_cast<double>(playbacks_) * period;
    if (behind > deviceBufferSeconds) playbacks_ += static_cast<std::uint64_t>((behind - deviceBufferSeconds) / period);
    buffer_.resize(path_.shape().outputPeriodFrames);
    path_.playback(buffer_.data(), buffer_.size(), now + kEpoch);
    if (sink) sink(buffer_.data(), buffer_.size(), now);
    ++playbacks_;
  }

  static constexpr double kEpoch = 1000;  // time 0 means "never" to the path
  LivePath& path_;
  Random random_{42};
  std::vector<float> buffer_;
  std::uint64_t captured_ = 0;
  std::uint64_t captures_ = 0;
  std::uint64_t playbacks_ = 0;
  double captureLate_ = 0;
  double playbackLate_ = 0;
};

}  // namespace limpid::test
