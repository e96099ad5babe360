#include "files/file_enhancer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "files/channel_workers.h"
#include "files/wav_reader.h"
#include "wav_files.h"

using limpid::BlockResult;
using limpid::createEngine;
using limpid::Engine;
using limpid::EnginePlan;
using limpid::FileEnhancer;
using limpid::FileEnhancerOptions;
using limpid::FileEnhancerResult;
using limpid::NativeError;
using limpid::WavReader;
using namespace limpid::testing;

namespace {

/** Halves the signal, `delayFrames` late and in blocks of `blockFrames`: what a real engine does to timing. */
class LateEngine : public Engine {
 public:
  LateEngine(std::size_t blockFrames, std::size_t delayFrames)
      : blockFrames_(blockFrames), delayFrames_(delayFrames), past_(delayFrames) {}
  EnginePlan prepare(double) override {
    EnginePlan plan;
    plan.blockFrames = blockFrames_;
    plan.delayFrames = delayFrames_;
    return plan;
  }
  BlockResult process(float* samples, std::size_t frames) noexcept override {
    for (std::size_t i = 0; i < frames; ++i) {
      const float late = past_[at_];
      past_[at_] = samples[i];
      at_ = (at_ + 1) % delayFrames_;
      samples[i] = 0.5f * late;
    }
    return BlockResult::enhanced;
  }
  bool reset() noexcept override { return true; }

 private:
  const std::size_t blockFrames_;
  const std::size_t delayFrames_;
  std::vector<float> past_;
  std::size_t at_ = 0;
};

/** Works for a while, then never again. */
class TrappingEngine : public LateEngine {
 public:
  TrappingEngine() : LateEngine(480, 480) {}
  BlockResult process(float* samples, std::size_t frames) noexcept override {
    return ++calls_ < 20 ? LateEngine::process(samples, frames) : BlockResult::dead;
  }

 private:
  int calls_ = 0;
};

/** Halves what is loud and leaves a tenth of what is quiet. */
class GatingEngine : public LateEngine {
 public:
  GatingEngine() : LateEngine(160, 320) {}
  BlockResult process(float* samples, std::size_t frames) noexcept override {
    const BlockResult result = LateEngine::process(samples, frames);
    for (std::size_t i = 0; i < frames; ++i) samples[i] *= std::abs(samples[i]) < 0.006f ? 0.2f : 1.0f;
    return result;
  }
};

FileEnhancerOptions optionsFor(const TemporaryFolder& folder, const std::string& engine, float level = 1) {
  return {folder / "in.wav", folder / "out.wav", level, [engine](NativeError* error) {
            std::unique_ptr<limpid::Engine> made = createEngine(engine);
            if (!made) *error = {"engine.unknown", engine};
            return made;
          }};
}

Bytes wavOf(const Format& format, std::size_t frames, unsigned seed) {
  return riff(fmtChunk(format) + chunk("data", randomBytes(frames * format.channels * (format.bits / 8), seed)));
}

/** Floats of a quiet random signal, as the bytes of a data chunk. */
Bytes floatData(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-0.25f, 0.25f);
  std::vector<float> samples(count);
  for (float& sample : samples) sample = uniform(random);
  Bytes bytes(4 * count);
  limpid::encodeSamples(limpid::SampleType::float32, samples.data(), bytes.data(), count);
  return bytes;
}

std::vector<float> samplesOf(const std::string& path) {
  NativeError error;
  const auto reader = WavReader::open(path, &error);
  REQUIRE(reader);
  std::vector<float> samples(reader->frames() * reader->format().channels);
  reader->read(samples.data(), reader->frames(), &error);
  return samples;
}

/** The code with which a run fails; also checks that nothing is left behind or changed. */
std::string failureOf(const TemporaryFolder& folder, FileEnhancerOptions options) {
  const std::size_t filesBefore = folder.fileCount();
  FileEnhancer enhancer(std::move(options));
  FileEnhancerResult result;
  NativeError error;
  CHECK_FALSE(enhancer.run(&result, &error));
  CHECK(folder.fileCount() == filesBefore);
  return error.code;
}

}  // namespace

TEST_CASE("file enhancer: bypass gives every format back bit for bit, whatever the rate, width and length") {
  for (const Format& format : {Format{1, 1, 8000, 16}, Format{1, 2, 44100, 24}, Format{1, 5, 48000, 8},
                               Format{1, 1, 192000, 16}, Format{1, 2, 11025, 16}}) {
    for (const std::size_t frames : {std::size_t{1}, std::size_t{7679}, std::size_t{30720}, std::size_t{70001}}) {
      CAPTURE(format.rate);
      CAPTURE(frames);
      TemporaryFolder folder;
      const Bytes file = wavOf(format, frames, 9);
      writeBytes(folder / "in.wav", file);
      FileEnhancer enhancer(optionsFor(folder, "bypass"));
      FileEnhancerResult result;
      NativeError error;
      REQUIRE(enhancer.run(&result, &error));
      CHECK(result.frames == frames);
      CHECK(result.channels == format.channels);
      CHECK(result.sampleRate == format.rate);
      CHECK(enhancer.framesDone() == frames);
      CHECK(result.inputDb == doctest::Approx(result.outputDb));
      CHECK(bodyOf(readBytes(folder / "out.wav"), "data") == bodyOf(file, "data"));
      CHECK(bodyOf(readBytes(folder / "out.wav"), "fmt ") == bodyOf(file, "fmt "));
      CHECK(folder.fileCount() == 2);
    }
  }
}

TEST_CASE("file enhancer: the delay of an engine is removed to the sample, in each channel for itself") {
  for (const auto& [block, delay] :
       {std::pair<std::size_t, std::size_t>{480, 890}, {768, 1}, {768, 40000}, {10, 333}}) {
    CAPTURE(delay);
    TemporaryFolder folder;
    writeBytes(folder / "in.wav", riff(fmtChunk({3, 3, 48000, 32}) + chunk("data", floatData(3 * 50000, 4))));
    FileEnhancerOptions options = optionsFor(folder, "bypass");
    const std::size_t blockFrames = block;
    const std::size_t delayFrames = delay;
    options.makeEngine = [=](NativeError*) { return std::make_unique<LateEngine>(blockFrames, delayFrames); };
    FileEnhancer enhancer(options);
    FileEnhancerResult result;
    NativeError error;
    const bool done = enhancer.run(&result, &error);
    if (!done) INFO(error.detail);
    REQUIRE(done);
    CHECK(result.delayMs >= 1000.0 * double(delay) / 48000);
    CHECK(result.outputDb == doctest::Approx(result.inputDb - 6.0206).epsilon(0.0001));
    const std::vector<float> in = samplesOf(folder / "in.wav");
    const std::vector<float> out = samplesOf(folder / "out.wav");
    REQUIRE(out.size() == in.size());
    double worst = 0;
    for (std::size_t i = 0; i < in.size(); ++i) worst = std::max(worst, double(std::abs(out[i] - 0.5f * in[i])));
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("file enhancer: level 0 of the network gives the input back to -80 dB, at any rate") {
  for (const std::uint64_t rate : {8000u, 16000u, 44100u, 48000u, 96000u}) {
    CAPTURE(rate);
    TemporaryFolder folder;
    writeBytes(folder / "in.wav", riff(fmtChunk({3, 1, rate, 32}) + chunk("data", floatData(rate / 2, 6))));
    FileEnhancer enhancer(optionsFor(folder, "gtcrn", 0));
    FileEnhancerResult result;
    NativeError error;
    REQUIRE(enhancer.run(&result, &error));
    const std::vector<float> in = samplesOf(folder / "in.wav");
    const std::vector<float> out = samplesOf(folder / "out.wav");
    REQUIRE(out.size() == in.size());
    double energy = 0;
    double difference = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      energy += double(in[i]) * in[i];
      difference += std::pow(double(out[i]) - in[i], 2);
    }
    CHECK(difference < 1e-8 * energy);
  }
}

TEST_CASE("file enhancer: full level takes noise away; channels do not touch each other") {
  TemporaryFolder folder;
  Bytes data = floatData(2 * 96000, 2);
  for (std::size_t i = 4; i < data.size(); i += 8)
    std::fill_n(data.begin() + long(i), 4, std::uint8_t{0});  // right: silence
  writeBytes(folder / "in.wav", riff(fmtChunk({3, 2, 48000, 32}) + chunk("data", data)));
  FileEnhancer enhancer(optionsFor(folder, "gtcrn"));
  FileEnhancerResult result;
  NativeError error;
  REQUIRE(enhancer.run(&result, &error));
  CHECK(result.outputDb < result.inputDb - 10);
  const std::vector<float> out = samplesOf(folder / "out.wav");
  for (std::size_t i = 1; i < out.size(); i += 2) REQUIRE(std::abs(out[i]) < 1e-5f);
}

TEST_CASE("file enhancer: samples that are not finite are silence, counted, and do not spread") {
  TemporaryFolder folder;
  Bytes data = floatData(96000, 3);
  const std::uint32_t bad[] = {0x7FC00000, 0x7F800000, 0xFF800000};
  for (std::size_t i = 0; i < 3; ++i) limpid::writeU32(&data[4 * (48000 + i)], bad[i]);
  writeBytes(folder / "in.wav", riff(fmtChunk({3, 1, 48000, 32}) + chunk("data", data)));
  for (const char* engine : {"bypass", "gtcrn"}) {
    FileEnhancer enhancer(optionsFor(folder, engine));
    FileEnhancerResult result;
    NativeError error;
    REQUIRE(enhancer.run(&result, &error));
    CHECK(result.nonFiniteSamples == 3);
    CHECK(std::isfinite(result.inputDb));
    double late = 0;
    const std::vector<float> out = samplesOf(folder / "out.wav");
    for (const float sample : out) REQUIRE(std::isfinite(sample));
    for (std::size_t i = 60000; i < out.size(); ++i) late = std::max(late, double(std::abs(out[i])));
    CHECK(late > 0);
  }
}

TEST_CASE("file enhancer: a file cut in its samples is enhanced up to the cut and the result says so") {
  TemporaryFolder folder;
  Bytes file = wavOf({1, 2, 48000, 16}, 10000, 5);
  file.resize(file.size() - 5001);
  writeBytes(folder / "in.wav", file);
  FileEnhancer enhancer(optionsFor(folder, "bypass"));
  FileEnhancerResult result;
  NativeError error;
  REQUIRE(enhancer.run(&result, &error));
  CHECK(result.inputTruncated);
  CHECK(result.frames == 8749);
  CHECK(samplesOf(folder / "out.wav").size() == 2 * 8749);
}

TEST_CASE("file enhancer: output equal to input is refused, also through links, and the input is unharmed") {
  TemporaryFolder folder;
  const Bytes file = wavOf({}, 1000, 5);
  writeBytes(folder / "in.wav", file);
  std::filesystem::create_symlink(folder / "in.wav", folder / "soft.wav");
  std::filesystem::create_hard_link(folder / "in.wav", folder / "hard.wav");
  for (const char* name : {"in.wav", "./in.wav", "soft.wav", "hard.wav"}) {
    FileEnhancerOptions options = optionsFor(folder, "bypass");
    options.outputPath = folder / name;
    CHECK(failureOf(folder, options) == "file.same");
  }
  CHECK(readBytes(folder / "in.wav") == file);
}

TEST_CASE("file enhancer: an output that can never be a file is refused before any work") {
  TemporaryFolder folder;
  writeBytes(folder / "in.wav", wavOf({}, 1000, 5));
  FileEnhancerOptions options = optionsFor(folder, "bypass");
  for (const std::string& path :
       {folder / "no/such/folder/out.wav", folder / "in.wav/out.wav", folder.path().string(), folder / "",
        std::string("/dev/null"), std::string("/dev/full"), std::string("/proc/out.wav")}) {
    CAPTURE(path);
    options.outputPath = path;
    CHECK(failureOf(folder, options) == "file.unwritable");
  }
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("file enhancer: an existing output is replaced at the end only, with its access rights, through its link") {
  namespace fs = std::filesystem;
  TemporaryFolder folder;
  writeBytes(folder / "real.wav", text("before"));
  fs::permissions(folder / "real.wav", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(folder / "real.wav", folder / "out.wav");
  writeBytes(folder / "in.wav", text("no WAV at all"));
  CHECK(failureOf(folder, optionsFor(folder, "bypass")) == "file.not-wav");
  CHECK(readBytes(folder / "real.wav") == text("before"));

  const Bytes file = wavOf({}, 1000, 5);
  writeBytes(folder / "in.wav", file);
  FileEnhancer enhancer(optionsFor(folder, "bypass"));
  FileEnhancerResult result;
  NativeError error;
  REQUIRE(enhancer.run(&result, &error));
  CHECK(fs::is_symlink(folder / "out.wav"));
  CHECK(bodyOf(readBytes(folder / "real.wav"), "data") == bodyOf(file, "data"));
  CHECK(fs::status(folder / "real.wav").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("file enhancer: cancelled at any time it leaves nothing behind") {
  TemporaryFolder folder;
  writeBytes(folder / "in.wav", wavOf({1, 2, 48000, 16}, 48000 * 20, 5));
  FileEnhancer early(optionsFor(folder, "gtcrn"));
  early.cancel();
  FileEnhancerResult result;
  NativeError error;
  CHECK_FALSE(early.run(&result, &error));
  CHECK(error.code == "cancelled");

  FileEnhancer enhancer(optionsFor(folder, "gtcrn"));
  std::thread canceller([&] {
    while (enhancer.framesDone() == 0) std::this_thread::yield();
    CHECK(folder.fileCount() == 2);  // the temporary file is there
    enhancer.cancel();
  });
  CHECK_FALSE(enhancer.run(&result, &error));
  canceller.join();
  CHECK(error.code == "cancelled");
  CHECK(enhancer.framesDone() < enhancer.framesTotal());
  CHECK(folder.fileCount() == 1);
}

TEST_CASE("file enhancer: cancelled while an engine is made, no other one is") {
  TemporaryFolder folder;
  writeBytes(folder / "in.wav", wavOf({1, 4, 48000, 16}, 48000, 5));
  FileEnhancer* running = nullptr;
  int made = 0;
  FileEnhancerOptions options = optionsFor(folder, "gtcrn");
  options.makeEngine = [&](NativeError*) {
    ++made;
    running->cancel();
    return limpid::createEngine("gtcrn");
  };
  FileEnhancer enhancer(options);
  running = &enhancer;
  FileEnhancerResult result;
  NativeError error;
  CHECK_FALSE(enhancer.run(&result, &error));
  CHECK(error.code == "cancelled");
  CHECK(made == 1);
  CHECK(folder.fileCount() == 1);
}

TEST_CASE("file enhancer: an engine that stops for good, or that there is none of, fails the file") {
  TemporaryFolder folder;
  writeBytes(folder / "in.wav", wavOf({}, 48000, 5));
  CHECK(failureOf(folder, optionsFor(folder, "no such engine")) == "engine.unknown");
  FileEnhancerOptions options = optionsFor(folder, "bypass");
  options.makeEngine = [](NativeError*) { return std::make_unique<TrappingEngine>(); };
  CHECK(failureOf(folder, options) == "engine.failed");
}

TEST_CASE("channel workers: every channel once a turn, always on the same thread") {
  constexpr std::size_t kChannels = 7;
  std::vector<int> turns(kChannels);
  std::vector<std::thread::id> threads(kChannels);
  bool moved = false;
  limpid::ChannelWorkers workers(kChannels, [&](std::size_t channel) {
    if (turns[channel]++ == 0) threads[channel] = std::this_thread::get_id();
    if (threads[channel] != std::this_thread::get_id()) moved = true;
  });
  for (int turn = 1; turn <= 500; ++turn) {
    workers.run();
    for (const int count : turns) REQUIRE(count == turn);
  }
  CHECK_FALSE(moved);
}

TEST_CASE("file enhancer: noise reduction is that of the pauses, over all channels; a short file has none") {
  // Quiet noise, and every other second a loud one.
  constexpr std::size_t kRate = 16000;
  const TemporaryFolder folder;
  FileEnhancerOptions options = optionsFor(folder, "");
  options.makeEngine = [](NativeError*) { return std::make_unique<GatingEngine>(); };
  for (const std::size_t seconds : {2, 11}) {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> uniform(-1, 1);
    std::vector<float> samples(2 * kRate * seconds);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const bool isVoice = i / 2 / kRate % 2 == 1;
      samples[i] = i % 2 == 1 ? 0 : uniform(random) * (isVoice ? 0.3f : 0.01f);  // one channel is silent
    }
    Bytes bytes(4 * samples.size());
    limpid::encodeSamples(limpid::SampleType::float32, samples.data(), bytes.data(), samples.size());
    writeBytes(folder / "in.wav", riff(fmtChunk({3, 2, kRate, 32}) + chunk("data", bytes)));
    FileEnhancer enhancer(options);
    FileEnhancerResult result;
    NativeError error;
    REQUIRE(enhancer.run(&result, &error));
    CHECK(result.noiseReductionDb.has_value() == (seconds > 3));
    if (result.noiseReductionDb) CHECK(*result.noiseReductionDb == doctest::Approx(20).epsilon(0.01));
  }
}

TEST_CASE("noise reduction: the same number as over the sorted blocks, whatever the share of the last step") {
  limpid::NoiseReduction reduction;
  for (int i = 0; i < 149; ++i) reduction.add(i < 45 ? 1e-4 : 1e-2, i < 45 ? 1e-6 : 1e-2);
  CHECK_FALSE(reduction.db());
  reduction.add(1e-2, 1e-2);
  REQUIRE(reduction.db());
  CHECK(*reduction.db() == doctest::Approx(20));  // the 45 quiet ones are exactly 30 %
  for (int i = 0; i < 150; ++i) reduction.add(1e-9, 1e-15);
  CHECK(*reduction.db() == doctest::Approx(57).epsilon(0.1));
  for (int i = 0; i < 400; ++i) reduction.add(0, 0);
  CHECK_FALSE(reduction.db());  // digital silence has no noise
}
