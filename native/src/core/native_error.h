#pragma once

#include <string>

namespace limpid {

/** Why something failed. `code` is one of `NativeErrorCode` in native/index.d.ts; empty is success. */
struct NativeError {
  std::string code;
  std::string detail;  ///< what exactly, or the system's own words; may be empty

  explicit operator bool() const { return !code.empty(); }
};

}  // namespace limpid
