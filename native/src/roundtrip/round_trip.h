#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "loop/device.h"

namespace limpid {

struct RoundTripOptions {
  DeviceSpec input;
  DeviceSpec output;
  double seconds = 30;
  double levelDb = -20;
};

/** As `RoundTripResult` in native/index.d.ts. */
struct RoundTripResult {
  std::size_t chirpsPlayed = 0;
  std::size_t chirpsHeard = 0;
  std::optional<double> roundTripMs;
  std::optional<double> jitterMs;
  std::size_t gaps = 0;
  double gapSeconds = 0;
  std::optional<double> signalDb;
  std::optional<double> noiseDb;
  std::uint64_t underruns = 0;
  std::uint64_t overruns = 0;
  double inputRate = 0;
  double outputRate = 0;
};

/**
 * Plays chirps to one device, listens to another, and says how they came back.
 *
 * Threads: `run` once, on a thread that may block; the rest from any thread.
 */
class RoundTrip {
 public:
  using MakePair = std::function<std::unique_ptr<DevicePair>(DeviceSpec::Kind)>;

  explicit RoundTrip(RoundTripOptions options, MakePair makePair = createPair)
      : options_(std::move(options)), makePair_(std::move(makePair)) {}

  /** Errors: `device.*`, `argument`, `cancelled`. */
  NativeError run(RoundTripResult* result);

  void cancel() noexcept { isCancelled_.store(true, std::memory_order_relaxed); }
  double secondsDone() const noexcept { return secondsDone_.load(std::memory_order_relaxed); }
  double secondsTotal() const noexcept { return options_.seconds; }

 private:
  class Probe;
  NativeError listen(DevicePair& pair, const Probe& probe);

  const RoundTripOptions options_;
  const MakePair makePair_;
  std::atomic<bool> isCancelled_{false};  // written by `cancel`
  std::atomic<double> secondsDone_{0};    // written by `run`
};

}  // namespace limpid
