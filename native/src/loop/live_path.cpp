#include "loop/live_path.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "files/recorder.h"

namespace limpid {

namespace {
constexpr double kRingSeconds = 3;
constexpr double kAnalysisSeconds = 1;
constexpr double kJitterPeriods = 1.2;  // in store, for half a period on either side and the controller's own wobble
constexpr double kGrowSeconds = 0.002;  // added to the target when it proved too low …
constexpr double kMostGrownSeconds = 0.006;  // … this much in all
constexpr double kExcessSeconds = 0.008;     // more backlog than this, for as long as the patience: a stall left it
constexpr double kPatienceSeconds = 0.15;
constexpr double kFadeSeconds = 0.005;
constexpr double kSettleSeconds = 0.2;
constexpr std::size_t kMostPeriods = 2;  // how far a late capture callback is believed to be filled in time

std::size_t framesOf(double seconds, double rate) {
  return static_cast<std::size_t>(std::ceil(seconds * rate));
}
}  // namespace

LivePath::LivePath(std::unique_ptr<Pipeline> pipeline, const StreamShape& shape)
    : shape_(shape),
      pipeline_(std::move(pipeline)),
      ring_(framesOf(kRingSeconds, shape.inputRate)),
      analysis_(2 * framesOf(kAnalysisSeconds, shape.inputRate)),
      processed_(Pipeline::kMaxFrames),
      pairs_(2 * Pipeline::kMaxFrames),
      converter_(shape.inputRate, shape.outputRate, ring_.capacity()),
      spare_(shape.inputRate, shape.outputRate, ring_.capacity()),
      converterSeconds_(static_cast<double>(converter_.lookaheadFrames()) / shape.inputRate),
      drift_(shape.inputRate),
      fetched_(ring_.capacity()),
      spliced_(Pipeline::kMaxFrames) {
  const double ratio = shape.inputRate / shape.outputRate;
  const double outputPeriod = std::ceil(static_cast<double>(shape.outputPeriodFrames) * ratio);
  const double inputPeriod = static_cast<double>(shape.inputPeriodFrames);
  const double jitter = kJitterPeriods * std::max(outputPeriod, inputPeriod);
  target_ = static_cast<std::size_t>(std::ceil(outputPeriod + inputPeriod + jitter));
  mostTarget_ = target_ + framesOf(kMostGrownSeconds, shape.inputRate);
  patienceFrames_ = std::max(kPatienceSeconds * shape.outputRate, 4.0 * static_cast<double>(shape.outputPeriodFrames));
}

void LivePath::rearm() noexcept {
  ring_.consume(ring_.fill());
  converter_.reset();
  drift_.rearm();
  primed_ = false;
  settledSeconds_ = 0;
  gain_ = 0;
  excessFrames_ = 0;
}

void LivePath::capture(const float* input, std::size_t frames, double nowSeconds) noexcept {
  const auto begin = std::chrono::steady_clock::now();
  recorderBusy_.store(true, std::memory_order_seq_cst);
  Recorder* const recorder = recorder_.load(std::memory_order_seq_cst);
  for (std::size_t done = 0; done < frames;) {
    const std::size_t now = std::min(frames - done, Pipeline::kMaxFrames);
    pipeline_->process(input + done, processed_.data(), now);
    const std::size_t written = ring_.write(processed_.data(), now);
    if (written < now) {
      overruns_.fetch_add(1, std::memory_order_relaxed);
      droppedFull_.fetch_add(now - written, std::memory_order_relaxed);
    }
    const float* const dry = pipeline_->alignedDry();
    for (std::size_t i = 0; i < now; ++i) {
      pairs_[2 * i] = dry[i];
      pairs_[2 * i + 1] = processed_[i];
    }
    if (analysis_.capacity() - analysis_.fill() >= 2 * now) analysis_.write(pairs_.data(), 2 * now);
    if (recorder) recorder->push(dry, processed_.data(), now);
    done += now;
  }
  recorderBusy_.store(false, std::memory_order_seq_cst);
  captureSeconds_.store(nowSeconds, std::memory_order_release);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  load_.add(took.count() * shape_.inputRate / static_cast<double>(std::max<std::size_t>(frames, 1)));
}

void LivePath::playback(float* output, std::size_t frames, double nowSeconds) noexcept {
  playbackSeconds_.store(nowSeconds, std::memory_order_relaxed);
  for (std::size_t done = 0; done < frames;) {
    const std::size_t now = std::min(frames - done, Pipeline::kMaxFrames);
    playBlock(output + done, now, nowSeconds);
    done += now;
  }
}

void LivePath::playBlock(float* output, std::size_t frames, double nowSeconds) noexcept {
  if (!primed_ && !prime(nowSeconds)) {
    std::fill(output, output + frames, 0.0f);
    if (playedOnce_) inserted_.fetch_add(frames, std::memory_order_relaxed);
    return;
  }
  if (ring_.fill() < converter_.inputNeeded(frames)) return runDry(output, frames, nowSeconds);

  const double error = measureFill(nowSeconds) - static_cast<double>(target_);
  if (excessIsReal(error, frames) && splice(output, frames, static_cast<std::size_t>(leastExcess_))) return;
  steer(error, frames);
  pull(converter_, output, frames);
  applyGain(output, frames);
}

/** Fill of the ring as if capture delivered sample by sample instead of period by period. */
double LivePath::measureFill(double nowSeconds) const noexcept {
  const double since = nowSeconds - captureSeconds_.load(std::memory_order_acquire);
  const double most = static_cast<double>(kMostPeriods * shape_.inputPeriodFrames);
  return static_cast<double>(ring_.fill()) + std::clamp(since * shape_.inputRate, 0.0, most);
}

/** Waits for a full target, then starts exactly there: a backlog from starting up must not stay as delay. */
bool LivePath::prime(double nowSeconds) noexcept {
  // A stream that starts fills its own buffer in a burst, and some servers do so twice.
  if (settledSeconds_ == 0) settledSeconds_ = nowSeconds + kSettleSeconds;
  // A converter begins by filling up.
  const double wanted = static_cast<double>(target_ + converter_.lookaheadFrames());
  const std::size_t excess = static_cast<std::size_t>(std::max(0.0, measureFill(nowSeconds) - wanted));
  if (nowSeconds < settledSeconds_) {
    ring_.consume(excess);
    return false;
  }
  if (excess == 0) return false;
  ring_.consume(excess);
  if (playedOnce_) dropped_.fetch_add(excess, std::memory_order_relaxed);
  playedOnce_ = true;
  converter_.reset();
  drift_.rearm();
  primed_ = true;
  gain_ = 0;
  excessFrames_ = 0;
  return true;
}

void LivePath::steer(double error, std::size_t frames) noexcept {
  const double elapsed = static_cast<double>(frames) / shape_.outputRate;
  converter_.trim(drift_.update(error, elapsed));
  driftPpm_.store(drift_.driftPpm(), std::memory_order_relaxed);
  const double afterRead = static_cast<double>(target_) + drift_.filteredError() -
                           static_cast<double>(frames) * shape_.inputRate / shape_.outputRate;
  ringSeconds_.store(std::max(0.0, afterRead) / shape_.inputRate, std::memory_order_relaxed);
}

void LivePath::pull(Converter& converter, float* output, std::size_t frames) noexcept {
  const std::size_t got = ring_.read(fetched_.data(), std::min(converter.inputNeeded(frames), fetched_.size()));
  const std::size_t made = converter.process(fetched_.data(), got, output, frames);
  std::fill(output + made, output + frames, 0.0f);
}

/** True once the least fill of a whole patience lies too high: a stall left a backlog that would stay as delay. */
bool LivePath::excessIsReal(double error, std::size_t frames) noexcept {
  if (error < kExcessSeconds * shape_.inputRate) {
    excessFrames_ = 0;
    return false;
  }
  leastExcess_ = excessFrames_ == 0 ? error : std::min(leastExcess_, error);
  excessFrames_ += static_cast<double>(frames);
  return excessFrames_ >= patienceFrames_;
}

/** Leaps over `excess` frames of the ring, faded from the old place to the new one across this block. False: too few to
 * leap. */
bool LivePath::splice(float* output, std::size_t frames, std::size_t excess) noexcept {
  excessFrames_ = 0;
  const std::size_t history = 2 * spare_.lookaheadFrames();
  const std::size_t need = converter_.inputNeeded(frames);
  const std::size_t skip = std::min(excess, ring_.fill() - need);
  if (skip < history) return false;

  const std::size_t old = ring_.peek(fetched_.data(), need);
  const std::size_t made = converter_.process(fetched_.data(), old, spliced_.data(), frames);
  std::fill(spliced_.data() + made, spliced_.data() + frames, 0.0f);
  ring_.consume(skip - history);
  spare_.reset(static_cast<double>(history / 2));
  pull(spare_, output, frames);
  std::swap(converter_, spare_);
  for (std::size_t i = 0; i < frames; ++i) {
    const float share = static_cast<float>(i + 1) / static_cast<float>(frames);
    output[i] = spliced_[i] + share * (output[i] - spliced_[i]);
  }
  dropped_.fetch_add(skip, std::memory_order_relaxed);
  drift_.rearm();
  applyGain(output, frames);
  return true;
}

/** Nothing more to play: what is left fades to silence, and playing resumes at the full target. */
void LivePath::runDry(float* output, std::size_t frames, double nowSeconds) noexcept {
  // Capture that goes on was only late: this device needs more in store. Capture that stands still is no reason.
  const double quiet = nowSeconds - captureSeconds_.load(std::memory_order_acquire);
  const double period = static_cast<double>(shape_.inputPeriodFrames) / shape_.inputRate;
  if (quiet < (kMostPeriods + 1) * period) {
    target_ = std::min(mostTarget_, target_ + framesOf(kGrowSeconds, shape_.inputRate));
  }
  const std::size_t got = ring_.read(fetched_.data(), ring_.fill());
  const std::size_t made = converter_.process(fetched_.data(), got, output, frames);
  for (std::size_t i = 0; i < made; ++i) output[i] *= static_cast<float>(made - i) / static_cast<float>(made);
  std::fill(output + made, output + frames, 0.0f);
  applyGain(output, frames);
  underruns_.fetch_add(1, std::memory_order_relaxed);
  inserted_.fetch_add(frames - made, std::memory_order_relaxed);
  primed_ = false;
}

void LivePath::applyGain(float* output, std::size_t frames) noexcept {
  const float wanted = muted_.load(std::memory_order_relaxed) ? 0.0f : 1.0f;
  if (gain_ == 1 && wanted == 1) return;
  const float step = static_cast<float>(1 / (kFadeSeconds * shape_.outputRate));
  for (std::size_t i = 0; i < frames; ++i) {
    gain_ = wanted > gain_ ? std::min(wanted, gain_ + step) : std::max(wanted, gain_ - step);
    output[i] *= gain_;
  }
}

PathCounts LivePath::counts() const noexcept {
  PathCounts counts;
  counts.underruns = underruns_.load(std::memory_order_relaxed);
  counts.overruns = overruns_.load(std::memory_order_relaxed);
  counts.droppedFrames = dropped_.load(std::memory_order_relaxed) + droppedFull_.load(std::memory_order_relaxed);
  counts.insertedFrames = inserted_.load(std::memory_order_relaxed);
  return counts;
}

}  // namespace limpid
