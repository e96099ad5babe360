#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engines/engine_choice.h"
#include "eventually.h"
#include "files/file_enhancer.h"
#include "loop/loop.h"
#include "loop/shadow_policy.h"
#include "stand_in.h"
#include "wav_files.h"

using limpid::FileEnhancer;
using limpid::FileEnhancerResult;
using limpid::LicensedSource;
using limpid::LoadHistogram;
using limpid::Loop;
using limpid::LoopNumbers;
using limpid::LoopOptions;
using limpid::NativeError;
using limpid::ShadowPolicy;
using namespace limpid::test;
using namespace limpid::testing;

namespace {
LoopOptions licensedLoop(const std::shared_ptr<LicensedSource>& source, const char* fallback = "bypass") {
  LoopOptions options;
  options.choice = {"aic", source, fallback};
  return options;
}

int update(LicensedSource& source, const std::string& token) {
  int code = -1;
  CHECK_FALSE(source.updateToken(token, &code));
  return code;
}
}  // namespace

TEST_CASE("loop with aic: streams of any shape come and go, tokens are swapped, and one processor serves them all") {
  const StandIn library;
  const auto source = licensedSource();
  Loop loop;
  for (const double rate : {48000.0, 44100.0, 16000.0}) {
    LoopOptions options = licensedLoop(source);
    options.streams.inputRate = rate;
    REQUIRE_FALSE(loop.start(options));
    CHECK(update(*source, jwt()) == 0);
    const auto enhanced = loop.numbers().pipeline.blocksEnhanced;
    CHECK(eventually([&] { return loop.numbers().pipeline.blocksEnhanced > enhanced + 10; }));
  }
  // The same processor stays with the loop while another engine is heard, and comes back.
  REQUIRE_FALSE(loop.setEngine({"bypass"}));
  CHECK(loop.numbers().modelLoads == 0);
  REQUIRE(eventually([&] { return source.use_count() == 2; }));  // the loop lets go of the engine, not of the choice
  const LoopNumbers numbers = loop.numbers();
  CHECK(numbers.engine == "bypass");
  CHECK(numbers.heardEngine == "bypass");
  REQUIRE_FALSE(loop.setEngine({"aic", source}));
  CHECK(loop.numbers().modelLoads == 1);
  CHECK(loop.numbers().processorCreates == 1);
  CHECK(loop.numbers().tokenUpdates == 3);
  loop.stop();
  CHECK(source->counts().processorCreates == 1);
}

TEST_CASE("loop with aic: blocked and working again, and what is heard meanwhile") {
  StandIn library;
  const auto source = licensedSource();
  Loop loop;
  REQUIRE_FALSE(loop.start(licensedLoop(source, "gtcrn")));
  CHECK(eventually([&] { return loop.numbers().pipeline.blocksEnhanced > 5; }));
  CHECK(loop.numbers().engineStatus == "active");
  CHECK(loop.numbers().heardEngine == "aic");
  library.set("clock_offset_ms", 3600 * 1000);
  CHECK(eventually([&] { return loop.numbers().heardEngine == "gtcrn"; }));
  CHECK(loop.numbers().engineStatus == "blocked");
  CHECK(loop.numbers().vendorCode == 52);
  CHECK(loop.numbers().engine == "aic");
  CHECK(loop.numbers().pipeline.blocksDisallowed > 0);
  CHECK(update(*source, jwt(7200)) == 0);
  CHECK(eventually([&] { return loop.numbers().heardEngine == "aic"; }));
  CHECK(loop.numbers().engineStatus == "active");
  CHECK(loop.numbers().vendorCode == 0);
  loop.stop();
}

TEST_CASE("loop with aic: a source that is closed or has no token is refused, and the engine that runs goes on") {
  const StandIn library;
  const auto tokenless = LicensedSource::create(licensedOptions());
  Loop loop;
  CHECK(loop.start(licensedLoop(tokenless)).code == "aic.no-token");
  CHECK(loop.start(licensedLoop(nullptr)).code == "argument");
  LoopOptions options = licensedLoop(tokenless);
  options.choice = {"gtcrn"};
  REQUIRE_FALSE(loop.start(options));
  CHECK(loop.setEngine({"aic", tokenless}).code == "aic.no-token");
  CHECK(loop.numbers().engine == "gtcrn");
  const auto source = licensedSource();
  REQUIRE_FALSE(loop.setEngine({"aic", source}));
  CHECK(eventually([&] { return loop.numbers().engine == "aic"; }));
  source->close();
  const auto enhanced = loop.numbers().pipeline.blocksEnhanced;
  CHECK(eventually([&] { return loop.numbers().pipeline.blocksEnhanced > enhanced + 10; }));
  CHECK(loop.setEngine({"aic", source}).code == "aic.closed");
  loop.stop();
  CHECK(library.isLetGo());
}

TEST_CASE("loop with aic: numbers and stop do not wait for an update that takes its time") {
  StandIn library;
  const auto source = licensedSource();
  Loop loop;
  REQUIRE_FALSE(loop.start(licensedLoop(source)));
  library.set("update_delay_ms", 1000);
  std::atomic<bool> isUpdated{false};
  std::thread updater([&] {
    CHECK(update(*source, jwt()) == 0);
    isUpdated = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(loop.numbers().tokenUpdates == 0);
  loop.stop();
  CHECK_FALSE(isUpdated);
  updater.join();
}

TEST_CASE("loop with aic: until a switch is heard the numbers are those of the engine before") {
  StandIn library;
  const auto source = licensedSource();
  library.set("revoked", 1);
  Loop loop;
  LoopOptions options;
  options.choice = {"gtcrn"};
  REQUIRE_FALSE(loop.start(options));
  REQUIRE_FALSE(loop.setEngine({"aic", source, "gtcrn"}));
  bool isSeenBefore = false;
  CHECK(eventually([&] {
    const LoopNumbers numbers = loop.numbers();
    isSeenBefore = isSeenBefore || numbers.engine == "gtcrn";
    const bool isEither = numbers.engine == "gtcrn" ? numbers.engineStatus == "active" && numbers.vendorCode == 0
                                                    : numbers.engineStatus == "blocked" && numbers.vendorCode == 6;
    CHECK(isEither);
    CHECK((numbers.heardEngine == "gtcrn" || numbers.heardEngine == "bypass"));
    return numbers.engine == "aic";
  }));
  CHECK(isSeenBefore);
  loop.stop();
  CHECK(library.audioThreadCalls() == 0);
}

TEST_CASE("loop with aic: another fallback takes a second processor for the fade only") {
  StandIn library;
  const auto source = licensedSource();
  Loop loop;
  REQUIRE_FALSE(loop.start(licensedLoop(source, "bypass")));
  REQUIRE_FALSE(loop.setEngine({"aic", source, "gtcrn"}));
  CHECK(library.count("sessions") == 2);
  CHECK(eventually([&] { return library.count("sessions") == 1; }));
  CHECK(source->counts().processorCreates == 2);
  // Two choices at a time: what is left over when neither is heard any more goes too.
  REQUIRE_FALSE(loop.setEngine({"aic", source, "bypass"}));
  REQUIRE_FALSE(loop.setEngine({"bypass"}));
  CHECK(eventually([&] { return loop.numbers().engine == "bypass"; }));
  CHECK(eventually([&] { return library.count("sessions") == 1; }));
  loop.stop();
}

TEST_CASE("loop with aic: an engine that is made while the streams are opened in another shape is heard on those") {
  StandIn library;
  const auto source = licensedSource();
  Loop loop;
  LoopOptions options;
  options.choice = {"gtcrn"};
  REQUIRE_FALSE(loop.start(options));
  library.set("create_delay_ms", 500);
  std::thread chooser([&] { CHECK_FALSE(loop.setEngine({"aic", source})); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  options.streams.inputRate = 44100;
  REQUIRE_FALSE(loop.start(options));
  chooser.join();
  CHECK(eventually([&] { return loop.numbers().heardEngine == "aic"; }));
  CHECK(loop.numbers().shape.inputRate == 44100);
  loop.stop();
}

TEST_CASE("a file with aic: a processor a channel, which are free for others afterwards; a refused block fails it") {
  StandIn library;
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel"));
  TemporaryFolder folder;
  writeBytes(folder / "in.wav", riff(fmtChunk({1, 2, 44100, 16}) + chunk("data", randomBytes(4 * 60000, 1))));
  const auto enhance = [&](NativeError* error) {
    FileEnhancer enhancer({folder / "in.wav", folder / "out.wav", 1, [&](NativeError* failed) {
                             limpid::NativeError problem;
                             auto engine = limpid::makeEngine({"aic", source}, &problem);
                             *failed = {problem.code, problem.detail};
                             return engine;
                           }});
    FileEnhancerResult result;
    return enhancer.run(&result, error);
  };
  NativeError error;
  REQUIRE(enhance(&error));
  REQUIRE(enhance(&error));
  CHECK(source->counts().processorCreates == 2);
  CHECK(folder.fileCount() == 2);
  std::filesystem::remove(folder / "out.wav");
  library.set("revoked", 1);
  CHECK_FALSE(enhance(&error));
  CHECK(error.code == "aic.vendor");
  CHECK(error.detail == "6");
  CHECK(folder.fileCount() == 1);
  source->close();
  CHECK_FALSE(enhance(&error));
  CHECK(error.code == "aic.closed");
}

TEST_CASE("two engines at a time are allowed while there is room, and again when there is much of it") {
  LoadHistogram load;
  ShadowPolicy policy;
  double now = 100;
  const auto window = [&](double busy) {
    for (int i = 0; i < 100; ++i) load.add(busy);
    now += 2;
    return policy.look(now, load);
  };
  CHECK(window(0.3));
  CHECK(window(0.6));
  CHECK_FALSE(window(0.9));
  CHECK_FALSE(window(0.2));  // held
  for (int i = 0; i < 20; ++i) window(0.5);
  CHECK_FALSE(window(0.5));
  CHECK(window(0.2));
  CHECK_FALSE(window(0.8));
  for (int i = 0; i < 3; ++i) now += 20;
  CHECK_FALSE(policy.look(now, load));  // nothing was measured meanwhile
  const LoadHistogram fresh;
  CHECK_FALSE(policy.look(now + 2, fresh));
}
