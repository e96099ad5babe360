#pragma once

#include <cstddef>

namespace limpid::test {

/** True where allocations are counted: glibc, without a sanitizer (which has its own allocator). */
bool countsAllocations();

/** Counts what the current thread takes from the heap or gives back, by whichever function, while it lives. Not nested.
 */
class AllocationCount {
 public:
  AllocationCount();
  ~AllocationCount();
  AllocationCount(const AllocationCount&) = delete;
  AllocationCount& operator=(const AllocationCount&) = delete;

  std::size_t seen() const;
};

}  // namespace limpid::test
