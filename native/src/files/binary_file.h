#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "core/native_error.h"

namespace limpid {

/**
 * An unbuffered file with 64-bit offsets that closes itself. Paths are UTF-8. Not thread-safe.
 * Unbuffered, so that after a failed write it is known how many bytes are there.
 */
class BinaryFile {
 public:
  /** Opens a regular file for reading: `file.not-found` or `file.unreadable` on failure. */
  static std::unique_ptr<BinaryFile> openToRead(const std::string& path, NativeError* error);
  /** Creates a file that must not exist yet: `file.unwritable` or `file.disk-full` on failure. */
  static std::unique_ptr<BinaryFile> create(const std::string& path, NativeError* error);

  ~BinaryFile();
  BinaryFile(const BinaryFile&) = delete;
  BinaryFile& operator=(const BinaryFile&) = delete;

  std::uint64_t size() const { return size_; }  ///< as it was when opened to read; 0 for a created file

  bool seek(std::uint64_t offset);
  /** Returns the bytes read; fewer than asked at the end of the file or after a failure. */
  std::size_t read(void* target, std::size_t bytes);
  /** Returns the bytes written; fewer than asked after a failure, which `error` then describes. */
  std::size_t write(const void* source, std::size_t bytes, NativeError* error);
  /** Cuts the file to `bytes`. */
  bool truncate(std::uint64_t bytes);
  /** Hands everything to the disk. */
  bool sync(NativeError* error);

 private:
  explicit BinaryFile(std::FILE* file) : file_(file) {}

  std::FILE* file_;
  std::uint64_t size_ = 0;
};

/** `file.disk-full` or `file.unwritable`, by an `errno` of a failed write. */
NativeError writeErrorOf(int errorNumber);

}  // namespace limpid
