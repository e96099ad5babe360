#pragma once

#include <napi.h>

#include <string>

namespace limpid {

/** A `NativeError` of native/index.d.ts. `message` is one sentence; `detail` may be empty. */
inline Napi::Error makeError(Napi::Env env, const std::string& code, const std::string& message,
                             const std::string& detail = "") {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  if (!detail.empty()) error.Set("detail", Napi::String::New(env, detail));
  return error;
}

/** A `NativeError` `argument` that names what is wrong. */
inline Napi::Error makeArgumentError(Napi::Env env, const std::string& detail) {
  return makeError(env, "argument", "An argument is not valid: " + detail + ".", detail);
}

}  // namespace limpid
