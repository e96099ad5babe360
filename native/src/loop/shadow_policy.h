#pragma once

#include <cstddef>
#include <cstdint>

#include "core/load_histogram.h"

namespace limpid {

/**
 * Decides from the load of the last seconds whether this machine can run two engines at a time. Knows no thread and no
 * clock: time is a parameter, in seconds.
 */
class ShadowPolicy {
 public:
  /** `load` grows between calls; one that begins anew starts a new window. */
  bool look(double now, const LoadHistogram& load) noexcept {
    if (now < nextLook_) return allowed_;
    nextLook_ = now + kWindowSeconds;
    const LoadHistogram::Counts counts = load.counts();
    LoadHistogram::Counts recent{};
    std::uint64_t callbacks = 0;
    for (std::size_t i = 0; i < recent.size(); ++i) {
      recent[i] = counts[i] >= before_[i] ? counts[i] - before_[i] : counts[i];
      callbacks += recent[i];
    }
    before_ = counts;
    if (callbacks < kFewestCallbacks) return allowed_;
    const double busy = LoadHistogram::percentile(recent, kShare);
    if (busy > kTooMuch) {
      allowed_ = false;
      notBefore_ = now + kHoldSeconds;
    } else if (!allowed_ && busy < kRoomAgain && now >= notBefore_) {
      allowed_ = true;
    }
    return allowed_;
  }

 private:
  static constexpr double kWindowSeconds = 2;
  static constexpr double kShare = 0.95;
  static constexpr double kTooMuch = 0.7;     // of the time there is: more, and callbacks come late
  static constexpr double kRoomAgain = 0.35;  // one engine so light that two fit
  static constexpr double kHoldSeconds = 30;
  static constexpr std::uint64_t kFewestCallbacks = 20;

  LoadHistogram::Counts before_{};
  double nextLook_ = 0;
  double notBefore_ = 0;
  bool allowed_ = true;
};

}  // namespace limpid
