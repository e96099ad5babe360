#pragma once

#include <napi.h>

#include <optional>
#include <string>

#include "addon/errors.h"

namespace limpid {

/** `what` names the value in the error that is thrown when it is missing, of the wrong type or out of range. */
inline std::string requireString(const Napi::Value& value, const std::string& what) {
  const std::string text = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  const bool valid = !text.empty() && text.find('\0') == std::string::npos;
  if (!valid) throw makeArgumentError(value.Env(), what + " must be a text that is not empty");
  return text;
}

inline double requireNumber(const Napi::Value& value, const std::string& what, double least, double most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : least - 1;
  if (number >= least && number <= most) return number;  // NaN compares false
  throw makeArgumentError(value.Env(), what + " must be a number in its range");
}

inline std::string requireString(const Napi::Object& object, const char* key) {
  return requireString(object.Get(key), key);
}

inline double requireNumber(const Napi::Object& object, const char* key, double least, double most) {
  return requireNumber(object.Get(key), key, least, most);
}

inline double optionalNumber(const Napi::Object& object, const char* key, double least, double most, double fallback) {
  const Napi::Value value = object.Get(key);
  return value.IsUndefined() || value.IsNull() ? fallback : requireNumber(value, key, least, most);
}

inline Napi::Value optionalOf(Napi::Env env, const std::optional<double>& number) {
  return number ? Napi::Number::New(env, *number).As<Napi::Value>() : env.Null();
}

inline Napi::Object requireObject(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsObject()) throw makeArgumentError(object.Env(), std::string(key) + " must be an object");
  return value.As<Napi::Object>();
}

}  // namespace limpid
