#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "signals.h"
#include "stand_in.h"

using limpid::Engine;
using limpid::LicensedSource;
using limpid::NativeError;
using namespace limpid::test;

namespace {
void processSome(Engine& engine, int blocks) {
  std::vector<float> block = noise(1, 0.3, 480);
  for (int i = 0; i < blocks; ++i) engine.process(block.data(), block.size());
}
}  // namespace

TEST_CASE("aic threads: tokens come from several threads while audio runs, and engines come and go") {
  StandIn library;
  library.set("update_delay_ms", 2);
  const long long updates = library.count("token_updates");
  const auto source = licensedSource(licensedOptions("stand-in-48khz.aicmodel", "stand-in-vad.aicmodel"));
  std::atomic<bool> isRunning{true};
  std::atomic<int> accepted{0};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  // Made before the updates begin: without an engine there is nothing to update.
  threads.emplace_back([&, engine = engineOf(*source)] {
    while (isRunning) processSome(*engine, 10);
  });
  threads.emplace_back([&] {
    while (isRunning) {
      const auto engine = engineOf(*source);
      std::thread([&] { processSome(*engine, 10); }).join();
    }
  });
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 30; ++k) {
        int code = -1;
        wrong += static_cast<bool>(source->updateToken(jwt(600 + k), &code));
        accepted += code == 0;
      }
    });
  }
  threads.emplace_back([&] {
    for (int k = 0; k < 3; ++k) {
      wrong += static_cast<bool>(source->replaceToken(jwt()));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  for (std::size_t i = 2; i < threads.size(); ++i) threads[i].join();
  isRunning = false;
  threads[0].join();
  threads[1].join();
  CHECK(wrong == 0);
  CHECK(accepted == 60);
  CHECK(source->counts().tokenUpdates > 0);
  CHECK(source->counts().tokenUpdates <= 60);  // just after a replaced token there may be nothing to take one
  CHECK(source->counts().modelLoads == 1);
  CHECK(library.count("token_updates") > updates);
  CHECK(library.count("overlaps") == 0);
  CHECK(library.audioThreadCalls() == 0);
  source->close();
  REQUIRE(isIdle(*source));
}

TEST_CASE("aic threads: a source is closed while one thread processes, one updates and one makes engines") {
  StandIn library;
  library.set("update_delay_ms", 1);
  for (int round = 0; round < 5; ++round) {
    const auto source = licensedSource();
    std::atomic<bool> isClosed{false};
    std::thread audio([&, engine = engineOf(*source)] {
      while (!isClosed) processSome(*engine, 10);
      processSome(*engine, 10);
    });
    std::thread updater([&] {
      int code = 0;
      while (!source->updateToken(jwt(), &code)) CHECK(code == 0);
    });
    std::thread maker([&] {
      NativeError error;
      while (const std::unique_ptr<Engine> engine = source->createEngine(&error)) processSome(*engine, 3);
      CHECK(error.code == "aic.closed");
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source->close();
    isClosed = true;
    audio.join();
    updater.join();
    maker.join();
    REQUIRE(isIdle(*source));
    CHECK(library.count("sessions") == 0);
  }
}

TEST_CASE("aic threads: an engine is let go while an update holds the library's mutex for long") {
  StandIn library;
  const auto source = licensedSource();
  auto engine = engineOf(*source);
  library.set("update_delay_ms", 400);
  std::atomic<bool> isUpdated{false};
  std::thread updater([&] {
    int code = -1;
    CHECK_FALSE(source->updateToken(jwt(), &code));
    isUpdated = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  processSome(*engine, 3);
  CHECK(source->counts().tokenUpdates == 0);
  engine.reset();
  engine = engineOf(*source);
  processSome(*engine, 3);
  CHECK_FALSE(isUpdated);  // none of that waited for it
  updater.join();
  CHECK(source->counts().tokenUpdates == 1);
  CHECK(source->counts().processorCreates == 1);
}
