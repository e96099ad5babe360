#include "allocations.h"

#include <cstdlib>

namespace {

thread_local bool counting = false;
thread_local std::size_t allocations = 0;

}  // namespace

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LIMPID_COUNTS_ALLOCATIONS 1

extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

// `operator new` and `delete` end in these too.

void* malloc(std::size_t bytes) {
  allocations += counting;
  return __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) {
  allocations += counting;
  return __libc_calloc(count, bytes);
}

void* realloc(void* block, std::size_t bytes) {
  allocations += counting;
  return __libc_realloc(block, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  allocations += counting;
  return __libc_memalign(alignment, bytes);
}

void free(void* block) {
  allocations += counting && block != nullptr;
  __libc_free(block);
}

}  // extern "C"

#else
#define LIMPID_COUNTS_ALLOCATIONS 0
#endif

namespace limpid::test {

bool countsAllocations() {
  return LIMPID_COUNTS_ALLOCATIONS != 0;
}

AllocationCount::AllocationCount() {
  allocations = 0;
  counting = true;
}

AllocationCount::~AllocationCount() {
  counting = false;
}

std::size_t AllocationCount::seen() const {
  return allocations;
}

}  // namespace limpid::test
