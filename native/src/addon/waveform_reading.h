#pragma once

#include <napi.h>

namespace limpid {

/** Adds `readWaveform` of native/index.d.ts to `exports`. */
Napi::Object initWaveformReading(Napi::Env env, Napi::Object exports);

}  // namespace limpid
