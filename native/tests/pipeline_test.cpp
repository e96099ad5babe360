#include "core/pipeline.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fake_engines.h"
#include "pipelines.h"
#include "signals.h"

using limpid::createEngine;
using limpid::EngineSet;
using namespace limpid::test;

TEST_CASE("the embedded engine's delay: none of the adapter's is wasted") {
  CHECK(make({createEngine("gtcrn")})->delayFrames() == 890 + 767);
  CHECK(make({createEngine("gtcrn")}, 48000, 768)->delayFrames() == 890);
  CHECK(make({createEngine("gtcrn")}, 48000, 256)->delayFrames() == 890 + 512);
  CHECK(make({createEngine("gtcrn")}, 48000, 480)->delayFrames() == 890 + 672);
  CHECK(make({createEngine("bypass")})->delayFrames() == 0);
}

TEST_CASE("level 0 equals the input, sample by sample, at every rate and block size") {
  for (const double rate : {8000.0, 16000.0, 22050.0, 44100.0, 48000.0, 96000.0, 192000.0}) {
    for (const std::size_t block : {std::size_t{0}, std::size_t{64}, std::size_t{480}, std::size_t{4096}}) {
      CAPTURE(rate);
      CAPTURE(block);
      auto pipeline = make({createEngine("gtcrn")}, rate, block);
      pipeline->setLevel(0);
      const std::vector<float> input = noise(3, 0.5, 30000);
      const std::vector<float> output = run(*pipeline, input, block);
      CHECK(differenceAfterDelayDb(*pipeline, input, output, 20000, 29000) < -200);
    }
  }
}

TEST_CASE("the wet signal is in time with the dry one at every rate") {
  for (const double rate : {8000.0, 16000.0, 44100.0, 48000.0, 96000.0, 192000.0}) {
    CAPTURE(rate);
    auto pipeline = make({std::make_unique<GainEngine>(0.5f, 768, 890, 48000.0)}, rate);
    const std::vector<float> input = sine(rate, 700, 0.5, static_cast<std::size_t>(rate));
    const std::vector<float> output = run(*pipeline, input, 0);
    std::vector<float> half(input);
    for (float& sample : half) sample *= 0.5f;
    const std::size_t from = input.size() / 2;
    CHECK(differenceAfterDelayDb(*pipeline, half, output, from, input.size()) < -80);
  }
}

TEST_CASE("a fixed block size never runs out of output") {
  for (const std::size_t block : {32, 64, 100, 128, 256, 480, 512, 768, 1000, 1536}) {
    CAPTURE(block);
    auto pipeline = make({std::make_unique<GainEngine>(1.0f, 768, 890, 48000.0)}, 48000, block);
    const std::vector<float> input = noise(4, 0.5, 48000);
    const std::vector<float> output = run(*pipeline, input, block);
    CHECK(differenceAfterDelayDb(*pipeline, input, output, 10000, 47000) < -120);
  }
}

TEST_CASE("bypass keeps the delay and fades without a click") {
  auto pipeline = make({std::make_unique<GainEngine>(0.25f, 480, 480)}, 48000);
  const std::vector<float> input = sine(48000, 300, 0.5, 48000);
  const std::vector<float> output =
      run(*pipeline, input, 128, [&](std::size_t at) { pipeline->setBypass(at >= 20000 && at < 30000); });
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 22000, 29500) < -200);
  CHECK(largestStep(output.data() + 5000, 40000) < 1.05 * largestStep(input.data(), input.size()) + 0.001);
}

TEST_CASE("bad input is silence, counted, and never spreads") {
  auto pipeline = make({createEngine("gtcrn")});
  std::vector<float> input = noise(5, 0.1, 48000);
  for (std::size_t i = 10000; i < 10600; i += 3) {
    input[i] = i % 2 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
  }
  input[10601] = 1e30f;
  input[20000] = 1e-38f;
  const std::vector<float> output = run(*pipeline, input, 256);
  CHECK(std::all_of(output.begin(), output.end(), [](float sample) { return std::isfinite(sample); }));
  CHECK(pipeline->counts().nonFiniteSamples == 201);
  CHECK(pipeline->counts().tinySamples == 1);
  CHECK_FALSE(pipeline->engineFailed());
}

TEST_CASE("a block the engine spoils is replaced by the dry one, and the engine is back within 200 ms") {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), 50.0f}) {
    CAPTURE(value);
    auto engine = std::make_unique<GainEngine>(0.5f, 768, 890, 48000.0);
    GainEngine& raw = *engine;
    raw.badValue = value;
    raw.badBlocks = {30};
    auto pipeline = make({std::move(engine)});
    const std::vector<float> input = sine(48000, 440, 0.5, 96000);
    std::vector<float> half(input);
    for (float& sample : half) sample *= 0.5f;
    const std::vector<float> output = run(*pipeline, input, 256);
    CHECK(pipeline->counts().replacedBlocks == 1);
    CHECK(raw.resets == 1);
    CHECK_FALSE(pipeline->engineFailed());
    const std::size_t spoiledAt = 30 * 768;
    CHECK(differenceAfterDelayDb(*pipeline, half, output, spoiledAt + 9600 + 2000, 90000) < -100);
    CHECK(largestStep(output.data(), output.size()) < 1.3 * largestStep(input.data(), input.size()));
  }
}

TEST_CASE("three spoilt blocks in ten seconds: the engine has failed and the dry signal stays") {
  auto engine = std::make_unique<GainEngine>(0.5f, 480, 480);
  engine->badBlocks = {100, 200, 300};
  auto pipeline = make({std::move(engine)});
  const std::vector<float> input = noise(6, 0.2, 480 * 600);
  const std::vector<float> output = run(*pipeline, input, 480);
  CHECK(pipeline->engineFailed());
  CHECK(std::string(pipeline->engineReason()) == "bad-output");
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 480 * 400, 480 * 600) < -200);
}

TEST_CASE("three spoilt blocks in more than ten seconds are forgiven") {
  auto engine = std::make_unique<GainEngine>(0.5f, 480, 480);
  engine->badBlocks = {10, 600, 1200};
  auto pipeline = make({std::move(engine)});
  run(*pipeline, noise(7, 0.2, 480 * 1400), 480);
  CHECK_FALSE(pipeline->engineFailed());
}

TEST_CASE("a trap ends the engine, never the sound") {
  auto engine = std::make_unique<GainEngine>(0.5f, 768, 890, 48000.0);
  engine->trapAt = 40;
  auto pipeline = make({std::move(engine)});
  const std::vector<float> input = sine(48000, 440, 0.5, 96000);
  const std::vector<float> output = run(*pipeline, input, 256);
  CHECK(std::string(pipeline->engineReason()) == "trap");
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 60000, 95000) < -200);
  CHECK(largestStep(output.data(), output.size()) < 1.3 * largestStep(input.data(), input.size()));
}

TEST_CASE("changing between engines of one delay keeps time and level") {
  auto pipeline = make({std::make_unique<GainEngine>(1.0f, 480, 960)});
  const std::vector<float> input = sine(48000, 350, 0.5, 96000);
  std::string error;
  const std::vector<float> output = run(*pipeline, input, 240, [&](std::size_t at) {
    if (at == 24000) REQUIRE(pipeline->switchEngine({std::make_unique<GainEngine>(0.9f, 480, 960)}, &error));
    pipeline->collect();
  });
  std::vector<float> quieter(input);
  for (float& sample : quieter) sample *= 0.9f;
  CHECK(differenceAfterDelayDb(*pipeline, quieter, output, 48000, 95000) < -120);
  CHECK(largestStep(output.data() + 4000, 90000) <= 1.01 * largestStep(input.data(), input.size()));
}

TEST_CASE("changing to a shorter engine keeps the delay") {
  auto pipeline = make({createEngine("gtcrn")}, 48000, 256);
  const std::size_t delay = pipeline->delayFrames();
  std::string error;
  const std::vector<float> input = noise(8, 0.3, 96000 + 256 - 96000 % 256);
  const std::vector<float> output = run(*pipeline, input, 256, [&](std::size_t at) {
    if (at == 25600) REQUIRE(pipeline->switchEngine({createEngine("bypass")}, &error));
    pipeline->collect();
  });
  CHECK(pipeline->delayFrames() == delay);
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 60000, 95000) < -200);
}

TEST_CASE("changing to a longer engine lets the delay grow without a click") {
  auto pipeline = make({createEngine("bypass")}, 48000, 256);
  std::string error;
  const std::vector<float> input = sine(48000, 250, 0.5, 96000 + 256 - 96000 % 256);
  const std::vector<float> output = run(*pipeline, input, 256, [&](std::size_t at) {
    if (at == 25600) REQUIRE(pipeline->switchEngine({std::make_unique<GainEngine>(1.0f, 768, 890, 48000.0)}, &error));
    pipeline->collect();
  });
  CHECK(pipeline->delayFrames() == 890 + 512);
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 60000, 95000) < -120);
  CHECK(largestStep(output.data(), output.size()) < 1.2 * largestStep(input.data(), input.size()));
}

TEST_CASE("many quick changes of engine end with the last one") {
  auto pipeline = make({createEngine("bypass")}, 48000, 256);
  std::string error;
  int changes = 0;
  const std::vector<float> input = noise(9, 0.3, 256 * 1000);
  run(*pipeline, input, 256, [&](std::size_t at) {
    if (at % 768 == 0 && ++changes < 100) {
      REQUIRE(pipeline->switchEngine({createEngine(changes % 2 ? "gtcrn" : "bypass")}, &error));
    }
    pipeline->collect();
  });
  CHECK(pipeline->engineDelayFrames() == 890);
}

TEST_CASE("the high band follows the engine: kept with the voice, lowered with the noise") {
  for (const float gain : {1.0f, 0.1f}) {
    CAPTURE(gain);
    auto pipeline = make({std::make_unique<NarrowEngine>(gain)});
    std::vector<float> input = sine(48000, 6000, 0.2, 96000);
    const std::vector<float> high = sine(48000, 12000, 0.2, 96000);
    for (std::size_t i = 0; i < input.size(); ++i) input[i] += high[i];
    const std::vector<float> output = run(*pipeline, input, 256);
    std::vector<float> expected(input);
    for (float& sample : expected) sample *= gain;
    CHECK(differenceAfterDelayDb(*pipeline, expected, output, 48000, 95000) < -40);
  }
}

TEST_CASE("a transparent engine of limited bandwidth gives the whole band back") {
  auto pipeline = make({std::make_unique<NarrowEngine>(1.0f)});
  const std::vector<float> input = noise(10, 0.3, 96000);
  const std::vector<float> output = run(*pipeline, input, 256);
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 48000, 95000) < -60);
}

TEST_CASE("a spoilt block of an engine of limited bandwidth has its high band once") {
  class Spoilt : public NarrowEngine {
   public:
    using NarrowEngine::NarrowEngine;
    limpid::BlockResult process(float* samples, std::size_t frames) noexcept override {
      NarrowEngine::process(samples, frames);
      if (++blocks_ == 50) samples[3] = 1e9f;
      return limpid::BlockResult::enhanced;
    }

   private:
    int blocks_ = 0;
  };
  auto pipeline = make({std::make_unique<Spoilt>(1.0f)});
  const std::vector<float> input = noise(11, 0.3, 96000);
  const std::vector<float> output = run(*pipeline, input, 256);
  CHECK(pipeline->counts().replacedBlocks == 1);
  CHECK(differenceAfterDelayDb(*pipeline, input, output, 10000, 95000) < -50);
}

TEST_CASE("an engine without the delay that its band needs, or with one but no block, is refused") {
  struct PlannedEngine : GainEngine {
    explicit PlannedEngine(limpid::EnginePlan plan) : GainEngine(1, 1, 0), plan(std::move(plan)) {}
    limpid::EnginePlan prepare(double) override { return plan; }
    limpid::EnginePlan plan;
  };
  const auto refusal = [](limpid::EnginePlan plan, double rate = 48000) {
    std::string error;
    const auto pipeline = limpid::Pipeline::create({std::make_unique<PlannedEngine>(plan)}, rate, 0, &error);
    CHECK((pipeline == nullptr) == !error.empty());
    return error;
  };
  CHECK(refusal({0, 1, 480, 0, ""}) != "");
  CHECK(refusal({0, 1, 0, 0, ""}) == "");
  CHECK(refusal({0, 480, 480, 0, ""}) == "");
  CHECK(refusal({16000, 160, 10, 7520, ""}) != "");
  CHECK(refusal({16000, 160, 10, 7520, ""}, 8000) == "");
  CHECK(refusal({16000, 160, 480, 7520, ""}) == "");
  CHECK(refusal({48000, 480, 0, 8000, ""}) != "");
}

TEST_CASE("the status is that of the engines before until the fade to others is over, and never of both") {
  EngineSet first{std::make_unique<BlockableEngine>(0.5f, 480, 0)};
  auto refusing = std::make_unique<BlockableEngine>(0.5f, 480, 0);
  refusing->refuses = true;
  EngineSet second{std::move(refusing)};
  first.id = 1;
  second.id = 2;
  const auto pipeline = make(std::move(first));
  CHECK(pipeline->status().id == 1);
  std::string error;
  REQUIRE(pipeline->switchEngine(std::move(second), &error));
  const std::vector<float> input = noise(1, 0.3, 24000);
  std::size_t seen[3] = {};
  run(*pipeline, input, 480, [&](std::size_t) {
    const limpid::PipelineStatus status = pipeline->status();
    REQUIRE(status.id <= 2);
    ++seen[status.id];
    CHECK(status.isBlocked == (status.id == 2));
    CHECK(status.vendorCode == (status.id == 2 ? 6 : 0));
    CHECK((status.heard == limpid::Heard::dry) == (status.id == 2));
  });
  CHECK(seen[1] > 5);
  CHECK(seen[2] > 5);
  CHECK(pipeline->collect());
  CHECK_FALSE(pipeline->collect());
}
