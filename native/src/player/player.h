#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "loop/device.h"
#include "player/player_mix.h"
#include "player/version_reader.h"

namespace limpid {

enum class PlayerState { idle, paused, playing, ended, failed };

/** As `PlayerNumbers` in native/index.d.ts. */
struct PlayerNumbers {
  PlayerState state = PlayerState::idle;
  double positionSeconds = 0;
  int version = 0;
  std::uint64_t underruns = 0;
  NativeError error;
};

/** What was opened: of the first version, but `seconds` of the shortest. */
struct PlayerSound {
  double seconds = 0;
  std::uint32_t sampleRate = 0;
  std::size_t channels = 0;
};

/**
 * Plays one sound in several versions on one play head. While it plays, a thread of its own reads the files ahead,
 * watches the device and closes it. `open`, `play`, `pause` and `close` may block for seconds and come from any thread,
 * one after the other; everything else returns at once.
 */
class Player {
 public:
  using MakePair = std::function<std::unique_ptr<DevicePair>(DeviceSpec::Kind)>;

  /** `stallSeconds`: a device that takes no sound for so long has failed. */
  explicit Player(MakePair makePair = createPair, double stallSeconds = 3)
      : makePair_(std::move(makePair)), stallSeconds_(stallSeconds) {}
  ~Player() { close(); }

  /** UTF-8 paths, 1..`PlayerMix::kMostVersions`. On an error nothing is open. */
  NativeError open(const std::vector<std::string>& paths, PlayerSound* sound);
  NativeError play(const DeviceSpec& output);
  void pause();
  void seek(double seconds);
  /** False: there is no such version. */
  bool hear(int version);
  PlayerNumbers numbers() const;
  void close();

 private:
  NativeError start(const DeviceSpec& output);
  bool waitForCallback(const PlayerMix& mix);
  void stopPlaying();
  void closeNow();
  void moveHead(double seconds);
  void work();
  bool readAhead(NativeError* error);
  bool isAtEnd() const;
  void seekNow(double seconds);
  void fadeOut();
  double playOutSeconds() const;
  bool isDeviceGone();
  void finish(PlayerState state, NativeError error = {});
  bool tellEnd();
  void rest(PlayerState state, NativeError error);
  void closeDevice();
  bool wait(double seconds);
  double positionNow() const;

  const MakePair makePair_;
  const double stallSeconds_;
  std::mutex lifecycle_;             // held over all of an open, play, pause or close
  std::atomic<int> stopsWanted_{0};  // written by whoever pauses or closes

  // Guarded by lifecycle_; while `thread_` runs it is the thread's.
  std::vector<std::unique_ptr<VersionReader>> versions_;
  std::unique_ptr<DevicePair> pair_;
  std::vector<float> piece_;
  double periodSeconds_ = 0;
  double watchedSince_ = 0;
  double lastLook_ = 0;
  bool isEndWritten_ = false;
  std::thread thread_;  // guarded by lifecycle_

  mutable std::mutex shared_;  // held for moments only
  std::condition_variable wake_;
  bool isStopping_ = false;  // guarded by shared_, as all below
  std::optional<double> wantedSeconds_;
  std::shared_ptr<PlayerMix> mix_;  // while it plays
  double anchorSeconds_ = 0;        // where anchorFrame_ of the mix lies
  std::uint64_t anchorFrame_ = 0;
  std::uint64_t endFrame_ = 0;  // of the mix: where the sound is over. Written by whoever seeks, who reads it freely
  PlayerState state_ = PlayerState::idle;
  NativeError error_;
  double durationSeconds_ = 0;
  double headSeconds_ = 0;  // while it does not play
  int version_ = 0;
  std::size_t versionCount_ = 0;
  std::uint64_t underruns_ = 0;  // of what was played before
};

}  // namespace limpid
