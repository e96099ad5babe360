#pragma once

#include <string>

namespace limpid {

/** Why work on a file failed. `code` is one of `NativeErrorCode` in native/index.d.ts, empty = no error. */
struct FileError {
  std::string code;
  std::string detail;  ///< what exactly, for a person; may be empty

  explicit operator bool() const { return !code.empty(); }
};

}  // namespace limpid
