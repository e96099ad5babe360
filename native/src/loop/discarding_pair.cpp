#include <memory>

#include "loop/device.h"

namespace limpid {

namespace {

/** Captures from a device and plays to nobody: a timer calls for what is played and discards it, so nothing can howl.
 */
class DiscardingPair : public DevicePair {
 public:
  ~DiscardingPair() override { close(); }

  NativeError open(const StreamRequest& request, StreamShape* shape) override {
    StreamRequest capture = request;
    capture.hasOutput = false;
    if (const NativeError error = capture_->open(capture, shape)) return error;
    StreamRequest playback = request;
    playback.hasInput = false;
    playback.outputRate = shape->inputRate;
    playback.periodFrames = shape->inputPeriodFrames;
    StreamShape played;
    if (const NativeError error = playback_->open(playback, &played)) return error;
    shape->outputRate = played.outputRate;
    shape->outputPeriodFrames = played.outputPeriodFrames;
    shape->outputChannels = played.outputChannels;
    return {};
  }

  NativeError start(std::shared_ptr<StreamClient> client) override {
    if (const NativeError error = playback_->start(client)) return error;
    return capture_->start(client);
  }

  void close() override {
    capture_->close();
    playback_->close();
  }

  StreamDelays delays() const override { return {capture_->delays().input, 0}; }
  bool realTimePriority() const override { return capture_->realTimePriority(); }
  bool hasEnded() const override { return capture_->hasEnded(); }

 private:
  std::unique_ptr<DevicePair> capture_ = createPortAudioPair();
  std::unique_ptr<DevicePair> playback_ = createTimerPair();
};
}  // namespace

std::unique_ptr<DevicePair> createDiscardingPair() {
  return std::make_unique<DiscardingPair>();
}

}  // namespace limpid
