#pragma once

#include <napi.h>

#include <string>

#include "core/native_error.h"
#include "loop/device.h"

namespace limpid {

/** A `DeviceSpec` of native/index.d.ts; throws `argument`, with `what` it is, when it is none. */
DeviceSpec readDevice(const Napi::Value& value, const std::string& what);

/** `{ code, detail }`, or null where there is no error. */
Napi::Value errorOf(Napi::Env env, const NativeError& error);

}  // namespace limpid
