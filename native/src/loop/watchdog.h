#pragma once

#include <algorithm>

namespace limpid {

enum class LoopState { idle, starting, running, stalled, restarting, failed };

/**
 * Decides from the age of the last callbacks when streams count as stalled and when to open them anew. Knows no thread
 * and no clock: time is a parameter, in seconds.
 */
class Watchdog {
 public:
  enum class Verdict { fine, stalled, restart };

  /** Streams of `periodSeconds` have just begun to deliver. */
  void arm(double now, double periodSeconds) {
    stallSeconds_ = std::max(0.5, 8 * periodSeconds);
    notBefore_ = now;
    lastLook_ = now;
    attempts_ = 0;
    waiting_ = false;
  }

  /** An attempt to open them anew has failed: the next one is due in 2, 4, 8, 8 … seconds. */
  void attemptFailed(double now) {
    const double wait = attempts_ == 0 ? 2 : attempts_ == 1 ? 4 : 8;
    ++attempts_;
    waiting_ = true;
    nextAttempt_ = now + wait;
  }

  /** `lastCallback`: the older of the two streams' last callbacks. */
  Verdict look(double now, double lastCallback) {
    const double unseen = now - lastLook_;
    lastLook_ = now;
    if (waiting_) return now >= nextAttempt_ ? Verdict::restart : Verdict::stalled;
    // The machine slept, or this thread did: what happened meanwhile says nothing about the streams.
    if (unseen > kSuspendSeconds) notBefore_ = now;
    const double quiet = now - std::max(lastCallback, notBefore_);
    if (quiet >= kRestartSeconds) return Verdict::restart;
    return quiet >= stallSeconds_ ? Verdict::stalled : Verdict::fine;
  }

 private:
  static constexpr double kRestartSeconds = 2.5;
  static constexpr double kSuspendSeconds = 1;

  double stallSeconds_ = 0.5;
  double notBefore_ = 0;
  double lastLook_ = 0;
  double nextAttempt_ = 0;
  int attempts_ = 0;
  bool waiting_ = false;
};

}  // namespace limpid
