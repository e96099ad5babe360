#include "addon/loop_object.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "addon/arguments.h"
#include "addon/async_call.h"
#include "addon/device_values.h"
#include "addon/errors.h"
#include "addon/licensed_engine.h"
#include "loop/loop.h"

namespace limpid {

namespace {
const char* nameOf(LoopState state) {
  switch (state) {
    case LoopState::idle:
      return "idle";
    case LoopState::starting:
      return "starting";
    case LoopState::running:
      return "running";
    case LoopState::stalled:
      return "stalled";
    case LoopState::restarting:
      return "restarting";
    case LoopState::failed:
      return "failed";
  }
  return "failed";
}

LoopOptions readOptions(const Napi::Value& value) {
  if (!value.IsObject()) throw makeArgumentError(value.Env(), "options");
  const Napi::Object object = value.As<Napi::Object>();
  LoopOptions options;
  options.streams.input = readDevice(object.Get("input"), "input");
  options.streams.output = readDevice(object.Get("output"), "output");
  options.choice = readEngineChoice(object);
  options.level = static_cast<float>(requireNumber(object, "level", 0, 1));
  options.bypass = object.Get("bypass").ToBoolean();
  options.streams.periodFrames = static_cast<std::size_t>(optionalNumber(object, "periodFrames", 32, 4096, 256));
  options.streams.inputRate = optionalNumber(object, "inputRate", 8000, 192000, 0);
  options.streams.outputRate = optionalNumber(object, "outputRate", 8000, 192000, 0);
  return options;
}

Napi::Object delayOf(Napi::Env env, const LoopNumbers& numbers) {
  Napi::Object delay = Napi::Object::New(env);
  delay.Set("inputDeviceMs", numbers.inputDeviceMs);
  delay.Set("ringMs", numbers.ringMs);
  delay.Set("converterMs", numbers.converterMs);
  delay.Set("engineMs", numbers.engineMs);
  delay.Set("outputDeviceMs", numbers.outputDeviceMs);
  delay.Set("totalMs",
            numbers.inputDeviceMs + numbers.ringMs + numbers.converterMs + numbers.engineMs + numbers.outputDeviceMs);
  return delay;
}

Napi::Object countersOf(Napi::Env env, const LoopNumbers& numbers) {
  const auto count = [env](std::uint64_t value) { return Napi::Number::New(env, static_cast<double>(value)); };
  Napi::Object counters = Napi::Object::New(env);
  counters.Set("modelLoads", count(numbers.modelLoads));
  counters.Set("processorCreates", count(numbers.processorCreates));
  counters.Set("tokenUpdates", count(numbers.tokenUpdates));
  counters.Set("blocksEnhanced", count(numbers.pipeline.blocksEnhanced));
  counters.Set("blocksBypassed", count(numbers.pipeline.blocksBypassed));
  counters.Set("blocksDisallowed", count(numbers.pipeline.blocksDisallowed));
  return counters;
}

Napi::Value recordingOf(Napi::Env env, const LoopNumbers& numbers) {
  if (!numbers.recording) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  object.Set("seconds", numbers.recordedSeconds);
  object.Set("droppedFrames", static_cast<double>(numbers.recordingDropped));
  object.Set("error", numbers.recordingError.empty()
                          ? env.Null()
                          : Napi::String::New(env, numbers.recordingError).As<Napi::Value>());
  return object;
}

Napi::Object toObject(Napi::Env env, const LoopNumbers& numbers) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("state", nameOf(numbers.state));
  object.Set("error", errorOf(env, numbers.error));
  object.Set("restarts", numbers.restarts);
  object.Set("engine", numbers.engine);
  object.Set("engineStatus", numbers.engineStatus);
  object.Set("engineReason", numbers.engineReason);
  object.Set("vendorCode", numbers.vendorCode);
  object.Set("heardEngine", numbers.heardEngine);
  object.Set("level", numbers.level);
  object.Set("bypass", numbers.bypass);
  object.Set("mutedByFeedback", numbers.mutedByFeedback);
  object.Set("inputRate", numbers.shape.inputRate);
  object.Set("outputRate", numbers.shape.outputRate);
  object.Set("inputPeriodFrames", static_cast<double>(numbers.shape.inputPeriodFrames));
  object.Set("outputPeriodFrames", static_cast<double>(numbers.shape.outputPeriodFrames));
  object.Set("realTimePriority", numbers.realTimePriority);
  object.Set("secondsRunning", numbers.secondsRunning);
  object.Set("inputPeakDb", numbers.input.peakDb);
  object.Set("inputRmsDb", numbers.input.rmsDb);
  object.Set("outputPeakDb", numbers.output.peakDb);
  object.Set("outputRmsDb", numbers.output.rmsDb);
  object.Set("noiseReductionDb", optionalOf(env, numbers.noiseReductionDb));
  object.Set("speechProbability", optionalOf(env, numbers.speechProbability));
  object.Set("delay", delayOf(env, numbers));
  Napi::Object load = Napi::Object::New(env);
  load.Set("p50", numbers.loadP50);
  load.Set("p95", numbers.loadP95);
  load.Set("p99", numbers.loadP99);
  load.Set("max", numbers.loadMax);
  load.Set("recentP99", numbers.recentLoadP99);
  object.Set("load", load);
  object.Set("underruns", static_cast<double>(numbers.counts.underruns));
  object.Set("overruns", static_cast<double>(numbers.counts.overruns));
  object.Set("droppedFrames", static_cast<double>(numbers.counts.droppedFrames));
  object.Set("insertedFrames", static_cast<double>(numbers.counts.insertedFrames));
  object.Set("nonFiniteSamples", static_cast<double>(numbers.pipeline.nonFiniteSamples));
  object.Set("driftPpm", numbers.driftPpm);
  object.Set("counters", countersOf(env, numbers));
  object.Set("recording", recordingOf(env, numbers));
  return object;
}

Napi::Float32Array toArray(Napi::Env env, const std::array<float, Spectrum::kBands>& bands) {
  Napi::Float32Array array = Napi::Float32Array::New(env, bands.size());
  std::copy(bands.begin(), bands.end(), array.Data());
  return array;
}

/** The JavaScript face of `Loop`. Work in progress keeps the loop alive; the environment's end stops it. */
class LoopObject : public Napi::ObjectWrap<LoopObject> {
 public:
  explicit LoopObject(const Napi::CallbackInfo& info) : ObjectWrap(info), loop_(std::make_shared<Loop>()) {
    napi_add_env_cleanup_hook(info.Env(), stopLoop, loop_.get());
  }

  ~LoopObject() override { napi_remove_env_cleanup_hook(Env(), stopLoop, loop_.get()); }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Loop",
                       {
                           InstanceMethod("start", &LoopObject::start),
                           InstanceMethod("stop", &LoopObject::stop),
                           InstanceMethod("setEngine", &LoopObject::setEngine),
                           InstanceMethod("setLevel", &LoopObject::setLevel),
                           InstanceMethod("setBypass", &LoopObject::setBypass),
                           InstanceMethod("unmute", &LoopObject::unmute),
                           InstanceMethod("numbers", &LoopObject::numbers),
                           InstanceMethod("spectra", &LoopObject::spectra),
                           InstanceMethod("startRecording", &LoopObject::startRecording),
                           InstanceMethod("stopRecording", &LoopObject::stopRecording),
                       });
  }

 private:
  static void stopLoop(void* loop) { static_cast<Loop*>(loop)->stop(); }

  Napi::Value start(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(info.Env(),
                            [loop = loop_, options = readOptions(info[0])] { return loop->start(options); });
  }
  Napi::Value stop(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(info.Env(), [loop = loop_] {
      loop->stop();
      return NativeError{};
    });
  }
  Napi::Value setEngine(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(info.Env(),
                            [loop = loop_, choice = readEngineChoice(info[0])] { return loop->setEngine(choice); });
  }
  void setLevel(const Napi::CallbackInfo& info) {
    loop_->setLevel(static_cast<float>(requireNumber(info[0], "level", 0, 1)));
  }
  void setBypass(const Napi::CallbackInfo& info) {
    if (!info[0].IsBoolean()) throw makeArgumentError(info.Env(), "bypass must be true or false");
    loop_->setBypass(info[0].ToBoolean());
  }
  void unmute(const Napi::CallbackInfo&) { loop_->unmute(); }
  Napi::Value numbers(const Napi::CallbackInfo& info) { return toObject(info.Env(), loop_->numbers()); }
  Napi::Value spectra(const Napi::CallbackInfo& info) {
    const auto bands = loop_->spectra();
    if (!bands) return info.Env().Null();
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("input", toArray(info.Env(), bands->first));
    object.Set("output", toArray(info.Env(), bands->second));
    return object;
  }
  Napi::Value startRecording(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(
        info.Env(), [loop = loop_, folder = requireString(info[0], "folder")] { return loop->startRecording(folder); });
  }
  Napi::Value stopRecording(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(info.Env(), [loop = loop_] { return loop->stopRecording(); });
  }

  std::shared_ptr<Loop> loop_;
};
}  // namespace

Napi::Object initLoop(Napi::Env env, Napi::Object exports) {
  exports.Set("Loop", LoopObject::define(env));
  return exports;
}

}  // namespace limpid
