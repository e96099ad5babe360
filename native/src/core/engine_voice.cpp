#include "core/engine_voice.h"

#include <algorithm>
#include <utility>

namespace limpid {

namespace {
constexpr double kLevelSeconds = 0.020;
constexpr double kFadeSeconds = 0.030;
constexpr double kWarmUpSeconds = 0.050;  // an engine hears that much more than the delay before it is heard

std::size_t longerDelay(const EngineLane& engine, const EngineLane* fallback) {
  return fallback ? std::max(engine.delayFrames(), fallback->delayFrames()) : engine.delayFrames();
}
}  // namespace

EngineVoice::Part::Part(std::unique_ptr<EngineLane> engineLane, std::size_t delayFrames, std::size_t maxFrames,
                        double sampleRate)
    : lane(std::move(engineLane)),
      padFrames(delayFrames - lane->delayFrames()),
      pad(padFrames + maxFrames),
      output(maxFrames),
      share(1, kLevelSeconds, sampleRate) {}

void EngineVoice::Part::run(const float* input, const float* dry, float level, std::size_t frames,
                            std::size_t warmUpFrames) noexcept {
  const bool starting = !running;
  if (starting) {
    lane->restart();
    pad.clear();
    warmUpLeft = warmUpFrames;
    running = true;
  }
  lane->process(input, output.data(), frames);
  pad.write(output.data(), frames);
  pad.read(padFrames, output.data(), frames);
  warmUpLeft -= std::min(warmUpLeft, frames);

  // At level 0 the dry signal is exact, whatever an engine with a level of its own makes of it.
  const float full = level > 0 ? 1.0f : 0.0f;
  const float wanted = lane->isDry() ? 0 : lane->ownsLevel() ? full : level;
  if (starting) share.jump(wanted);
  share.aim(wanted);
  for (std::size_t i = 0; i < frames; ++i) {
    const float now = share.next();
    if (now < 1) output[i] = dry[i] + now * (output[i] - dry[i]);
  }
}

std::unique_ptr<EngineVoice> EngineVoice::create(EngineSet engines, double sampleRate, std::size_t fixedBlockFrames,
                                                 std::size_t maxFrames, std::string* error) {
  const auto prepare = [&](std::unique_ptr<Engine> engine) {
    return EngineLane::create(std::move(engine), sampleRate, fixedBlockFrames, maxFrames, error);
  };
  std::unique_ptr<EngineLane> engine = prepare(std::move(engines.engine));
  if (!engine) return nullptr;
  std::unique_ptr<EngineLane> fallback;
  if (engines.fallback) {
    fallback = prepare(std::move(engines.fallback));
    if (!fallback) return nullptr;
  }
  return std::unique_ptr<EngineVoice>(new EngineVoice(std::move(engine), std::move(fallback), sampleRate, maxFrames));
}

EngineVoice::EngineVoice(std::unique_ptr<EngineLane> engine, std::unique_ptr<EngineLane> fallback, double sampleRate,
                         std::size_t maxFrames)
    : delayFrames_(longerDelay(*engine, fallback.get())),
      warmUpFrames_(delayFrames_ + static_cast<std::size_t>(kWarmUpSeconds * sampleRate)),
      engine_(std::move(engine), delayFrames_, maxFrames, sampleRate),
      policy_(sampleRate),
      fade_(0, kFadeSeconds, sampleRate),
      dryLine_(delayFrames_ + maxFrames),
      dry_(maxFrames) {
  if (fallback) fallback_ = std::make_unique<Part>(std::move(fallback), delayFrames_, maxFrames, sampleRate);
}

void EngineVoice::setLevel(float level) noexcept {
  if (level == level_) return;
  level_ = level;
  engine_.lane->setLevel(level);
  if (fallback_) fallback_->lane->setLevel(level);
}

void EngineVoice::process(const float* input, float* output, std::size_t frames) noexcept {
  dryLine_.write(input, frames);
  dryLine_.read(delayFrames_, dry_.data(), frames);
  const bool fading = !fade_.resting();

  const std::uint64_t refusedBefore = engine_.lane->refusedBlocks();
  if (policy_.runsEngine() || fading) {
    engine_.run(input, dry_.data(), level_, frames, warmUpFrames_);
  } else {
    engine_.rest();
  }
  if (fallback_ && (policy_.runsFallback() || fading)) {
    fallback_->run(input, dry_.data(), level_, frames, warmUpFrames_);
  } else if (fallback_) {
    fallback_->rest();
  }
  mix(output, frames);

  const bool refusedBlock = engine_.lane->refusedBlocks() > refusedBefore;
  refused_ = engine_.running && (refusedBlock || engine_.lane->blocked());
  if (fallback_) tellPolicy(frames, refusedBlock);
}

void EngineVoice::mix(float* output, std::size_t frames) noexcept {
  if (fade_.resting()) {
    const Part& heard = fade_.value() > 0 ? *fallback_ : engine_;
    std::copy(heard.output.data(), heard.output.data() + frames, output);
    return;
  }
  for (std::size_t i = 0; i < frames; ++i) {
    output[i] = engine_.output[i] + fade_.next() * (fallback_->output[i] - engine_.output[i]);
  }
}

void EngineVoice::tellPolicy(std::size_t frames, bool refusedBlock) noexcept {
  FallbackNews news;
  news.frames = frames;
  news.refused = refusedBlock;
  news.blocked = engine_.lane->blocked();
  news.engineFailed = engine_.lane->failed();
  news.engineReady = engine_.ready();
  news.fallbackFailed = fallback_->lane->failed();
  news.fallbackReady = fallback_->ready();
  news.shadowAllowed = shadowAllowed_;
  policy_.update(news);
  fade_.aim(policy_.hearsFallback() ? 1 : 0);
}

Heard EngineVoice::heard() const noexcept {
  const bool fallback = policy_.hearsFallback();
  if ((fallback ? *fallback_ : engine_).lane->isDry()) return Heard::dry;
  return fallback ? Heard::fallback : Heard::engine;
}

std::uint64_t EngineVoice::replacedBlocks() const noexcept {
  return engine_.lane->replacedBlocks() + (fallback_ ? fallback_->lane->replacedBlocks() : 0);
}

/** Of the engine that is heard: another one's would be of no signal, or of an old one. */
float EngineVoice::speechProbability() const noexcept {
  switch (heard()) {
    case Heard::engine:
      return engine_.lane->speechProbability();
    case Heard::fallback:
      return fallback_->lane->speechProbability();
    case Heard::dry:
      break;
  }
  return -1;
}

}  // namespace limpid
