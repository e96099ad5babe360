#include "core/engine_lane.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/fir.h"

namespace limpid {

namespace {
constexpr float kLoudest = 3.98f;            // +12 dBFS
constexpr double kBadWindowSeconds = 10;     // three bad blocks within it: the engine has failed
constexpr double kStepDecaySeconds = 0.020;  // how fast the step to the dry signal is smoothed away
constexpr double kFadeInSeconds = 0.005;     // back to the engine, or a block where that is longer
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
/** Whether what lies above the engine's band is to come from the dry signal. */
bool needsHighBand(const EnginePlan& plan, double sampleRate) {
  return plan.bandwidthHz > 0 && sampleRate > 2.1 * plan.bandwidthHz;
}

/** What a lane cannot do for an engine; empty: nothing. */
std::string refusalOf(const EnginePlan& plan, double sampleRate) {
  if (!plan.error.empty()) return plan.error;
  if (plan.blockFrames <= 1 && plan.delayFrames > 0) return "The engine has a delay but no block size.";
  if (!needsHighBand(plan, sampleRate)) return "";
  const double engineRate = plan.sampleRate > 0 ? plan.sampleRate : sampleRate;
  const bool isTooShort = plan.delayFrames < designSplit(engineRate, plan.bandwidthHz).size() / 2;
  return isTooShort ? "The engine's delay is too short to limit the dry signal to its band." : "";
}
}  // namespace

std::unique_ptr<EngineLane> EngineLane::create(std::unique_ptr<Engine> engine, double sampleRate,
                                               std::size_t fixedBlockFrames, std::size_t maxFrames,
                                               std::string* error) {
  const EnginePlan plan = engine->prepare(sampleRate);
  *error = refusalOf(plan, sampleRate);
  if (!error->empty()) return nullptr;
  return std::unique_ptr<EngineLane>(new EngineLane(std::move(engine), plan, sampleRate, fixedBlockFrames, maxFrames));
}

EngineLane::EngineLane(std::unique_ptr<Engine> engine, const EnginePlan& plan, double sampleRate,
                       std::size_t fixedBlockFrames, std::size_t maxFrames)
    : engine_(std::move(engine)),
      plan_(plan),
      engineRate_(plan.sampleRate > 0 ? plan.sampleRate : sampleRate),
      ready_(4 * maxFrames +
             4 * static_cast<std::size_t>(std::ceil(plan.blockFrames * std::max(1.0, sampleRate / engineRate_))) +
             16384) {
  const double ratio = engineRate_ / sampleRate;  // engine samples per caller's sample
  const std::size_t block = std::max<std::size_t>(plan.blockFrames, 1);
  const std::size_t engineSpan = static_cast<std::size_t>(std::ceil(maxFrames * ratio)) + 64;

  std::size_t prefill = 0;
  if (ratio == 1) {
    prefill = fixedBlockFrames > 0 ? block - std::gcd(block, fixedBlockFrames) : block - 1;
    engineDelayFrames_ = plan.delayFrames;
    delayFrames_ = prefill + plan.delayFrames;
  } else {
    toEngine_.emplace(sampleRate, engineRate_, maxFrames);
    fromEngine_.emplace(engineRate_, sampleRate, engineSpan + block);
    converted_.resize(engineSpan);
    back_.resize(static_cast<std::size_t>(std::ceil((engineSpan + block) / ratio)) + 64);
    const double waiting = static_cast<double>(block + fromEngine_->lookaheadFrames()) / ratio;
    prefill = toEngine_->lookaheadFrames() + static_cast<std::size_t>(std::ceil(waiting)) + kConversionSlackFrames;
    // The way back starts a fraction of a sample late, so that the whole delay is a whole number of the caller's
    // samples.
    engineDelayFrames_ = static_cast<std::size_t>(std::floor(plan.delayFrames / ratio));
    wayBackStart_ = static_cast<double>(plan.delayFrames) - static_cast<double>(engineDelayFrames_) * ratio;
    fromEngine_->reset(wayBackStart_);
    delayFrames_ = prefill + engineDelayFrames_;
  }
  prefill_.resize(prefill);
  ready_.write(prefill_.data(), prefill_.size());

  block_.resize(std::max(block, block == 1 ? std::max(engineSpan, maxFrames) : block));
  dryBlock_.resize(block_.size());
  engineDry_ = DelayLine(plan.delayFrames + block_.size() + 2048);
  warmUpBlocks_ = block == 1 ? 1 : (plan.delayFrames + block - 1) / block + 1;
  shareStep_ = 1 / std::max(static_cast<float>(block), static_cast<float>(kFadeInSeconds * engineRate_));
  stepDecay_ = static_cast<float>(std::exp(-1 / (kStepDecaySeconds * engineRate_)));

  if (needsHighBand(plan, sampleRate)) {
    highBand_.emplace(sampleRate, plan.bandwidthHz);
    dry_ = DelayLine(delayFrames_ + highBand_->historyFrames() + maxFrames);
    drySpan_.resize(maxFrames + highBand_->historyFrames() + highBand_->lookaheadFrames());
    engineSplit_ = designSplit(engineRate_, plan.bandwidthHz);
    engineSpan_.resize(block_.size() + engineSplit_.size() - 1);
  }
}

void EngineLane::restart() noexcept {
  if (!used_) return;
  used_ = false;
  if (!failed()) startAfresh();
  warmUpLeft_ = 0;
  share_ = 1;
  step_ = lastSample_ = 0;
  blockFill_ = 0;
  engineDry_.clear();
  ready_.consume(ready_.fill());
  ready_.write(prefill_.data(), prefill_.size());
  if (toEngine_) {
    toEngine_->reset();
    fromEngine_->reset(wayBackStart_);
  }
  if (!highBand_) return;
  highBand_->reset();
  dry_.clear();
}

void EngineLane::process(const float* input, float* wet, std::size_t frames) noexcept {
  used_ = true;
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

  if (failed() || !enhance(block, frames)) {
    playDry(block, frames);
  } else if (share_ < 1) {
    fadeIn(block, frames);
  }
  lastSample_ = block[frames - 1];
}

/** Has the engine enhance the block. False: the block is not fit to be heard. */
bool EngineLane::enhance(float* block, std::size_t frames) noexcept {
  const BlockResult result = engine_->process(block, frames);
  blocked_ = result == BlockResult::blocked;
  if (blocked_) {
    ++refused_;
    warmUpLeft_ = warmUpBlocks_;  // whatever the engine still holds is from before
    return false;
  }
  const bool dead = result == BlockResult::dead;
  if (dead || (!isClean(block, frames) && !isLoudInput(block, frames))) {
    replaced_.fetch_add(1, std::memory_order_relaxed);
    if (dead) {
      fail("trap");
    } else if (badTooOften()) {
      fail("bad-output");
    } else {
      startAfresh();
    }
    return false;
  }
  if (warmUpLeft_ == 0) return true;
  --warmUpLeft_;
  return false;
}

void EngineLane::startAfresh() noexcept {
  if (!engine_->reset()) fail("trap");
  warmUpLeft_ = warmUpBlocks_;
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

/** The dry block instead; what the output and the dry signal were apart before it dies away. */
void EngineLane::playDry(float* block, std::size_t frames) noexcept {
  if (share_ > 0) {
    float before = 0;
    readDry(frames, &before, 1);
    step_ = lastSample_ - before;
    share_ = 0;
  }
  readDryBlock(frames);
  for (std::size_t i = 0; i < frames; ++i) block[i] = dryBlock_[i] + nextStep();
}

/** From the dry signal back to the engine. */
void EngineLane::fadeIn(float* block, std::size_t frames) noexcept {
  readDryBlock(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const float dry = dryBlock_[i] + nextStep();
    share_ = std::min(1.0f, share_ + shareStep_);
    block[i] = dry + share_ * (block[i] - dry);
  }
}

float EngineLane::nextStep() noexcept {
  const float step = step_;
  step_ = std::abs(step) < 1e-12f ? 0 : step * stepDecay_;
  return step;
}

bool EngineLane::badTooOften() noexcept {
  const std::uint64_t oldest = badAt_[(badNext_ + 1) % 3];
  badAt_[badNext_] = engineFrames_ + 1;
  badNext_ = (badNext_ + 1) % 3;
  return oldest != 0 && static_cast<double>(engineFrames_ + 1 - oldest) < kBadWindowSeconds * engineRate_;
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
