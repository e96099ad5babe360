#include "loop/loop.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "loop/priority.h"

namespace limpid {

namespace {
constexpr std::chrono::milliseconds kTick{20};
constexpr double kStartSeconds = 5;
constexpr double kMs = 1000;
}  // namespace

NativeError Loop::start(const LoopOptions& options) {
  const std::lock_guard<std::mutex> lifecycle(lifecycle_);
  stopNow();
  const std::lock_guard<std::mutex> control(control_);
  options_ = options;
  const bool isTimerInput = options.streams.input.kind == DeviceSpec::Kind::timer;
  const bool isTimerOutput = options.streams.output.kind == DeviceSpec::Kind::timer;
  if (isTimerInput && !isTimerOutput) return {"argument", "A timer as the input has to be the output too."};
  pair_ = isTimerOutput && !isTimerInput ? createDiscardingPair() : createPair(options.streams.input.kind);
  {
    const std::lock_guard<std::mutex> lock(shared_);
    choose(options.choice);
    level_ = options.level;
    bypass_ = options.bypass;
    muted_ = false;
    restarts_ = 0;
    startedSeconds_ = 0;
    path_.reset();
  }
  setState(LoopState::starting);
  const NativeError error = openAndStart();
  if (error) {
    pair_->close();
    setState(LoopState::failed, error);
    return error;
  }
  {
    const std::lock_guard<std::mutex> lock(shared_);
    startedSeconds_ = nowSeconds();
  }
  setState(LoopState::running);
  {
    const std::lock_guard<std::mutex> lock(wakeMutex_);
    ending_ = false;
  }
  thread_ = std::thread([this] { watch(); });
  return {};
}

void Loop::stop() {
  ++stopsWanted_;  // a start that is still waiting for its first callbacks gives up
  const std::lock_guard<std::mutex> lifecycle(lifecycle_);
  --stopsWanted_;
  stopNow();
}

/** Under lifecycle_. */
void Loop::stopNow() {
  {
    const std::lock_guard<std::mutex> lock(wakeMutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard<std::mutex> control(control_);
  if (pair_) pair_->close();
  pair_.reset();
  endRecording();
  const std::lock_guard<std::mutex> lock(shared_);
  path_.reset();
  analyser_.reset();
  state_ = LoopState::idle;
  error_ = {};
}

/** Opens the streams, makes the path if the shape is new, starts them and waits for both to deliver. */
NativeError Loop::openAndStart() {
  StreamShape shape;
  NativeError error = pair_->open(options_.streams, &shape);
  if (error) return error;
  std::shared_ptr<LivePath> old = path();
  const bool sameShape = old && old->shape().inputRate == shape.inputRate &&
                         old->shape().outputRate == shape.outputRate &&
                         old->shape().inputPeriodFrames == shape.inputPeriodFrames;
  if (sameShape) {
    cutRecording();
    old->rearm();
  } else {
    endRecording();
    {
      const std::lock_guard<std::mutex> lock(shared_);
      path_.reset();
    }
    old.reset();  // before the new one is made: a licensed engine gives its processor back to be used again
    error = buildPath(shape);
    if (error) return error;
  }
  error = pair_->start(path());
  if (error) return error;
  if (!waitForCallbacks()) return {"device.failed", "The device opened but delivered no audio within 5 seconds."};
  watchdog_.arm(nowSeconds(), static_cast<double>(shape.inputPeriodFrames) / shape.inputRate);
  return {};
}

NativeError Loop::buildPath(const StreamShape& shape) {
  std::unique_lock<std::mutex> lock(shared_);
  EngineChoice choice;
  std::unique_ptr<Pipeline> pipeline;
  std::uint64_t id = 0;
  std::uint64_t choices = 0;
  // Anew when another engine was chosen meanwhile.
  do {
    choice = choice_;
    choices = choices_;
    id = ++lastVoice_;
    lock.unlock();
    pipeline.reset();
    EngineSet engines;
    if (const NativeError error = makeEngines(choice, &engines)) return error;
    engines.id = id;
    std::string problem;
    pipeline = Pipeline::create(std::move(engines), shape.inputRate, shape.inputPeriodFrames, &problem);
    if (!pipeline) return {"engine.prepare-failed", problem};
    lock.lock();
  } while (choices != choices_);

  voices_ = {{id, choice.engine, choice.fallback}};
  pipeline->setLevel(level_);
  pipeline->setBypass(bypass_);
  path_ = std::make_shared<LivePath>(std::move(pipeline), shape);
  path_->mute(muted_);
  analyser_ = std::make_unique<Analyser>(shape.inputRate);
  recentLoad_ = {};
  countMade(choice);
  return {};
}

bool Loop::waitForCallbacks() {
  const double since = nowSeconds();
  const std::shared_ptr<LivePath> path = this->path();
  while (nowSeconds() - since < kStartSeconds && stopsWanted_ == 0) {
    const double oldest = std::min(path->lastCaptureSeconds(), path->lastPlaybackSeconds());
    if (oldest >= since) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

/** The control thread. */
void Loop::watch() {
  nameThread("limpid-control");
  std::unique_lock<std::mutex> lock(wakeMutex_);
  while (!wake_.wait_for(lock, kTick, [this] { return ending_; })) {
    lock.unlock();
    if (control_.try_lock()) {
      tick(nowSeconds());
      control_.unlock();
    }
    lock.lock();
  }
}

void Loop::tick(double now) {
  drainAnalysis();
  std::shared_ptr<LivePath> path = this->path();
  double oldest = 0;
  if (path) {
    if (path->pipeline().collect()) endSpareSessions();
    path->pipeline().allowShadow(shadow_.look(now, path->load()));
    oldest = std::min(path->lastCaptureSeconds(), path->lastPlaybackSeconds());
  }
  const Watchdog::Verdict verdict = watchdog_.look(now, oldest);
  if (verdict == Watchdog::Verdict::restart) {
    path.reset();
    return restart();
  }
  if (!path) return;  // the last restart could not make one; the next one is due

  const std::lock_guard<std::mutex> lock(shared_);
  delays_ = pair_->delays();
  realTime_ = pair_->realTimePriority();
  recentLoad_.look(now, path->load());
  if (state_ == LoopState::running && verdict == Watchdog::Verdict::stalled) {
    state_ = LoopState::stalled;
    analyser_ = std::make_unique<Analyser>(path->shape().inputRate);  // meters must not stand still on the last level
  }
  if (state_ == LoopState::stalled && verdict == Watchdog::Verdict::fine) state_ = LoopState::running;
}

void Loop::drainAnalysis() {
  const std::lock_guard<std::mutex> lock(shared_);
  if (!path_) return;
  float pairs[1024];
  while (const std::size_t got = path_->analysis().read(pairs, std::size(pairs))) analyser_->add(pairs, got / 2);
  if (muted_ || !analyser_->howling()) return;
  muted_ = true;
  path_->mute(true);
}

void Loop::restart() {
  setState(LoopState::restarting, error_);
  pair_->close();
  const NativeError error = openAndStart();
  if (error) {
    pair_->close();
    watchdog_.attemptFailed(nowSeconds());
    return setState(LoopState::restarting, error);
  }
  {
    const std::lock_guard<std::mutex> lock(shared_);
    ++restarts_;
  }
  setState(LoopState::running);
}

NativeError Loop::setEngine(const EngineChoice& choice) {
  // Not under control_: preparing an engine takes its time, and the watchdog must go on.
  const std::lock_guard<std::mutex> choosing(choosing_);
  for (;;) {
    const std::shared_ptr<LivePath> path = this->path();
    const NativeError error = path ? switchEngine(*path, choice) : checkChoice(choice);
    if (error) return error;
    const std::lock_guard<std::mutex> lock(shared_);
    if (path_ != path) continue;  // a restart made another one meanwhile, with the old choice
    choose(choice);
    if (path) countMade(choice);
    return {};
  }
}

/** Under shared_. */
void Loop::choose(const EngineChoice& choice) {
  choice_ = choice;
  ++choices_;
  if (choice.isLicensed()) lastLicensed_ = choice.licensed;
}

NativeError Loop::switchEngine(LivePath& path, const EngineChoice& choice) {
  EngineSet engines;
  if (const NativeError error = makeEngines(choice, &engines)) return error;
  {
    const std::lock_guard<std::mutex> lock(shared_);
    engines.id = ++lastVoice_;
    // Before it can be heard. Ids are never used twice, so one that does not come to be, or not on this path, is no
    // harm.
    voices_.push_back({engines.id, choice.engine, choice.fallback});
  }
  std::string problem;
  if (path.pipeline().switchEngine(std::move(engines), &problem)) return {};
  return {"engine.prepare-failed", problem};
}

/** After a switch: of the licensed engine a live voice needs one processor, in use or free. */
void Loop::endSpareSessions() {
  std::shared_ptr<LicensedSource> licensed;
  {
    const std::lock_guard<std::mutex> lock(shared_);
    if (!path_) return;
    const std::uint64_t heard = path_->pipeline().status().id;
    while (voices_.size() > 1 && voices_.front().id < heard) voices_.erase(voices_.begin());
    licensed = lastLicensed_.lock();
  }
  if (licensed) licensed->endSpare();
}

/** Under shared_. */
const Loop::Voice& Loop::heardVoice(std::uint64_t id) const {
  const auto found = std::find_if(voices_.begin(), voices_.end(), [id](const Voice& voice) { return voice.id == id; });
  return found != voices_.end() ? *found : voices_.back();
}

/** Under shared_. */
void Loop::countMade(const EngineChoice& choice) {
  if (!choice.isLicensed() && choice.engine != kPassThroughId) ++embeddedMakes_;
}

/** Under shared_. */
LicensedCounts Loop::engineCounts() const {
  if (choice_.isLicensed() && choice_.licensed) return choice_.licensed->counts();
  return {embeddedMakes_, embeddedMakes_, 0};
}

NativeError Loop::startRecording(const std::string& folder) {
  stopRecording();
  const std::shared_ptr<LivePath> path = this->path();
  if (!path) return {"argument", "Recording needs a running loop."};
  std::string code;
  std::unique_ptr<Recorder> recorder = Recorder::open(folder, path->shape().inputRate, &code);
  if (!recorder) return {code, folder};
  const std::lock_guard<std::mutex> lock(shared_);
  if (path_ != path || recorder_) return {"cancelled", "The loop changed while the recording was opened."};
  path->setRecorder(recorder.get());
  recorder_ = std::move(recorder);
  return {};
}

NativeError Loop::stopRecording() {
  return endRecording();
}

/** Waits for the capture callback to let go before the recorder closes. Returns what ended the recording early. */
NativeError Loop::endRecording() {
  std::unique_ptr<Recorder> recorder;
  std::shared_ptr<LivePath> path;
  {
    const std::lock_guard<std::mutex> lock(shared_);
    recorder = std::move(recorder_);
    isRecordingCut_ = false;
    path = path_;
    if (recorder && path) path->setRecorder(nullptr);
  }
  if (!recorder) return {};
  while (path && path->recorderBusy()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  recorder->close();
  const std::string code = recorder->error();
  return code.empty() ? NativeError{} : NativeError{code, ""};
}

/**
 * The recording is over where the streams went away, else the outage would be spliced out of it without a word. Its
 * files are completed by whoever ends it: the voice comes back without waiting for a disk.
 */
void Loop::cutRecording() {
  const std::lock_guard<std::mutex> lock(shared_);
  if (!recorder_) return;
  path_->setRecorder(nullptr);
  isRecordingCut_ = true;
}

void Loop::setLevel(float level) {
  const std::lock_guard<std::mutex> lock(shared_);
  level_ = std::clamp(level, 0.0f, 1.0f);
  if (path_) path_->pipeline().setLevel(level_);
}

void Loop::setBypass(bool bypass) {
  const std::lock_guard<std::mutex> lock(shared_);
  bypass_ = bypass;
  if (path_) path_->pipeline().setBypass(bypass);
}

void Loop::unmute() {
  const std::lock_guard<std::mutex> lock(shared_);
  muted_ = false;
  if (analyser_) analyser_->forgetHowl();
  if (path_) path_->mute(false);
}

std::shared_ptr<LivePath> Loop::path() const {
  const std::lock_guard<std::mutex> lock(shared_);
  return path_;
}

void Loop::setState(LoopState state, NativeError error) {
  const std::lock_guard<std::mutex> lock(shared_);
  state_ = state;
  error_ = std::move(error);
}

LoopNumbers Loop::numbers() {
  const std::lock_guard<std::mutex> lock(shared_);
  LoopNumbers numbers;
  numbers.state = state_;
  numbers.error = error_;
  numbers.restarts = restarts_;
  numbers.engine = choice_.engine;
  numbers.heardEngine = choice_.engine;
  numbers.engineStatus = "active";
  numbers.level = level_;
  numbers.bypass = bypass_;
  numbers.mutedByFeedback = muted_;
  const LicensedCounts counts = engineCounts();
  numbers.modelLoads = counts.modelLoads;
  numbers.processorCreates = counts.processorCreates;
  numbers.tokenUpdates = counts.tokenUpdates;
  if (recorder_ && !isRecordingCut_) {
    numbers.recording = true;
    numbers.recordedSeconds = recorder_->seconds();
    numbers.recordingDropped = recorder_->droppedFrames();
    numbers.recordingError = recorder_->error();
  }
  if (!path_) return numbers;

  Pipeline& pipeline = path_->pipeline();
  const StreamShape& shape = path_->shape();
  numbers.shape = shape;
  numbers.realTimePriority = realTime_;
  numbers.secondsRunning = startedSeconds_ > 0 ? nowSeconds() - startedSeconds_ : 0;
  const PipelineStatus status = pipeline.status();
  const Voice& voice = heardVoice(status.id);
  numbers.engine = numbers.heardEngine = voice.engine;
  numbers.engineReason = status.reason;
  if (status.isBlocked) numbers.engineStatus = "blocked";
  if (!numbers.engineReason.empty()) numbers.engineStatus = "failed";
  numbers.vendorCode = status.vendorCode;
  if (status.heard == Heard::fallback) numbers.heardEngine = voice.fallback;
  if (status.heard == Heard::dry) numbers.heardEngine = kPassThroughId;
  numbers.input = analyser_->input();
  if (!muted_) numbers.output = analyser_->output();
  numbers.noiseReductionDb = analyser_->noiseReductionDb();
  if (status.speechProbability >= 0) numbers.speechProbability = status.speechProbability;
  numbers.inputDeviceMs = delays_.input * kMs;
  numbers.outputDeviceMs = delays_.output * kMs;
  numbers.ringMs = path_->ringSeconds() * kMs;
  numbers.converterMs = path_->converterSeconds() * kMs;
  numbers.engineMs = static_cast<double>(pipeline.delayFrames()) / shape.inputRate * kMs;
  numbers.loadP50 = path_->load().percentile(0.50);
  numbers.loadP95 = path_->load().percentile(0.95);
  numbers.loadP99 = path_->load().percentile(0.99);
  numbers.loadMax = path_->load().max();
  numbers.recentLoadP99 = recentLoad_.p99(path_->load());
  numbers.counts = path_->counts();
  numbers.pipeline = pipeline.counts();
  numbers.driftPpm = path_->driftPpm();
  return numbers;
}

std::optional<std::pair<std::array<float, Spectrum::kBands>, std::array<float, Spectrum::kBands>>> Loop::spectra() {
  const std::lock_guard<std::mutex> lock(shared_);
  if (!analyser_) return std::nullopt;
  return analyser_->spectra();
}

}  // namespace limpid
