#include "roundtrip/round_trip.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

#include "roundtrip/chirp_analysis.h"

namespace limpid {

namespace {
constexpr double kStartSeconds = 5;
constexpr double kStallSeconds = 3;
constexpr double kSpareSeconds = 2;  // by which devices may be late
constexpr std::chrono::milliseconds kTick{10};
constexpr std::size_t kLeastCallbackFrames = 16;
constexpr double kMs = 1000;

double medianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}
}  // namespace

/**
 * What the callbacks do: play the chirps and keep what is captured, both with their times, in memory that is there from
 * the start. What each audio thread leaves behind is read up to the count that it has published.
 */
class RoundTrip::Probe : public StreamClient {
 public:
  Probe(const RoundTripOptions& options, const StreamShape& shape)
      : rate_(shape.outputRate), highestHz_(highestChirpHz(shape.inputRate, shape.outputRate)) {
    const double amplitude = std::pow(10, options.levelDb / 20);
    for (const bool isRising : {false, true}) {
      waves_[isRising ? 1 : 0] = makeChirp(isRising, highestHz_, rate_).wave;
      for (float& sample : waves_[isRising ? 1 : 0]) sample *= static_cast<float>(amplitude);
    }
    for (const Chirp& chirp : planChirps(options.seconds)) chirps_.push_back({chirp, 0});
    playLatencies_.resize(chirps_.size());
    samples_.resize(static_cast<std::size_t>((options.seconds + kSpareSeconds) * shape.inputRate));
    stamps_.resize(samples_.size() / kLeastCallbackFrames);
    captureLatencies_.resize(stamps_.size());
  }

  void capture(const float* input, std::size_t frames, const BlockTime& time) noexcept override {
    if (time.hasLost) overruns_.fetch_add(1, std::memory_order_relaxed);
    const std::size_t at = captured_.load(std::memory_order_relaxed);
    const std::size_t stamp = stampCount_.load(std::memory_order_relaxed);
    captureSeconds_.store(time.nowSeconds, std::memory_order_relaxed);
    frames = std::min(frames, samples_.size() - at);
    if (frames == 0) return;
    if (stamp < stamps_.size()) {
      stamps_[stamp] = {at, time.nowSeconds - time.latencySeconds};
      captureLatencies_[stamp] = time.latencySeconds;
      stampCount_.store(stamp + 1, std::memory_order_release);
    }
    std::copy_n(input, frames, samples_.begin() + static_cast<std::ptrdiff_t>(at));
    captured_.store(at + frames, std::memory_order_release);
  }

  void playback(float* output, std::size_t frames, const BlockTime& time) noexcept override {
    if (time.hasLost) underruns_.fetch_add(1, std::memory_order_relaxed);
    std::fill(output, output + frames, 0.0f);
    for (std::size_t done = 0; done < frames && next_ < chirps_.size();) {
      PlayedChirp& played = chirps_[next_];
      const std::vector<float>& wave = waves_[played.chirp.isRising ? 1 : 0];
      const auto begin = static_cast<std::uint64_t>(std::lround(played.chirp.startSeconds * rate_));
      const std::uint64_t now = playedFrames_ + done;
      if (now < begin) {
        done += static_cast<std::size_t>(std::min<std::uint64_t>(begin - now, frames - done));
        continue;
      }
      const std::size_t from = static_cast<std::size_t>(now - begin);
      if (from == 0) {
        playLatencies_[next_] = time.latencySeconds;
        played.atSeconds = time.nowSeconds + time.latencySeconds + static_cast<double>(done) / rate_;
        begun_.store(next_ + 1, std::memory_order_release);
      }
      const std::size_t count = std::min(wave.size() - from, frames - done);
      std::copy_n(wave.begin() + static_cast<std::ptrdiff_t>(from), count, output + done);
      done += count;
      if (from + count == wave.size()) ++next_;
    }
    playedFrames_ += frames;
    playbackSeconds_.store(time.nowSeconds, std::memory_order_release);
  }

  /** Of the older of the last two callbacks; 0 before the first. */
  double lastSeconds() const noexcept {
    return std::min(captureSeconds_.load(std::memory_order_relaxed), playbackSeconds_.load(std::memory_order_relaxed));
  }
  std::size_t captured() const noexcept { return captured_.load(std::memory_order_acquire); }
  std::uint64_t underruns() const noexcept { return underruns_.load(std::memory_order_relaxed); }
  std::uint64_t overruns() const noexcept { return overruns_.load(std::memory_order_relaxed); }

  ChirpRecording recording(double sampleRate) const {
    const auto stamps = static_cast<std::ptrdiff_t>(stampCount_.load(std::memory_order_acquire));
    const auto chirps = static_cast<std::ptrdiff_t>(begun_.load(std::memory_order_acquire));
    const auto frames = static_cast<std::ptrdiff_t>(captured());
    ChirpRecording recording;
    recording.sampleRate = sampleRate;
    recording.highestHz = highestHz_;
    recording.samples.assign(samples_.begin(), samples_.begin() + frames);
    recording.stamps.assign(stamps_.begin(), stamps_.begin() + stamps);
    recording.chirps.assign(chirps_.begin(), chirps_.begin() + chirps);
    for (float& sample : recording.samples) sample = std::isfinite(sample) ? sample : 0;
    return recording;
  }

  /** What both devices take for themselves, in seconds. */
  double latencySeconds() const {
    const auto stamps = static_cast<std::ptrdiff_t>(stampCount_.load(std::memory_order_acquire));
    const auto chirps = static_cast<std::ptrdiff_t>(begun_.load(std::memory_order_acquire));
    return medianOf({captureLatencies_.begin(), captureLatencies_.begin() + stamps}) +
           medianOf({playLatencies_.begin(), playLatencies_.begin() + chirps});
  }

 private:
  const double rate_;
  const double highestHz_;
  std::vector<float> waves_[2];  // falling, rising

  // Written by the playback thread.
  std::vector<PlayedChirp> chirps_;
  std::vector<double> playLatencies_;
  std::uint64_t playedFrames_ = 0;
  std::size_t next_ = 0;
  std::atomic<std::size_t> begun_{0};
  std::atomic<std::uint64_t> underruns_{0};
  std::atomic<double> playbackSeconds_{0};

  // Written by the capture thread.
  std::vector<float> samples_;
  std::vector<CaptureStamp> stamps_;
  std::vector<double> captureLatencies_;
  std::atomic<std::size_t> captured_{0};
  std::atomic<std::size_t> stampCount_{0};
  std::atomic<std::uint64_t> overruns_{0};
  std::atomic<double> captureSeconds_{0};
};

NativeError RoundTrip::run(RoundTripResult* result) {
  const bool isTimer = options_.output.kind == DeviceSpec::Kind::timer;
  if (isTimer != (options_.input.kind == DeviceSpec::Kind::timer)) {
    return {"argument", "The timer device has to be both input and output."};
  }
  const std::unique_ptr<DevicePair> pair = makePair_(options_.output.kind);
  StreamRequest request;
  request.input = options_.input;
  request.output = options_.output;
  StreamShape shape;
  NativeError error = pair->open(request, &shape);
  if (error) return error;
  const auto probe = std::make_shared<Probe>(options_, shape);
  if (isCancelled_) error = {"cancelled", ""};
  if (!error) error = pair->start(probe);
  if (!error) error = listen(*pair, *probe);
  pair->close();
  if (error) return error;

  const ChirpRecording recording = probe->recording(shape.inputRate);
  const ChirpFindings findings = findChirps(recording, isCancelled_);
  if (isCancelled_) return {"cancelled", ""};
  result->chirpsPlayed = recording.chirps.size();
  result->chirpsHeard = findings.heard;
  if (findings.delaySeconds) result->roundTripMs = (*findings.delaySeconds + probe->latencySeconds()) * kMs;
  if (findings.jitterSeconds) result->jitterMs = *findings.jitterSeconds * kMs;
  result->gaps = findings.gaps;
  result->gapSeconds = findings.gapSeconds;
  result->signalDb = findings.signalDb;
  result->noiseDb = findings.noiseDb;
  result->underruns = probe->underruns();
  result->overruns = probe->overruns();
  result->inputRate = shape.inputRate;
  result->outputRate = shape.outputRate;
  return {};
}

/** Until the time is over, counted from the first callbacks. */
NativeError RoundTrip::listen(DevicePair& pair, const Probe& probe) {
  const double started = nowSeconds();
  double first = 0;
  for (;;) {
    std::this_thread::sleep_for(kTick);
    const double now = nowSeconds();
    const double last = probe.lastSeconds();
    if (isCancelled_) return {"cancelled", ""};
    if (pair.hasEnded()) return {"device.failed", "A device ended by itself."};
    if (last == 0) {
      if (now - started < kStartSeconds) continue;
      return {"device.failed", "The devices opened but delivered no audio within 5 seconds."};
    }
    if (now - last > kStallSeconds) return {"device.failed", "A device delivers no audio any more."};
    if (first == 0) first = now;
    secondsDone_.store(std::min(now - first, options_.seconds), std::memory_order_relaxed);
    if (now - first >= options_.seconds) return {};
  }
}

}  // namespace limpid
