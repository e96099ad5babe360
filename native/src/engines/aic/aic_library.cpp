#include "engines/aic/aic_library.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>
#include <vector>

#include "engines/aic/shared_object.h"

namespace limpid {

namespace fs = std::filesystem;

namespace {
#if defined(_WIN32)
const char* const kFileName = "aic.dll";
#elif defined(__APPLE__)
const char* const kFileName = "libaic.dylib";
#else
const char* const kFileName = "libaic.so";
#endif

/** The file that `path` means, absolute, so that the loader does not search for it; empty where there is none. */
std::string findFile(const std::string& path) {
  std::error_code ignored;
  const fs::path given = fs::absolute(fs::u8path(path), ignored);
  // The vendor's archives keep it in a folder `lib`.
  for (const fs::path& file : {given, given / kFileName, given / "lib" / kFileName}) {
    if (fs::exists(file, ignored) && !fs::is_directory(file, ignored)) return file.u8string();
  }
  return "";
}
}  // namespace

const AicLibrary* AicLibrary::open(const std::string& path, NativeError* error) {
  // Never destroyed: a call of the library may still be under way on a thread when the process ends.
  static auto& mutex = *new std::mutex();
  static auto& libraries = *new std::map<std::string, std::unique_ptr<AicLibrary>>();  // by file; empty: the loader's
  const std::lock_guard<std::mutex> lock(mutex);

  const std::string file = path.empty() ? "" : findFile(path);
  if (file.empty() && !path.empty()) {
    *error = {"aic.library-missing", path};
    return nullptr;
  }
  if (const auto known = libraries.find(file); known != libraries.end()) return known->second.get();

  std::string reason;
  void* const handle = openSharedObject(file.empty() ? kFileName : file, &reason);
  if (handle == nullptr) {
    *error = {file.empty() ? "aic.library-missing" : "aic.library-unloadable", reason};
    return nullptr;
  }
  std::unique_ptr<AicLibrary> library(new AicLibrary());
  *error = library->resolve(handle);
  if (*error) {
    // It has done nothing yet. Closed, so that one that takes its place is seen.
    closeSharedObject(handle);
    return nullptr;
  }
  library->path_ = file.empty() ? pathOfSymbol(reinterpret_cast<void*>(library->functions_.get_sdk_version)) : file;
  if (library->path_.empty()) library->path_ = kFileName;
  return libraries.emplace(file, std::move(library)).first->second.get();
}

NativeError AicLibrary::resolve(void* handle) {
  std::string missing;
  const auto find = [handle, &missing](auto& function, const char* name) {
    void* const symbol = findSymbol(handle, name);
    function = reinterpret_cast<std::decay_t<decltype(function)>>(symbol);
    if (symbol == nullptr && missing.empty()) missing = name;
    return symbol != nullptr;
  };
  aic::Functions& f = functions_;
  sdkVersion_ = "without a version";
  if (find(f.get_sdk_version, "aic_get_sdk_version")) {
    const char* const version = f.get_sdk_version();
    if (version != nullptr) sdkVersion_ = version;
    if (!find(f.processor_process, "aic_processor_process")) return {"aic.library-too-old", sdkVersion_};
  }
  find(f.processor_process, "aic_processor_process");
  find(f.get_compatible_model_version, "aic_get_compatible_model_version");
  find(f.model_create_from_file, "aic_model_create_from_file");
  find(f.model_destroy, "aic_model_destroy");
  find(f.model_get_id, "aic_model_get_id");
  find(f.model_get_optimal_sample_rate, "aic_model_get_optimal_sample_rate");
  find(f.model_get_optimal_block_size, "aic_model_get_optimal_block_size");
  find(f.processor_create, "aic_processor_create");
  find(f.processor_initialize, "aic_processor_initialize");
  find(f.processor_terminate_session, "aic_processor_terminate_session");
  find(f.processor_destroy, "aic_processor_destroy");
  find(f.processor_context_create, "aic_processor_context_create");
  find(f.processor_context_destroy, "aic_processor_context_destroy");
  find(f.processor_context_reset, "aic_processor_context_reset");
  find(f.processor_context_set_parameter, "aic_processor_context_set_parameter");
  find(f.processor_context_get_audio_delay, "aic_processor_context_get_audio_delay");
  find(f.processor_context_update_bearer_token, "aic_processor_context_update_bearer_token");
  find(f.vad_create, "aic_vad_create");
  find(f.vad_initialize, "aic_vad_initialize");
  find(f.vad_process, "aic_vad_process");
  find(f.vad_terminate_session, "aic_vad_terminate_session");
  find(f.vad_destroy, "aic_vad_destroy");
  find(f.vad_context_create, "aic_vad_context_create");
  find(f.vad_context_destroy, "aic_vad_context_destroy");
  find(f.vad_context_reset, "aic_vad_context_reset");
  find(f.vad_context_update_bearer_token, "aic_vad_context_update_bearer_token");
  find(f.vad_context_get_raw_vad_probability, "aic_vad_context_get_raw_vad_probability");
  if (missing.empty()) return {};
  return {"aic.library-incomplete", sdkVersion_ + " lacks " + missing};
}

}  // namespace limpid
