#pragma once

#include <napi.h>

#include "engines/engine_choice.h"

namespace limpid {

/** Reads `EngineChoice` of native/index.d.ts; throws a `NativeError` where it is not valid. */
EngineChoice readEngineChoice(const Napi::Value& value);

/** Adds the class `LicensedEngine` and `inspectLicensedLibrary` of native/index.d.ts to `exports`. */
Napi::Object initLicensedEngine(Napi::Env env, Napi::Object exports);

}  // namespace limpid
