#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace limpid {

/** What an engine says of itself. Written by the audio thread, read by anyone. */
enum class EngineStatus : int { active = 0, passingThrough = 1, failed = 2 };

/** Returned by `Engine::prepare`. `error` is empty on success, else one sentence for the user. */
struct EnginePlan {
  double sampleRate = 0;        ///< Hz the engine wants; 0 = takes whatever rate it was asked for
  std::size_t blockFrames = 1;  ///< frames of one `process` call; 1 = any number
  std::size_t delayFrames = 0;  ///< algorithmic delay in frames at `sampleRate`, without any block adapter
  double bandwidthHz = 0;       ///< what lies above is not the engine's; 0 = full band
  std::string error;
};

/**
 * One speech enhancer, mono. Created, prepared and destroyed off the audio thread;
 * `process`, `reset` and `setLevel` are real-time safe: no allocation, lock, system call or exception.
 */
class Engine {
 public:
  virtual ~Engine() = default;

  /** Allocates everything for audio at `sampleRate` Hz (8000..192000). Not real-time. */
  virtual EnginePlan prepare(double sampleRate) = 0;

  /**
   * Enhances `blockFrames` samples (any number when that is 1) in place.
   * Returns false when the engine can never work again (a trap); the buffer is then undefined.
   */
  virtual bool process(float* samples, std::size_t frames) noexcept = 0;

  /** Forgets the past signal, as after `prepare`. Returns false when the engine can never work again. */
  virtual bool reset() noexcept = 0;

  /** True when the engine sets its own strength; then the pipeline mixes nothing back. */
  virtual bool setLevel(float /*level*/) noexcept { return false; }

  /** Hands a renewed licence token to the engine. Never called on the audio thread. Returns a vendor code, 0 =
   * accepted. */
  virtual int updateToken(const char* /*token*/) { return 0; }

  /** Speech probability 0..1, or a negative number where the engine has no detector. */
  virtual float speechProbability() const noexcept { return -1.0f; }

  /** `EngineStatus` in the low 8 bits, the vendor's code above them. */
  int statusWord() const noexcept { return status_.load(std::memory_order_relaxed); }

 protected:
  std::atomic<int> status_{0};  // written by the audio thread
};

/** Makes the engine with this id (`gtcrn`, `bypass`), or null when there is none of that name. */
std::unique_ptr<Engine> createEngine(const std::string& id);

}  // namespace limpid
