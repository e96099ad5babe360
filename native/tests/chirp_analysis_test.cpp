#include "roundtrip/chirp_analysis.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "roundtrip/correlation.h"
#include "signals.h"

using limpid::Chirp;
using limpid::ChirpFindings;
using limpid::ChirpRecording;
using limpid::findChirps;
using namespace limpid::test;

namespace {
constexpr double kSeconds = 8;
const std::atomic<bool> goesOn{false};

/** A recording of a run that began at 100 s of the clock: the chirps come `delaySeconds` later, at `levelDb` peak. */
ChirpRecording recordingOf(double delaySeconds, double levelDb, double rate = 48000, double driftPpm = 0) {
  ChirpRecording recording;
  recording.sampleRate = rate;
  recording.highestHz = limpid::highestChirpHz(rate, 48000);
  recording.samples.assign(static_cast<std::size_t>(kSeconds * rate), 0.0f);
  const double amplitude = std::pow(10, levelDb / 20);
  for (const Chirp& chirp : limpid::planChirps(kSeconds)) {
    const std::vector<float> wave = limpid::makeChirp(chirp.isRising, recording.highestHz, rate).wave;
    const double at = (chirp.startSeconds + delaySeconds) * (1 + driftPpm * 1e-6) * rate;
    for (std::size_t i = 0; i < wave.size(); ++i) {
      recording.samples[static_cast<std::size_t>(std::lround(at)) + i] += static_cast<float>(amplitude * wave[i]);
    }
    recording.chirps.push_back({chirp, 100 + chirp.startSeconds});
  }
  // Callbacks come when they like, and their times are a little wrong.
  Random random(3);
  for (std::size_t frame = 0; frame < recording.samples.size(); frame += 480) {
    recording.stamps.push_back({frame, 100 + static_cast<double>(frame) / rate + 0.0005 * random.next()});
  }
  return recording;
}

void addNoise(ChirpRecording& recording, double rmsDb) {
  const std::vector<float> added = noise(7, std::sqrt(3.0) * std::pow(10, rmsDb / 20), recording.samples.size());
  for (std::size_t i = 0; i < added.size(); ++i) recording.samples[i] += added[i];
}

/** Frames that were never captured: what follows moves up, and nobody says so. */
void drop(ChirpRecording& recording, double atSeconds, double seconds) {
  const auto from = recording.samples.begin() + static_cast<std::ptrdiff_t>(atSeconds * recording.sampleRate);
  recording.samples.erase(from, from + static_cast<std::ptrdiff_t>(seconds * recording.sampleRate));
}

/** As `drop`, but the times of the frames say so. */
void lose(ChirpRecording& recording, double atSeconds, double seconds) {
  drop(recording, atSeconds, seconds);
  const auto from = static_cast<std::uint64_t>(atSeconds * recording.sampleRate);
  const auto lost = static_cast<std::uint64_t>(seconds * recording.sampleRate);
  std::vector<limpid::CaptureStamp> stamps;
  for (const limpid::CaptureStamp& stamp : recording.stamps) {
    if (stamp.frame < from) stamps.push_back(stamp);
    if (stamp.frame >= from + lost) stamps.push_back({stamp.frame - lost, stamp.atSeconds});
  }
  recording.stamps = stamps;
}

/** Playback that came to a halt: what follows comes later. */
void halt(ChirpRecording& recording, double atSeconds, double seconds) {
  const auto from = recording.samples.begin() + static_cast<std::ptrdiff_t>(atSeconds * recording.sampleRate);
  recording.samples.insert(from, static_cast<std::size_t>(seconds * recording.sampleRate), 0.0f);
}

/** Frames that were captured as silence. */
void mute(ChirpRecording& recording, double atSeconds, double seconds) {
  const auto from = recording.samples.begin() + static_cast<std::ptrdiff_t>(atSeconds * recording.sampleRate);
  std::fill(from, from + static_cast<std::ptrdiff_t>(seconds * recording.sampleRate), 0.0f);
}
}  // namespace

TEST_CASE("correlation: finds a pattern where it is, at its strength, across the edges of the blocks") {
  std::vector<float> pattern = noise(1, 0.5, 300);
  std::vector<float> samples(5000);
  for (const std::size_t place : {std::size_t{0}, std::size_t{1700}, std::size_t{4700}}) {
    for (std::size_t i = 0; i < pattern.size(); ++i) samples[place + i] += -0.5f * pattern[i];
  }
  const std::vector<float> found = limpid::correlate(samples, pattern, goesOn);
  REQUIRE(found.size() == samples.size());
  for (const std::size_t place : {0, 1700, 4700}) CHECK(found[place] == doctest::Approx(-0.5f).epsilon(0.001));
  CHECK(std::abs(found[900]) < 0.15f);
  CHECK(limpid::correlate(samples, pattern, std::atomic<bool>{true}).empty());
}

TEST_CASE("chirps: the delay is found to a tenth of a millisecond, in silence and in noise, at every rate") {
  for (const auto& [rate, noiseDb] :
       {std::pair{48000.0, -150.0}, {48000.0, -20.0}, {16000.0, -50.0}, {8000.0, -60.0}}) {
    for (const double delay : {0.0412, 0.4}) {
      CAPTURE(rate);
      CAPTURE(delay);
      ChirpRecording recording = recordingOf(delay, -20, rate);
      addNoise(recording, noiseDb);
      const ChirpFindings findings = findChirps(recording, goesOn);
      CHECK(findings.heard == recording.chirps.size());
      REQUIRE(findings.delaySeconds);
      CHECK(std::abs(*findings.delaySeconds - delay) < 0.0003);
      CHECK(*findings.jitterSeconds < 0.0003);
      CHECK(findings.gaps == 0);
      CHECK(findings.gapSeconds == 0);
    }
  }
}

TEST_CASE("chirps: levels are those of the chirps and of what is between them") {
  ChirpRecording recording = recordingOf(0.03, -20);
  addNoise(recording, -60);
  const ChirpFindings findings = findChirps(recording, goesOn);
  CHECK(*findings.signalDb == doctest::Approx(-23.1).epsilon(0.02));
  CHECK(*findings.noiseDb == doctest::Approx(-60).epsilon(0.01));
}

TEST_CASE("chirps: polarity does not matter, nor do clocks that differ") {
  ChirpRecording recording = recordingOf(0.03, -20, 48000, 200);
  for (float& sample : recording.samples) sample = -sample;
  const ChirpFindings findings = findChirps(recording, goesOn);
  CHECK(findings.heard == recording.chirps.size());
  CHECK(findings.gaps == 0);
  CHECK(*findings.jitterSeconds < 0.0003);
}

TEST_CASE("chirps: 20 ms that were lost or captured as silence are one gap of that length") {
  const double inChirp = limpid::kLeadInSeconds + 0.03 + 4 * limpid::kSlotSeconds + 0.1;
  const double inPause = limpid::kLeadInSeconds + 0.03 + 3 * limpid::kSlotSeconds + 0.1;
  for (const double noiseDb : {-150.0, -50.0}) {
    CAPTURE(noiseDb);
    for (const double at : {inChirp, inPause}) {
      CAPTURE(at);
      ChirpRecording recording = recordingOf(0.03, -20);
      addNoise(recording, noiseDb);
      drop(recording, at, 0.020);
      const ChirpFindings findings = findChirps(recording, goesOn);
      CHECK(findings.gaps == 1);
      CHECK(findings.gapSeconds == doctest::Approx(0.020).epsilon(0.02));
      CHECK(*findings.jitterSeconds == doctest::Approx(0.020).epsilon(0.02));
      CHECK(findings.heard == recording.chirps.size());
    }
    ChirpRecording recording = recordingOf(0.03, -20);
    addNoise(recording, noiseDb);
    mute(recording, inChirp, 0.030);
    const ChirpFindings findings = findChirps(recording, goesOn);
    CHECK(findings.gaps == 1);
    CHECK((findings.gapSeconds >= 0.019 && findings.gapSeconds <= 0.041));
    CHECK(*findings.jitterSeconds < 0.0003);
  }
}

TEST_CASE("chirps: a long hole and a long leap are one gap each, and the chirps after it are heard") {
  ChirpRecording muted = recordingOf(0.03, -20);
  addNoise(muted, -60);
  mute(muted, 2.0, 0.8);
  ChirpFindings findings = findChirps(muted, goesOn);
  CHECK(findings.gaps == 1);
  CHECK((findings.gapSeconds > 0.4 && findings.gapSeconds < 0.9));
  CHECK((findings.heard < muted.chirps.size() && findings.heard + 5 > muted.chirps.size()));

  for (const bool isLost : {true, false}) {
    CAPTURE(isLost);
    ChirpRecording leapt = recordingOf(0.03, -20);
    isLost ? lose(leapt, 3.0, 0.170) : halt(leapt, 3.0, 0.170);
    addNoise(leapt, -60);
    findings = findChirps(leapt, goesOn);
    CHECK(findings.gaps == 1);
    CHECK(findings.gapSeconds >= 0.169);
    CHECK(findings.gapSeconds < 0.25);
    CHECK(findings.heard + 2 > leapt.chirps.size());
    CHECK(std::abs(*findings.delaySeconds - (isLost ? 0.03 : 0.2)) < 0.001);
  }
}

TEST_CASE("chirps: nothing is heard where there is nothing: silence, noise, a tone, an empty recording") {
  ChirpRecording recording = recordingOf(0.03, -20);
  for (const int kind : {0, 1, 2, 3}) {
    CAPTURE(kind);
    std::fill(recording.samples.begin(), recording.samples.end(), 0.0f);
    if (kind == 1) addNoise(recording, -20);
    if (kind == 2) recording.samples = sine(48000, 1000, 0.3, recording.samples.size());
    if (kind == 3) recording.samples.clear();
    const ChirpFindings findings = findChirps(recording, goesOn);
    CHECK(findings.heard == 0);
    CHECK(findings.gaps == 0);
    CHECK_FALSE(findings.delaySeconds);
    CHECK_FALSE(findings.signalDb);
    CHECK_FALSE(findings.noiseDb);
  }
}
