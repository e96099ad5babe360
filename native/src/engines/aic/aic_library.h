#pragma once

#include <cstdint>
#include <string>

#include "core/native_error.h"
#include "engines/aic/aic_api.h"

namespace limpid {

/** The licensed library, opened at run time. Stays open until the process ends. */
class AicLibrary {
 public:
  /**
   * Opens the library once per process and path; any thread. `path` (UTF-8) is the file, the folder that holds it, or
   * empty: the system's loader searches for it by its name. Returns null and sets `error` (`aic.library-*`) where it
   * is missing, no library for this system and processor, older than 0.22 or not complete.
   */
  static const AicLibrary* open(const std::string& path, NativeError* error);

  const aic::Functions& functions() const noexcept { return functions_; }
  /** The file, UTF-8. */
  const std::string& path() const noexcept { return path_; }
  const std::string& sdkVersion() const noexcept { return sdkVersion_; }
  std::uint32_t compatibleModelVersion() const { return functions_.get_compatible_model_version(); }

 private:
  AicLibrary() = default;
  NativeError resolve(void* handle);

  aic::Functions functions_{};
  std::string path_;
  std::string sdkVersion_;
};

}  // namespace limpid
