#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "allocations.h"
#include "core/pipeline.h"
#include "engines/aic/aic_library.h"
#include "engines/aic/licensed_source.h"
#include "engines/engine_choice.h"
#include "signals.h"
#include "stand_in.h"

using limpid::AicLibrary;
using limpid::BlockResult;
using limpid::Engine;
using limpid::EnginePlan;
using limpid::Heard;
using limpid::LicensedFacts;
using limpid::LicensedOptions;
using limpid::LicensedSource;
using limpid::NativeError;
using limpid::Pipeline;
using namespace limpid::test;

namespace {
constexpr std::size_t kBlock = 480;
constexpr std::size_t kDelay = 1440;  // of the stand-in: 30 ms
const int kVendorCodes[] = {1, 2, 3, 4, 5, 6, 7, 50, 51, 52, 53, 100, 101, 102, 103, 104, 105, 999};

std::string failureOfLibrary(const std::string& path) {
  NativeError error;
  const AicLibrary* const library = AicLibrary::open(path, &error);
  CHECK((library == nullptr) == static_cast<bool>(error));
  return error.code + " " + error.detail;
}

NativeError failureOfEngine(LicensedSource& source) {
  NativeError error;
  CHECK_FALSE(source.createEngine(&error));
  return error;
}

bool isVendorError(const NativeError& error, int code) {
  return error.code == "aic.vendor" && error.detail == std::to_string(code);
}

int update(LicensedSource& source, const std::string& token) {
  int code = -1;
  CHECK_FALSE(source.updateToken(token, &code));
  return code;
}

BlockResult processNoise(Engine& engine, std::size_t blocks = 1) {
  BlockResult result = BlockResult::dead;
  for (std::size_t i = 0; i < blocks; ++i) {
    std::vector<float> block = noise(i + 1, 0.3, kBlock);
    result = engine.process(block.data(), block.size());
  }
  return result;
}

/** Of the sine of this frequency (cycles a sample) in these samples. */
double amplitudeOf(const float* samples, std::size_t frames, double frequency) {
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    sum += static_cast<double>(samples[i]) * std::polar(1.0, 2 * kPi * frequency * static_cast<double>(i));
  }
  return 2 * std::abs(sum) / static_cast<double>(frames);
}

/** Destroyed after whatever a function keeps, since it was made before `main`. */
struct AtProcessEnd {
  ~AtProcessEnd() {
    if (run) run();
  }
  std::function<void()> run;
} atProcessEnd;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("aic: the library is found as a file and in a folder, opened once, and told by its version") {
  NativeError error;
  const AicLibrary* const library = AicLibrary::open(standInLibrary(), &error);
  REQUIRE(library != nullptr);
  CHECK(AicLibrary::open(standIn(""), &error) == library);
  CHECK(AicLibrary::open(standInLibrary(), &error) == library);
  CHECK(library->path() == standInLibrary());
  CHECK(library->sdkVersion() == "0.25.1");
  CHECK(library->compatibleModelVersion() == 7);
}

TEST_CASE("aic: each fault of the library has its code and names what is wrong") {
  CHECK(failureOfLibrary(standIn("nowhere")) == "aic.library-missing " + standIn("nowhere"));
  CHECK(failureOfLibrary(standIn("stand-in-48khz.aicmodel")).rfind("aic.library-unloadable ", 0) == 0);
  CHECK(failureOfLibrary(standIn("not-a-library")).rfind("aic.library-unloadable ", 0) == 0);
  const std::string elsewhere = failureOfLibrary(standIn("wrong-architecture"));
  CHECK(elsewhere.rfind("aic.library-unloadable ", 0) == 0);
#if defined(__linux__)
  CHECK(contains(elsewhere, "another processor"));
#endif
  CHECK(failureOfLibrary(standIn("old")) == "aic.library-too-old 0.21.3");
  CHECK(failureOfLibrary(standIn("incomplete")) ==
        "aic.library-incomplete 0.22.0 lacks aic_processor_context_update_bearer_token");
  CHECK(failureOfLibrary("").rfind("aic.library-missing ", 0) == 0);  // none is installed in the system
  // A fault stays none of the others.
  CHECK(failureOfLibrary(standInLibrary()) == " ");
}

TEST_CASE("aic: each fault of a model has its code, and a later try may succeed") {
  const std::pair<const char*, const char*> faults[] = {{"nowhere.aicmodel", "aic.model-missing"},
                                                        {"truncated.aicmodel", "100"},
                                                        {"wrong-version.aicmodel", "101"},
                                                        {"not-a-model.aicmodel", "100"},
                                                        {"unreadable.aicmodel", "103"}};
  for (const auto& [file, expected] : faults) {
    CAPTURE(file);
    for (const bool isVad : {false, true}) {
      LicensedOptions options = licensedOptions();
      (isVad ? options.vadModelPath : options.modelPath) = standIn(file);
      const auto source = licensedSource(options);
      LicensedFacts facts;
      const NativeError error = source->load(&facts);
      CHECK((error.code == expected || isVendorError(error, std::atoi(expected))));
      CHECK(failureOfEngine(*source).code == error.code);
      CHECK(source->counts().modelLoads == 0);
    }
  }
  CHECK(isVendorError(failureOfEngine(*licensedSource(licensedOptions("stand-in-vad.aicmodel"))), 105));
  CHECK(isVendorError(
      failureOfEngine(*licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-16khz.aicmodel"))), 105));
}

TEST_CASE("aic: what was loaded is loaded once and described") {
  const auto source = licensedSource(licensedOptions("stand-in-16khz.aicmodel", "stand-in-vad.aicmodel"));
  LicensedFacts facts;
  for (int i = 0; i < 3; ++i) REQUIRE_FALSE(source->load(&facts));
  CHECK(facts.libraryPath == standInLibrary());
  CHECK(facts.sdkVersion == "0.25.1");
  CHECK(facts.compatibleModelVersion == 7);
  CHECK(facts.modelId == "stand-in-16khz");
  CHECK(facts.sampleRate == 16000);
  CHECK(facts.blockFrames == 160);
  engineOf(*source);
  CHECK(source->counts().modelLoads == 1);
}

TEST_CASE("aic: an engine needs a token, and one that is good") {
  const StandIn library;
  const auto source = LicensedSource::create(licensedOptions());
  CHECK(failureOfEngine(*source).code == "aic.no-token");
  CHECK(update(*source, jwt(-10)) == 0);  // there is nothing yet that could refuse it
  CHECK(isVendorError(failureOfEngine(*source), 52));
  CHECK(update(*source, "no token") == 0);
  CHECK(isVendorError(failureOfEngine(*source), 50));
  CHECK(source->counts().processorCreates == 0);
  CHECK(update(*source, jwt()) == 0);
  engineOf(*source);
  CHECK(source->counts().processorCreates == 1);
}

TEST_CASE("aic: the plan is the model's own, with the delay that the library states") {
  EnginePlan plan = engineOf(*licensedSource())->prepare(48000);
  CHECK(plan.sampleRate == 48000);
  CHECK(plan.blockFrames == kBlock);
  CHECK(plan.delayFrames == kDelay);
  CHECK(plan.bandwidthHz == 0);
  const auto narrow = licensedSource(licensedOptions("stand-in-16khz.aicmodel"));
  plan = engineOf(*narrow)->prepare(48000);
  CHECK(plan.sampleRate == 16000);
  CHECK(plan.blockFrames == 160);
  CHECK(plan.delayFrames == 480);
  CHECK(plan.bandwidthHz == doctest::Approx(7520));
  CHECK(engineOf(*narrow)->prepare(16000).bandwidthHz == 0);
}

TEST_CASE("aic: any answer but success is a blocked block with the vendor's code, and the next one may succeed") {
  StandIn library;
  const auto source = licensedSource();
  const auto engine = engineOf(*source);
  for (const int code : kVendorCodes) {
    CAPTURE(code);
    library.set("process_code", code);
    CHECK(processNoise(*engine) == BlockResult::blocked);
    CHECK(engine->vendorCode() == code);
    library.set("process_code", 0);
    CHECK(processNoise(*engine) == BlockResult::enhanced);
    CHECK(engine->vendorCode() == 0);
  }
  library.set("revoked", 1);
  CHECK(processNoise(*engine) == BlockResult::blocked);
  CHECK(engine->vendorCode() == 6);
}

TEST_CASE("aic: the library's refusal to make a processor is the error of the engine") {
  StandIn library;
  const auto source = licensedSource();
  for (const int code : kVendorCodes) {
    library.set("create_code", code);
    CHECK(isVendorError(failureOfEngine(*source), code));
  }
  CHECK(source->counts().processorCreates == 0);
}

TEST_CASE("aic: a refused update leaves the old token at work and is not counted") {
  StandIn library;
  const auto source = licensedSource();
  const auto engine = engineOf(*source);
  for (const int code : kVendorCodes) {
    library.set("update_code", code);
    CHECK(update(*source, jwt()) == code);
  }
  library.set("update_code", 0);
  CHECK(update(*source, "no token") == 50);
  CHECK(source->counts().tokenUpdates == 0);
  CHECK(processNoise(*engine) == BlockResult::enhanced);
  // What all refused is not kept for others either.
  const auto second = engineOf(*source);
  CHECK(source->counts().processorCreates == 2);
  CHECK(update(*source, jwt()) == 0);
  CHECK(source->counts().tokenUpdates == 1);
}

TEST_CASE("aic: an expired token is swapped in place, on processor and detector, and on what waits to be used") {
  StandIn library;
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-vad.aicmodel"));
  const auto engine = engineOf(*source);
  engineOf(*source);  // a second one, free again at once
  CHECK(processNoise(*engine, 10) == BlockResult::enhanced);
  CHECK(engine->speechProbability() > 0.5f);
  library.set("clock_offset_ms", 3600 * 1000);
  CHECK(processNoise(*engine) == BlockResult::blocked);
  CHECK(engine->vendorCode() == 52);
  CHECK(engine->speechProbability() < 0);
  CHECK(update(*source, jwt(7200)) == 0);
  CHECK(processNoise(*engine, 10) == BlockResult::enhanced);
  CHECK(engine->speechProbability() > 0.5f);
  const auto other = engineOf(*source);
  CHECK(processNoise(*other) == BlockResult::enhanced);
  CHECK(source->counts().processorCreates == 2);
  CHECK(source->counts().modelLoads == 1);
  CHECK(source->counts().tokenUpdates == 1);
}

TEST_CASE("aic: where an update is not possible a replaced token makes new processors and lets the old ones go") {
  StandIn library;
  const auto source = licensedSource(licensedOptions(), licenceKey());
  auto old = engineOf(*source);
  engineOf(*source);  // free
  CHECK(update(*source, jwt()) == 53);
  REQUIRE_FALSE(source->replaceToken(jwt()));
  REQUIRE(isIdle(*source));
  CHECK(library.count("sessions") == 1);
  auto fresh = engineOf(*source);
  CHECK(source->counts().processorCreates == 3);
  CHECK(update(*source, jwt()) == 0);  // the old one is not asked again
  CHECK(processNoise(*old) == BlockResult::enhanced);
  old.reset();
  REQUIRE(isIdle(*source));
  CHECK(library.count("sessions") == 1);
  fresh.reset();
  engineOf(*source);
  CHECK(source->counts().processorCreates == 3);
}

TEST_CASE("aic: a processor is used again, without a trace of its past") {
  const auto source = licensedSource();
  std::vector<float> outputs[2];
  for (std::vector<float>& output : outputs) {
    const auto engine = engineOf(*source);
    engine->setLevel(1);
    for (std::size_t i = 0; i < 20; ++i) {
      std::vector<float> block = noise(i + 1, 0.3, kBlock);
      REQUIRE(engine->process(block.data(), block.size()) == BlockResult::enhanced);
      output.insert(output.end(), block.begin(), block.end());
    }
  }
  CHECK(outputs[0] == outputs[1]);
  CHECK(source->counts().processorCreates == 1);
}

TEST_CASE("aic: no more processors are kept than a voice and a file need") {
  StandIn library;
  const auto source = licensedSource();
  {
    std::vector<std::unique_ptr<Engine>> engines;
    for (int i = 0; i < 8; ++i) engines.push_back(engineOf(*source));
    CHECK(library.count("sessions") == 8);
  }
  REQUIRE(isIdle(*source));
  CHECK(library.count("sessions") == 3);
}

TEST_CASE("aic: closing ends what is free at once and what is in use afterwards, and refuses all that follows") {
  StandIn library;
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-vad.aicmodel"));
  auto engine = engineOf(*source);
  engineOf(*source);
  CHECK(library.count("sessions") == 4);
  source->close();
  CHECK(library.count("sessions") == 2);
  CHECK(processNoise(*engine) == BlockResult::enhanced);
  LicensedFacts facts;
  int code = 0;
  CHECK(source->load(&facts).code == "aic.closed");
  CHECK(source->updateToken(jwt(), &code).code == "aic.closed");
  CHECK(source->replaceToken(jwt()).code == "aic.closed");
  CHECK(failureOfEngine(*source).code == "aic.closed");
  library.set("terminate_delay_ms", 300);
  engine.reset();
  CHECK(library.count("sessions") == 2);  // whoever destroyed it did not wait for the end of its session
  REQUIRE(isIdle(*source));
  CHECK(library.count("sessions") == 0);
  CHECK(library.count("models") == 0);
  source->close();
}

TEST_CASE("aic: a source that nobody holds any more ends its sessions by itself") {
  StandIn library;
  auto source = licensedSource();
  auto engine = engineOf(*source);
  source.reset();
  CHECK(processNoise(*engine) == BlockResult::enhanced);
  engine.reset();
  CHECK(library.isLetGo());
}

TEST_CASE("aic: the detector hears the original before the processor changes it") {
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-vad.aicmodel"));
  const auto engine = engineOf(*source);
  CHECK(engine->speechProbability() < 0);
  std::vector<float> block = noise(1, 0.5, kBlock);
  REQUIRE(engine->process(block.data(), block.size()) == BlockResult::enhanced);
  CHECK(energyOf(block.data(), block.size()) == 0);  // nothing but delay yet
  CHECK(engine->speechProbability() > 0.5f);
  CHECK(engineOf(*licensedSource())->speechProbability() < 0);
}

TEST_CASE("aic: the level is the library's own; one that it refuses is left to the pipeline") {
  const auto source = licensedSource();
  const auto engine = engineOf(*source);
  CHECK(engine->setLevel(0));
  CHECK_FALSE(engine->setLevel(1.5f));
  const std::vector<float> input = noise(3, 0.3, 10 * kBlock);
  std::vector<float> output = input;
  for (std::size_t at = 0; at < output.size(); at += kBlock) engine->process(output.data() + at, kBlock);
  const std::vector<float> early(input.begin(), input.end() - kDelay);
  CHECK(std::vector<float>(output.begin() + kDelay, output.end()) == early);
}

TEST_CASE("aic: a reset forgets the past signal") {
  const auto source = licensedSource();
  const auto engine = engineOf(*source);
  processNoise(*engine, 5);
  REQUIRE(engine->reset());
  std::vector<float> silence(kBlock, 0.0f);
  engine->process(silence.data(), silence.size());
  CHECK(energyOf(silence.data(), silence.size()) == 0);
}

TEST_CASE("aic: a narrow model at a wide device's rate leaves a flat band, without a dip or a hump where it ends") {
  constexpr double kRate = 48000;
  const auto source = licensedSource(licensedOptions("stand-in-16khz.aicmodel"));
  for (const double hertz : {300.0, 3000.0, 6000.0, 6800.0, 7100.0, 7400.0, 7700.0, 8000.0, 9000.0, 15000.0}) {
    CAPTURE(hertz);
    std::string error;
    const auto pipeline = Pipeline::create({engineOf(*source)}, kRate, 256, &error);
    REQUIRE(pipeline);
    // A voice of one tone, which tells the high band that nothing is taken away, and the tone that is measured.
    std::vector<float> input = sine(kRate, 5000, 0.25, 48128);
    const std::vector<float> probe = sine(kRate, hertz, 0.02, input.size());
    for (std::size_t i = 0; i < input.size(); ++i) input[i] += probe[i];
    std::vector<float> output(input.size());
    for (std::size_t at = 0; at < input.size(); at += 256) pipeline->process(&input[at], &output[at], 256);
    const double gainDb = 20 * std::log10(amplitudeOf(output.data() + 24000, 24000, hertz / kRate) / 0.02);
    CHECK(gainDb > -4.5);  // the stand-in itself takes 2 dB
    CHECK(gainDb < 0.5);
  }
}

TEST_CASE("aic: revoked and allowed again under a pipeline: dry or fallback meanwhile, with the code, then back") {
  constexpr double kRate = 48000;
  StandIn library;
  const auto source = licensedSource();
  for (const char* fallback : {"bypass", "gtcrn"}) {
    CAPTURE(fallback);
    limpid::EngineSet engines;
    REQUIRE_FALSE(limpid::makeEngines({"aic", source, fallback}, &engines));
    CHECK((engines.fallback != nullptr) == (std::string(fallback) == "gtcrn"));
    std::string error;
    const auto pipeline = Pipeline::create(std::move(engines), kRate, 480, &error);
    REQUIRE(pipeline);
    const auto run = [&](double seconds) {
      std::vector<float> block = noise(1, 0.2, 480);
      for (int i = 0; i < seconds * 100; ++i) {
        std::vector<float> output(480);
        pipeline->process(block.data(), output.data(), 480);
      }
    };
    run(0.5);
    CHECK(pipeline->heard() == Heard::engine);
    library.set("revoked", 1);
    run(1);
    CHECK(pipeline->engineBlocked());
    CHECK(pipeline->vendorCode() == 6);
    CHECK(pipeline->heard() == (std::string(fallback) == "gtcrn" ? Heard::fallback : Heard::dry));
    CHECK(pipeline->counts().blocksDisallowed > 90);
    library.set("revoked", 0);
    run(4);
    CHECK_FALSE(pipeline->engineBlocked());
    CHECK(pipeline->vendorCode() == 0);
    CHECK(pipeline->heard() == Heard::engine);
  }
  CHECK(source->counts().processorCreates == 1);
}

TEST_CASE("aic: a choice that cannot be made is refused before anything is prepared") {
  CHECK(limpid::checkChoice({"aic"}).code == "argument");
  CHECK(limpid::checkChoice({"nonsense"}).code == "engine.unknown");
  CHECK(limpid::checkChoice({"gtcrn", nullptr, "nonsense"}).detail == "nonsense");
  CHECK_FALSE(limpid::checkChoice({"aic", licensedSource(), "gtcrn"}));
  limpid::EngineSet engines;
  CHECK_FALSE(limpid::makeEngines({"gtcrn", nullptr, "gtcrn"}, &engines));
  CHECK_FALSE(engines.fallback);
}

TEST_CASE("aic: nothing is allocated or freed where audio is processed, whatever the library answers") {
  if (!countsAllocations()) return;
  StandIn library;
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-vad.aicmodel"));
  const auto engine = engineOf(*source);
  std::vector<float> block = noise(1, 0.3, kBlock);
  std::size_t seen = 0;
  for (const int code : {0, 6, 52, 7, 0}) {
    library.set("process_code", code);
    const AllocationCount count;
    engine->setLevel(0.5f);
    for (int i = 0; i < 50; ++i) engine->process(block.data(), block.size());
    engine->reset();
    engine->vendorCode();
    engine->speechProbability();
    seen += count.seen();
  }
  CHECK(seen == 0);
}

TEST_CASE("aic: an engine that is made while an update takes its time is made with the new token") {
  StandIn library;
  const auto source = licensedSource(licensedOptions(), jwt(600));
  const auto engine = engineOf(*source);
  library.set("clock_offset_ms", 3600 * 1000);
  CHECK(isVendorError(failureOfEngine(*source), 52));
  library.set("update_delay_ms", 500);
  const long long updates = library.count("token_updates");
  std::thread updater([&] { CHECK(update(*source, jwt(7200)) == 0); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto other = engineOf(*source);
  CHECK(library.count("token_updates") == updates);
  CHECK(processNoise(*other) == BlockResult::enhanced);
  updater.join();
  CHECK(processNoise(*engine) == BlockResult::enhanced);
  CHECK(source->counts().tokenUpdates == 1);
}

TEST_CASE("aic: an engine that is being made when a token arrives gets that one, also if it cannot be handed over") {
  StandIn library;
  for (const int answer : {0, 7}) {
    const auto source = licensedSource();
    library.set("create_delay_ms", 300);
    library.set("update_code", answer);
    std::unique_ptr<Engine> engine;
    std::thread maker([&] { engine = engineOf(*source); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(update(*source, jwt(7200)) == 0);
    maker.join();
    library.set("clock_offset_ms", 3600 * 1000);
    CHECK(processNoise(*engine) == BlockResult::enhanced);
    library.set("clock_offset_ms", 0);
    CHECK(source->counts().processorCreates == (answer == 0 ? 1 : 2));
    CHECK(source->counts().tokenUpdates == 0);
    engine.reset();
  }
}

TEST_CASE("aic: an engine is made with the old token where the one that is being handed over is refused") {
  StandIn library;
  const auto source = licensedSource();
  const auto engine = engineOf(*source);
  library.set("update_delay_ms", 300);
  std::thread updater([&] { CHECK(update(*source, "no token") == 50); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto other = engineOf(*source);
  updater.join();
  CHECK(processNoise(*other) == BlockResult::enhanced);
  CHECK(processNoise(*engineOf(*source)) == BlockResult::enhanced);
}

TEST_CASE("aic: a token that no object took is no update") {
  const StandIn library;
  const auto source = licensedSource();
  CHECK(update(*source, jwt()) == 0);
  CHECK(source->counts().tokenUpdates == 0);
  const auto engine = engineOf(*source);
  CHECK(update(*source, jwt()) == 0);
  CHECK(source->counts().tokenUpdates == 1);
}

TEST_CASE("aic: what is spare is let go, but for one processor where none is in use") {
  StandIn library;
  const auto source = licensedSource();
  auto engine = engineOf(*source);
  {
    const auto second = engineOf(*source);
    const auto third = engineOf(*source);
  }
  CHECK(library.count("sessions") == 3);
  source->endSpare();
  REQUIRE(isIdle(*source));
  CHECK(library.count("sessions") == 1);
  auto other = engineOf(*source);
  engine.reset();
  other.reset();
  source->endSpare();
  REQUIRE(isIdle(*source));
  CHECK(library.count("sessions") == 1);
}

TEST_CASE("aic: a reset that is refused ends nothing, as long as the processor can work") {
  StandIn library;
  const auto source = licensedSource();
  const auto engine = engineOf(*source);
  for (const int code : kVendorCodes) {
    CAPTURE(code);
    library.set("reset_code", code);
    CHECK(engine->reset() == (code != 3));
    CHECK(processNoise(*engine) == BlockResult::enhanced);
  }
}

// What runs in the process of the test below. Only its last answer, 0, says that all went well.
TEST_CASE("aic child: the process ends while a token is handed over" * doctest::skip()) {
  auto* const library = new StandIn();  // not destroyed: the process ends before
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-vad.aicmodel"));
  const auto engine = engineOf(*source);
  library->set("update_delay_ms", 200);
  auto* const updater = new std::thread([source] {
    int code = -1;
    if (source->updateToken(jwt(), &code) || code != 0) std::_Exit(2);
  });
  atProcessEnd.run = [updater] {
    updater->join();
    std::_Exit(0);
  };
  std::exit(3);
}

#if defined(__linux__)
TEST_CASE("aic: a call of the library that is under way when the process ends still finds the library") {
  std::array<char, 4096> path{};
  REQUIRE(readlink("/proc/self/exe", path.data(), path.size() - 1) > 0);
  const std::string command = "'" + std::string(path.data()) + "' --no-skip -tc='aic child: *' > /dev/null";
  CHECK(std::system(command.c_str()) == 0);
}
#endif
