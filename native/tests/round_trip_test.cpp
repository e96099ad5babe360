#include "roundtrip/round_trip.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

#include "allocations.h"

using limpid::DevicePair;
using limpid::DeviceSpec;
using limpid::NativeError;
using limpid::RoundTrip;
using limpid::RoundTripOptions;
using limpid::RoundTripResult;
using limpid::StreamClient;
using limpid::StreamDelays;
using limpid::StreamRequest;
using limpid::StreamShape;
using namespace limpid::test;

namespace {
constexpr std::size_t kPeriod = 480;
constexpr std::size_t kWayFrames = 960;  // 20 ms through the air
constexpr double kInputLatency = 0.012;
constexpr double kOutputLatency = 0.030;

struct Air {
  std::atomic<std::size_t> allocations{0};
  std::atomic<bool> hasEnded{false};
  std::atomic<bool> isOpen{false};
};

/** What is played comes back, in real time, attenuated and late. */
class AirPair : public DevicePair {
 public:
  explicit AirPair(Air& air) : air_(air) {}
  ~AirPair() override { close(); }
  NativeError open(const StreamRequest&, StreamShape* shape) override {
    *shape = {48000, 48000, kPeriod, kPeriod};
    air_.isOpen = true;
    return {};
  }
  NativeError start(std::shared_ptr<StreamClient> client) override {
    isRunning_ = true;
    thread_ = std::thread([this, client] {
      std::vector<float> way(kWayFrames + kPeriod);
      std::vector<float> played(kPeriod);
      auto next = std::chrono::steady_clock::now();
      double now = limpid::nowSeconds();
      while (isRunning_) {
        std::this_thread::sleep_until(next += std::chrono::milliseconds(10));
        now += 0.010;
        const AllocationCount count;
        client->playback(played.data(), kPeriod, {now, kOutputLatency});
        // What is captured now entered the device `kInputLatency` ago, when what was played then left the other.
        std::copy(way.begin() + kPeriod, way.end(), way.begin());
        for (std::size_t i = 0; i < kPeriod; ++i) way[kWayFrames + i] = 0.1f * played[i];
        client->capture(way.data(), kPeriod, {now + kOutputLatency + kInputLatency, kInputLatency});
        air_.allocations += count.seen();
      }
    });
    return {};
  }
  void close() override {
    isRunning_ = false;
    if (thread_.joinable()) thread_.join();
    air_.isOpen = false;
  }
  StreamDelays delays() const override { return {}; }
  bool realTimePriority() const override { return false; }
  bool hasEnded() const override { return air_.hasEnded; }

 private:
  Air& air_;
  std::atomic<bool> isRunning_{false};
  std::thread thread_;
};

RoundTripOptions optionsOf(double seconds) {
  RoundTripOptions options;
  options.seconds = seconds;
  options.levelDb = -12;
  return options;
}
}  // namespace

TEST_CASE("round trip: the devices' own latencies and the way between them are found; callbacks do not allocate") {
  Air air;
  RoundTrip roundTrip(optionsOf(2.5), [&](DeviceSpec::Kind) { return std::make_unique<AirPair>(air); });
  RoundTripResult result;
  REQUIRE_FALSE(roundTrip.run(&result));
  CHECK(result.chirpsPlayed == 3);
  CHECK(result.chirpsHeard == 3);
  REQUIRE(result.roundTripMs);
  CHECK(*result.roundTripMs == doctest::Approx(20 + 12 + 30).epsilon(0.01));
  CHECK(*result.jitterMs < 0.1);
  CHECK(result.gaps == 0);
  CHECK(*result.signalDb == doctest::Approx(-12 - 20 - 3.1).epsilon(0.02));
  CHECK(*result.noiseDb < -100);
  CHECK(roundTrip.secondsDone() == 2.5);
  CHECK_FALSE(air.isOpen);
  if (countsAllocations()) CHECK(air.allocations == 0);
}

TEST_CASE("round trip: cancelling ends it at once, and so does a device that goes away") {
  for (const bool isCancelled : {true, false}) {
    Air air;
    RoundTrip roundTrip(optionsOf(60), [&](DeviceSpec::Kind) { return std::make_unique<AirPair>(air); });
    RoundTripResult result;
    NativeError error;
    std::thread runner([&] { error = roundTrip.run(&result); });
    while (roundTrip.secondsDone() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const double since = limpid::nowSeconds();
    if (isCancelled) {
      roundTrip.cancel();
    } else {
      air.hasEnded = true;
    }
    runner.join();
    CHECK(limpid::nowSeconds() - since < 0.2);
    CHECK(error.code == (isCancelled ? "cancelled" : "device.failed"));
    CHECK_FALSE(air.isOpen);
  }
}

TEST_CASE("round trip: on the timer device nothing comes back, and a timer and a device are no pair") {
  RoundTripOptions options = optionsOf(1.75);
  RoundTripResult result;
  REQUIRE_FALSE(RoundTrip(options).run(&result));
  CHECK(result.chirpsPlayed > 0);
  CHECK(result.chirpsHeard == 0);
  CHECK_FALSE(result.roundTripMs);
  options.output.kind = DeviceSpec::Kind::pulse;
  CHECK(RoundTrip(options).run(&result).code == "argument");
}
