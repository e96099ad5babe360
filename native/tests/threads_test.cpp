#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/ring.h"
#include "fake_engines.h"
#include "loop/device.h"
#include "loop/live_path.h"
#include "signals.h"

using limpid::createEngine;
using limpid::LivePath;
using limpid::Pipeline;
using limpid::Ring;
using namespace limpid::test;

TEST_CASE("a ring between two threads loses and doubles nothing") {
  Ring ring(1000);
  constexpr std::size_t kFrames = 300000;
  std::thread producer([&] {
    float next = 0;
    float block[77];
    std::size_t sent = 0;
    while (sent < kFrames) {
      for (std::size_t i = 0; i < 77; ++i) block[i] = next + static_cast<float>(i);
      const std::size_t written = ring.write(block, std::min<std::size_t>(77, kFrames - sent));
      next += static_cast<float>(written);
      sent += written;
      if (written == 0) std::this_thread::yield();
    }
  });
  std::size_t received = 0;
  std::size_t wrong = 0;
  float block[113];
  while (received < kFrames) {
    const std::size_t got = ring.read(block, 113);
    for (std::size_t i = 0; i < got; ++i) wrong += block[i] != static_cast<float>(received + i);
    received += got;
    if (got == 0) std::this_thread::yield();
  }
  producer.join();
  CHECK(wrong == 0);
}

namespace {
limpid::EngineSet nextSet(bool refused) {
  if (!refused) return {createEngine("gtcrn"), createEngine("bypass")};
  auto engine = std::make_unique<limpid::test::BlockableEngine>(0.5f, 480, 960);
  engine->refuses = true;
  return {std::move(engine), createEngine("gtcrn")};
}
}  // namespace

TEST_CASE("capture, playback and control run at the same time") {
  std::string error;
  auto pipeline = Pipeline::create({createEngine("bypass")}, 48000, 256, &error);
  REQUIRE(pipeline);
  LivePath path(std::move(pipeline), {});
  std::atomic<bool> running{true};
  std::thread capture([&] {
    const std::vector<float> input = noise(1, 0.3, 256);
    for (int i = 0; i < 1500; ++i) {
      path.capture(input.data(), input.size(), limpid::nowSeconds());
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
    running = false;
  });
  std::thread playback([&] {
    std::vector<float> output(256);
    while (running) {
      path.playback(output.data(), output.size(), limpid::nowSeconds());
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
  });
  std::vector<float> pairs(4096);
  int changes = 0;
  bool seen = false;
  while (running) {
    path.pipeline().collect();
    path.pipeline().setLevel(static_cast<float>(changes % 5) / 4);
    path.pipeline().setBypass(changes % 3 == 0);
    path.pipeline().allowShadow(changes % 4 == 0);
    path.pipeline().engineBlocked();
    path.pipeline().vendorCode();
    path.pipeline().speechProbability();
    seen = seen || path.pipeline().heard() == limpid::Heard::fallback;
    path.mute(changes % 7 == 0);
    if (++changes % 10 == 0) CHECK(path.pipeline().switchEngine(nextSet(changes % 20 == 0), &error));
    while (path.analysis().read(pairs.data(), pairs.size()) > 0) continue;
    path.counts();
    path.load().percentile(0.99);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  capture.join();
  playback.join();
  CHECK(seen);
  CHECK(path.pipeline().counts().blocksEnhanced + path.pipeline().counts().blocksBypassed == 1500);
}
