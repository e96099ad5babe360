#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline.h"
#include "fake_engines.h"
#include "pipelines.h"
#include "signals.h"

using limpid::createEngine;
using limpid::Engine;
using limpid::EngineSet;
using limpid::Heard;
using limpid::Pipeline;
using namespace limpid::test;

namespace {
/** What an engine is made of, so that the same one can be heard alone and in company. */
struct Make {
  float gain;
  std::size_t block;
  std::size_t delay;
  double rate = 0;
  std::unique_ptr<BlockableEngine> operator()() const {
    return std::make_unique<BlockableEngine>(gain, block, delay, rate);
  }
};
const Make kChosen{0.5f, 480, 960};
const Make kFallback{0.9f, 480, 480};

/** A pipeline with an engine that can be told to refuse, and what was heard of it. */
struct Scene {
  Scene(std::unique_ptr<BlockableEngine> chosen, std::unique_ptr<Engine> fallback, double sampleRate = 48000,
        std::size_t blockFrames = 256)
      : rate(sampleRate),
        block(blockFrames),
        engine(chosen.get()),
        pipeline(make({std::move(chosen), std::move(fallback)}, sampleRate, blockFrames)) {}

  /** Runs the signal; the engine refuses while `refuses(seconds)`. */
  void play(const std::vector<float>& input, const std::function<bool(double)>& refuses,
            const std::function<void(double)>& also = nullptr) {
    const std::size_t delay = pipeline->delayFrames();
    output = run(*pipeline, input, block, [&](std::size_t at) {
      const double seconds = static_cast<double>(at) / rate;
      if (engine) engine->refuses = refuses(seconds);
      if (also) also(seconds);
      pipeline->collect();
      if (heards.empty() || heards.back().what != pipeline->heard()) heards.push_back({pipeline->heard(), seconds});
      delayKept = delayKept && pipeline->delayFrames() == delay;
    });
  }
  std::vector<Heard> order() const {
    std::vector<Heard> all;
    for (const Change& change : heards) all.push_back(change.what);
    return all;
  }
  double differenceDbAt(const std::vector<float>& expected, double fromSeconds, double toSeconds) const {
    return differenceAfterDelayDb(*pipeline, expected, output, frames(fromSeconds), frames(toSeconds));
  }
  std::size_t frames(double seconds) const { return static_cast<std::size_t>(seconds * rate); }

  struct Change {
    Heard what;
    double at;
  };
  double rate;
  std::size_t block;
  BlockableEngine* engine;  // null once another one was switched to
  std::unique_ptr<Pipeline> pipeline;
  std::vector<float> output;
  std::vector<Change> heards;
  bool delayKept = true;
};

std::function<bool(double)> between(double from, double to) {
  return [from, to](double seconds) { return seconds >= from && seconds < to; };
}

std::vector<float> times(float gain, std::vector<float> samples) {
  for (float& sample : samples) sample *= gain;
  return samples;
}

/** A voice-like signal: a gliding harmonic series in syllables that never quite end, over some breath. */
std::vector<float> voice(double rate, std::size_t frames) {
  std::vector<float> samples = noise(21, 0.01, frames);
  double phase = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    const double seconds = static_cast<double>(i) / rate;
    phase += 2 * kPi * (140 + 40 * std::sin(2 * kPi * 0.7 * seconds)) / rate;
    const double syllable = 0.3 + 0.7 * std::pow(std::sin(kPi * 3 * seconds), 2);
    double sample = 0;
    for (int harmonic = 1; harmonic <= 12; ++harmonic) sample += std::sin(harmonic * phase) / harmonic;
    samples[i] += static_cast<float>(0.2 * syllable * sample);
  }
  return samples;
}

/** One engine alone, as it sounds at the delay of a pipeline that has both. */
std::vector<float> alone(std::unique_ptr<Engine> engine, const Scene& scene, const std::vector<float>& input) {
  const std::unique_ptr<Pipeline> pipeline = make({std::move(engine)}, scene.rate, scene.block);
  std::vector<float> output = run(*pipeline, input, scene.block);
  output.insert(output.begin(), scene.pipeline->delayFrames() - pipeline->delayFrames(), 0.0f);
  output.resize(input.size());
  return output;
}

/** A change nobody saw coming has no engine's signal left to fade from: what it was apart from the dry one dies away.
 */
constexpr double kUnannounced = 1.02;

/** No click and no dip: nothing in `output` steps further, is louder or softer than the sources it is made of. */
void checkSeamless(const std::vector<float>& output, const std::vector<std::vector<float>>& sources, std::size_t from,
                   double rate, double stepSlack = 1.01) {
  double step = 0;
  for (const std::vector<float>& source : sources) {
    step = std::max(step, largestStep(source.data() + from, source.size() - from));
  }
  CHECK(largestStep(output.data() + from, output.size() - from) <= stepSlack * step);

  const std::size_t window = static_cast<std::size_t>(0.02 * rate);
  double worstDb = 0;
  for (std::size_t at = from; at + window < output.size(); at += window / 4) {
    double least = std::numeric_limits<double>::infinity();
    double most = 0;
    for (const std::vector<float>& source : sources) {
      const double energy = energyOf(source.data() + at, window) + 1e-9;
      least = std::min(least, energy);
      most = std::max(most, energy);
    }
    const double energy = energyOf(output.data() + at, window) + 1e-9;
    worstDb = std::max({worstDb, 10 * std::log10(least / energy), 10 * std::log10(energy / most)});
  }
  CHECK(worstDb < 3);
}

std::vector<float> delayed(const Scene& scene, std::vector<float> input) {
  const std::size_t frames = input.size();
  input.insert(input.begin(), scene.pipeline->delayFrames(), 0.0f);
  input.resize(frames);
  return input;
}

const std::vector<Heard> kThereAndBack = {Heard::engine, Heard::dry, Heard::fallback, Heard::engine};
}  // namespace

TEST_CASE("without a fallback a refused block is the dry signal at once, and the engine comes back by itself") {
  for (const Make& engine :
       {Make{0.5f, 480, 960}, Make{0.5f, 1, 0}, Make{0.5f, 768, 890, 48000}, Make{0.5f, 160, 320, 16000}}) {
    for (const bool hears : {true, false}) {
      CAPTURE(engine.block);
      CAPTURE(hears);
      Scene scene(engine(), nullptr);
      scene.engine->hearsWhileRefusing = hears;
      const std::vector<float> input = sine(48000, 440, 0.5, 256 * 800);
      scene.play(input, between(1, 2));
      CHECK(scene.order() == std::vector<Heard>{Heard::engine, Heard::dry, Heard::engine});
      CHECK(scene.differenceDbAt(times(0.5f, input), 0.5, 1) < -80);
      CHECK(scene.differenceDbAt(input, 1.1, 2) < -200);
      CHECK(scene.differenceDbAt(times(0.5f, input), 2.15, 4) < -80);
      CHECK(scene.pipeline->counts().replacedBlocks == 0);
      CHECK_FALSE(scene.pipeline->engineFailed());
      checkSeamless(scene.output, {alone(engine(), scene, input), delayed(scene, input)}, 12000, 48000, kUnannounced);
    }
  }
}

TEST_CASE("an engine that refuses every other block is the dry signal, not a noise") {
  Scene scene(kChosen(), nullptr);
  const std::vector<float> input = sine(48000, 440, 0.5, 256 * 800);
  int calls = 0;
  scene.play(input, [&](double seconds) { return seconds > 1 && ++calls % 4 < 2; });
  checkSeamless(scene.output, {alone(kChosen(), scene, input), delayed(scene, input)}, 12000, 48000, kUnannounced);
}

TEST_CASE("a refused engine gives way to the fallback and comes back, and the voice never breaks") {
  const std::pair<Make, Make> pairs[] = {
      {{0.5f, 480, 960}, {0.9f, 480, 480}},
      {{0.5f, 480, 480}, {0.9f, 768, 890, 48000}},
      {{0.9f, 160, 4000, 16000}, {0.5f, 1, 0}},
      {{0.5f, 1, 0}, {0.9f, 480, 9600}},
  };
  for (const auto& [chosen, fallback] : pairs) {
    for (const double rate : {16000.0, 44100.0, 48000.0, 96000.0}) {
      CAPTURE(chosen.delay);
      CAPTURE(fallback.delay);
      CAPTURE(rate);
      Scene scene(chosen(), fallback(), rate);
      const std::vector<float> input = voice(rate, static_cast<std::size_t>(rate * 8) / 256 * 256);
      scene.play(input, between(2, 3));
      CHECK(scene.order() == kThereAndBack);
      CHECK(scene.delayKept);
      CHECK(scene.heards[2].at - scene.heards[1].at <
            0.05 + static_cast<double>(scene.pipeline->delayFrames()) / rate + 0.03);
      CHECK(scene.heards[3].at == doctest::Approx(6).epsilon(0.01));

      const std::vector<float> chosenAlone = alone(chosen(), scene, input);
      const std::vector<float> fallbackAlone = alone(fallback(), scene, input);
      checkSeamless(scene.output, {chosenAlone, fallbackAlone, delayed(scene, input)}, scene.frames(1), rate);
      const auto against = [&](const std::vector<float>& source, double from, double to) {
        return differenceDb(scene.output.data() + scene.frames(from), source.data() + scene.frames(from),
                            scene.frames(to - from));
      };
      CHECK(against(chosenAlone, 1, 2) < -100);
      CHECK(against(fallbackAlone, 2.8, 5.9) < -80);
      CHECK(against(chosenAlone, 6.2, 7.9) < -80);
    }
  }
}

TEST_CASE("while the chosen engine works its fallback is not run, and is started afresh, in time, each time") {
  for (const double rate : {48000.0, 44100.0}) {
    CAPTURE(rate);
    auto fallback = Make{0.9f, 480, 480, 48000}();
    BlockableEngine& raw = *fallback;
    Scene scene(kChosen(), std::move(fallback), rate);
    const auto refuses = [](double seconds) { return between(1, 2)(seconds) || between(70, 71)(seconds); };
    const std::vector<float> input = sine(rate, 440, 0.3, static_cast<std::size_t>(rate * 75) / 256 * 256);
    int idleBlocks = -1;
    bool idle = true;
    scene.play(input, refuses, [&](double seconds) {
      if (seconds < 1) idle = idle && raw.blocks == 0;
      if (seconds > 6 && idleBlocks < 0) idleBlocks = raw.blocks;
      if (seconds > 6 && seconds < 70) idle = idle && raw.blocks == idleBlocks;
    });
    CHECK(idle);
    CHECK(raw.blocks > idleBlocks);
    CHECK(raw.resets == 1);
    CHECK(scene.differenceDbAt(times(0.9f, input), 1.2, 4.9) < -80);
    CHECK(scene.differenceDbAt(times(0.5f, input), 5.2, 70) < -80);
    CHECK(scene.differenceDbAt(times(0.9f, input), 70.2, 73.9) < -80);
  }
}

TEST_CASE("the real noise suppressor as the fallback: continuous, whole band, level kept") {
  Scene scene(std::make_unique<BlockableEngine>(1.0f, 480, 960), createEngine("gtcrn"), 48000, 480);
  const std::vector<float> input = voice(48000, 480 * 800);
  scene.play(input, between(2, 4));
  CHECK(scene.order() == kThereAndBack);
  const std::vector<float> fallbackAlone = alone(createEngine("gtcrn"), scene, input);
  checkSeamless(scene.output, {delayed(scene, input), fallbackAlone}, 48000, 48000);
  // The network was started afresh, so it is not what it would be had it run all along; near it all the same.
  const std::size_t from = 48000 * 4;
  const double heardDb = 10 * std::log10(energyOf(&scene.output[from], 96000) / energyOf(&fallbackAlone[from], 96000));
  CHECK(std::abs(heardDb) < 1);
}

TEST_CASE("the high band stays whole through a fallback of limited bandwidth") {
  Scene scene(std::make_unique<BlockableEngine>(1.0f, 480, 960), std::make_unique<NarrowEngine>(1.0f));
  std::vector<float> input = sine(48000, 6000, 0.2, 256 * 1500);
  const std::vector<float> high = sine(48000, 12000, 0.2, input.size());
  for (std::size_t i = 0; i < input.size(); ++i) input[i] += high[i];
  scene.play(input, between(2, 3));
  CHECK(scene.order() == kThereAndBack);
  CHECK(scene.differenceDbAt(input, 1, 7.9) < -40);
}

TEST_CASE("level 0 and bypass are the input in every state") {
  for (const bool ownsLevel : {false, true}) {
    for (const bool bypass : {false, true}) {
      CAPTURE(ownsLevel);
      CAPTURE(bypass);
      Scene scene(kChosen(), createEngine("gtcrn"));
      scene.engine->ownsLevel = ownsLevel;
      scene.pipeline->setLevel(bypass ? 0.7f : 0);
      scene.pipeline->setBypass(bypass);
      const std::vector<float> input = voice(48000, 256 * 1500);
      scene.play(input, between(2, 3));
      CHECK(scene.order() == kThereAndBack);
      CHECK(scene.differenceDbAt(input, 0.1, 7.9) < -120);
    }
  }
}

TEST_CASE("the level holds for whichever engine is heard, be it its own or mixed") {
  for (const bool ownsLevel : {false, true}) {
    CAPTURE(ownsLevel);
    Scene scene(Make{0.5f, 480, 960}(), Make{0.5f, 480, 480}());
    scene.engine->ownsLevel = ownsLevel;
    scene.pipeline->setLevel(0.6f);
    const std::vector<float> input = sine(48000, 300, 0.5, 256 * 1500);
    scene.play(input, between(2, 3), [&](double seconds) { scene.pipeline->setLevel(seconds < 4 ? 0.6f : 0.2f); });
    CHECK(scene.order() == kThereAndBack);
    CHECK(scene.differenceDbAt(times(0.7f, input), 1, 2) < -100);
    CHECK(scene.differenceDbAt(times(0.7f, input), 2.5, 4) < -100);
    CHECK(scene.differenceDbAt(times(0.9f, input), 4.1, 5.9) < -100);
    CHECK(scene.differenceDbAt(times(0.9f, input), 6.2, 7.9) < -100);
    // From fallback to engine both are at the same level: nothing is heard of the change.
    CHECK(scene.differenceDbAt(times(0.9f, input), 4.1, 7.9) < -60);
  }
}

TEST_CASE("bad input while refused is silence, and nothing of it is left") {
  for (const char* const fallback : {"gtcrn", "bypass"}) {
    CAPTURE(fallback);
    Scene scene(kChosen(), createEngine(fallback));
    std::vector<float> input = voice(48000, 256 * 1500);
    for (std::size_t i = 100000; i < 120000; i += 7) input[i] = std::numeric_limits<float>::quiet_NaN();
    for (std::size_t i = 150000; i < 150010; ++i) input[i] = 1e38f;
    scene.play(input, between(2, 4));
    CHECK(std::all_of(scene.output.begin(), scene.output.end(), [](float x) { return std::abs(x) < 4; }));
    CHECK(scene.order() == kThereAndBack);
    CHECK(scene.differenceDbAt(times(0.5f, input), 7.2, 7.9) < -80);
  }
}

TEST_CASE("a dead or spoiling engine leaves the voice to the fallback for good") {
  for (const bool dies : {true, false}) {
    CAPTURE(dies);
    Scene scene(kChosen(), kFallback());
    if (!dies) scene.engine->badBlocks = {200, 210, 220};
    const std::vector<float> input = sine(48000, 440, 0.3, 256 * 3000);
    int blocksAtFiveSeconds = 0;
    scene.play(input, between(99, 99), [&](double seconds) {
      scene.engine->dies = dies && seconds > 2;
      if (seconds < 5) blocksAtFiveSeconds = scene.engine->blocks;
    });
    CHECK(scene.heards.back().what == Heard::fallback);
    CHECK(std::string(scene.pipeline->engineReason()) == (dies ? "trap" : "bad-output"));
    CHECK(scene.engine->blocks == blocksAtFiveSeconds);
    CHECK(scene.differenceDbAt(times(0.9f, input), 3, 15) < -100);
    checkSeamless(scene.output, {times(0.5f, delayed(scene, input)), delayed(scene, input)}, 24000, 48000,
                  kUnannounced);
  }
}

TEST_CASE("a fallback that dies leaves the dry voice, and the chosen engine may come back") {
  auto fallback = kFallback();
  BlockableEngine& raw = *fallback;
  Scene scene(kChosen(), std::move(fallback));
  const std::vector<float> input = sine(48000, 440, 0.3, 256 * 2000);
  scene.play(input, between(2, 6), [&](double seconds) { raw.dies = seconds > 4; });
  CHECK(scene.order() == std::vector<Heard>{Heard::engine, Heard::dry, Heard::fallback, Heard::dry, Heard::engine});
  CHECK_FALSE(scene.pipeline->engineFailed());
  CHECK(scene.differenceDbAt(input, 4.2, 6) < -200);
  CHECK(scene.differenceDbAt(times(0.5f, input), 6.2, 10) < -100);
  checkSeamless(scene.output, {times(0.5f, delayed(scene, input)), delayed(scene, input)}, 24000, 48000, kUnannounced);
}

TEST_CASE("no two engines at a time: the refused one rests, is tried now and then, and comes back afresh") {
  Scene scene(kChosen(), kFallback());
  scene.engine->hearsWhileRefusing = false;
  scene.pipeline->allowShadow(false);
  const std::vector<float> input = voice(48000, 256 * 6000);
  int refusedAtFour = 0;
  int refusedAtEleven = 0;
  scene.play(input, between(2, 15), [&](double seconds) {
    if (seconds < 4) refusedAtFour = scene.engine->refused;
    if (seconds < 11) refusedAtEleven = scene.engine->refused;
  });
  CHECK(refusedAtFour < 25);
  CHECK(refusedAtEleven == refusedAtFour);
  CHECK(scene.engine->refused > refusedAtEleven);
  CHECK(scene.engine->refused < refusedAtEleven + 60);
  CHECK(scene.engine->resets == 2);
  CHECK(scene.order() == kThereAndBack);
  CHECK(scene.heards.back().at < 15 + 12);
  CHECK(scene.differenceDbAt(times(0.5f, input), 27, 31.9) < -80);
  checkSeamless(scene.output, {times(0.5f, delayed(scene, input)), delayed(scene, input)}, 24000, 48000);
}

TEST_CASE("what the pipeline says and counts while an engine is refused") {
  Scene scene(kChosen(), kFallback(), 48000, 480);
  bool saidSo = true;
  const std::vector<float> input = noise(23, 0.3, 480 * 1000);
  scene.play(input, between(2, 5), [&](double seconds) {
    if (seconds > 2.05 && seconds < 5) {
      saidSo = saidSo && scene.pipeline->engineBlocked() && scene.pipeline->vendorCode() == 6;
    }
    if (seconds < 2 || seconds > 5.05)
      saidSo = saidSo && !scene.pipeline->engineBlocked() && scene.pipeline->vendorCode() == 0;
  });
  CHECK(saidSo);
  const limpid::PipelineCounts counts = scene.pipeline->counts();
  CHECK(counts.blocksDisallowed == 300);
  CHECK(counts.blocksEnhanced + counts.blocksBypassed == 1000);
  CHECK(counts.blocksBypassed >= 5);
  CHECK(counts.blocksBypassed <= 12);
}

TEST_CASE("changing the engines while one gives way to the other") {
  for (const double at : {2.03, 2.08, 2.1, 2.12, 6.01, 6.03}) {
    CAPTURE(at);
    Scene scene(kChosen(), kFallback());
    const std::vector<float> input = sine(48000, 440, 0.3, 256 * 2000);
    bool changed = false;
    std::string error;
    scene.play(input, between(2, 3), [&](double seconds) {
      if (changed || seconds < at) return;
      changed = true;
      REQUIRE(scene.pipeline->switchEngine({Make{0.7f, 480, 960}(), kFallback()}, &error));
      scene.engine = nullptr;  // it may be gone from now on
    });
    CHECK(scene.delayKept);
    CHECK(scene.heards.back().what == Heard::engine);
    CHECK(scene.differenceDbAt(times(0.7f, input), 7, 10) < -100);
    checkSeamless(scene.output, {times(0.5f, delayed(scene, input)), delayed(scene, input)}, 24000, 48000,
                  kUnannounced);
  }
}

TEST_CASE("a new set whose chosen engine is refused is heard by its fallback, without a dip to the dry signal") {
  auto next = kChosen();
  next->refuses = true;
  Scene scene(kChosen(), nullptr);
  const std::vector<float> input = sine(48000, 440, 0.3, 256 * 800);
  std::string error;
  scene.play(input, between(99, 99), [&](double seconds) {
    if (!next || seconds < 2) return;
    scene.engine = nullptr;
    REQUIRE(scene.pipeline->switchEngine({std::move(next), Make{0.6f, 480, 480}()}, &error));
  });
  CHECK(scene.order() == std::vector<Heard>{Heard::engine, Heard::fallback});
  checkSeamless(scene.output, {times(0.5f, delayed(scene, input)), times(0.6f, delayed(scene, input))}, 24000, 48000);
}
