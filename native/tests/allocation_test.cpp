#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "fake_engines.h"
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

TEST_CASE(
    "nothing is allocated or freed on the audio thread: giving way to a fallback, resting, probing, coming back") {
  for (const double rate : {48000.0, 44100.0}) {
    std::string error;
    auto engine = std::make_unique<BlockableEngine>(0.5f, 480, 960);
    BlockableEngine& raw = *engine;
    auto pipeline = Pipeline::create({std::move(engine), createEngine("gtcrn")}, rate, 0, &error);
    REQUIRE(pipeline);
    std::vector<float> samples = noise(1, 0.2, 256);
    std::vector<float> output(256);
    int fades = 0;
    limpid::Heard heard = pipeline->heard();
    const int calls = static_cast<int>(50 * rate / 256);
    allocations = 0;
    for (int i = 0; i < calls; ++i) {
      const double seconds = i * 256 / rate;
      raw.refuses = (seconds > 1 && seconds < 2) || (seconds > 8 && seconds < 20);
      pipeline->allowShadow(seconds < 10);
      watching = true;
      pipeline->process(samples.data(), output.data(), output.size());
      watching = false;
      fades += pipeline->heard() != heard;
      heard = pipeline->heard();
    }
    CHECK(allocations == 0);
    CHECK(fades == 6);  // dry, fallback, engine, and once more
    CHECK(raw.resets >= 3);
  }
}

#endif
