#pragma once

#include <napi.h>

namespace limpid {

/** Adds the class `Loop` of native/index.d.ts to `exports`. */
Napi::Object initLoop(Napi::Env env, Napi::Object exports);

}  // namespace limpid
