#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/native_error.h"
#include "loop/stream_client.h"

namespace limpid {

/** Where a stream begins or ends: see `DeviceSpec` in `native/index.d.ts`. */
struct DeviceSpec {
  enum class Kind { pulse, portAudio, timer };
  Kind kind = Kind::timer;
  std::string name;
  std::string hostApi;
  std::string wavPath;
};

struct StreamRequest {
  DeviceSpec input;
  DeviceSpec output;
  bool hasInput = true;            ///< else only the output is opened
  bool hasOutput = true;           ///< else only the input is opened (of PortAudio's streams)
  std::size_t outputChannels = 1;  ///< 1 or 2; a device that has fewer is opened with 1
  double inputRate = 0;            ///< 0: 48000, or the device's own when that is refused
  double outputRate = 0;           ///< 0: likewise
  std::size_t periodFrames = 256;
};

/** Device delays in seconds, as the system states them. */
struct StreamDelays {
  double input = 0;
  double output = 0;
};

/**
 * A capture and a playback stream, or the latter alone, that call a `StreamClient`. All functions come from one control
 * thread. `open` → `start` → `close`; after `close` the same object may be opened again.
 */
class DevicePair {
 public:
  virtual ~DevicePair() = default;
  virtual NativeError open(const StreamRequest& request, StreamShape* shape) = 0;
  /** From here on the callbacks come. `client` must live until `close` has returned. */
  virtual NativeError start(std::shared_ptr<StreamClient> client) = 0;
  /** No callback touches the client after it has returned, unless the system hangs: then one that has begun may end
   * later. */
  virtual void close() = 0;
  virtual StreamDelays delays() const = 0;
  virtual bool realTimePriority() const = 0;
  /** A stream ended by itself since `start`: its device is gone. False says nothing. */
  virtual bool hasEnded() const = 0;
};

std::unique_ptr<DevicePair> createPortAudioPair();
std::unique_ptr<DevicePair> createTimerPair();
/** A device that captures, and a timer that discards what would be played. */
std::unique_ptr<DevicePair> createDiscardingPair();
/** The pair that opens devices of this kind: both ends are timers, or none is. */
std::unique_ptr<DevicePair> createPair(DeviceSpec::Kind kind);

/** Seconds of the monotonic clock that every callback time is given in. */
double nowSeconds() noexcept;

}  // namespace limpid
