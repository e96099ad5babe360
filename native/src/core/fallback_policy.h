#pragma once

#include <cstddef>
#include <cstdint>

namespace limpid {

/** What the chosen engine and its fallback did in one call of `EngineVoice::process`. */
struct FallbackNews {
  std::size_t frames = 0;
  bool refused = false;         ///< the chosen engine refused a block in this call
  bool blocked = false;         ///< the last block it was given, whenever that was, was refused
  bool engineFailed = false;    ///< for good
  bool engineReady = false;     ///< runs, and has heard enough to be heard
  bool fallbackFailed = false;  ///< for good
  bool fallbackReady = false;
  bool shadowAllowed = true;  ///< the machine can run both at a time
};

/**
 * Decides which of two engines runs and which is heard. No audio, no clock: time is what `frames` add up to.
 *
 *     engine ──refused──▶ leaving ──fallback is warm──▶ shadow ──3 s of success──▶ engine
 *                                                       waiting ⇄ probing ──success──▶ engine
 *
 * In the shadow the chosen engine runs on unheard, and its answers tell when it is good again. Where two engines at a
 * time are too much it waits instead, and is probed for half a second every ten; the caller starts it afresh for that.
 * Two drop-outs within a minute keep the fallback for 30 s at least.
 */
class FallbackPolicy {
 public:
  enum class State { engine, leaving, shadow, waiting, probing };

  explicit FallbackPolicy(double sampleRate) : sampleRate_(sampleRate) {}

  /** Real-time safe. What it decides holds for the next call. */
  void update(const FallbackNews& news) noexcept;

  State state() const noexcept { return state_; }
  bool hearsFallback() const noexcept { return state_ != State::engine && state_ != State::leaving; }
  bool runsFallback() const noexcept { return state_ != State::engine; }
  bool runsEngine() const noexcept { return state_ != State::waiting; }

 private:
  void dropOut() noexcept;
  void settle(const FallbackNews& news) noexcept;
  void enter(State state) noexcept;
  bool held() const noexcept { return now_ < heldUntil_; }
  std::uint64_t framesOf(double seconds) const noexcept { return static_cast<std::uint64_t>(seconds * sampleRate_); }

  double sampleRate_;
  State state_ = State::engine;
  std::uint64_t now_ = 0;         // frames since the beginning, as are all of these
  std::uint64_t entered_ = 0;     // the state
  std::uint64_t goodSince_ = 0;   // the chosen engine's unbroken success
  std::uint64_t droppedOut_ = 0;  // its last drop-out; 0: none yet
  std::uint64_t heldUntil_ = 0;
  bool probeRefused_ = false;
};

}  // namespace limpid
