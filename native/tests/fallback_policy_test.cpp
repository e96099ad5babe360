#include "core/fallback_policy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

using limpid::FallbackNews;
using limpid::FallbackPolicy;
using State = FallbackPolicy::State;

namespace {
constexpr double kRate = 48000;
constexpr std::size_t kFrames = 480;
constexpr double kCallSeconds = kFrames / kRate;
constexpr double kWarmUpSeconds = 0.1;

/** What happens around the policy, by the second. */
struct World {
  std::function<bool(double)> refuses = [](double) { return false; };
  std::function<bool(double)> shadowAllowed = [](double) { return true; };
  double engineFailsAt = 1e9;
  double fallbackFailsAt = 1e9;
};

/** The world and its policy, call by call. */
class Simulation {
 public:
  explicit Simulation(World world) : world_(std::move(world)) {}

  void runUntil(double seconds) {
    while (now() + kCallSeconds / 2 < seconds) step();
  }
  State state() const { return policy_.state(); }
  double now() const { return calls_ * kCallSeconds; }
  /** When the state was entered for the n-th time (from 0), or −1. */
  double enteredAt(State state, std::size_t n = 0) const {
    for (const Entry& entry : entries_) {
      if (entry.state == state && n-- == 0) return entry.at;
    }
    return -1;
  }
  std::size_t timesEntered(State state) const {
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.state == state; }));
  }
  double engineRan = 0;  // seconds
  double fallbackRan = 0;
  double bothRan = 0;

 private:
  struct Entry {
    State state;
    double at;
  };

  void step() {
    const State before = policy_.state();
    const bool engineRuns = policy_.runsEngine();
    const bool fallbackRuns = policy_.runsFallback();
    engineWarm_ = engineRuns ? engineWarm_ + kCallSeconds : 0;
    fallbackWarm_ = fallbackRuns ? fallbackWarm_ + kCallSeconds : 0;
    engineRan += engineRuns ? kCallSeconds : 0;
    fallbackRan += fallbackRuns ? kCallSeconds : 0;
    bothRan += engineRuns && fallbackRuns ? kCallSeconds : 0;

    FallbackNews news;
    news.frames = kFrames;
    news.engineFailed = now() >= world_.engineFailsAt;
    news.fallbackFailed = now() >= world_.fallbackFailsAt;
    news.refused = engineRuns && !news.engineFailed && world_.refuses(now());
    if (engineRuns) blocked_ = news.refused;
    news.blocked = blocked_;
    news.engineReady = engineWarm_ > kWarmUpSeconds;
    news.fallbackReady = fallbackWarm_ > kWarmUpSeconds;
    news.shadowAllowed = world_.shadowAllowed(now());
    policy_.update(news);
    ++calls_;
    if (policy_.state() != before) entries_.push_back({policy_.state(), now()});
  }

  World world_;
  FallbackPolicy policy_{kRate};
  long calls_ = 0;
  bool blocked_ = false;
  double engineWarm_ = 10;
  double fallbackWarm_ = 0;
  std::vector<Entry> entries_;
};

std::function<bool(double)> during(double from, double to) {
  return [from, to](double now) { return now >= from - 1e-9 && now < to - 1e-9; };
}
const auto never = [](double) { return false; };

/** To within a few calls. */
doctest::Approx about(double seconds) {
  return doctest::Approx(seconds).scale(0).epsilon(0.055 / seconds);
}
}  // namespace

TEST_CASE("fallback: while the chosen engine works the other one never runs") {
  Simulation simulation({});
  simulation.runUntil(60);
  CHECK(simulation.state() == State::engine);
  CHECK(simulation.fallbackRan == 0);
  CHECK(simulation.engineRan == about(60));
}

TEST_CASE("fallback: ten seconds of refusal, by the second") {
  Simulation simulation({during(10, 20)});
  simulation.runUntil(60);
  CHECK(simulation.enteredAt(State::leaving) == about(10));
  CHECK(simulation.enteredAt(State::shadow) == about(10 + kWarmUpSeconds));
  CHECK(simulation.enteredAt(State::engine) == about(23));
  CHECK(simulation.state() == State::engine);
  CHECK(simulation.fallbackRan == about(13));
  CHECK(simulation.engineRan == about(60));
}

TEST_CASE("fallback: refused from the very first block") {
  Simulation simulation({during(0, 5)});
  simulation.runUntil(20);
  CHECK(simulation.enteredAt(State::shadow) == about(kWarmUpSeconds));
  CHECK(simulation.enteredAt(State::engine) == about(8));
}

TEST_CASE("fallback: success has to be unbroken for three seconds") {
  const auto nearly = [](double now) {
    return during(5, 6)(now) || (now > 6 && now < 30 && std::fmod(now, 2.9) < 0.02);
  };
  Simulation simulation({nearly});
  simulation.runUntil(60);
  CHECK(simulation.timesEntered(State::engine) == 1);
  CHECK(simulation.enteredAt(State::engine) >= 32);
  CHECK(simulation.enteredAt(State::engine) <= 33);
}

TEST_CASE("fallback: a blip that ends before the fallback is warm changes nothing; a second one within a minute does") {
  const auto blips = [](double now) { return during(5, 5.05)(now) || during(30, 30.05)(now); };
  Simulation simulation({blips});
  simulation.runUntil(29);
  CHECK(simulation.timesEntered(State::shadow) == 0);
  CHECK(simulation.state() == State::engine);
  simulation.runUntil(90);
  CHECK(simulation.enteredAt(State::shadow) == about(30 + kWarmUpSeconds));
  CHECK(simulation.enteredAt(State::engine, 1) == about(60));
}

TEST_CASE("fallback: two drop-outs within a minute hold it for thirty seconds, later ones do not") {
  const auto flapping = [](double now) { return during(5, 6)(now) || during(15, 16)(now); };
  Simulation simulation({flapping});
  simulation.runUntil(60);
  CHECK(simulation.enteredAt(State::engine, 0) == about(9));
  CHECK(simulation.enteredAt(State::shadow, 1) == about(15 + kWarmUpSeconds));
  CHECK(simulation.enteredAt(State::engine, 1) == about(45));

  const auto seldom = [](double now) { return during(5, 6)(now) || during(66, 67)(now); };
  Simulation patient({seldom});
  patient.runUntil(80);
  CHECK(patient.enteredAt(State::engine, 1) == about(70));
}

TEST_CASE("fallback: an engine that flaps for an hour is heard little and changes seldom") {
  Simulation simulation({[](double now) { return static_cast<long>(now) % 5 == 0; }});
  simulation.runUntil(3600);
  CHECK(simulation.timesEntered(State::shadow) <= 3600 / 30 + 2);
  CHECK(simulation.timesEntered(State::shadow) > 50);
}

TEST_CASE("fallback: where both at a time are too much it is probed for half a second every ten") {
  Simulation simulation({during(5, 44), never});
  simulation.runUntil(44);
  CHECK(simulation.timesEntered(State::probing) == 3);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(simulation.enteredAt(State::probing, i) - simulation.enteredAt(State::probing, i - 1) == about(10));
  }
  CHECK(simulation.bothRan < 3 * 0.52 + 2 * kWarmUpSeconds);
  simulation.runUntil(60);
  CHECK(simulation.state() == State::engine);
  CHECK(simulation.enteredAt(State::engine) - simulation.enteredAt(State::probing, 3) == about(0.5));
  CHECK(simulation.enteredAt(State::engine) <= 44 + 12);
}

TEST_CASE("fallback: one refused block spoils a probe") {
  const auto once = [](double now) {
    return during(5, 6)(now) || (now > 6 && now < 20 && std::fmod(now, 0.25) < 0.02);
  };
  Simulation simulation({once, never});
  simulation.runUntil(20);
  CHECK(simulation.timesEntered(State::probing) == 1);
  CHECK(simulation.timesEntered(State::engine) == 0);
  simulation.runUntil(30);
  CHECK(simulation.state() == State::engine);
}

TEST_CASE("fallback: the load may forbid the shadow and allow it again") {
  World world;
  world.refuses = during(5, 25);
  world.shadowAllowed = [](double now) { return !during(10, 22)(now); };
  Simulation simulation(world);
  simulation.runUntil(9);
  CHECK(simulation.state() == State::shadow);
  simulation.runUntil(11);
  CHECK(simulation.state() == State::waiting);
  simulation.runUntil(23);
  CHECK(simulation.state() == State::shadow);
  simulation.runUntil(60);
  CHECK(simulation.enteredAt(State::engine) == about(28));
}

TEST_CASE("fallback: a dead engine leaves it for good, unasked") {
  World world;
  world.engineFailsAt = 5;
  Simulation simulation(world);
  simulation.runUntil(60);
  CHECK(simulation.state() == State::waiting);
  CHECK(simulation.timesEntered(State::probing) == 0);
  CHECK(simulation.engineRan == about(5 + kWarmUpSeconds));

  world.engineFailsAt = 20;
  world.refuses = during(5, 1000);
  Simulation later(world);
  later.runUntil(60);
  CHECK(later.state() == State::waiting);
  CHECK(later.engineRan == about(20));
}

TEST_CASE("fallback: when it fails itself, the chosen engine is all there is") {
  for (const bool shadow : {true, false}) {
    CAPTURE(shadow);
    World world;
    world.refuses = during(5, 40);
    world.fallbackFailsAt = 22;
    world.shadowAllowed = [shadow](double) { return shadow; };
    Simulation simulation(world);
    simulation.runUntil(22.2);
    CHECK(simulation.state() == State::engine);
    simulation.runUntil(100);
    CHECK(simulation.timesEntered(State::engine) == 1);
    CHECK(simulation.fallbackRan < 18);
  }
  World early;
  early.refuses = during(5, 40);
  early.fallbackFailsAt = 5.05;
  Simulation simulation(early);
  simulation.runUntil(60);
  CHECK(simulation.timesEntered(State::shadow) == 0);
  CHECK(simulation.state() == State::engine);
}

TEST_CASE("fallback: both failed is no reason to change any more") {
  World world;
  world.engineFailsAt = 5;
  world.fallbackFailsAt = 10;
  Simulation simulation(world);
  simulation.runUntil(60);
  CHECK(simulation.state() == State::waiting);
}
