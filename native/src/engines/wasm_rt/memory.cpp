#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "engines/wasm_rt/wasm-rt.h"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace {

#if WASM_RT_MEMCHECK_GUARD_PAGES

// A 32-bit address plus a 32-bit offset plus the widest access, rounded up to a page.
constexpr std::size_t kReservedBytes = (std::size_t{8} << 30) + 65536;

#if defined(_WIN32)

std::uint8_t* reserve() {
  return static_cast<std::uint8_t*>(VirtualAlloc(nullptr, kReservedBytes, MEM_RESERVE, PAGE_NOACCESS));
}
bool makeUsable(std::uint8_t* from, std::size_t bytes) {
  return VirtualAlloc(from, bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr;
}
void release(std::uint8_t* data) {
  VirtualFree(data, 0, MEM_RELEASE);
}

#else

#if !defined(MAP_NORESERVE)
#define MAP_NORESERVE 0
#endif

std::uint8_t* reserve() {
  void* const data = mmap(nullptr, kReservedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return data == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(data);
}
bool makeUsable(std::uint8_t* from, std::size_t bytes) {
  return mprotect(from, bytes, PROT_READ | PROT_WRITE) == 0;
}
void release(std::uint8_t* data) {
  munmap(data, kReservedBytes);
}

#endif

std::uint8_t* allocate(std::size_t bytes) {
  std::uint8_t* const data = reserve();
  if (data == nullptr) return nullptr;
  if (makeUsable(data, bytes)) return data;
  release(data);
  return nullptr;
}

std::uint8_t* extend(std::uint8_t* data, std::size_t oldBytes, std::size_t newBytes) {
  return makeUsable(data + oldBytes, newBytes - oldBytes) ? data : nullptr;
}

#else

std::uint8_t* allocate(std::size_t bytes) {
  return static_cast<std::uint8_t*>(std::calloc(bytes, 1));
}
void release(std::uint8_t* data) {
  std::free(data);
}
std::uint8_t* extend(std::uint8_t* data, std::size_t oldBytes, std::size_t newBytes) {
  auto* const larger = static_cast<std::uint8_t*>(std::realloc(data, newBytes));
  if (larger != nullptr) std::memset(larger + oldBytes, 0, newBytes - oldBytes);
  return larger;
}

#endif

}  // namespace

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t initialPages, uint64_t maxPages, bool is64,
                             uint32_t pageSize) {
  const uint64_t bytes = initialPages * pageSize;
  *memory = wasm_rt_memory_t{};
  std::uint8_t* const data = allocate(static_cast<std::size_t>(bytes));
  if (data == nullptr) wasm_rt_trap(WASM_RT_TRAP_NO_MEMORY);
  *memory = wasm_rt_memory_t{data, initialPages, maxPages, bytes, is64, pageSize};
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint64_t pages) {
  const uint64_t oldPages = memory->pages;
  if (pages == 0) return oldPages;
  if (pages > memory->max_pages - oldPages) return UINT64_MAX;
  const uint64_t newBytes = (oldPages + pages) * memory->page_size;
  std::uint8_t* const data =
      extend(memory->data, static_cast<std::size_t>(memory->size), static_cast<std::size_t>(newBytes));
  if (data == nullptr) return UINT64_MAX;
  memory->data = data;
  memory->pages = oldPages + pages;
  memory->size = newBytes;
  return oldPages;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory) {
  if (memory->data != nullptr) release(memory->data);
  *memory = wasm_rt_memory_t{};
}
