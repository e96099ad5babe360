#include "player/player_mix.h"

#include <algorithm>

namespace limpid {

namespace {
constexpr double kFadeSeconds = 0.010;
constexpr double kRingSeconds = 1;
constexpr double kEnoughSeconds = 0.050;
constexpr std::size_t kPieceFrames = 512;
}  // namespace

PlayerMix::PlayerMix(std::size_t versions, std::size_t channels, double sampleRate, int version)
    : versions_(versions),
      channels_(channels),
      width_(versions * channels),
      sampleRate_(sampleRate),
      enough_(static_cast<std::size_t>(kEnoughSeconds * sampleRate)),
      ring_(static_cast<std::size_t>(kRingSeconds * sampleRate) * width_),
      fetched_(kPieceFrames * width_),
      gain_(0, kFadeSeconds, sampleRate),
      version_(version) {
  for (std::size_t i = 0; i < versions; ++i) {
    shares_.emplace_back(static_cast<int>(i) == version ? 1.0f : 0.0f, kFadeSeconds, sampleRate);
  }
}

std::size_t PlayerMix::space() const noexcept {
  return (ring_.capacity() - ring_.fill()) / width_;
}

std::uint64_t PlayerMix::cut() noexcept {
  // In this order: whoever sees the cut sees that the end before it is void.
  endAt_.store(kNever, std::memory_order_release);
  cutAt_.store(framesWritten(), std::memory_order_release);
  return framesWritten();
}

void PlayerMix::playback(float* output, std::size_t frames, const BlockTime& time) noexcept {
  playbackSeconds_.store(time.nowSeconds, std::memory_order_relaxed);
  latencySeconds_.store(time.latencySeconds, std::memory_order_relaxed);
  if (time.hasLost && isFlowing_) underruns_.fetch_add(1, std::memory_order_relaxed);
  const int version = version_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < versions_; ++i) shares_[i].aim(static_cast<int>(i) == version ? 1.0f : 0.0f);
  for (std::size_t done = 0; done < frames;) {
    const std::size_t now = std::min(frames - done, kPieceFrames);
    playPiece(output + done * channels_, now);
    done += now;
  }
}

void PlayerMix::playPiece(float* output, std::size_t frames) noexcept {
  // The fill before the cut: what is seen of the ring must not lie behind a cut that is not seen.
  std::size_t available = ring_.fill() / width_;
  const std::uint64_t cutAt = cutAt_.load(std::memory_order_acquire);
  const std::uint64_t endAt = endAt_.load(std::memory_order_acquire);
  const bool isSilenced = isSilenced_.load(std::memory_order_relaxed);
  std::uint64_t at = framesConsumed();
  if (cutAt > at && gain_.value() == 0) {
    const std::size_t past = static_cast<std::size_t>(cutAt - at);
    ring_.consume(past * width_);
    available -= std::min(available, past);
    at = cutAt;
    isFlowing_ = false;
  }
  const bool isLeaving = isSilenced || cutAt > at;
  const std::uint64_t left = endAt - std::min(endAt, at);
  const bool isEnough = isFlowing_ || available >= std::min<std::uint64_t>(enough_, left);
  const auto wanted = static_cast<std::size_t>(isEnough ? std::min<std::uint64_t>({frames, available, left}) : 0);
  ring_.peek(fetched_.data(), wanted * width_);

  gain_.aim(isLeaving ? 0.0f : 1.0f);
  std::size_t played = 0;
  for (; played < wanted && !(isLeaving && gain_.value() == 0); ++played) {
    mix(fetched_.data() + played * width_, output + played * channels_, gain_.next());
  }
  ring_.consume(played * width_);
  std::fill(output + played * channels_, output + frames * channels_, 0.0f);

  const bool isDry = played < frames;
  if (isDry && isFlowing_ && !isLeaving && played < left) underruns_.fetch_add(1, std::memory_order_relaxed);
  if (isDry) gain_.jump(0);
  isFlowing_ = !isDry;
  if (isSilenced && gain_.value() == 0) isSilent_.store(true, std::memory_order_release);
}

void PlayerMix::mix(const float* samples, float* output, float gain) noexcept {
  std::fill(output, output + channels_, 0.0f);
  for (std::size_t version = 0; version < versions_; ++version) {
    const float share = gain * shares_[version].next();
    if (share == 0) continue;
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      output[channel] += share * samples[version * channels_ + channel];
    }
  }
}

}  // namespace limpid
