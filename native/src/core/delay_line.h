#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

namespace limpid {

/** The recent past of one signal. One thread. Real-time safe after construction. */
class DelayLine {
 public:
  /** Remembers at least `frames` samples; the time before the first write is silence. */
  explicit DelayLine(std::size_t frames = 1) : past_(std::max<std::size_t>(frames, 1), 0.0f) {}

  void write(const float* source, std::size_t frames) noexcept {
    while (frames > 0) {
      const std::size_t now = std::min(frames, past_.size() - end_);
      std::memcpy(past_.data() + end_, source, now * sizeof(float));
      end_ = (end_ + now) % past_.size();
      source += now;
      frames -= now;
    }
  }

  /** Copies the `frames` samples that end `delay` samples before the latest one. `delay + frames` must fit the line. */
  void read(std::size_t delay, float* target, std::size_t frames) const noexcept {
    std::size_t at = (end_ + 2 * past_.size() - delay - frames) % past_.size();
    while (frames > 0) {
      const std::size_t now = std::min(frames, past_.size() - at);
      std::memcpy(target, past_.data() + at, now * sizeof(float));
      at = (at + now) % past_.size();
      target += now;
      frames -= now;
    }
  }

  void clear() noexcept { std::fill(past_.begin(), past_.end(), 0.0f); }

 private:
  std::vector<float> past_;
  std::size_t end_ = 0;
};

}  // namespace limpid
