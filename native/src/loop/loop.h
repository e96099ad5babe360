#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/analyser.h"
#include "engines/aic/licensed_source.h"
#include "engines/engine_choice.h"
#include "files/recorder.h"
#include "loop/device.h"
#include "loop/live_path.h"
#include "loop/recent_load.h"
#include "loop/shadow_policy.h"
#include "loop/watchdog.h"

namespace limpid {

struct LoopOptions {
  StreamRequest streams;
  EngineChoice choice;
  float level = 1;
  bool bypass = false;
};

/** The same numbers as `LoopNumbers` in native/index.d.ts, where each is described. */
struct LoopNumbers {
  LoopState state = LoopState::idle;
  NativeError error;
  int restarts = 0;
  std::string engine;
  std::string engineStatus;
  std::string engineReason;
  int vendorCode = 0;
  std::string heardEngine;
  float level = 1;
  bool bypass = false;
  bool mutedByFeedback = false;
  StreamShape shape;
  bool realTimePriority = false;
  double secondsRunning = 0;
  Levels input;
  Levels output;
  std::optional<double> noiseReductionDb;
  std::optional<double> speechProbability;
  double inputDeviceMs = 0;
  double ringMs = 0;
  double converterMs = 0;
  double engineMs = 0;
  double outputDeviceMs = 0;
  double loadP50 = 0;
  double loadP95 = 0;
  double loadP99 = 0;
  double loadMax = 0;
  double recentLoadP99 = 0;
  PathCounts counts;
  PipelineCounts pipeline;
  double driftPpm = 0;
  std::uint64_t modelLoads = 0;
  std::uint64_t processorCreates = 0;
  std::uint64_t tokenUpdates = 0;
  bool recording = false;
  double recordedSeconds = 0;
  std::uint64_t recordingDropped = 0;
  std::string recordingError;
};

/**
 * Owns one live path, its devices and the control thread that watches over both: meters, feedback guard, watchdog,
 * restarts. `start`, `stop`, `setEngine` and the recording functions may block for seconds and come from any thread,
 * one after the other; everything else returns at once.
 */
class Loop {
 public:
  Loop() = default;
  ~Loop() { stop(); }

  NativeError start(const LoopOptions& options);
  void stop();
  NativeError setEngine(const EngineChoice& choice);
  NativeError startRecording(const std::string& folder);
  /** Returns what ended the recording early, if anything did. */
  NativeError stopRecording();

  void setLevel(float level);
  void setBypass(bool bypass);
  void unmute();
  LoopNumbers numbers();
  /** Input and output bands; none when idle. */
  std::optional<std::pair<std::array<float, Spectrum::kBands>, std::array<float, Spectrum::kBands>>> spectra();

 private:
  /** What numbers say of a set of engines of the path. */
  struct Voice {
    std::uint64_t id = 0;  ///< in `PipelineStatus`
    std::string engine;
    std::string fallback;
  };

  void choose(const EngineChoice& choice);
  NativeError openAndStart();
  NativeError buildPath(const StreamShape& shape);
  bool waitForCallbacks();
  void watch();
  void tick(double now);
  void drainAnalysis();
  void countMade(const EngineChoice& choice);
  NativeError switchEngine(LivePath& path, const EngineChoice& choice);
  void endSpareSessions();
  const Voice& heardVoice(std::uint64_t id) const;
  LicensedCounts engineCounts() const;
  void restart();
  NativeError endRecording();
  void cutRecording();
  void stopNow();
  std::shared_ptr<LivePath> path() const;
  void setState(LoopState state, NativeError error = {});

  std::mutex lifecycle_;             // held over all of a start or a stop
  std::atomic<int> stopsWanted_{0};  // written by whoever calls `stop`
  std::thread thread_;               // guarded by lifecycle_
  std::mutex choosing_;              // held by whoever changes the engine

  std::mutex control_;                // held by whoever opens, closes or restarts the streams
  LoopOptions options_;               // guarded by control_
  std::unique_ptr<DevicePair> pair_;  // guarded by control_
  Watchdog watchdog_;                 // guarded by control_
  ShadowPolicy shadow_;               // guarded by control_

  std::mutex wakeMutex_;
  std::condition_variable wake_;
  bool ending_ = false;  // guarded by wakeMutex_

  mutable std::mutex shared_;       // held for moments only
  std::shared_ptr<LivePath> path_;  // guarded by shared_, as all below
  std::unique_ptr<Analyser> analyser_;
  RecentLoad recentLoad_;  // of path_
  std::unique_ptr<Recorder> recorder_;
  bool isRecordingCut_ = false;  // nothing more comes to recorder_: its file ends before a restart
  LoopState state_ = LoopState::idle;
  NativeError error_;
  EngineChoice choice_;
  std::weak_ptr<LicensedSource> lastLicensed_;  // of the last choice that had one
  std::uint64_t choices_ = 0;                   // how often choice_ was set
  std::uint64_t lastVoice_ = 0;
  std::vector<Voice> voices_;  // of path_, in order: the one that is heard and those that are to follow
  float level_ = 1;
  bool bypass_ = false;
  bool muted_ = false;
  int restarts_ = 0;
  double startedSeconds_ = 0;
  StreamDelays delays_;
  bool realTime_ = false;
  std::uint64_t embeddedMakes_ = 0;
};

}  // namespace limpid
