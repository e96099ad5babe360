#pragma once

#include <napi.h>

namespace limpid {

/** Adds the class `Player` of native/index.d.ts to `exports`. */
Napi::Object initPlayer(Napi::Env env, Napi::Object exports);

}  // namespace limpid
