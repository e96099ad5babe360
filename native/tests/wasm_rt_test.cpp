#include <doctest/doctest.h>

#include <cstdint>
#include <thread>
#include <vector>

#include "engines/wasm_rt/wasm-rt.h"

namespace {

void trapWith(void* code) {
  wasm_rt_trap(*static_cast<wasm_rt_trap_t*>(code));
}

void returnNormally(void* flag) {
  *static_cast<bool*>(flag) = true;
}

wasm_rt_trap_t tryTrap(wasm_rt_trap_t code) {
  return wasm_rt_try(trapWith, &code);
}

struct Nested {
  wasm_rt_trap_t inner = WASM_RT_TRAP_NONE;
};

void trapInsideAndThenOutside(void* argument) {
  static_cast<Nested*>(argument)->inner = tryTrap(WASM_RT_TRAP_DIV_BY_ZERO);
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

struct Allocation {
  wasm_rt_memory_t* memory;
  std::uint64_t pages;
};

void allocate(void* argument) {
  const auto* const allocation = static_cast<Allocation*>(argument);
  wasm_rt_allocate_memory(allocation->memory, allocation->pages, 4, false, 65536);
}

}  // namespace

TEST_CASE("wasm runtime: a trap returns its code to the innermost try") {
  CHECK(tryTrap(WASM_RT_TRAP_OOB) == WASM_RT_TRAP_OOB);
  Nested nested;
  CHECK(wasm_rt_try(trapInsideAndThenOutside, &nested) == WASM_RT_TRAP_UNREACHABLE);
  CHECK(nested.inner == WASM_RT_TRAP_DIV_BY_ZERO);
}

TEST_CASE("wasm runtime: without a trap the call runs to its end") {
  bool ran = false;
  CHECK(wasm_rt_try(returnNormally, &ran) == WASM_RT_TRAP_NONE);
  CHECK(ran);
}

TEST_CASE("wasm runtime: traps of two threads do not meet") {
  const auto work = [](wasm_rt_trap_t code, int* wrong) {
    for (int i = 0; i < 10000; i++) *wrong += tryTrap(code) != code;
  };
  int wrongHere = 0;
  int wrongThere = 0;
  std::thread other(work, WASM_RT_TRAP_OOB, &wrongThere);
  work(WASM_RT_TRAP_UNREACHABLE, &wrongHere);
  other.join();
  CHECK(wrongHere == 0);
  CHECK(wrongThere == 0);
}

TEST_CASE("wasm runtime: memory begins as zeros, grows in place up to its maximum, and may be freed twice") {
  wasm_rt_memory_t memory{};
  Allocation allocation{&memory, 2};
  REQUIRE(wasm_rt_try(allocate, &allocation) == WASM_RT_TRAP_NONE);
  REQUIRE(memory.size == 2 * 65536);
  for (std::size_t i = 0; i < memory.size; i++) REQUIRE(memory.data[i] == 0);
  std::uint8_t* const before = memory.data;
  memory.data[memory.size - 1] = 42;

  CHECK(wasm_rt_grow_memory(&memory, 1) == 2);
  CHECK(memory.pages == 3);
  CHECK(memory.size == 3 * 65536);
  if (WASM_RT_MEMCHECK_GUARD_PAGES) CHECK(memory.data == before);
  CHECK(memory.data[2 * 65536 - 1] == 42);
  memory.data[memory.size - 1] = 1;

  CHECK(wasm_rt_grow_memory(&memory, 2) == UINT64_MAX);
  CHECK(memory.pages == 3);
  CHECK(wasm_rt_grow_memory(&memory, 0) == 3);

  wasm_rt_free_memory(&memory);
  CHECK(memory.data == nullptr);
  wasm_rt_free_memory(&memory);
}

TEST_CASE("wasm runtime: many memories live side by side") {
  std::vector<wasm_rt_memory_t> memories(16);
  for (std::size_t i = 0; i < memories.size(); i++) {
    Allocation allocation{&memories[i], 1};
    REQUIRE(wasm_rt_try(allocate, &allocation) == WASM_RT_TRAP_NONE);
    memories[i].data[100] = static_cast<std::uint8_t>(i + 1);
  }
  for (std::size_t i = 0; i < memories.size(); i++) CHECK(memories[i].data[100] == i + 1);
  for (wasm_rt_memory_t& memory : memories) wasm_rt_free_memory(&memory);
}
