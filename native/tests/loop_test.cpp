#include "loop/loop.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "eventually.h"
#include "files/wav_reader.h"

using limpid::DeviceSpec;
using limpid::LoadHistogram;
using limpid::Loop;
using limpid::LoopNumbers;
using limpid::LoopOptions;
using limpid::LoopState;
using limpid::NativeError;
using limpid::RecentLoad;
using limpid::test::eventually;

namespace {
LoopOptions timerOptions(const char* engine) {
  LoopOptions options;
  options.choice.engine = engine;
  return options;
}

std::string temporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "limpid-loop-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()));
  return pattern;
}
}  // namespace

TEST_CASE("the timer device runs the real loop, changes engines and stops") {
  Loop loop;
  CHECK(loop.numbers().state == LoopState::idle);
  REQUIRE_FALSE(loop.start(timerOptions("gtcrn")));
  CHECK(loop.numbers().state == LoopState::running);
  CHECK(loop.numbers().modelLoads == 1);
  CHECK(eventually([&] { return loop.numbers().pipeline.blocksEnhanced > 20; }));
  const double engineMs = loop.numbers().engineMs;
  CHECK(engineMs == doctest::Approx((890 + 512) / 48.0));
  REQUIRE_FALSE(loop.setEngine({"bypass"}));
  loop.setLevel(0.5f);
  loop.setBypass(true);
  CHECK(eventually([&] { return loop.numbers().pipeline.blocksBypassed > 20; }));
  CHECK(loop.numbers().engine == "bypass");
  CHECK(loop.numbers().engineMs == engineMs);
  CHECK(loop.numbers().recentLoadP99 > 0);
  CHECK(loop.spectra());
  loop.stop();
  CHECK(loop.numbers().state == LoopState::idle);
  CHECK_FALSE(loop.spectra());
  loop.stop();
}

TEST_CASE("an unknown engine, a mixed pair of devices and a missing file are refused with their code") {
  Loop loop;
  CHECK(loop.start(timerOptions("nonsense")).code == "engine.unknown");
  CHECK(loop.numbers().state == LoopState::failed);
  LoopOptions mixed = timerOptions("bypass");
  mixed.streams.output.kind = DeviceSpec::Kind::portAudio;
  CHECK(loop.start(mixed).code == "argument");
  LoopOptions missing = timerOptions("bypass");
  missing.streams.input.wavPath = "/nonexistent/voice.wav";
  CHECK(loop.start(missing).code == "file.not-found");
  CHECK(loop.setEngine({"nonsense"}).code == "engine.unknown");
  CHECK(loop.startRecording("/tmp").code == "argument");
}

TEST_CASE("a recording has both tracks, of one length") {
  const std::string folder = temporaryFolder();
  Loop loop;
  REQUIRE_FALSE(loop.start(timerOptions("gtcrn")));
  REQUIRE_FALSE(loop.startRecording(folder));
  CHECK(eventually([&] { return loop.numbers().recordedSeconds > 0.5; }));
  loop.stopRecording();
  CHECK_FALSE(loop.numbers().recording);
  loop.stop();
  limpid::NativeError error;
  const auto original = limpid::WavReader::open(folder + "/original.wav", &error);
  const auto enhanced = limpid::WavReader::open(folder + "/enhanced.wav", &error);
  REQUIRE(original);
  REQUIRE(enhanced);
  CHECK(original->frames() == enhanced->frames());
  CHECK(original->frames() > 24000);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a restart by the watchdog ends the recording, also when the streams come back in the same shape") {
  const std::string folder = temporaryFolder();
  Loop loop;
  LoopOptions options = timerOptions("bypass");
  options.streams.periodFrames = 3 * 48000;  // delivers too seldom for the watchdog
  REQUIRE_FALSE(loop.start(options));
  REQUIRE_FALSE(loop.startRecording(folder));
  CHECK(loop.numbers().recording);
  REQUIRE(eventually([&] { return loop.numbers().restarts == 1; }));
  // Else the outage would be cut out of it without a word.
  CHECK_FALSE(loop.numbers().recording);
  CHECK_FALSE(loop.stopRecording());
  limpid::NativeError error;
  CHECK(limpid::WavReader::open(folder + "/original.wav", &error));
  REQUIRE(std::filesystem::create_directory(folder + "/take-2"));
  CHECK_FALSE(loop.startRecording(folder + "/take-2"));
  CHECK(loop.numbers().recording);
  loop.stop();
  std::filesystem::remove_all(folder);
}

TEST_CASE("everything may be called from several threads at once") {
  Loop loop;
  REQUIRE_FALSE(loop.start(timerOptions("bypass")));
  std::atomic<bool> running{true};
  std::thread reader([&] {
    while (running) {
      loop.numbers();
      loop.spectra();
      loop.setLevel(0.3f);
      loop.unmute();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int i = 0; i < 6; ++i) {
    CHECK_FALSE(loop.setEngine({i % 2 ? "bypass" : "gtcrn"}));
    if (i == 3) loop.stop();
    if (i == 4) CHECK_FALSE(loop.start(timerOptions("gtcrn")));
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  running = false;
  reader.join();
}

TEST_CASE("a device that does not exist is refused, and the process lives") {
  Loop loop;
  LoopOptions options = timerOptions("bypass");
  options.streams.input = {DeviceSpec::Kind::portAudio, "no such device", "ALSA", ""};
  options.streams.output = options.streams.input;
  const NativeError error = loop.start(options);
  CHECK((error.code == "device.unknown" || error.code == "device.none"));
}

TEST_CASE("the recent load is of the last second, the other of all time") {
  LoadHistogram load;
  RecentLoad recent;
  double now = 100;
  CHECK(recent.p99(load) == 0);
  const auto second = [&](double busy) {
    for (int step = 0; step < 50; ++step) {
      load.add(busy);
      recent.look(now += 0.02, load);
    }
    return recent.p99(load);
  };
  CHECK(second(0.9) == doctest::Approx(0.9));
  second(0.1);
  CHECK(second(0.1) == doctest::Approx(0.11));
  CHECK(load.percentile(0.99) == doctest::Approx(0.9));
  CHECK(second(0.5) == doctest::Approx(0.51));
  CHECK(second(1.7) == doctest::Approx(1.7));
}
