#include "files/binary_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace limpid {

namespace fs = std::filesystem;

namespace {

#ifdef _WIN32
std::FILE* openFile(const std::string& path, const wchar_t* mode) {
  return _wfopen(fs::u8path(path).c_str(), mode);
}
std::FILE* openForReading(const std::string& path) {
  return openFile(path, L"rb");
}
std::FILE* openNew(const std::string& path) {
  return openFile(path, L"wbx");
}
bool seekFile(std::FILE* file, std::uint64_t offset) {
  return _fseeki64(file, static_cast<long long>(offset), SEEK_SET) == 0;
}
bool truncateFile(std::FILE* file, std::uint64_t bytes) {
  return _chsize_s(_fileno(file), static_cast<long long>(bytes)) == 0;
}
bool syncFile(std::FILE* file) {
  return _commit(_fileno(file)) == 0;
}
#else
std::FILE* openForReading(const std::string& path) {
  return std::fopen(path.c_str(), "rb");
}
std::FILE* openNew(const std::string& path) {
  return std::fopen(path.c_str(), "wbx");
}
bool seekFile(std::FILE* file, std::uint64_t offset) {
  return fseeko(file, static_cast<off_t>(offset), SEEK_SET) == 0;
}
bool truncateFile(std::FILE* file, std::uint64_t bytes) {
  return ftruncate(fileno(file), static_cast<off_t>(bytes)) == 0;
}
// A file system that cannot sync (EINVAL) has nothing better to offer; the bytes are written all the same.
bool syncFile(std::FILE* file) {
  return fsync(fileno(file)) == 0 || errno == EINVAL;
}
#endif

void makeUnbuffered(std::FILE* file) {
  std::setvbuf(file, nullptr, _IONBF, 0);
}

}  // namespace

NativeError writeErrorOf(int errorNumber) {
  bool full = errorNumber == ENOSPC || errorNumber == EFBIG;
#ifdef EDQUOT
  full = full || errorNumber == EDQUOT;
#endif
  return {full ? "file.disk-full" : "file.unwritable", std::strerror(errorNumber)};
}

std::unique_ptr<BinaryFile> BinaryFile::openToRead(const std::string& path, NativeError* error) {
  std::error_code problem;
  const fs::file_status status = fs::status(fs::u8path(path), problem);
  if (status.type() == fs::file_type::not_found) {
    *error = {"file.not-found", ""};
    return nullptr;
  }
  // A pipe has no end to seek to, and opening one could wait for ever.
  if (!problem && status.type() != fs::file_type::regular) {
    *error = {"file.unreadable", fs::is_directory(status) ? "it is a folder" : "it is not a regular file"};
    return nullptr;
  }
  std::FILE* const opened = problem ? nullptr : openForReading(path);
  const std::uint64_t size = opened ? fs::file_size(fs::u8path(path), problem) : 0;
  if (!opened || problem) {
    *error = {"file.unreadable", problem ? problem.message() : std::strerror(errno)};
    if (opened) std::fclose(opened);
    return nullptr;
  }
  makeUnbuffered(opened);
  std::unique_ptr<BinaryFile> file(new BinaryFile(opened));
  file->size_ = size;
  return file;
}

std::unique_ptr<BinaryFile> BinaryFile::create(const std::string& path, NativeError* error) {
  std::FILE* const opened = openNew(path);
  if (!opened) {
    *error = writeErrorOf(errno);
    return nullptr;
  }
  makeUnbuffered(opened);
  return std::unique_ptr<BinaryFile>(new BinaryFile(opened));
}

BinaryFile::~BinaryFile() {
  std::fclose(file_);
}

bool BinaryFile::seek(std::uint64_t offset) {
  return seekFile(file_, offset);
}

std::size_t BinaryFile::read(void* target, std::size_t bytes) {
  if (bytes == 0) return 0;  // then the target may be null
  return std::fread(target, 1, bytes, file_);
}

std::size_t BinaryFile::write(const void* source, std::size_t bytes, NativeError* error) {
  if (bytes == 0) return 0;  // then the source may be null
  const std::size_t written = std::fwrite(source, 1, bytes, file_);
  if (written < bytes) *error = writeErrorOf(errno);
  return written;
}

bool BinaryFile::truncate(std::uint64_t bytes) {
  return truncateFile(file_, bytes);
}

bool BinaryFile::sync(NativeError* error) {
  if (syncFile(file_)) return true;
  *error = writeErrorOf(errno);
  return false;
}

}  // namespace limpid
