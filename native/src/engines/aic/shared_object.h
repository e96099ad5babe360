#pragma once

#include <string>

namespace limpid {

/** Opens a shared library by its absolute path, or by its bare name through the system's search. Null and the loader's
 * own text where that fails. Paths and text are UTF-8. */
void* openSharedObject(const std::string& path, std::string* reason);
void closeSharedObject(void* handle);
/** Null where there is none. */
void* findSymbol(void* handle, const char* name);
/** The file that a function came from; empty where the system does not say. */
std::string pathOfSymbol(void* symbol);

}  // namespace limpid
