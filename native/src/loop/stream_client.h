#pragma once

#include <cstddef>

namespace limpid {

/** The two streams as they were opened. */
struct StreamShape {
  double inputRate = 48000;
  double outputRate = 48000;
  std::size_t inputPeriodFrames = 256;
  std::size_t outputPeriodFrames = 256;
  std::size_t outputChannels = 1;
};

/** When a block of a device passes. */
struct BlockTime {
  double nowSeconds = 0;  ///< of the monotonic clock, as the callback begins
  /** Capture: since its first frame entered the device; playback: until its first frame leaves it. */
  double latencySeconds = 0;
  bool hasLost = false;  ///< the device says that frames before this block were lost or missing
};

/** What the callbacks of a device call: each direction on a real-time thread of its own. */
class StreamClient {
 public:
  virtual ~StreamClient() = default;
  /** Mono. */
  virtual void capture(const float* input, std::size_t frames, const BlockTime& time) noexcept = 0;
  /** Writes `frames` of `StreamShape::outputChannels` interleaved samples. */
  virtual void playback(float* output, std::size_t frames, const BlockTime& time) noexcept = 0;
};

}  // namespace limpid
