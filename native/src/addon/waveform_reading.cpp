#include "addon/waveform_reading.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

#include "addon/arguments.h"
#include "addon/thread_call.h"
#include "files/waveform.h"

namespace limpid {

namespace {
constexpr double kMostBuckets = 100000;

struct Reading {
  std::atomic<bool> cancelled{false};  // written at the end of the environment
  Waveform waveform;
};

Napi::Object toObject(Napi::Env env, const Waveform& waveform) {
  Napi::Float32Array peaks = Napi::Float32Array::New(env, waveform.peaks.size());
  std::copy(waveform.peaks.begin(), waveform.peaks.end(), peaks.Data());
  const double frames = static_cast<double>(waveform.frames);
  Napi::Object object = Napi::Object::New(env);
  object.Set("sampleRate", waveform.sampleRate);
  object.Set("channels", waveform.channels);
  object.Set("frames", frames);
  object.Set("seconds", frames / waveform.sampleRate);
  object.Set("peaks", peaks);
  object.Set("rmsDb", waveform.rmsDb);
  return object;
}

Napi::Value readWaveformOf(const Napi::CallbackInfo& info) {
  const std::string path = requireString(info[0], "path");
  const auto buckets = static_cast<std::size_t>(requireNumber(info[1], "buckets", 1, kMostBuckets));
  const auto reading = std::make_shared<Reading>();
  const auto work = [=]() -> NativeError {
    NativeError error;
    readWaveform(path, buckets, reading->cancelled, &reading->waveform, &error);
    return error;
  };
  return callOnThread(
      info.Env(), work, [reading] { reading->cancelled = true; },
      [reading](Napi::Env env) { return toObject(env, reading->waveform); });
}
}  // namespace

Napi::Object initWaveformReading(Napi::Env env, Napi::Object exports) {
  exports.Set("readWaveform", Napi::Function::New(env, readWaveformOf));
  return exports;
}

}  // namespace limpid
