#pragma once

#include <napi.h>

namespace limpid {

/** Adds the class `RoundTrip` of native/index.d.ts to `exports`. */
Napi::Object initRoundTrip(Napi::Env env, Napi::Object exports);

}  // namespace limpid
