#include "loop/live_path.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "fake_engines.h"
#include "loop/watchdog.h"
#include "signals.h"
#include "simulation.h"

using limpid::createEngine;
using limpid::LivePath;
using limpid::Pipeline;
using limpid::StreamShape;
using limpid::Watchdog;
using namespace limpid::test;

namespace {
std::unique_ptr<LivePath> makePath(const StreamShape& shape, const char* engine = "bypass") {
  std::string error;
  auto pipeline = Pipeline::create({createEngine(engine)}, shape.inputRate, shape.inputPeriodFrames, &error);
  REQUIRE_MESSAGE(pipeline, error);
  return std::make_unique<LivePath>(std::move(pipeline), shape);
}

/** Takes all the output of a simulation whose source is a sine. */
struct Listener {
  std::vector<float> heard;
  void attach(Simulation& simulation, double rate, double hertz) {
    simulation.source = [rate, hertz](std::uint64_t frame) {
      return static_cast<float>(0.5 * std::sin(2 * kPi * hertz * static_cast<double>(frame) / rate));
    };
    simulation.sink = [this](const float* samples, std::size_t frames, double) {
      heard.insert(heard.end(), samples, samples + frames);
    };
  }
};
}  // namespace

TEST_CASE("equal clocks: every sample arrives unchanged") {
  auto path = makePath({});
  Simulation simulation(*path);
  Listener listener;
  listener.attach(simulation, 48000, 1000);
  simulation.runUntil(4);
  CHECK(path->counts().underruns == 0);
  CHECK(path->counts().droppedFrames == 0);
  CHECK(residualDb(listener.heard.data() + 96000, 48000, 48000, 1000) < -60);
}

TEST_CASE("callbacks half a period late cause neither gaps nor leaps, at any pair of rates and periods") {
  const StreamShape shapes[] = {{48000, 48000, 256, 256}, {48000, 48000, 480, 480}, {44100, 48000, 441, 480},
                                {48000, 44100, 480, 441}, {16000, 48000, 160, 480}, {48000, 16000, 128, 64},
                                {48000, 48000, 128, 512}, {48000, 48000, 512, 128}, {192000, 44100, 1024, 256}};
  for (const StreamShape& shape : shapes) {
    CAPTURE(shape.inputRate);
    CAPTURE(shape.outputRate);
    CAPTURE(shape.inputPeriodFrames);
    auto path = makePath(shape);
    Simulation simulation(*path);
    simulation.jitterPeriods = 0.5;
    simulation.capturePpm = 100;
    simulation.playbackPpm = -100;
    Listener listener;
    listener.attach(simulation, shape.inputRate, 500);
    simulation.runUntil(20);
    CHECK(path->counts().underruns == 0);
    CHECK(path->counts().droppedFrames == 0);
    const std::size_t second = static_cast<std::size_t>(shape.outputRate);
    CHECK(largestStep(listener.heard.data() + 2 * second, 17 * second) < 1.1 * 0.5 * 2 * kPi * 500 / shape.outputRate);
  }
}

TEST_CASE("after a stall the delay is what it was before, at once") {
  auto path = makePath({});
  Simulation simulation(*path);
  simulation.stalls = {{5, 0.4}, {10, 2}};
  simulation.runUntil(4.9);
  const double before = static_cast<double>(path->ringFill());
  simulation.runUntil(6);
  CHECK(std::abs(static_cast<double>(path->ringFill()) - before) < 300);
  simulation.runUntil(12.6);
  CHECK(std::abs(static_cast<double>(path->ringFill()) - before) < 300);
  CHECK(path->counts().droppedFrames > 48000);
}

TEST_CASE("a backlog is leapt over without a click") {
  auto path = makePath({});
  Simulation simulation(*path);
  simulation.stalls = {{3, 0.2}};
  simulation.deviceBufferSeconds = 0.02;
  Listener listener;
  listener.attach(simulation, 48000, 300);
  simulation.runUntil(5);
  CHECK(path->counts().droppedFrames > 4800);
  CHECK(largestStep(listener.heard.data(), listener.heard.size()) < 1.6 * 0.5 * 2 * kPi * 300 / 48000);
}

TEST_CASE("muting fades out, unmuting fades in") {
  auto path = makePath({});
  Simulation simulation(*path);
  Listener listener;
  listener.attach(simulation, 48000, 300);
  simulation.runUntil(1);
  path->mute(true);
  simulation.runUntil(2);
  const std::size_t mutedFrom = listener.heard.size() - 24000;
  CHECK(energyOf(listener.heard.data() + mutedFrom, 24000) == 0);
  path->mute(false);
  simulation.runUntil(3);
  CHECK(energyOf(listener.heard.data() + listener.heard.size() - 24000, 24000) > 2000);
  CHECK(largestStep(listener.heard.data(), listener.heard.size()) < 1.2 * 0.5 * 2 * kPi * 300 / 48000);
}

TEST_CASE("a re-armed path primes anew and keeps its engine") {
  auto path = makePath({}, "gtcrn");
  Simulation simulation(*path);
  simulation.runUntil(2);
  path->rearm();
  CHECK(path->ringFill() == 0);
  simulation.runUntil(4);
  CHECK(path->ringFill() > 0);
}

TEST_CASE("watchdog: stalled after 500 ms, restart after 2.5 s, then 2, 4, 8, 8 seconds") {
  Watchdog watchdog;
  watchdog.arm(100, 0.005);
  CHECK(watchdog.look(100.4, 100) == Watchdog::Verdict::fine);
  CHECK(watchdog.look(100.6, 100) == Watchdog::Verdict::stalled);
  CHECK(watchdog.look(101.5, 100) == Watchdog::Verdict::stalled);
  CHECK(watchdog.look(102.45, 100) == Watchdog::Verdict::stalled);
  CHECK(watchdog.look(102.5, 100) == Watchdog::Verdict::restart);
  double now = 103;
  for (const double wait : {2.0, 4.0, 8.0, 8.0}) {
    watchdog.attemptFailed(now);
    CHECK(watchdog.look(now + wait - 0.1, 100) == Watchdog::Verdict::stalled);
    CHECK(watchdog.look(now + wait, 100) == Watchdog::Verdict::restart);
    now += wait;
  }
}

TEST_CASE("watchdog: long periods have eight of them, and a suspended machine is no stall") {
  Watchdog watchdog;
  watchdog.arm(10, 0.1);
  CHECK(watchdog.look(10.7, 10) == Watchdog::Verdict::fine);
  CHECK(watchdog.look(10.85, 10) == Watchdog::Verdict::stalled);
  watchdog.arm(20, 0.005);
  CHECK(watchdog.look(3600, 20) == Watchdog::Verdict::fine);
  CHECK(watchdog.look(3600.4, 20) == Watchdog::Verdict::fine);
  CHECK(watchdog.look(3600.6, 20) == Watchdog::Verdict::stalled);
}
