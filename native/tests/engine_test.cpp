#include "core/engine.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "allocations.h"
#include "engines/gtcrn_engine.h"

using limpid::BlockResult;
using limpid::createEngine;
using limpid::Engine;
using limpid::EnginePlan;
using limpid::GtcrnEngine;

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr std::size_t kBlock = GtcrnEngine::kBlockFrames;

/** Something the network takes for a voice: a gliding harmonic series in syllables of a quarter second. */
std::vector<float> voice(std::size_t frames) {
  std::vector<float> samples(frames);
  double phase = 0;
  for (std::size_t i = 0; i < frames; i++) {
    const double seconds = static_cast<double>(i) / GtcrnEngine::kSampleRate;
    phase += 2 * kPi * (130 + 30 * std::sin(2 * kPi * 1.3 * seconds)) / GtcrnEngine::kSampleRate;
    const double syllable = std::pow(std::sin(kPi * 4 * seconds), 2);
    double sum = 0;
    for (int harmonic = 1; harmonic <= 20; harmonic++) sum += std::sin(harmonic * phase) / harmonic;
    samples[i] = static_cast<float>(0.1 * syllable * sum);
  }
  return samples;
}

std::vector<float> noise(std::size_t frames, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> gauss(0, 0.05f);
  std::vector<float> samples(frames);
  for (float& sample : samples) sample = gauss(random);
  return samples;
}

std::vector<float> noisyVoice(std::size_t frames, unsigned seed) {
  std::vector<float> samples = voice(frames);
  const std::vector<float> added = noise(frames, seed);
  for (std::size_t i = 0; i < frames; i++) samples[i] += added[i];
  return samples;
}

std::unique_ptr<Engine> preparedGtcrn() {
  std::unique_ptr<Engine> engine = createEngine("gtcrn");
  REQUIRE(engine != nullptr);
  REQUIRE(engine->prepare(48000).error.empty());
  return engine;
}

std::vector<float> run(Engine& engine, std::vector<float> samples) {
  for (std::size_t start = 0; start + kBlock <= samples.size(); start += kBlock) {
    REQUIRE(engine.process(&samples[start], kBlock) == BlockResult::enhanced);
  }
  return samples;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/** The lag at which `late` is most like `early`, in frames. */
std::size_t lagOf(const std::vector<float>& early, const std::vector<float>& late, std::size_t maxLag) {
  std::size_t best = 0;
  double bestSum = 0;
  for (std::size_t lag = 0; lag <= maxLag; lag++) {
    double sum = 0;
    for (std::size_t i = lag; i < late.size(); i++) sum += static_cast<double>(early[i - lag]) * late[i];
    if (sum <= bestSum) continue;
    bestSum = sum;
    best = lag;
  }
  return best;
}

}  // namespace

TEST_CASE("engines: an unknown name gives none") {
  CHECK(createEngine("gtcrn2") == nullptr);
}

TEST_CASE("engines: bypass takes any rate and block and changes nothing") {
  const std::unique_ptr<Engine> engine = createEngine("bypass");
  REQUIRE(engine != nullptr);
  const EnginePlan plan = engine->prepare(44100);
  CHECK(plan.error.empty());
  CHECK(plan.sampleRate == 0);
  CHECK(plan.blockFrames == 1);
  CHECK(plan.delayFrames == 0);
  CHECK(plan.bandwidthHz == 0);
  std::vector<float> samples = noise(777, 1);
  const std::vector<float> before = samples;
  CHECK(engine->process(samples.data(), samples.size()) == BlockResult::enhanced);
  CHECK(sameBits(samples, before));
}

TEST_CASE("gtcrn: says what it needs") {
  const std::unique_ptr<Engine> engine = createEngine("gtcrn");
  const EnginePlan plan = engine->prepare(16000);
  CHECK(plan.error.empty());
  CHECK(plan.sampleRate == 48000);
  CHECK(plan.blockFrames == 768);
  CHECK(plan.delayFrames == 890);
  CHECK(plan.bandwidthHz == 8000);
}

TEST_CASE("gtcrn: is exactly 890 frames late") {
  const std::vector<float> clean = voice(kBlock * 125);
  const std::vector<float> enhanced = run(*preparedGtcrn(), clean);
  CHECK(lagOf(clean, enhanced, 2000) == GtcrnEngine::kDelayFrames);
}

TEST_CASE("gtcrn: passes nothing above its bandwidth and takes noise away") {
  const std::vector<float> input = noise(kBlock * 125, 3);
  const std::vector<float> output = run(*preparedGtcrn(), input);
  double inputPower = 0;
  double outputPower = 0;
  for (std::size_t i = input.size() / 2; i < input.size(); i++) {
    inputPower += input[i] * input[i];
    outputPower += output[i] * output[i];
  }
  CHECK(10 * std::log10(outputPower / inputPower) < -20);
}

TEST_CASE("gtcrn: after reset as after prepare, to the bit") {
  const std::vector<float> signal = noisyVoice(kBlock * 40, 5);
  const std::unique_ptr<Engine> engine = preparedGtcrn();
  const std::vector<float> first = run(*engine, signal);
  REQUIRE(sameBits(run(*engine, signal), first) == false);
  for (int round = 0; round < 3; round++) {
    REQUIRE(engine->reset());
    CHECK(sameBits(run(*engine, signal), first));
  }
  REQUIRE(engine->prepare(48000).error.empty());
  CHECK(sameBits(run(*engine, signal), first));
}

TEST_CASE("gtcrn: one NaN stays until reset, which heals it") {
  const std::vector<float> signal = noisyVoice(kBlock * 20, 6);
  const std::unique_ptr<Engine> engine = preparedGtcrn();
  const std::vector<float> healthy = run(*engine, signal);
  REQUIRE(engine->reset());
  std::vector<float> poisoned(kBlock * 2, std::nanf(""));
  run(*engine, poisoned);
  const std::vector<float> after = run(*engine, signal);
  CHECK(std::isnan(after.back()));
  REQUIRE(engine->reset());
  CHECK(sameBits(run(*engine, signal), healthy));
}

TEST_CASE("gtcrn: refuses another block size, and work before prepare") {
  std::vector<float> samples(kBlock);
  const std::unique_ptr<Engine> fresh = createEngine("gtcrn");
  CHECK(fresh->process(samples.data(), kBlock) == BlockResult::dead);
  CHECK_FALSE(fresh->reset());
  const std::unique_ptr<Engine> engine = preparedGtcrn();
  CHECK(engine->process(samples.data(), kBlock - 1) == BlockResult::dead);
  CHECK(engine->process(samples.data(), kBlock) == BlockResult::enhanced);
}

// A sanitizer has an allocator of its own, which is not counted.
TEST_CASE("gtcrn: processing and reset take nothing from the heap" *
          doctest::skip(!limpid::test::countsAllocations())) {
  std::vector<float> samples = noisyVoice(kBlock * 20, 9);
  const std::unique_ptr<Engine> engine = preparedGtcrn();
  bool worked = true;
  std::size_t allocations = 0;
  // A thread that has never met the engine: what is made at first use by a thread counts too.
  std::thread audio([&] {
    const limpid::test::AllocationCount count;
    for (std::size_t start = 0; start < samples.size(); start += kBlock) {
      worked = engine->process(&samples[start], kBlock) == BlockResult::enhanced && engine->reset() && worked;
    }
    allocations = count.seen();
  });
  audio.join();
  CHECK(worked);
  CHECK(allocations == 0);
}

TEST_CASE("allocations are counted" * doctest::skip(!limpid::test::countsAllocations())) {
  const limpid::test::AllocationCount count;
  const std::vector<float> taken(1000);
  CHECK(taken[999] == 0);
  CHECK(count.seen() >= 1);
}

TEST_CASE("gtcrn: instances on several threads do not touch each other") {
  const std::vector<float> signals[] = {noisyVoice(kBlock * 40, 7), noisyVoice(kBlock * 40, 8)};
  const std::vector<float> alone[] = {run(*preparedGtcrn(), signals[0]), run(*preparedGtcrn(), signals[1])};
  REQUIRE_FALSE(sameBits(alone[0], alone[1]));
  std::vector<float> together[] = {signals[0], signals[1]};
  const auto work = [&together](std::size_t which) {
    const std::unique_ptr<Engine> engine = createEngine("gtcrn");
    if (!engine->prepare(48000).error.empty()) return;
    std::vector<float>& samples = together[which];
    for (std::size_t start = 0; start + kBlock <= samples.size(); start += kBlock)
      engine->process(&samples[start], kBlock);
  };
  std::thread first(work, 0);
  std::thread second(work, 1);
  first.join();
  second.join();
  CHECK(sameBits(together[0], alone[0]));
  CHECK(sameBits(together[1], alone[1]));
}

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Sanitizers keep terabytes of address space of their own; no limit can be set under them.
TEST_CASE("gtcrn: without address space prepare says so, and the process lives") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit limit{rlim_t{4} << 30, rlim_t{4} << 30};
    if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(2);
    const std::unique_ptr<Engine> engine = createEngine("gtcrn");
    const EnginePlan plan = engine->prepare(48000);
    std::vector<float> samples(kBlock);
    const bool processed = engine->process(samples.data(), kBlock) == BlockResult::enhanced;
    _exit(plan.error.find("address space") != std::string::npos && !processed ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
#endif
