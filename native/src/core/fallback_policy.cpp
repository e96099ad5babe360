#include "core/fallback_policy.h"

namespace limpid {

namespace {
constexpr double kSuccessSeconds = 3;      // unbroken, before a blocked engine is heard again
constexpr double kFlapSeconds = 60;        // two drop-outs within it …
constexpr double kHoldSeconds = 30;        // … keep the fallback that long
constexpr double kProbeEverySeconds = 10;  // where both engines at a time are too much
constexpr double kProbeSeconds = 0.5;
}  // namespace

void FallbackPolicy::update(const FallbackNews& news) noexcept {
  now_ += news.frames;
  const bool lost = news.refused || news.blocked || news.engineFailed;
  if (lost || !runsEngine()) goodSince_ = now_;

  switch (state_) {
    case State::engine:
      if (lost && !news.fallbackFailed) dropOut();
      return;
    case State::leaving:
      if (news.fallbackFailed) return enter(State::engine);
      if (news.fallbackReady) enter(lost || held() ? State::shadow : State::engine);
      return;
    case State::shadow:
    case State::waiting:
    case State::probing:
      return settle(news);
  }
}

void FallbackPolicy::dropOut() noexcept {
  if (droppedOut_ > 0 && now_ - droppedOut_ < framesOf(kFlapSeconds)) heldUntil_ = now_ + framesOf(kHoldSeconds);
  droppedOut_ = now_;
  enter(State::leaving);
}

/** While the fallback is heard. */
void FallbackPolicy::settle(const FallbackNews& news) noexcept {
  if (news.engineFailed) return enter(State::waiting);
  if (news.fallbackFailed) {  // the engine alone is left, be it blocked or not
    if (state_ == State::waiting) enter(State::shadow);
    if (news.engineReady) enter(State::engine);
    return;
  }
  const std::uint64_t elapsed = now_ - entered_;
  if (state_ == State::shadow) {
    if (!news.shadowAllowed) return enter(State::waiting);
    if (now_ - goodSince_ >= framesOf(kSuccessSeconds) && !held()) enter(State::engine);
    return;
  }
  if (news.shadowAllowed) return enter(State::shadow);
  if (state_ == State::waiting) {
    if (elapsed >= framesOf(kProbeEverySeconds - kProbeSeconds)) enter(State::probing);
    return;
  }
  probeRefused_ = probeRefused_ || news.refused;
  if (elapsed < framesOf(kProbeSeconds) || !news.engineReady) return;
  // What was refused before this probe is still news when the probe met no block.
  const bool good = !probeRefused_ && !news.blocked && !held();
  enter(good ? State::engine : State::waiting);
}

void FallbackPolicy::enter(State state) noexcept {
  if (state == state_) return;
  state_ = state;
  entered_ = now_;
  probeRefused_ = false;
}

}  // namespace limpid
