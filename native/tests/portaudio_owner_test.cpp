#include "loop/portaudio_owner.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using limpid::NativeError;
using limpid::PortAudioDeviceInfo;
using limpid::PortAudioOwner;

namespace {
/** An abandoned call of another test may need a moment to be over. */
bool eventuallyRenews(std::vector<PortAudioDeviceInfo>* devices) {
  for (int i = 0; i < 500; ++i) {
    if (!PortAudioOwner::instance().list(true, devices)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}
}  // namespace

TEST_CASE("a call that hangs is reported and abandoned, and the next one is served") {
  auto release = std::make_shared<std::atomic<bool>>(false);
  auto undone = std::make_shared<std::atomic<bool>>(false);
  const NativeError error = PortAudioOwner::instance().run(
      [release] {
        while (!*release) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return NativeError{};
      },
      [undone] { *undone = true; });
  CHECK(error.code == "device.hung");
  CHECK_FALSE(PortAudioOwner::instance().run([] { return NativeError{}; }));
  std::vector<PortAudioDeviceInfo> devices;
  CHECK(PortAudioOwner::instance().list(true, &devices).code == "device.busy");
  *release = true;
  while (!*undone) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST_CASE("all calls come from one thread, whoever asks") {
  std::thread::id first;
  REQUIRE_FALSE(PortAudioOwner::instance().run([&] {
    first = std::this_thread::get_id();
    return NativeError{};
  }));
  std::vector<std::thread> callers;
  std::atomic<int> strangers{0};
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      PortAudioOwner::instance().run([&] {
        strangers += std::this_thread::get_id() != first;
        return NativeError{};
      });
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(strangers == 0);
}

TEST_CASE("the list can be read and renewed; while a stream is open it cannot be renewed") {
  std::vector<PortAudioDeviceInfo> devices;
  CHECK_FALSE(PortAudioOwner::instance().list(false, &devices));
  CHECK(eventuallyRenews(&devices));
  PortAudioOwner::instance().streamOpened();
  CHECK(PortAudioOwner::instance().list(true, &devices).code == "device.busy");
  PortAudioOwner::instance().streamClosed();
}
