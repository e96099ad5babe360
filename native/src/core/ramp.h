#pragma once

#include <algorithm>

namespace limpid {

/** A value that walks to its target in a straight line. One thread; real-time safe. */
class Ramp {
 public:
  /** `seconds`: the time from 0 to 1. */
  Ramp(float start, double seconds, double sampleRate)
      : value_(start), target_(start), step_(static_cast<float>(1 / (seconds * sampleRate))) {}
  void aim(float target) noexcept { target_ = target; }
  float next() noexcept {
    if (value_ < target_) value_ = std::min(target_, value_ + step_);
    if (value_ > target_) value_ = std::max(target_, value_ - step_);
    return value_;
  }
  void jump(float value) noexcept { value_ = target_ = value; }
  float value() const noexcept { return value_; }
  bool resting() const noexcept { return value_ == target_; }

 private:
  float value_;
  float target_;
  float step_;
};

}  // namespace limpid
