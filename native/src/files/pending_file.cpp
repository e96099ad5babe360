#include "files/pending_file.h"

#include <atomic>
#include <filesystem>

#ifdef _WIN32
#include <process.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace limpid {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestName = 200;  // file systems take 255 bytes; ours adds a number and an ending

#ifdef _WIN32
int processId() {
  return _getpid();
}
void syncFolder(const fs::path&) {}  // NTFS journals the rename
#else
int processId() {
  return static_cast<int>(getpid());
}

/** Makes the rename itself last through a power cut. */
void syncFolder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}
#endif

fs::path folderOf(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/** A free name beside `path`. The count keeps apart two runs of one process that aim at the same output. */
fs::path temporaryNameFor(const fs::path& path) {
  static std::atomic<unsigned> count{0};
  std::string name = path.filename().u8string();
  if (name.size() > kLongestName) name = "limpid";
  const std::string stem = "." + name + "." + std::to_string(processId());
  for (;;) {
    const fs::path candidate = folderOf(path) / fs::u8path(stem + "-" + std::to_string(++count) + ".part");
    std::error_code ignored;
    if (!fs::exists(candidate, ignored)) return candidate;
  }
}

}  // namespace

PendingFile::PendingFile(const std::string& path, NativeError* error) {
  std::error_code problem;
  fs::path target = fs::u8path(path);
  if (fs::is_symlink(target, problem)) {
    const fs::path resolved = fs::weakly_canonical(target, problem);
    if (!problem) target = resolved;
  }
  const fs::file_status status = fs::status(target, problem);
  if (fs::is_directory(status)) {
    *error = {"file.unwritable", "it is a folder"};
  } else if (fs::exists(status) && !fs::is_regular_file(status)) {
    *error = {"file.unwritable", "it is a device, not a file"};
  } else if (!target.has_filename()) {
    *error = {"file.unwritable", "it has no name"};
  } else if (!fs::is_directory(folderOf(target), problem)) {
    *error = {"file.unwritable", "its folder does not exist"};
  } else {
    path_ = target.u8string();
    temporaryPath_ = temporaryNameFor(target).u8string();
  }
}

PendingFile::~PendingFile() {
  if (committed_ || temporaryPath_.empty()) return;
  std::error_code ignored;
  fs::remove(fs::u8path(temporaryPath_), ignored);
}

bool PendingFile::commit(NativeError* error) {
  const fs::path from = fs::u8path(temporaryPath_);
  const fs::path to = fs::u8path(path_);
  std::error_code problem;
  const fs::file_status before = fs::status(to, problem);
  if (fs::is_regular_file(before)) fs::permissions(from, before.permissions(), problem);
  fs::rename(from, to, problem);
  if (problem) {
    *error = {"file.unwritable", problem.message()};
    return false;
  }
  committed_ = true;
  syncFolder(folderOf(to));
  return true;
}

bool isSameFile(const std::string& a, const std::string& b) {
  std::error_code problem;
  return fs::equivalent(fs::u8path(a), fs::u8path(b), problem) && !problem;
}

}  // namespace limpid
