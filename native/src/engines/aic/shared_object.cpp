#include "engines/aic/shared_object.h"

#if defined(_WIN32)
#include <windows.h>

#include <filesystem>
#include <system_error>
#else
#include <dlfcn.h>

#include <fstream>
#endif

namespace limpid {

#if defined(_WIN32)

void* openSharedObject(const std::string& path, std::string* reason) {
  // What lies beside the library may belong to it; neither the current folder nor PATH is searched.
  const std::filesystem::path file = std::filesystem::u8path(path);
  const DWORD beside = file.is_absolute() ? LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR : 0;
  // No dialogue when it does not fit.
  DWORD errorMode = 0;
  SetThreadErrorMode(SEM_FAILCRITICALERRORS, &errorMode);
  const HMODULE module = LoadLibraryExW(file.c_str(), nullptr, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | beside);
  const DWORD code = GetLastError();
  SetThreadErrorMode(errorMode, nullptr);
  if (module == nullptr) {
    *reason = path + ": " + std::system_category().message(static_cast<int>(code));
  }
  return module;
}

void closeSharedObject(void* handle) {
  FreeLibrary(static_cast<HMODULE>(handle));
}

void* findSymbol(void* handle, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle), name));
}

std::string pathOfSymbol(void* symbol) {
  constexpr DWORD kFlags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  HMODULE module = nullptr;
  wchar_t path[32768];
  if (!GetModuleHandleExW(kFlags, static_cast<LPCWSTR>(symbol), &module)) return "";
  const DWORD length = GetModuleFileNameW(module, path, static_cast<DWORD>(std::size(path)));
  return std::filesystem::path(path, path + length).u8string();
}

#else

#if defined(__linux__)
namespace {
/** What an ELF file says it was built for; −1 where it is none. */
int machineOf(const std::string& path) {
  constexpr std::size_t kMachineAt = 18;
  char header[kMachineAt + 2] = {};
  std::ifstream file(path, std::ios::binary);
  const bool isElf = file.read(header, sizeof header) && std::string(header, 4) == "\177ELF";
  return isElf
             ? static_cast<unsigned char>(header[kMachineAt]) | static_cast<unsigned char>(header[kMachineAt + 1]) << 8
             : -1;
}
}  // namespace
#endif

void* openSharedObject(const std::string& path, std::string* reason) {
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* const text = dlerror();
    *reason = text != nullptr ? text : path;
#if defined(__linux__)
    // The loader passes over a library for another processor and then says that there is no such file.
    const int machine = machineOf(path);
    if (machine >= 0 && machine != machineOf("/proc/self/exe")) *reason = path + ": built for another processor";
#endif
  }
  return handle;
}

void closeSharedObject(void* handle) {
  dlclose(handle);
}

void* findSymbol(void* handle, const char* name) {
  return dlsym(handle, name);
}

std::string pathOfSymbol(void* symbol) {
  Dl_info info;
  const bool isKnown = dladdr(symbol, &info) != 0 && info.dli_fname != nullptr;
  return isKnown ? info.dli_fname : "";
}

#endif

}  // namespace limpid
