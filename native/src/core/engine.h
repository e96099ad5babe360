#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace limpid {

/**
 * What became of one block. `blocked`: it could not be enhanced and the buffer means nothing; the engine may work again
 * with the next one. `dead`: the engine can never work again.
 */
enum class BlockResult { enhanced, blocked, dead };

/** Returned by `Engine::prepare`. `error` is empty on success, else one sentence for the user. */
struct EnginePlan {
  double sampleRate = 0;        ///< Hz the engine wants; 0 = takes whatever rate it was asked for
  std::size_t blockFrames = 1;  ///< frames of one `process` call; 1 = any number
  /** Algorithmic delay in frames at `sampleRate`, without any block adapter; needs a block size, and with `bandwidthHz`
   * half the length of the filter that splits the bands. */
  std::size_t delayFrames = 0;
  double bandwidthHz = 0;  ///< what lies above is not the engine's; 0 = full band
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

  /** Enhances `blockFrames` samples (any number when that is 1) in place. */
  virtual BlockResult process(float* samples, std::size_t frames) noexcept = 0;

  /** Forgets the past signal, as after `prepare`; the level stays. Returns false when the engine can never work again.
   */
  virtual bool reset() noexcept = 0;

  /** True when the engine sets its own strength (0..1); then the pipeline mixes nothing back, but for level 0. */
  virtual bool setLevel(float /*level*/) noexcept { return false; }

  /** Speech probability 0..1, or a negative number where the engine has no detector. */
  virtual float speechProbability() const noexcept { return -1.0f; }

  /** The vendor's code for the last block, 0 = enhanced. Written by the audio thread, read by anyone. */
  virtual int vendorCode() const noexcept { return 0; }
};

/** The engine a user chose, and the one that takes over while that cannot work; without `fallback`: the dry signal. */
struct EngineSet {
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Engine> fallback{};
  std::uint64_t id = 0;  ///< names this set in `PipelineStatus`
};

/** What is heard: the chosen engine, its fallback, or the dry signal because neither works. */
enum class Heard : int { engine, fallback, dry };

/** Makes the embedded engine with this id (`gtcrn`, `bypass`), or null when there is none of that name. */
std::unique_ptr<Engine> createEngine(const std::string& id);

}  // namespace limpid
