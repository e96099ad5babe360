#include "player/player.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "eventually.h"
#include "signals.h"
#include "wav_files.h"

using limpid::DevicePair;
using limpid::DeviceSpec;
using limpid::NativeError;
using limpid::Player;
using limpid::PlayerSound;
using limpid::PlayerState;
using limpid::StreamClient;
using limpid::StreamDelays;
using limpid::StreamRequest;
using limpid::StreamShape;
using namespace limpid::test;
using namespace limpid::testing;

namespace {
/** What a test does to a device and sees of it. */
struct Device {
  std::atomic<bool> isDead{false};      // no callbacks come any more
  std::atomic<bool> isReported{false};  // and the system says so
  std::atomic<bool> isHeld{false};      // it takes its time to close
  std::atomic<int> open{0};
  std::atomic<int> opened{0};
  NativeError refusal;
  std::mutex mutex;
  std::vector<float> played;  // guarded by mutex

  std::vector<float> take() {
    const std::lock_guard<std::mutex> lock(mutex);
    return std::move(played);
  }
  std::size_t count() {
    const std::lock_guard<std::mutex> lock(mutex);
    return played.size();
  }
};

/** A mono playback device in real time that keeps what it plays. */
class KeepingPair : public DevicePair {
 public:
  explicit KeepingPair(Device& device) : device_(device) {}
  ~KeepingPair() override { close(); }

  NativeError open(const StreamRequest& request, StreamShape* shape) override {
    CHECK_FALSE(request.hasInput);
    if (device_.refusal) return device_.refusal;
    ++device_.open;
    ++device_.opened;
    isOpen_ = true;
    shape->outputRate = 48000;
    shape->outputPeriodFrames = 240;
    return {};
  }
  NativeError start(std::shared_ptr<StreamClient> client) override {
    isRunning_ = true;
    thread_ = std::thread([this, client] {
      std::vector<float> block(240);
      auto next = std::chrono::steady_clock::now();
      while (isRunning_) {
        std::this_thread::sleep_until(next += std::chrono::milliseconds(5));
        if (device_.isDead) continue;
        client->playback(block.data(), block.size(), {limpid::nowSeconds(), 0.001});
        const std::lock_guard<std::mutex> lock(device_.mutex);
        device_.played.insert(device_.played.end(), block.begin(), block.end());
      }
    });
    return {};
  }
  void close() override {
    isRunning_ = false;
    if (thread_.joinable()) thread_.join();
    while (isOpen_ && device_.isHeld) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (isOpen_) --device_.open;
    isOpen_ = false;
  }
  StreamDelays delays() const override { return {}; }
  bool realTimePriority() const override { return false; }
  bool hasEnded() const override { return device_.isReported; }

 private:
  Device& device_;
  bool isOpen_ = false;
  std::atomic<bool> isRunning_{false};
  std::thread thread_;
};

/** Two versions of a sine, the second half as loud. */
struct Rig {
  explicit Rig(double seconds, double stallSeconds = 3)
      : player([this](DeviceSpec::Kind) { return std::make_unique<KeepingPair>(device); }, stallSeconds) {
    const std::size_t frames = static_cast<std::size_t>(48000 * seconds);
    write("a.wav", sine(48000, 300, 0.5, frames));
    write("b.wav", sine(48000, 300, 0.25, frames + 7));
    REQUIRE_FALSE(player.open({folder / "a.wav", folder / "b.wav"}, &sound));
  }
  void write(const std::string& name, const std::vector<float>& samples) {
    Bytes bytes(4 * samples.size());
    limpid::encodeSamples(limpid::SampleType::float32, samples.data(), bytes.data(), samples.size());
    writeBytes(folder / name, riff(fmtChunk({3, 1, 48000, 32}) + chunk("data", bytes)));
  }
  bool reaches(PlayerState state) {
    return eventually([&] { return player.numbers().state == state; });
  }
  bool plays(std::size_t frames) {
    const std::size_t from = device.count();
    return eventually([&] { return device.count() >= from + frames; });
  }

  const TemporaryFolder folder;
  Device device;
  PlayerSound sound;
  Player player;
};

const DeviceSpec anywhere;
/** Of a sine of 300 Hz and 0.5 from one sample to the next, with a little for the fades. */
constexpr double kSmooth = 0.5 * 2 * kPi * 300 / 48000 + 0.002;
}  // namespace

/** Plays to the end, then anew. False: the machine stood still and tore the sound, so that nothing can be said of it.
 */
static bool playsTwice() {
  Rig rig(0.3);
  CHECK(rig.sound.seconds == doctest::Approx(0.3));
  CHECK(rig.player.numbers().state == PlayerState::paused);
  REQUIRE_FALSE(rig.player.play(anywhere));
  REQUIRE(rig.reaches(PlayerState::ended));
  CHECK(eventually([&] { return rig.device.open == 0; }));
  CHECK(rig.player.numbers().positionSeconds == rig.sound.seconds);
  if (rig.player.numbers().underruns > 0) return false;
  const std::vector<float> expected = sine(48000, 300, 0.5, 14400);
  std::vector<float> played = rig.device.take();
  REQUIRE(played.size() >= expected.size());
  CHECK(std::equal(expected.begin() + 480, expected.end(), played.begin() + 480));
  for (std::size_t i = expected.size(); i < played.size(); ++i) CHECK(played[i] == 0);

  REQUIRE_FALSE(rig.player.play(anywhere));
  CHECK(rig.player.numbers().positionSeconds < 0.2);
  rig.player.close();
  CHECK(rig.player.numbers().state == PlayerState::idle);
  CHECK(rig.device.open == 0);
  CHECK(rig.player.play(anywhere).code == "argument");
  return true;
}

TEST_CASE("player: plays to the end, closes the device, and begins anew") {
  bool isWhole = playsTwice();
  for (int tries = 1; !isWhole && tries < 10; ++tries) isWhole = playsTwice();
  CHECK(isWhole);
}

TEST_CASE("player: changes versions and places without a click, pauses, and goes on where it was") {
  Rig rig(20);
  rig.player.seek(10);
  CHECK(rig.player.numbers().positionSeconds == 10);
  REQUIRE_FALSE(rig.player.play(anywhere));
  REQUIRE(rig.plays(2400));
  CHECK(rig.player.hear(1));
  CHECK_FALSE(rig.player.hear(2));
  REQUIRE(rig.plays(2400));
  // A busy machine may let the device play on between two lines here.
  const std::size_t soughtAt = rig.device.count();
  const auto farthestSeconds = [&] { return 3 + (rig.device.count() - soughtAt) / 48000.0 + 0.03; };
  rig.player.seek(3);
  const double soughtTo = rig.player.numbers().positionSeconds;
  CHECK((soughtTo >= 3 && soughtTo < farthestSeconds()));
  REQUIRE(rig.plays(2400));
  CHECK(rig.player.hear(0));
  REQUIRE(rig.plays(2400));
  rig.player.pause();
  const double head = rig.player.numbers().positionSeconds;
  CHECK(rig.player.numbers().state == PlayerState::paused);
  CHECK((head > 3.04 && head < farthestSeconds()));
  CHECK(rig.device.open == 0);
  const std::vector<float> played = rig.device.take();
  CHECK(largestStep(played.data(), played.size()) < kSmooth);
  CHECK(played.back() == 0);
  CHECK(rig.player.numbers().underruns == 0);

  REQUIRE_FALSE(rig.player.play(anywhere));
  const double goesOnAt = rig.player.numbers().positionSeconds;
  CHECK(goesOnAt > head - 0.001);
  CHECK(goesOnAt < head + rig.device.count() / 48000.0 + 0.03);
  rig.player.seek(100);  // beyond the end
  REQUIRE(rig.reaches(PlayerState::ended));
  rig.player.seek(1);
  CHECK(rig.player.numbers().state == PlayerState::paused);
  CHECK(rig.device.opened == 2);
}

TEST_CASE(
    "player: is at the end before its device is closed, and a head that is moved then rests where it was moved to") {
  Rig rig(0.1);
  rig.device.isHeld = true;
  REQUIRE_FALSE(rig.player.play(anywhere));
  REQUIRE(rig.reaches(PlayerState::ended));
  CHECK(rig.device.open == 1);
  rig.player.seek(0.05);
  CHECK(rig.player.numbers().state == PlayerState::paused);
  rig.device.isHeld = false;
  REQUIRE_FALSE(rig.player.play(anywhere));
  CHECK(rig.player.numbers().positionSeconds >= 0.05);
  CHECK(rig.reaches(PlayerState::ended));
  CHECK(rig.device.opened == 2);
}

TEST_CASE("player: a device that vanishes or takes no sound any more is a failure, and another can be played on") {
  for (const bool isReported : {true, false}) {
    Rig rig(20, 0.2);
    REQUIRE_FALSE(rig.player.play(anywhere));
    REQUIRE(rig.plays(1000));
    rig.device.isDead = true;
    rig.device.isReported = isReported;
    REQUIRE(rig.reaches(PlayerState::failed));
    CHECK(rig.player.numbers().error.code == "device.failed");
    const double head = rig.player.numbers().positionSeconds;
    CHECK(head > 0);
    rig.device.isDead = rig.device.isReported = false;
    REQUIRE_FALSE(rig.player.play(anywhere));
    CHECK(rig.player.numbers().state == PlayerState::playing);
    CHECK_FALSE(rig.player.numbers().error);
    CHECK(rig.player.numbers().positionSeconds >= head);
  }
}

TEST_CASE("player: a device that refuses leaves the head where it is; a file that is missing leaves nothing open") {
  Rig rig(2);
  rig.player.seek(1);
  rig.device.refusal = {"device.busy", "x"};
  CHECK(rig.player.play(anywhere).code == "device.busy");
  CHECK(rig.player.numbers().state == PlayerState::paused);
  CHECK(rig.player.numbers().positionSeconds == 1);
  PlayerSound sound;
  const NativeError error = rig.player.open({rig.folder / "a.wav", rig.folder / "none.wav"}, &sound);
  CHECK(error.code == "file.not-found");
  CHECK(error.detail == rig.folder / "none.wav");
  CHECK(rig.player.numbers().state == PlayerState::idle);
}

TEST_CASE("player: plays on the timer device; everything may be called from several threads at once") {
  Rig rig(20);
  Player player;
  PlayerSound sound;
  REQUIRE_FALSE(player.open({rig.folder / "a.wav", rig.folder / "b.wav"}, &sound));
  std::atomic<bool> isRunning{true};
  std::thread reader([&] {
    for (int i = 0; isRunning; ++i) {
      player.numbers();
      player.seek(i % 20);
      player.hear(i % 2);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  std::thread pauser([&] {
    for (int i = 0; i < 5; ++i) {
      player.pause();
      std::this_thread::sleep_for(std::chrono::milliseconds(17));
    }
  });
  for (int i = 0; i < 5; ++i) {
    const NativeError error = player.play(anywhere);
    CHECK((!error || error.code == "cancelled"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  pauser.join();
  isRunning = false;
  reader.join();
  REQUIRE_FALSE(player.play(anywhere));
  CHECK(player.numbers().state == PlayerState::playing);
}
