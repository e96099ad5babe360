#include "core/pipeline.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "core/delay_line.h"
#include "core/engine_voice.h"
#include "core/ramp.h"

namespace limpid {

namespace {
constexpr double kBypassSeconds = 0.010;
constexpr double kSwitchSeconds = 0.030;
constexpr double kSpliceSeconds = 0.020;
constexpr double kMostDelaySeconds = 0.5;
constexpr float kAbsurd = 1e9f;  // no signal of any scale, and near what overflows inside engines
constexpr float kTiny = 1e-20f;  // denormals and their neighbours cost engines several times the time

/** What a user chose to hear, and the delay line that pads it to the delay of the whole path. */
struct Voice {
  Voice(std::unique_ptr<EngineVoice> engines, std::uint64_t id, std::size_t padFrames)
      : engines(std::move(engines)), id(id), pad(padFrames) {}
  std::unique_ptr<EngineVoice> engines;
  const std::uint64_t id;
  DelayLine pad;
};

/** Written by the audio thread, which never waits; whoever reads tries again when it was written meanwhile. */
class SharedStatus {
 public:
  void write(const PipelineStatus& status) noexcept {
    const std::uint64_t turn = turn_.load(std::memory_order_relaxed);
    turn_ = turn + 1;  // odd: being written
    id_ = status.id;
    heard_ = status.heard;
    isBlocked_ = status.isBlocked;
    vendorCode_ = status.vendorCode;
    reason_ = status.reason;
    speech_ = status.speechProbability;
    turn_ = turn + 2;
  }

  PipelineStatus read() const noexcept {
    for (;;) {
      const std::uint64_t turn = turn_;
      const PipelineStatus status{id_, heard_, isBlocked_, vendorCode_, reason_, speech_};
      if (turn % 2 == 0 && turn_ == turn) return status;
    }
  }

 private:
  // In sequential consistency: what was read between two equal turns was written together.
  std::atomic<std::uint64_t> turn_{0};
  std::atomic<std::uint64_t> id_{0};
  std::atomic<Heard> heard_{Heard::engine};
  std::atomic<bool> isBlocked_{false};
  std::atomic<int> vendorCode_{0};
  std::atomic<const char*> reason_{""};
  std::atomic<float> speech_{-1};
};
}  // namespace

class Pipeline::Impl {
 public:
  Impl(std::unique_ptr<EngineVoice> engines, std::uint64_t id, double sampleRate, std::size_t fixedBlockFrames)
      : sampleRate_(sampleRate),
        fixedBlockFrames_(fixedBlockFrames),
        mostDelay_(static_cast<std::size_t>(kMostDelaySeconds * sampleRate) + engines->delayFrames()),
        dryLine_(mostDelay_ + kMaxFrames),
        clean_(kMaxFrames),
        dry_(kMaxFrames),
        wet_(kMaxFrames),
        nextWet_(kMaxFrames),
        splice_(kMaxFrames),
        bypass_(0, kBypassSeconds, sampleRate),
        switch_(0, kSwitchSeconds, sampleRate),
        grow_(1, kSpliceSeconds, sampleRate) {
    delay_.store(engines->delayFrames(), std::memory_order_relaxed);
    engineDelay_.store(engines->engineDelayFrames(), std::memory_order_relaxed);
    oldDelay_ = engines->delayFrames();
    current_ = makeVoice(std::move(engines), id);
    publish();
  }
  ~Impl() {
    delete incoming_.load();
    delete retired_.load();
  }

  std::unique_ptr<Voice> makeVoice(std::unique_ptr<EngineVoice> engines, std::uint64_t id) const {
    return std::make_unique<Voice>(std::move(engines), id, mostDelay_ + kMaxFrames);
  }

  void process(const float* input, float* output, std::size_t frames) noexcept;
  bool offer(EngineSet set, std::string* error);

  void sanitise(const float* input, std::size_t frames) noexcept;
  void adoptIncoming() noexcept;
  void readVoice(Voice& voice, float* wet, std::size_t frames) noexcept;
  void spliceDelay(const DelayLine& line, std::size_t delay, std::size_t oldDelay, float* target,
                   std::size_t frames) noexcept;
  bool aimBypass() noexcept;
  void count(bool bypassed) noexcept;
  void finishSwitch() noexcept;
  void publish() noexcept;

  const double sampleRate_;
  const std::size_t fixedBlockFrames_;
  const std::size_t mostDelay_;

  // Audio thread only.
  std::unique_ptr<Voice> current_;
  std::unique_ptr<Voice> next_;
  std::size_t warmUpLeft_ = 0;
  std::size_t oldDelay_;
  DelayLine dryLine_;
  std::vector<float> clean_, dry_, wet_, nextWet_, splice_;
  Ramp bypass_, switch_;
  Ramp grow_;  // 0 → 1 while the whole path moves from oldDelay_ to delay_
  bool begun_ = false;
  std::uint64_t retiredReplaced_ = 0;

  // Written by the control thread, taken by the audio thread.
  std::atomic<Voice*> incoming_{nullptr};
  // Written by the audio thread, taken by the control thread.
  std::atomic<Voice*> retired_{nullptr};

  // Written by anyone, read by the audio thread.
  std::atomic<float> wantedLevel_{1};
  std::atomic<bool> wantedBypass_{false};
  std::atomic<bool> shadowAllowed_{true};

  // Written by the audio thread, read by anyone.
  std::atomic<std::size_t> delay_{0};
  std::atomic<std::size_t> engineDelay_{0};
  SharedStatus status_;
  std::atomic<std::uint64_t> nonFinite_{0}, tiny_{0}, replaced_{0}, enhanced_{0}, bypassed_{0}, disallowed_{0};
};

void Pipeline::Impl::process(const float* input, float* output, std::size_t frames) noexcept {
  frames = std::min(frames, kMaxFrames);
  sanitise(input, frames);
  adoptIncoming();
  dryLine_.write(clean_.data(), frames);

  const std::size_t delay = delay_.load(std::memory_order_relaxed);
  if (grow_.resting()) oldDelay_ = delay;
  const Ramp growBefore = grow_;
  spliceDelay(dryLine_, delay, oldDelay_, dry_.data(), frames);
  grow_ = growBefore;
  readVoice(*current_, wet_.data(), frames);

  if (next_) {
    readVoice(*next_, nextWet_.data(), frames);
    const bool warm = warmUpLeft_ <= frames;
    warmUpLeft_ -= std::min(warmUpLeft_, frames);
    if (warm && next_->engines->settled()) switch_.aim(1);
    for (std::size_t i = 0; i < frames; ++i) wet_[i] += switch_.next() * (nextWet_[i] - wet_[i]);
  }

  const bool bypassed = aimBypass();
  for (std::size_t i = 0; i < frames; ++i) {
    const float share = 1 - bypass_.next();
    output[i] = share == 1 ? wet_[i] : dry_[i] + share * (wet_[i] - dry_[i]);
  }
  for (std::size_t i = 0; i < frames; ++i) grow_.next();

  count(bypassed);
  if (next_ && switch_.value() == 1) finishSwitch();
  publish();
}

void Pipeline::Impl::sanitise(const float* input, std::size_t frames) noexcept {
  std::uint64_t bad = 0;
  std::uint64_t tiny = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    const float x = input[i];
    const float size = std::abs(x);
    const bool isBad = !(size < kAbsurd);  // NaN compares false
    const bool isTiny = size < kTiny;
    bad += isBad;
    tiny += isTiny && size > 0;
    clean_[i] = isBad || isTiny ? 0 : x;
  }
  if (bad > 0) nonFinite_.fetch_add(bad, std::memory_order_relaxed);
  if (tiny > 0) tiny_.fetch_add(tiny, std::memory_order_relaxed);
}

/** Takes what the control thread has prepared, unless a change is still going on. */
void Pipeline::Impl::adoptIncoming() noexcept {
  if (next_ || retired_.load(std::memory_order_acquire) != nullptr || !grow_.resting()) return;
  next_.reset(incoming_.exchange(nullptr, std::memory_order_acq_rel));
  if (!next_) return;
  const EngineVoice& engines = *next_->engines;
  warmUpLeft_ = engines.warmUpFrames();
  switch_.jump(0);
  const std::size_t delay = delay_.load(std::memory_order_relaxed);
  if (engines.delayFrames() <= delay) return;
  oldDelay_ = delay;
  delay_.store(engines.delayFrames(), std::memory_order_relaxed);
  grow_.jump(0);
  grow_.aim(1);
}

/** What is heard of a set of engines, padded to the delay of the whole path. */
void Pipeline::Impl::readVoice(Voice& voice, float* wet, std::size_t frames) noexcept {
  voice.engines->setLevel(wantedLevel_.load(std::memory_order_relaxed));
  voice.engines->allowShadow(shadowAllowed_.load(std::memory_order_relaxed));
  voice.engines->process(clean_.data(), wet, frames);
  voice.pad.write(wet, frames);
  const std::size_t delay = delay_.load(std::memory_order_relaxed);
  const std::size_t own = voice.engines->delayFrames();
  const Ramp growBefore = grow_;
  spliceDelay(voice.pad, delay - own, oldDelay_ > own ? oldDelay_ - own : 0, wet, frames);
  grow_ = growBefore;
}

/** Reads `line` at `delay`; while the path grows, faded over from `oldDelay`. */
void Pipeline::Impl::spliceDelay(const DelayLine& line, std::size_t delay, std::size_t oldDelay, float* target,
                                 std::size_t frames) noexcept {
  line.read(delay, target, frames);
  if (grow_.resting() || delay == oldDelay) return;
  line.read(oldDelay, splice_.data(), frames);
  for (std::size_t i = 0; i < frames; ++i) target[i] = splice_[i] + grow_.next() * (target[i] - splice_[i]);
}

/** Points the fade at what is wanted now; returns whether that is the bypass. */
bool Pipeline::Impl::aimBypass() noexcept {
  const bool bypassed = wantedBypass_.load(std::memory_order_relaxed);
  const float target = bypassed ? 1 : 0;
  if (!begun_) bypass_.jump(target);  // before the first sample there is nothing to fade from
  begun_ = true;
  bypass_.aim(target);
  return bypassed;
}

void Pipeline::Impl::count(bool bypassed) noexcept {
  const bool enhanced = !bypassed && current_->engines->heard() != Heard::dry;
  (enhanced ? enhanced_ : bypassed_).fetch_add(1, std::memory_order_relaxed);
  if (current_->engines->refused()) disallowed_.fetch_add(1, std::memory_order_relaxed);
}

void Pipeline::Impl::finishSwitch() noexcept {
  retiredReplaced_ += current_->engines->replacedBlocks();
  engineDelay_.store(next_->engines->engineDelayFrames(), std::memory_order_relaxed);
  retired_.store(current_.release(), std::memory_order_release);
  current_ = std::move(next_);
  switch_.jump(0);
}

void Pipeline::Impl::publish() noexcept {
  const EngineVoice& engines = *current_->engines;
  const EngineLane& chosen = engines.chosen();
  status_.write({current_->id, engines.heard(), chosen.blocked(), chosen.vendorCode(), chosen.failure(),
                 engines.speechProbability()});
  replaced_.store(retiredReplaced_ + engines.replacedBlocks(), std::memory_order_relaxed);
}

bool Pipeline::Impl::offer(EngineSet set, std::string* error) {
  const std::uint64_t id = set.id;
  std::unique_ptr<EngineVoice> engines =
      EngineVoice::create(std::move(set), sampleRate_, fixedBlockFrames_, kMaxFrames, error);
  if (!engines) return false;
  if (engines->delayFrames() > mostDelay_) {
    *error = "The engine's delay is longer than half a second.";
    return false;
  }
  delete incoming_.exchange(makeVoice(std::move(engines), id).release(), std::memory_order_acq_rel);
  return true;
}

Pipeline::Pipeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pipeline::~Pipeline() = default;

std::unique_ptr<Pipeline> Pipeline::create(EngineSet set, double sampleRate, std::size_t fixedBlockFrames,
                                           std::string* error) {
  const std::uint64_t id = set.id;
  std::unique_ptr<EngineVoice> engines =
      EngineVoice::create(std::move(set), sampleRate, fixedBlockFrames, kMaxFrames, error);
  if (!engines) return nullptr;
  auto impl = std::make_unique<Impl>(std::move(engines), id, sampleRate, fixedBlockFrames);
  return std::unique_ptr<Pipeline>(new Pipeline(std::move(impl)));
}

void Pipeline::process(const float* input, float* output, std::size_t frames) noexcept {
  impl_->process(input, output, frames);
}

const float* Pipeline::alignedDry() const noexcept {
  return impl_->dry_.data();
}
void Pipeline::setLevel(float level) noexcept {
  impl_->wantedLevel_.store(std::clamp(level, 0.0f, 1.0f), std::memory_order_relaxed);
}
void Pipeline::setBypass(bool bypass) noexcept {
  impl_->wantedBypass_.store(bypass, std::memory_order_relaxed);
}
std::size_t Pipeline::delayFrames() const noexcept {
  return impl_->delay_.load(std::memory_order_relaxed);
}
std::size_t Pipeline::engineDelayFrames() const noexcept {
  return impl_->engineDelay_.load(std::memory_order_relaxed);
}

bool Pipeline::switchEngine(EngineSet engines, std::string* error) {
  return impl_->offer(std::move(engines), error);
}
bool Pipeline::collect() {
  const std::unique_ptr<Voice> retired(impl_->retired_.exchange(nullptr, std::memory_order_acq_rel));
  return retired != nullptr;
}

void Pipeline::allowShadow(bool allowed) noexcept {
  impl_->shadowAllowed_.store(allowed, std::memory_order_relaxed);
}
PipelineStatus Pipeline::status() const noexcept {
  return impl_->status_.read();
}

PipelineCounts Pipeline::counts() const noexcept {
  PipelineCounts counts;
  counts.nonFiniteSamples = impl_->nonFinite_.load(std::memory_order_relaxed);
  counts.tinySamples = impl_->tiny_.load(std::memory_order_relaxed);
  counts.replacedBlocks = impl_->replaced_.load(std::memory_order_relaxed);
  counts.blocksEnhanced = impl_->enhanced_.load(std::memory_order_relaxed);
  counts.blocksBypassed = impl_->bypassed_.load(std::memory_order_relaxed);
  counts.blocksDisallowed = impl_->disallowed_.load(std::memory_order_relaxed);
  return counts;
}

}  // namespace limpid
