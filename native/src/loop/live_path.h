#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/converter.h"
#include "core/drift_controller.h"
#include "core/load_histogram.h"
#include "core/pipeline.h"
#include "core/ring.h"
#include "loop/stream_client.h"

namespace limpid {

class Recorder;

/** Counts since construction, in frames of the capture rate unless said. Written by the audio threads. */
struct PathCounts {
  std::uint64_t underruns = 0;
  std::uint64_t overruns = 0;
  std::uint64_t droppedFrames = 0;
  std::uint64_t insertedFrames = 0;  ///< of the playback rate
};

/**
 * What happens to samples between the capture and the playback callback; no device, no thread of its own:
 *
 *     capture → pipeline → ring → converter (rate ratio + drift) → playback
 *
 * `capture` runs on one real-time thread, `playback` on another; both are free of allocation, locks, system calls and
 * exceptions. Time comes in as a parameter (seconds of any monotonic clock), so a test may make it up.
 */
class LivePath : public StreamClient {
 public:
  LivePath(std::unique_ptr<Pipeline> pipeline, const StreamShape& shape);

  void capture(const float* input, std::size_t frames, double nowSeconds) noexcept;
  void playback(float* output, std::size_t frames, double nowSeconds) noexcept;
  void capture(const float* input, std::size_t frames, const BlockTime& time) noexcept override {
    capture(input, frames, time.nowSeconds);
  }
  void playback(float* output, std::size_t frames, const BlockTime& time) noexcept override {
    playback(output, frames, time.nowSeconds);
  }

  /** For a restart of the streams: no callback may be running. */
  void rearm() noexcept;

  Pipeline& pipeline() noexcept { return *pipeline_; }
  const StreamShape& shape() const noexcept { return shape_; }

  void mute(bool muted) noexcept { muted_.store(muted, std::memory_order_relaxed); }
  void setRecorder(Recorder* recorder) noexcept { recorder_.store(recorder, std::memory_order_seq_cst); }
  /** True while the capture callback may still be using the recorder it had before `setRecorder`. */
  bool recorderBusy() const noexcept { return recorderBusy_.load(std::memory_order_seq_cst); }

  /** Pairs (aligned original, enhanced), interleaved, for one analysing thread. What it does not fetch in time is lost.
   */
  Ring& analysis() noexcept { return analysis_; }

  PathCounts counts() const noexcept;
  const LoadHistogram& load() const noexcept { return load_; }
  double lastCaptureSeconds() const noexcept { return captureSeconds_.load(std::memory_order_relaxed); }
  double lastPlaybackSeconds() const noexcept { return playbackSeconds_.load(std::memory_order_relaxed); }
  double driftPpm() const noexcept { return driftPpm_.load(std::memory_order_relaxed); }
  /** Mean time a sample waits in the ring, in seconds. */
  double ringSeconds() const noexcept { return ringSeconds_.load(std::memory_order_relaxed); }
  double converterSeconds() const noexcept { return converterSeconds_; }
  /** Frames in the ring right now. */
  std::size_t ringFill() const noexcept { return ring_.fill(); }

 private:
  double measureFill(double nowSeconds) const noexcept;
  void playBlock(float* output, std::size_t frames, double nowSeconds) noexcept;
  bool prime(double nowSeconds) noexcept;
  void steer(double error, std::size_t frames) noexcept;
  void pull(Converter& converter, float* output, std::size_t frames) noexcept;
  bool splice(float* output, std::size_t frames, std::size_t excess) noexcept;
  void runDry(float* output, std::size_t frames, double nowSeconds) noexcept;
  void applyGain(float* output, std::size_t frames) noexcept;
  bool excessIsReal(double error, std::size_t frames) noexcept;

  const StreamShape shape_;
  std::unique_ptr<Pipeline> pipeline_;
  Ring ring_;
  Ring analysis_;
  std::vector<float> processed_;
  std::vector<float> pairs_;

  // Playback thread only.
  Converter converter_;
  Converter spare_;
  const double converterSeconds_;
  DriftController drift_;
  std::vector<float> fetched_;
  std::vector<float> spliced_;
  std::size_t target_;  // fill before a read, as if capture were continuous
  std::size_t mostTarget_;
  double patienceFrames_;
  bool primed_ = false;
  bool playedOnce_ = false;    // silence before the first sample is no gap
  double settledSeconds_ = 0;  // when the devices' own buffers have filled up
  float gain_ = 0;
  double excessFrames_ = 0;  // how long the excess has lasted, in frames of the playback rate
  double leastExcess_ = 0;

  std::atomic<bool> muted_{false};             // written by the control thread
  std::atomic<Recorder*> recorder_{nullptr};   // written by the control thread
  std::atomic<bool> recorderBusy_{false};      // written by the capture thread
  std::atomic<double> captureSeconds_{0};      // written by the capture thread
  std::atomic<double> playbackSeconds_{0};     // written by the playback thread
  std::atomic<double> driftPpm_{0};            // written by the playback thread
  std::atomic<double> ringSeconds_{0};         // written by the playback thread
  std::atomic<std::uint64_t> underruns_{0};    // written by the playback thread
  std::atomic<std::uint64_t> inserted_{0};     // written by the playback thread
  std::atomic<std::uint64_t> dropped_{0};      // written by the playback thread
  std::atomic<std::uint64_t> overruns_{0};     // written by the capture thread
  std::atomic<std::uint64_t> droppedFull_{0};  // written by the capture thread
  LoadHistogram load_;
};

}  // namespace limpid
