#pragma once

#include <array>
#include <cstddef>

#include "core/load_histogram.h"

namespace limpid {

/**
 * The load of the last second, where the histogram itself counts since its beginning. Knows no thread and no clock:
 * time is a parameter, in seconds.
 */
class RecentLoad {
 public:
  /** Call it often, with one and the same histogram. */
  void look(double now, const LoadHistogram& load) noexcept {
    if (now < nextLook_) return;
    nextLook_ = now + kStepSeconds;
    before_[next_] = load.counts();
    next_ = (next_ + 1) % before_.size();
  }

  /** Load that 99 of 100 callbacks of the last second did not exceed, to 1 %; 0 when there were none. */
  double p99(const LoadHistogram& load) const noexcept {
    LoadHistogram::Counts recent = load.counts();
    const LoadHistogram::Counts& oldest = before_[next_];
    for (std::size_t i = 0; i < recent.size(); ++i) recent[i] -= oldest[i];
    const double upper = LoadHistogram::percentile(recent, 0.99);
    return upper < load.max() ? upper : load.max();
  }

 private:
  static constexpr double kStepSeconds = 0.25;

  std::array<LoadHistogram::Counts, 5> before_{};  // a ring; where it was not written yet, nothing was counted
  std::size_t next_ = 0;
  double nextLook_ = 0;
};

}  // namespace limpid
