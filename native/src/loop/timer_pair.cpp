#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "files/wav_reader.h"
#include "loop/device.h"
#include "loop/priority.h"

namespace limpid {

namespace {

/** No device: one thread wakes every period, plays a WAV file (mixed to mono) into the client and discards what comes
 * out. */
class TimerPair : public DevicePair {
 public:
  ~TimerPair() override { close(); }

  NativeError open(const StreamRequest& request, StreamShape* shape) override {
    reader_.reset();
    double ownRate = 48000;
    hasInput_ = request.hasInput;
    if (hasInput_ && !request.input.wavPath.empty()) {
      NativeError error;
      reader_ = WavReader::open(request.input.wavPath, &error);
      if (!reader_) return error;
      ownRate = reader_->format().sampleRate;
      interleaved_.resize(request.periodFrames * reader_->format().channels);
    }
    // The file's own rate is the capture clock: a timer device converts nothing.
    shape_.inputRate = reader_ || request.inputRate <= 0 ? ownRate : request.inputRate;
    shape_.outputRate = request.outputRate > 0 ? request.outputRate : shape_.inputRate;
    shape_.inputPeriodFrames = request.periodFrames;
    shape_.outputPeriodFrames = request.periodFrames;
    shape_.outputChannels = request.outputChannels;
    *shape = shape_;
    return {};
  }

  NativeError start(std::shared_ptr<StreamClient> client) override {
    running_ = true;
    thread_ = std::thread([this, client] { tick(*client); });
    return {};
  }

  void close() override {
    running_ = false;
    if (thread_.joinable()) thread_.join();
  }

  StreamDelays delays() const override { return {}; }
  bool realTimePriority() const override { return false; }
  bool hasEnded() const override { return false; }

 private:
  void tick(StreamClient& client) {
    nameThread("limpid-timer");
    std::vector<float> input(shape_.inputPeriodFrames);
    std::vector<float> output(shape_.outputPeriodFrames * shape_.outputChannels);
    const double inputPeriod = static_cast<double>(shape_.inputPeriodFrames) / shape_.inputRate;
    const double outputPeriod = static_cast<double>(shape_.outputPeriodFrames) / shape_.outputRate;
    const auto begin = std::chrono::steady_clock::now();
    double nextInput = hasInput_ ? 0 : std::numeric_limits<double>::infinity();
    double nextOutput = 0;
    while (running_) {
      const double next = std::min(nextInput, nextOutput);
      std::this_thread::sleep_until(
          begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(next)));
      if (nextInput <= next) {
        fetch(input);
        client.capture(input.data(), input.size(), {nowSeconds(), inputPeriod});
        nextInput += inputPeriod;
      }
      if (nextOutput <= next) {
        client.playback(output.data(), shape_.outputPeriodFrames, {nowSeconds()});
        nextOutput += outputPeriod;
      }
    }
  }

  void fetch(std::vector<float>& mono) {
    std::fill(mono.begin(), mono.end(), 0.0f);
    if (!reader_) return;
    NativeError error;
    const std::size_t channels = reader_->format().channels;
    const std::size_t got = reader_->read(interleaved_.data(), mono.size(), &error);
    for (std::size_t i = 0; i < got; ++i) {
      for (std::size_t channel = 0; channel < channels; ++channel) {
        mono[i] += interleaved_[i * channels + channel] / static_cast<float>(channels);
      }
    }
  }

  StreamShape shape_;
  bool hasInput_ = true;
  std::unique_ptr<WavReader> reader_;
  std::vector<float> interleaved_;
  std::atomic<bool> running_{false};
  std::thread thread_;
};
}  // namespace

std::unique_ptr<DevicePair> createTimerPair() {
  return std::make_unique<TimerPair>();
}

std::unique_ptr<DevicePair> createPair(DeviceSpec::Kind kind) {
  return kind == DeviceSpec::Kind::timer ? createTimerPair() : createPortAudioPair();
}

}  // namespace limpid
