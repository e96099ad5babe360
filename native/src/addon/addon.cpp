#include <napi.h>
#include <portaudio.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "addon/arguments.h"
#include "addon/async_call.h"
#include "addon/file_enhancement.h"
#include "addon/licensed_engine.h"
#include "addon/loop_object.h"
#include "addon/player_object.h"
#include "addon/round_trip_object.h"
#include "addon/waveform_reading.h"
#include "core/engine.h"
#include "core/pipeline.h"
#include "loop/portaudio_owner.h"

namespace limpid {

namespace {
const char* const kEngineIds[] = {"gtcrn", "bypass"};

Napi::Object toObject(Napi::Env env, const PortAudioDeviceInfo& device) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", device.name);
  object.Set("hostApi", device.hostApi);
  object.Set("inputs", device.inputs);
  object.Set("outputs", device.outputs);
  object.Set("defaultRate", device.defaultRate);
  object.Set("isDefaultInput", device.isDefaultInput);
  object.Set("isDefaultOutput", device.isDefaultOutput);
  return object;
}

Napi::Value listPortAudioDevices(const Napi::CallbackInfo& info) {
  const bool refresh = info[0].IsObject() && info[0].As<Napi::Object>().Get("refresh").ToBoolean();
  auto devices = std::make_shared<std::vector<PortAudioDeviceInfo>>();
  return AsyncCall::begin(
      info.Env(), [devices, refresh] { return PortAudioOwner::instance().list(refresh, devices.get()); },
      [devices](Napi::Env env) -> Napi::Value {
        Napi::Array array = Napi::Array::New(env, devices->size());
        for (std::uint32_t i = 0; i < devices->size(); ++i) array.Set(i, toObject(env, (*devices)[i]));
        return array;
      });
}

Napi::Value about(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array engines = Napi::Array::New(env);
  for (const char* id : kEngineIds) engines.Set(engines.Length(), Napi::String::New(env, id));
  Napi::Object object = Napi::Object::New(env);
  object.Set("portAudioVersion", Pa_GetVersionText());
  object.Set("engines", engines);
  object.Set("guardPages", WASM_RT_MEMCHECK_GUARD_PAGES == 1);
#if defined(__VERSION__)
  object.Set("compiler", __VERSION__);
#else
  object.Set("compiler", "MSVC");
#endif
  return object;
}

Napi::Value describeEngine(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string id = requireString(info[0], "engine");
  constexpr double kRate = 48000;
  std::unique_ptr<Engine> engine = createEngine(id);
  if (!engine) throw makeError(env, "engine.unknown", "There is no engine of this name.", id);
  const EnginePlan plan = engine->prepare(kRate);
  std::string error = plan.error;
  const std::unique_ptr<Pipeline> pipeline =
      error.empty() ? Pipeline::create({createEngine(id)}, kRate, 0, &error) : nullptr;
  if (!pipeline) throw makeError(env, "engine.prepare-failed", "The engine could not be prepared.", error);
  Napi::Object object = Napi::Object::New(env);
  object.Set("id", id);
  object.Set("sampleRate", plan.sampleRate > 0 ? plan.sampleRate : kRate);
  object.Set("blockFrames", static_cast<double>(plan.blockFrames));
  object.Set("delayFrames", static_cast<double>(pipeline->delayFrames()));
  object.Set("bandwidthHz",
             plan.bandwidthHz > 0 ? Napi::Number::New(env, plan.bandwidthHz).As<Napi::Value>() : env.Null());
  return object;
}

void endProcess(const Napi::CallbackInfo& info) {
  std::_Exit(static_cast<int>(requireNumber(info[0], "exit code", 0, 255)));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("listPortAudioDevices", Napi::Function::New(env, listPortAudioDevices));
  exports.Set("endProcess", Napi::Function::New(env, endProcess));
  exports.Set("about", Napi::Function::New(env, about));
  exports.Set("describeEngine", Napi::Function::New(env, describeEngine));
  initLoop(env, exports);
  initPlayer(env, exports);
  initRoundTrip(env, exports);
  initLicensedEngine(env, exports);
  initWaveformReading(env, exports);
  return initFileEnhancement(env, exports);
}
}  // namespace

NODE_API_MODULE(limpid, initialise)

}  // namespace limpid
