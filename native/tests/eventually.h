#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace limpid::test {

/** Waits for a condition instead of a time; the limit only ends a test that would hang. */
inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace limpid::test
