#include <portaudio.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <vector>

#include "loop/device.h"
#include "loop/portaudio_owner.h"
#include "loop/priority.h"

#ifdef __linux__
#include <pthread.h>
#include <sched.h>

// Of PortAudio's pa_linux_alsa.h, which the package with the library does not carry.
extern "C" {
struct PaAlsaStreamInfo {
  unsigned long size;
  PaHostApiTypeId hostApiType;
  unsigned long version;
  const char* deviceString;
};
void PaAlsa_EnableRealtimeScheduling(PaStream* stream, int enable);
}
#endif

namespace limpid {

namespace {
constexpr double kInputPeriods = 2;  // buffering asked of the device
constexpr double kOutputPeriods = 3;
constexpr double kLatencyShare = 0.02;  // of a new latency reading that enters the mean
constexpr std::size_t kMostCallbackFrames = 16384;

/** One direction. Shared with the owner thread, so that an abandoned call finds it alive. */
struct Stream {
  bool isCapture = false;
  PaStream* handle = nullptr;
  int channels = 1;                // of the device
  std::size_t clientChannels = 1;  // of the client: the same number, or 1
  double sampleRate = 0;
  std::size_t periodFrames = 0;
  double statedLatency = 0;
  std::shared_ptr<StreamClient> client;
  std::vector<float> mono = std::vector<float>(kMostCallbackFrames);
  std::atomic<double> latency{0};   // written by the callback
  std::atomic<int> realTime{-1};    // written by the callback: −1 unknown
  std::atomic<bool> closed{false};  // written by the control thread
  std::atomic<bool> ended{false};   // written by PortAudio's thread

  /** Returns the reading, or what the device stated where the reading makes no sense. */
  double noteLatency(double seconds) noexcept {
    if (!(seconds > 0) || seconds > 2) return statedLatency;
    const double old = latency.load(std::memory_order_relaxed);
    latency.store(old == 0 ? seconds : old + kLatencyShare * (seconds - old), std::memory_order_relaxed);
    return seconds;
  }
  /** In the first callback only, before the first sample: the one call of the system that the audio thread makes. */
  void notePriority() noexcept {
#ifdef __linux__
    if (realTime.load(std::memory_order_relaxed) >= 0) return;
    int policy = SCHED_OTHER;
    sched_param parameter{};
    pthread_getschedparam(pthread_self(), &policy, &parameter);
    realTime.store(policy == SCHED_FIFO || policy == SCHED_RR, std::memory_order_relaxed);
#else
    realTime.store(1, std::memory_order_relaxed);
#endif
  }
};

int onCapture(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo* time,
              PaStreamCallbackFlags flags, void* user) {
  Stream& stream = *static_cast<Stream*>(user);
  if (stream.closed.load(std::memory_order_relaxed)) return paAbort;
  stream.notePriority();
  const double latency = stream.noteLatency(time->currentTime - time->inputBufferAdcTime);
  const float* samples = static_cast<const float*>(input);
  const BlockTime block = {nowSeconds(), latency, (flags & paInputOverflow) != 0};
  if (stream.channels == 1) {
    stream.client->capture(samples, frames, block);
    return paContinue;
  }
  const float share = 1.0f / static_cast<float>(stream.channels);
  const std::size_t count = std::min<std::size_t>(frames, stream.mono.size());
  for (std::size_t i = 0; i < count; ++i) {
    float sum = 0;
    for (int channel = 0; channel < stream.channels; ++channel) sum += *samples++;
    stream.mono[i] = sum * share;
  }
  stream.client->capture(stream.mono.data(), count, block);
  return paContinue;
}

int onPlayback(const void*, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
               PaStreamCallbackFlags flags, void* user) {
  Stream& stream = *static_cast<Stream*>(user);
  if (stream.closed.load(std::memory_order_relaxed)) return paAbort;
  stream.notePriority();
  const double latency = stream.noteLatency(time->outputBufferDacTime - time->currentTime);
  float* samples = static_cast<float*>(output);
  const BlockTime block = {nowSeconds(), latency, (flags & paOutputUnderflow) != 0};
  if (stream.channels == static_cast<int>(stream.clientChannels)) {
    stream.client->playback(samples, frames, block);
    return paContinue;
  }
  const std::size_t count = std::min<std::size_t>(frames, stream.mono.size());
  stream.client->playback(stream.mono.data(), count, block);
  for (std::size_t i = 0; i < count; ++i) {
    for (int channel = 0; channel < stream.channels; ++channel) *samples++ = stream.mono[i];
  }
  return paContinue;
}

void onEnded(void* user) {
  static_cast<Stream*>(user)->ended.store(true, std::memory_order_relaxed);
}

/** The ALSA name of a PulseAudio or PipeWire node; quoted, because a node may be called anything. */
std::string alsaNameOfNode(const std::string& node) {
  return "pulse:DEVICE=\"" + node + "\"";
}

NativeError findDevice(const DeviceSpec& spec, bool isCapture, PortAudioDeviceInfo* found) {
  const std::vector<PortAudioDeviceInfo> devices = readPortAudioDevices();
  const auto fits = [isCapture](const PortAudioDeviceInfo& device) {
    return (isCapture ? device.inputs : device.outputs) > 0;
  };
  for (const PortAudioDeviceInfo& device : devices) {
    if (device.name == spec.name && device.hostApi == spec.hostApi && fits(device)) {
      *found = device;
      return {};
    }
  }
  if (std::none_of(devices.begin(), devices.end(), fits)) return {"device.none", isCapture ? "input" : "output"};
  return {"device.unknown", spec.name};
}

NativeError fromPortAudio(PaError code, const std::string& name) {
  if (code == paDeviceUnavailable) return {"device.busy", name};
  if (code == paInvalidSampleRate) return {"device.rate-refused", name};
  std::string detail = Pa_GetErrorText(code);
  if (code == paUnanticipatedHostError) {
    const PaHostErrorInfo* const host = Pa_GetLastHostErrorInfo();
    detail = host && host->errorText ? host->errorText : detail;
    if (detail.find("busy") != std::string::npos) return {"device.busy", name};
    if (detail.find("No such") != std::string::npos || detail.find("refused") != std::string::npos) {
      return {"device.unknown", name};
    }
  }
  return {"device.failed", detail};
}

/** Owner thread only. */
NativeError openStream(const DeviceSpec& spec, double askedRate, std::size_t periodFrames, Stream* stream) {
  PaStreamParameters parameters{};
  parameters.sampleFormat = paFloat32;
  parameters.channelCount = 1;
  double ownRate = 48000;
#ifdef __linux__
  const std::string alsaName = alsaNameOfNode(spec.name);
  PaAlsaStreamInfo alsa{sizeof(PaAlsaStreamInfo), paALSA, 1, alsaName.c_str()};
#endif
  const int wantedChannels = static_cast<int>(stream->clientChannels);
  int mostChannels = wantedChannels;
  if (spec.kind == DeviceSpec::Kind::pulse) {
#ifdef __linux__
    parameters.device = paUseHostApiSpecificDeviceSpecification;
    parameters.hostApiSpecificStreamInfo = &alsa;
#else
    return {"device.unknown", spec.name};
#endif
  } else {
    PortAudioDeviceInfo device;
    const NativeError error = findDevice(spec, stream->isCapture, &device);
    if (error) return error;
    parameters.device = device.index;
    ownRate = device.defaultRate;
    mostChannels = std::min(2, stream->isCapture ? device.inputs : device.outputs);
  }

  std::vector<double> rates = {askedRate > 0 ? askedRate : 48000};
  if (askedRate <= 0 && ownRate != 48000) rates.push_back(ownRate);
  std::vector<int> channelCounts = {std::min(wantedChannels, mostChannels)};
  for (const int other : {1, mostChannels}) {
    if (other != channelCounts.front()) channelCounts.push_back(other);
  }
  PaError code = paInvalidSampleRate;
  for (const double rate : rates) {
    for (const int channels : channelCounts) {
      parameters.channelCount = channels;
      parameters.suggestedLatency =
          (stream->isCapture ? kInputPeriods : kOutputPeriods) * static_cast<double>(periodFrames) / rate;
      code = Pa_OpenStream(&stream->handle, stream->isCapture ? &parameters : nullptr,
                           stream->isCapture ? nullptr : &parameters, rate, periodFrames, paClipOff | paDitherOff,
                           stream->isCapture ? onCapture : onPlayback, stream);
      if (code != paNoError) continue;
      const PaStreamInfo* const info = Pa_GetStreamInfo(stream->handle);
      stream->channels = channels;
      stream->clientChannels = static_cast<std::size_t>(std::min(channels, wantedChannels));
      stream->sampleRate = info->sampleRate;
      stream->periodFrames = periodFrames;
      stream->statedLatency = stream->isCapture ? info->inputLatency : info->outputLatency;
      PortAudioOwner::instance().streamOpened();
      return {};
    }
  }
  stream->handle = nullptr;
  return fromPortAudio(code, spec.name);
}

/** Owner thread only. */
NativeError startStream(Stream* stream) {
#ifdef __linux__
  PaAlsa_EnableRealtimeScheduling(stream->handle, RealTimeScope().granted() ? 1 : 0);
#endif
  Pa_SetStreamFinishedCallback(stream->handle, onEnded);
  const PaError code = Pa_StartStream(stream->handle);
  return code == paNoError ? NativeError{} : fromPortAudio(code, "");
}

/** Owner thread only. */
void closeStream(Stream* stream) {
  stream->closed.store(true);
  if (stream->handle) {
    Pa_AbortStream(stream->handle);
    Pa_CloseStream(stream->handle);
    stream->handle = nullptr;
    PortAudioOwner::instance().streamClosed();
  }
  stream->client.reset();  // no callback comes any more, and its engine may be wanted for the next path
}

class PortAudioPair : public DevicePair {
 public:
  ~PortAudioPair() override { close(); }

  NativeError open(const StreamRequest& request, StreamShape* shape) override {
    // A stream that is not wanted is never opened; all that follows leaves one alone that has no handle.
    auto capture = std::make_shared<Stream>();
    auto playback = std::make_shared<Stream>();
    capture->isCapture = true;
    playback->clientChannels = request.outputChannels;
    const NativeError error = PortAudioOwner::instance().run(
        [=]() -> NativeError {
          const RealTimeScope scope;
          NativeError failed;
          if (request.hasInput) {
            failed = openStream(request.input, request.inputRate, request.periodFrames, capture.get());
          }
          if (!failed && request.hasOutput) {
            failed = openStream(request.output, request.outputRate, request.periodFrames, playback.get());
          }
          if (failed) closeStream(capture.get());
          return failed;
        },
        closeBoth(capture, playback));
    if (error) return error;
    hasInput_ = request.hasInput;
    hasOutput_ = request.hasOutput;
    capture_ = capture;
    playback_ = playback;
    shape->inputRate = capture->sampleRate;
    shape->outputRate = playback->sampleRate;
    shape->inputPeriodFrames = capture->periodFrames;
    shape->outputPeriodFrames = playback->periodFrames;
    shape->outputChannels = playback->clientChannels;
    return {};
  }

  NativeError start(std::shared_ptr<StreamClient> client) override {
    capture_->client = client;
    playback_->client = client;
    const std::shared_ptr<Stream> capture = capture_;
    const std::shared_ptr<Stream> playback = playback_;
    const NativeError error = PortAudioOwner::instance().run(
        [=]() -> NativeError {
          const RealTimeScope scope;
          const NativeError failed = playback->handle ? startStream(playback.get()) : NativeError{};
          return failed || !capture->handle ? failed : startStream(capture.get());
        },
        closeBoth(capture, playback));
    if (error.code == "device.hung") abandon();
    return error;
  }

  void close() override {
    if (!playback_) return;
    const std::function<void()> closing = closeBoth(capture_, playback_);
    abandon();
    PortAudioOwner::instance().run([closing]() -> NativeError {
      closing();
      return {};
    });
  }

  StreamDelays delays() const override {
    if (!playback_) return {};
    return {delayOf(*capture_), delayOf(*playback_)};
  }

  bool realTimePriority() const override {
    if (!playback_ || (hasInput_ && capture_->realTime.load() != 1)) return false;
    return !hasOutput_ || playback_->realTime.load() == 1;
  }

  bool hasEnded() const override { return playback_ && (capture_->ended.load() || playback_->ended.load()); }

 private:
  static std::function<void()> closeBoth(std::shared_ptr<Stream> capture, std::shared_ptr<Stream> playback) {
    return [capture, playback] {
      closeStream(capture.get());
      closeStream(playback.get());
    };
  }

  /** Lets go of streams whose thread may still be inside PortAudio; their callbacks do nothing any more. */
  void abandon() {
    capture_->closed.store(true);
    playback_->closed.store(true);
    capture_.reset();
    playback_.reset();
  }

  static double delayOf(const Stream& stream) {
    const double measured = stream.latency.load(std::memory_order_relaxed);
    return measured > 0 ? measured : stream.statedLatency;
  }

  bool hasInput_ = true;
  bool hasOutput_ = true;
  std::shared_ptr<Stream> capture_;
  std::shared_ptr<Stream> playback_;
};
}  // namespace

std::unique_ptr<DevicePair> createPortAudioPair() {
  return std::make_unique<PortAudioPair>();
}

double nowSeconds() noexcept {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace limpid
