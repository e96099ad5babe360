#include "core/engine_lane.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/fir.h"

namespace limpid {

namespace {
constexpr float kLoudest = 3.98f;            // +12 dBFS
constexpr double kBadWindowSeconds = 10;     // three bad blocks within it: the engine has failed
constexpr double kStepDecaySeconds = 0.002;  // how fast a step at a replaced block is smoothed away
constexpr std::size_t kConversionSlackFrames = 3;

bool isClean(const float* samples, std::size_t frames) noexcept {
  for (std::size_t i = 0; i < frames; ++i) {
    if (!(std::abs(samples[i]) <= kLoudest)) return false;  // NaN compares false
  }
  return true;
}

bool isFinite(const float* samples, std::size_t frames) noexcept {
  for (std::size_t i = 0; i < frames; ++i) {
    if (!std::isfinite(samples[i])) return false;
  }
  return true;
}
}  // namespace

std::unique_ptr<EngineLane> EngineLane::create(std::unique_ptr<Engine> engine, double sampleRate,
                                               std::size_t fixedBlockFrames, std::size_t maxFrames,
                                               std::string* error) {
  const EnginePlan plan = engine->prepare(sampleRate);
  if (!plan.error.empty()) {
    *error = plan.error;
    return nullptr;
  }
  return std::unique_ptr<EngineLane>(new EngineLane(std::move(engine), plan, sampleRate, fixedBlockFrames, maxFrames));
}

EngineLane::EngineLane(std::unique_ptr<Engine> engine, const EnginePlan& plan, double sampleRate,
                       std::size_t fixedBlockFrames, std::size_t maxFrames)
    : engine_(std::move(engine)),
      plan_(plan),
      ready_(4 * maxFrames +
             4 * static_cast<std::size_t>(
                     std::ceil(plan.blockFrames *
                               std::max(1.0, sampleRate / (plan.sampleRate > 0 ? plan.sampleRate : sampleRate)))) +
             16384) {
  const double engineRate = plan.sampleRate > 0 ? plan.sampleRate : sampleRate;
  const double ratio = engineRate / sampleRate;  // engine samples per caller's sample
  const std::size_t block = std::max<std::size_t>(plan.blockFrames, 1);
  const std::size_t engineSpan = static_cast<std::size_t>(std::ceil(maxFrames * ratio)) + 64;

  std::size_t prefill = 0;
  if (ratio == 1) {
    prefill = fixedBlockFrames > 0 ? block - std::gcd(block, fixedBlockFrames) : block - 1;
    engineDelayFrames_ = plan.delayFrames;
    delayFrames_ = prefill + plan.delayFrames;
  } else {
    toEngine_.emplace(sampleRate, engineRate, maxFrames);
    fromEngine_.emplace(engineRate, sampleRate, engineSpan + block);
    converted_.resize(engineSpan);
    back_.resize(static_cast<std::size_t>(std::ceil((engineSpan + block) / ratio)) + 64);
    const double waiting = static_cast<double>(block + fromEngine_->lookaheadFrames()) / ratio;
    prefill = toEngine_->lookaheadFrames() + static_cast<std::size_t>(std::ceil(waiting)) + kConversionSlackFrames;
    // The way back starts a fraction of a sample late, so that the whole delay is a whole number of the caller's
    // samples.
    engineDelayFrames_ = static_cast<std::size_t>(std::floor(plan.delayFrames / ratio));
    fromEngine_->reset(static_cast<double>(plan.delayFrames) - static_cast<double>(engineDelayFrames_) * ratio);
    delayFrames_ = prefill + engineDelayFrames_;
  }
  const std::vector<float> silence(prefill, 0.0f);
  ready_.write(silence.data(), silence.size());

  block_.resize(std::max(block, block == 1 ? std::max(engineSpan, maxFrames) : block));
  dryBlock_.resize(block_.size());
  engineDry_ = DelayLine(plan.delayFrames + block_.size() + 2048);
  warmUpBlocks_ = block == 1 ? 1 : (plan.delayFrames + block - 1) / block + 1;

  if (plan.bandwidthHz > 0 && sampleRate > 2.1 * plan.bandwidthHz) {
    highBand_.emplace(sampleRate, plan.bandwidthHz);
    dry_ = DelayLine(delayFrames_ + highBand_->historyFrames() + maxFrames);
    drySpan_.resize(maxFrames + highBand_->historyFrames() + highBand_->lookaheadFrames());
    engineSplit_ = designSplit(engineRate, plan.bandwidthHz);
    engineSpan_.resize(block_.size() + engineSplit_.size() - 1);
  }
}

void EngineLane::process(const float* input, float* wet, std::size_t frames) noexcept {
  if (toEngine_) {
    const std::size_t converted = toEngine_->process(input, frames, converted_.data(), converted_.size());
    runEngine(converted_.data(), converted);
  } else {
    runEngine(input, frames);
  }
  const std::size_t got = ready_.read(wet, frames);
  std::fill(wet + got, wet + frames, 0.0f);

  if (!highBand_) return;
  dry_.write(input, frames);
  const std::size_t ahead = highBand_->lookaheadFrames();
  dry_.read(delayFrames_ - ahead, drySpan_.data(), highBand_->historyFrames() + frames + ahead);
  highBand_->add(drySpan_.data(), wet, frames);
}

void EngineLane::runEngine(const float* samples, std::size_t frames) noexcept {
  const std::size_t size = plan_.blockFrames > 1 ? plan_.blockFrames : frames;
  while (frames > 0) {
    const std::size_t now = std::min(frames, size - blockFill_);
    std::copy(samples, samples + now, block_.data() + blockFill_);
    blockFill_ += now;
    samples += now;
    frames -= now;
    if (blockFill_ < size) return;
    blockFill_ = 0;
    runBlock(block_.data(), size);
    emit(block_.data(), size);
  }
}

void EngineLane::runBlock(float* block, std::size_t frames) noexcept {
  engineDry_.write(block, frames);
  engineFrames_ += frames;
  blocks_.fetch_add(1, std::memory_order_relaxed);

  if (failed()) {
    readDryBlock(frames);
    std::copy(dryBlock_.data(), dryBlock_.data() + frames, block);
    return;
  }
  const BlockResult result = engine_->process(block, frames);
  blocked_ = result == BlockResult::blocked;
  if (result == BlockResult::dead) fail("trap");
  if (result != BlockResult::enhanced) {
    replaceBlock(block, frames);
    return;
  }
  if (!isClean(block, frames) && !isLoudInput(block, frames)) {
    replaceBlock(block, frames);
    if (badTooOften()) return fail("bad-output");
    if (!engine_->reset()) return fail("trap");
    warmUpLeft_ = warmUpBlocks_;
    return;
  }
  if (warmUpLeft_ > 0) {
    readDryBlock(frames);
    std::copy(dryBlock_.data(), dryBlock_.data() + frames, block);
    fadeBack_ = --warmUpLeft_ == 0;
  } else if (fadeBack_) {
    fadeBack_ = false;
    readDryBlock(frames);
    for (std::size_t i = 0; i < frames; ++i) {
      const float gain = static_cast<float>(i + 1) / static_cast<float>(frames);
      block[i] = dryBlock_[i] + gain * (block[i] - dryBlock_[i]);
    }
  }
  lastSample_ = block[frames - 1];
}

/** A loud but finite input may pass a transparent engine: only what the engine added is its fault. */
bool EngineLane::isLoudInput(const float* block, std::size_t frames) noexcept {
  readDryBlock(frames);
  return isFinite(block, frames) && !isClean(dryBlock_.data(), frames);
}

/** Fills dryBlock_ with the input aligned to the engine's output and limited to the engine's band. */
void EngineLane::readDryBlock(std::size_t frames) noexcept {
  readDry(0, dryBlock_.data(), frames);
}

/** As `readDryBlock`, `back` samples earlier. */
void EngineLane::readDry(std::size_t back, float* target, std::size_t frames) noexcept {
  const std::size_t delay = plan_.delayFrames + back;
  if (engineSplit_.empty()) return engineDry_.read(delay, target, frames);
  const std::size_t half = engineSplit_.size() / 2;
  engineDry_.read(delay - half, engineSpan_.data(), frames + 2 * half);
  for (std::size_t i = 0; i < frames; ++i) {
    target[i] = dot(engineSpan_.data() + i, engineSplit_.data(), engineSplit_.size());
  }
}

/** The dry block instead; what the engine and the dry signal were apart before it dies away over two milliseconds. */
void EngineLane::replaceBlock(float* block, std::size_t frames) noexcept {
  readDryBlock(frames);
  replaced_.fetch_add(1, std::memory_order_relaxed);
  const double rate = plan_.sampleRate > 0 ? plan_.sampleRate : 48000;
  const float decay = static_cast<float>(std::exp(-1 / (kStepDecaySeconds * rate)));
  float before = 0;
  readDry(frames, &before, 1);
  float step = lastSample_ - before;
  for (std::size_t i = 0; i < frames; ++i) {
    block[i] = dryBlock_[i] + step;
    step *= decay;
    if (std::abs(step) < 1e-12f) step = 0;
  }
  lastSample_ = block[frames - 1];
}

bool EngineLane::badTooOften() noexcept {
  const double rate = plan_.sampleRate > 0 ? plan_.sampleRate : 48000;
  const std::uint64_t oldest = badAt_[(badNext_ + 1) % 3];
  badAt_[badNext_] = engineFrames_ + 1;
  badNext_ = (badNext_ + 1) % 3;
  return oldest != 0 && static_cast<double>(engineFrames_ + 1 - oldest) < kBadWindowSeconds * rate;
}

void EngineLane::emit(const float* samples, std::size_t frames) noexcept {
  if (!fromEngine_) {
    ready_.write(samples, frames);
    return;
  }
  const std::size_t converted = fromEngine_->process(samples, frames, back_.data(), back_.size());
  ready_.write(back_.data(), converted);
}

}  // namespace limpid
