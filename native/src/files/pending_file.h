#pragma once

#include <string>

#include "core/native_error.h"

namespace limpid {

/**
 * A file that appears under its name only when it is complete: it is written as `.<name>.<process id>.part` in the same
 * folder and renamed by `commit`. Without a commit it is removed. Paths are UTF-8.
 */
class PendingFile {
 public:
  /**
   * Sets `error` to `file.unwritable` when `path` can never become a file: a folder, a device, a missing parent folder.
   * A symbolic link is followed, so that its target is replaced and the link stays.
   */
  PendingFile(const std::string& path, NativeError* error);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  const std::string& temporaryPath() const { return temporaryPath_; }

  /** Renames over what was there before, whose access rights are kept. The file must be closed. */
  bool commit(NativeError* error);

 private:
  std::string path_;
  std::string temporaryPath_;
  bool committed_ = false;
};

/** Whether both paths lead to the same existing file, also through links. */
bool isSameFile(const std::string& a, const std::string& b);

}  // namespace limpid
