#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "loop/live_path.h"
#include "signals.h"

// Sanitizers bring an allocator of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {
thread_local bool watching = false;
std::atomic<int> allocations{0};

void* counted(std::size_t bytes) {
  if (watching) ++allocations;
  if (void* const memory = std::malloc(bytes > 0 ? bytes : 1)) return memory;
  throw std::bad_alloc();
}
}  // namespace

[[gnu::noinline]] void* operator new(std::size_t bytes) {
  return counted(bytes);
}
[[gnu::noinline]] void* operator new[](std::size_t bytes) {
  return counted(bytes);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  if (watching && memory) ++allocations;
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  operator delete(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  operator delete(memory);
}

using limpid::createEngine;
using limpid::LivePath;
using limpid::Pipeline;
using namespace limpid::test;

TEST_CASE("the counter sees an allocation") {
  allocations = 0;
  watching = true;
  auto* const volatile number = new int(1);
  watching = false;
  delete number;
  CHECK(allocations == 1);
}

TEST_CASE("nothing is allocated or freed on the audio threads: running, switching, failing, starving, leaping") {
  for (const double rate : {48000.0, 44100.0}) {
    std::string error;
    auto pipeline = Pipeline::create({createEngine("gtcrn")}, rate, 0, &error);
    REQUIRE(pipeline);
    LivePath path(std::move(pipeline), {rate, 48000, 256, 256});
    std::vector<float> input = noise(1, 0.2, 256);
    input[7] = std::numeric_limits<float>::quiet_NaN();
    std::vector<float> output(256);
    allocations = 0;
    for (int i = 0; i < 1500; ++i) {
      if (i % 200 == 100)
        REQUIRE(path.pipeline().switchEngine({createEngine(i % 400 == 100 ? "bypass" : "gtcrn")}, &error));
      if (i % 50 == 0) path.pipeline().setBypass(i % 100 == 0);
      if (i % 30 == 0) path.pipeline().setLevel(static_cast<float>(i % 7) / 7);
      const double now = 1000 + i * 256 / rate;
      watching = true;
      const bool starved = i > 800 && i < 820;
      if (!starved) path.capture(input.data(), input.size(), now);
      const bool piledUp = i > 600 && i < 640;
      if (!piledUp) path.playback(output.data(), output.size(), now);
      watching = false;
      path.pipeline().collect();
      while (path.analysis().read(output.data(), output.size()) > 0) continue;
    }
    CHECK(allocations == 0);
    CHECK(path.counts().underruns > 0);
    CHECK(path.counts().droppedFrames > 0);
  }
}

#endif
