#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ramp.h"
#include "core/ring.h"
#include "loop/stream_client.h"

namespace limpid {

/**
 * What the playback callback does of a `Player`: takes frames out of a ring and mixes the versions in them. A frame has
 * all channels of all versions, so a change of version is heard at once and at the same place. All fades take 10 ms.
 *
 * Threads: `write`, `cut`, `endHere` on one reader thread; `playback` on the audio thread (real-time safe); the rest
 * anywhere.
 */
class PlayerMix : public StreamClient {
 public:
  static constexpr std::size_t kMostVersions = 4;

  /** `sampleRate` in Hz. Holds a second. */
  PlayerMix(std::size_t versions, std::size_t channels, double sampleRate, int version);

  std::size_t frameSamples() const noexcept { return width_; }  ///< versions times channels
  double sampleRate() const noexcept { return sampleRate_; }

  std::size_t space() const noexcept;  ///< in frames
  void write(const float* samples, std::size_t frames) noexcept { ring_.write(samples, frames * width_); }
  /** What was written so far is faded out and let go; what is written from now on is faded in. Returns its first frame.
   */
  std::uint64_t cut() noexcept;
  /** What was written so far is all there is, until the next `cut`. */
  void endHere() noexcept { endAt_.store(framesWritten(), std::memory_order_release); }

  std::uint64_t framesWritten() const noexcept { return ring_.written() / width_; }
  /** Frames that were played or let go. */
  std::uint64_t framesConsumed() const noexcept { return ring_.consumed() / width_; }

  void hear(int version) noexcept { version_.store(version, std::memory_order_relaxed); }
  /** Fades out for good. */
  void silence() noexcept { isSilenced_.store(true, std::memory_order_relaxed); }
  bool isSilent() const noexcept { return isSilent_.load(std::memory_order_acquire); }

  std::uint64_t underruns() const noexcept { return underruns_.load(std::memory_order_relaxed); }
  /** Of the monotonic clock; 0 before the first callback. */
  double lastPlaybackSeconds() const noexcept { return playbackSeconds_.load(std::memory_order_relaxed); }
  double latencySeconds() const noexcept { return latencySeconds_.load(std::memory_order_relaxed); }

  void capture(const float*, std::size_t, const BlockTime&) noexcept override {}
  void playback(float* output, std::size_t frames, const BlockTime& time) noexcept override;

 private:
  static constexpr std::uint64_t kNever = UINT64_MAX;

  void playPiece(float* output, std::size_t frames) noexcept;
  void mix(const float* samples, float* output, float gain) noexcept;

  const std::size_t versions_;
  const std::size_t channels_;
  const std::size_t width_;
  const double sampleRate_;
  const std::size_t enough_;  // frames in the ring that end a drought
  Ring ring_;

  // Audio thread only.
  std::vector<float> fetched_;
  Ramp gain_;
  std::vector<Ramp> shares_;  // of each version
  bool isFlowing_ = false;

  std::atomic<std::uint64_t> cutAt_{0};       // written by the reader thread
  std::atomic<std::uint64_t> endAt_{kNever};  // written by the reader thread
  std::atomic<int> version_;                  // written by whoever chooses
  std::atomic<bool> isSilenced_{false};       // written by whoever ends it
  std::atomic<bool> isSilent_{false};         // written by the audio thread
  std::atomic<std::uint64_t> underruns_{0};   // written by the audio thread
  std::atomic<double> playbackSeconds_{0};    // written by the audio thread
  std::atomic<double> latencySeconds_{0};     // written by the audio thread
};

}  // namespace limpid
