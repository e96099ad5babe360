#include "addon/device_values.h"

#include "addon/arguments.h"

namespace limpid {

DeviceSpec readDevice(const Napi::Value& value, const std::string& what) {
  if (!value.IsObject()) throw makeArgumentError(value.Env(), what + " must be an object");
  const Napi::Object object = value.As<Napi::Object>();
  const std::string kind = requireString(object, "kind");
  DeviceSpec spec;
  if (kind == "pulse") {
    spec.kind = DeviceSpec::Kind::pulse;
    spec.name = requireString(object, "name");
    if (spec.name.find_first_of("\"\\\n") != std::string::npos) throw makeArgumentError(value.Env(), "device name");
  } else if (kind == "portaudio") {
    spec.kind = DeviceSpec::Kind::portAudio;
    spec.name = requireString(object, "name");
    spec.hostApi = requireString(object, "hostApi");
  } else if (kind == "timer") {
    spec.kind = DeviceSpec::Kind::timer;
    if (object.Get("wavPath").IsString()) spec.wavPath = requireString(object, "wavPath");
  } else {
    throw makeArgumentError(value.Env(), what + ".kind");
  }
  return spec;
}

Napi::Value errorOf(Napi::Env env, const NativeError& error) {
  if (!error) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  object.Set("code", error.code);
  object.Set("detail", error.detail);
  return object;
}

}  // namespace limpid
