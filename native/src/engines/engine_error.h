#pragma once

#include <string>

namespace limpid {

/** Why an engine could not be made. `code` is one of `NativeErrorCode` in native/index.d.ts, empty = no error. */
struct EngineError {
  std::string code;
  std::string detail;

  explicit operator bool() const { return !code.empty(); }
};

}  // namespace limpid
