#include "player/player.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "loop/priority.h"

namespace limpid {

namespace {
constexpr double kStartSeconds = 5;
constexpr std::size_t kPeriodFrames = 1024;  // nobody waits for this sound: a busy machine must not tear it
constexpr double kTickSeconds = 0.010;
constexpr double kPrefillSeconds = 0.25;
constexpr double kSuspendSeconds = 1;
constexpr double kMostFadeSeconds = 0.5;     // for the callback to say that it has faded out
constexpr double kMostPlayOutSeconds = 0.3;  // for the device to play what it has
}  // namespace

NativeError Player::open(const std::vector<std::string>& paths, PlayerSound* sound) {
  ++stopsWanted_;
  const std::lock_guard<std::mutex> lifecycle(lifecycle_);
  --stopsWanted_;
  closeNow();
  std::vector<std::unique_ptr<VersionReader>> versions;
  for (const std::string& path : paths) {
    NativeError error;
    std::unique_ptr<VersionReader> version = VersionReader::open(path, &error);
    if (!version) return error;
    versions.push_back(std::move(version));
  }
  double seconds = versions.front()->seconds();
  for (const auto& version : versions) seconds = std::min(seconds, version->seconds());
  *sound = {seconds, versions.front()->sampleRate(), versions.front()->fileChannels()};
  versions_ = std::move(versions);

  const std::lock_guard<std::mutex> lock(shared_);
  state_ = PlayerState::paused;
  error_ = {};
  durationSeconds_ = seconds;
  headSeconds_ = 0;
  version_ = 0;
  versionCount_ = versions_.size();
  underruns_ = 0;
  return {};
}

NativeError Player::play(const DeviceSpec& output) {
  const std::lock_guard<std::mutex> lifecycle(lifecycle_);
  stopPlaying();
  if (versions_.empty()) return {"argument", "Nothing is open."};
  const NativeError error = start(output);
  if (!error) return {};
  pair_->close();
  pair_.reset();
  const std::lock_guard<std::mutex> lock(shared_);
  mix_.reset();
  if (wantedSeconds_) moveHead(*wantedSeconds_);
  wantedSeconds_.reset();
  return error;
}

/** Opens the device, reads the first pieces and waits until the device takes them. Under lifecycle_. */
NativeError Player::start(const DeviceSpec& output) {
  std::size_t channels = 1;
  for (const auto& version : versions_) channels = std::max(channels, version->channels());
  pair_ = makePair_(output.kind);
  StreamRequest request;
  request.hasInput = false;
  request.output = output;
  request.outputChannels = channels;
  request.periodFrames = kPeriodFrames;
  StreamShape shape;
  NativeError error = pair_->open(request, &shape);
  if (error) return error;

  for (const auto& version : versions_) version->prepare(shape.outputRate, shape.outputChannels);
  periodSeconds_ = static_cast<double>(shape.outputPeriodFrames) / shape.outputRate;
  std::shared_ptr<PlayerMix> mix;
  {
    const std::lock_guard<std::mutex> lock(shared_);
    isStopping_ = false;
    mix_ = mix = std::make_shared<PlayerMix>(versions_.size(), shape.outputChannels, shape.outputRate, version_);
    seekNow(headSeconds_ < durationSeconds_ ? headSeconds_ : 0);
  }
  piece_.resize(VersionReader::kMostFrames * mix->frameSamples());
  while (!isEndWritten_ && mix->framesWritten() < kPrefillSeconds * mix->sampleRate()) {
    if (!readAhead(&error)) return error;
  }

  error = pair_->start(mix);
  if (error) return error;
  if (!waitForCallback(*mix)) {
    if (stopsWanted_ > 0) return {"cancelled", ""};
    return {"device.failed", "The device opened but took no sound within 5 seconds."};
  }
  watchedSince_ = lastLook_ = nowSeconds();
  {
    const std::lock_guard<std::mutex> lock(shared_);
    state_ = PlayerState::playing;
    error_ = {};
  }
  thread_ = std::thread([this] { work(); });
  return {};
}

bool Player::waitForCallback(const PlayerMix& mix) {
  const double since = nowSeconds();
  while (nowSeconds() - since < kStartSeconds && stopsWanted_ == 0 && !pair_->hasEnded()) {
    if (mix.lastPlaybackSeconds() > 0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

void Player::pause() {
  ++stopsWanted_;  // a play that is still waiting for its first callback gives up
  const std::lock_guard<std::mutex> lifecycle(lifecycle_);
  --stopsWanted_;
  stopPlaying();
}

/** Under lifecycle_. */
void Player::stopPlaying() {
  {
    const std::lock_guard<std::mutex> lock(shared_);
    isStopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Player::close() {
  ++stopsWanted_;
  const std::lock_guard<std::mutex> lifecycle(lifecycle_);
  --stopsWanted_;
  closeNow();
}

/** Under lifecycle_. */
void Player::closeNow() {
  stopPlaying();
  versions_.clear();
  const std::lock_guard<std::mutex> lock(shared_);
  state_ = PlayerState::idle;
  error_ = {};
  durationSeconds_ = headSeconds_ = 0;
  version_ = 0;
  versionCount_ = 0;
  underruns_ = 0;
}

void Player::seek(double seconds) {
  {
    const std::lock_guard<std::mutex> lock(shared_);
    const double target = std::clamp(seconds, 0.0, durationSeconds_);
    if (mix_) {
      wantedSeconds_ = target;
    } else {
      moveHead(target);
    }
  }
  wake_.notify_all();
}

/** Under shared_, while nothing plays. */
void Player::moveHead(double seconds) {
  headSeconds_ = seconds;
  if (state_ == PlayerState::ended && seconds < durationSeconds_) state_ = PlayerState::paused;
}

bool Player::hear(int version) {
  const std::lock_guard<std::mutex> lock(shared_);
  if (version < 0 || static_cast<std::size_t>(version) >= versionCount_) return false;
  version_ = version;
  if (mix_) mix_->hear(version);
  return true;
}

/** The thread that plays: from the first callback until the device is closed. */
void Player::work() {
  nameThread("limpid-player");
  for (;;) {
    {
      const std::lock_guard<std::mutex> lock(shared_);
      if (wantedSeconds_) seekNow(*wantedSeconds_);
      wantedSeconds_.reset();
    }
    NativeError error;
    if (isDeviceGone()) return finish(PlayerState::failed, {"device.failed", "The device takes no sound any more."});
    if (isAtEnd() && !wait(playOutSeconds()) && isAtEnd() && tellEnd()) return closeDevice();
    const std::uint64_t before = mix_->framesWritten();
    if (!readAhead(&error)) {
      fadeOut();
      return finish(PlayerState::failed, error);
    }
    const bool isFull = mix_->framesWritten() == before;
    if (isFull ? wait(kTickSeconds) : wait(0)) {
      fadeOut();
      return finish(PlayerState::paused);
    }
  }
}

/** One piece, if there is room for it. */
bool Player::readAhead(NativeError* error) {
  if (isEndWritten_ || mix_->space() < VersionReader::kMostFrames) return true;
  const std::uint64_t left = endFrame_ - mix_->framesWritten();
  const auto frames = static_cast<std::size_t>(std::min<std::uint64_t>(left, VersionReader::kMostFrames));
  const std::size_t width = mix_->frameSamples();
  const std::size_t channels = width / versions_.size();
  for (std::size_t i = 0; i < versions_.size(); ++i) {
    if (!versions_[i]->read(piece_.data() + i * channels, width, frames, error)) return false;
  }
  mix_->write(piece_.data(), frames);
  if (frames < left) return true;
  mix_->endHere();
  isEndWritten_ = true;
  return true;
}

bool Player::isAtEnd() const {
  return isEndWritten_ && mix_->framesConsumed() >= endFrame_;
}

/** From the next frame that is written on, the sound is that of `seconds`. Under shared_. */
void Player::seekNow(double seconds) {
  for (const auto& version : versions_) version->seek(seconds);
  anchorFrame_ = mix_->cut();
  anchorSeconds_ = seconds;
  const double left = std::max(0.0, durationSeconds_ - seconds) * mix_->sampleRate();
  endFrame_ = anchorFrame_ + static_cast<std::uint64_t>(std::llround(left));
  isEndWritten_ = false;
}

void Player::fadeOut() {
  mix_->silence();
  const double since = nowSeconds();
  while (!mix_->isSilent() && nowSeconds() - since < kMostFadeSeconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(playOutSeconds()));
}

/** What is in the device's buffer would be cut off where it is closed. */
double Player::playOutSeconds() const {
  return std::min(mix_->latencySeconds() + periodSeconds_, kMostPlayOutSeconds);
}

bool Player::isDeviceGone() {
  const double now = nowSeconds();
  // The machine slept, or this thread did: what happened meanwhile says nothing about the device.
  if (now - lastLook_ > kSuspendSeconds) watchedSince_ = now;
  lastLook_ = now;
  const double quiet = now - std::max(watchedSince_, mix_->lastPlaybackSeconds());
  return pair_->hasEnded() || quiet > std::max(stallSeconds_, 8 * periodSeconds_);
}

/** The end of the thread. A failure is told before the device is closed, which may take its time. */
void Player::finish(PlayerState state, NativeError error) {
  if (state != PlayerState::failed) closeDevice();
  {
    const std::lock_guard<std::mutex> lock(shared_);
    rest(state, std::move(error));
  }
  if (state == PlayerState::failed) closeDevice();
}

/**
 * False: another place is wanted, and it plays on there. Told before the device is closed: whoever moves the head then
 * sees that it plays no more.
 */
bool Player::tellEnd() {
  const std::lock_guard<std::mutex> lock(shared_);
  if (wantedSeconds_) return false;
  rest(PlayerState::ended, {});
  return true;
}

/** Nothing is mixed any more. Under shared_. */
void Player::rest(PlayerState state, NativeError error) {
  const double head = positionNow();
  underruns_ += mix_->underruns();
  mix_.reset();
  wantedSeconds_.reset();
  state_ = state;
  error_ = std::move(error);
  moveHead(head);
}

void Player::closeDevice() {
  pair_->close();
  pair_.reset();
}

/** True: it is to stop. Also ends early for a new place. */
bool Player::wait(double seconds) {
  std::unique_lock<std::mutex> lock(shared_);
  const auto isWanted = [this] { return isStopping_ || wantedSeconds_; };
  if (seconds > 0) wake_.wait_for(lock, std::chrono::duration<double>(seconds), isWanted);
  return isStopping_;
}

/** Under shared_. */
double Player::positionNow() const {
  if (wantedSeconds_) return *wantedSeconds_;
  if (!mix_) return headSeconds_;
  const std::uint64_t frame = mix_->framesConsumed();
  const double since = frame > anchorFrame_ ? static_cast<double>(frame - anchorFrame_) / mix_->sampleRate() : 0;
  // The last frame's rounding aside, the end of the frames is the end of the sound.
  return frame >= endFrame_ ? durationSeconds_ : std::min(anchorSeconds_ + since, durationSeconds_);
}

PlayerNumbers Player::numbers() const {
  const std::lock_guard<std::mutex> lock(shared_);
  PlayerNumbers numbers;
  numbers.state = state_;
  numbers.positionSeconds = positionNow();
  numbers.version = version_;
  numbers.underruns = underruns_ + (mix_ ? mix_->underruns() : 0);
  numbers.error = error_;
  return numbers;
}

}  // namespace limpid
