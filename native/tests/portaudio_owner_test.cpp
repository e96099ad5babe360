#include "loop/portaudio_owner.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using limpid::LoopError;
using limpid::PortAudioDeviceInfo;
using limpid::PortAudioOwner;

TEST_CASE("a call that hangs is reported and abandoned, and the next one is served") {
  auto release = std::make_shared<std::atomic<bool>>(false);
  const LoopError error = PortAudioOwner::instance().run([release] {
    while (!*release) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return LoopError{};
  });
  CHECK(error.code == "device.hung");
  CHECK_FALSE(PortAudioOwner::instance().run([] { return LoopError{}; }));
  *release = true;
}

TEST_CASE("all calls come from one thread, whoever asks") {
  std::thread::id first;
  REQUIRE_FALSE(PortAudioOwner::instance().run([&] {
    first = std::this_thread::get_id();
    return LoopError{};
  }));
  std::vector<std::thread> callers;
  std::atomic<int> strangers{0};
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      PortAudioOwner::instance().run([&] {
        strangers += std::this_thread::get_id() != first;
        return LoopError{};
      });
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(strangers == 0);
}

TEST_CASE("the list can be read and renewed; while a stream is open it cannot be renewed") {
  std::vector<PortAudioDeviceInfo> devices;
  CHECK_FALSE(PortAudioOwner::instance().list(false, &devices));
  CHECK_FALSE(PortAudioOwner::instance().list(true, &devices));
  PortAudioOwner::instance().streamOpened();
  CHECK(PortAudioOwner::instance().list(true, &devices).code == "device.busy");
  PortAudioOwner::instance().streamClosed();
}
