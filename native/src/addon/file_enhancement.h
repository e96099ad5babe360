#pragma once

#include <napi.h>

namespace limpid {

/** Adds the class `FileEnhancement` of native/index.d.ts to `exports`. */
Napi::Object initFileEnhancement(Napi::Env env, Napi::Object exports);

}  // namespace limpid
