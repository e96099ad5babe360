#include "files/waveform.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "files/wav_format.h"
#include "wav_files.h"

using limpid::NativeError;
using limpid::readWaveform;
using limpid::Waveform;
using namespace limpid::testing;

namespace {
Bytes floatsOf(const std::vector<float>& samples) {
  Bytes bytes(4 * samples.size());
  limpid::encodeSamples(limpid::SampleType::float32, samples.data(), bytes.data(), samples.size());
  return bytes;
}

void writeFloats(const std::string& path, const std::vector<float>& samples, std::uint64_t channels) {
  writeBytes(path, riff(fmtChunk({3, channels, 48000, 32}) + chunk("data", floatsOf(samples))));
}

const std::atomic<bool> goesOn{false};
}  // namespace

TEST_CASE("waveform: each bucket has the largest sample of all channels, also where the pieces are uneven") {
  const TemporaryFolder folder;
  constexpr std::size_t kFrames = 100003;
  std::vector<float> samples(2 * kFrames, 0.1f);
  samples[0] = -0.5f;                   // first frame
  samples[2 * 50001 + 1] = 1.5f;        // in the middle, right channel: bucket 3 of 7
  samples[2 * (kFrames - 1)] = -0.75f;  // last frame
  writeFloats(folder / "in.wav", samples, 2);
  Waveform waveform;
  NativeError error;
  REQUIRE(readWaveform(folder / "in.wav", 7, goesOn, &waveform, &error));
  CHECK(waveform.sampleRate == 48000);
  CHECK(waveform.channels == 2);
  CHECK(waveform.frames == kFrames);
  CHECK(waveform.peaks == std::vector<float>{0.5f, 0.1f, 0.1f, 1.5f, 0.1f, 0.1f, 0.75f});
  CHECK(waveform.rmsDb == doctest::Approx(-20).epsilon(0.01));
}

TEST_CASE("waveform: fewer frames than buckets fill all of them; samples that are no numbers count as silence") {
  const TemporaryFolder folder;
  writeFloats(folder / "in.wav", {0.25f, std::numeric_limits<float>::quiet_NaN(), -1.0f}, 1);
  Waveform waveform;
  NativeError error;
  REQUIRE(readWaveform(folder / "in.wav", 6, goesOn, &waveform, &error));
  CHECK(waveform.peaks == std::vector<float>{0.25f, 0.25f, 0, 0, 1, 1});
  CHECK(std::isfinite(waveform.rmsDb));
}

TEST_CASE("waveform: silence has the floor as its level; a missing file and a cancelled reading are errors") {
  const TemporaryFolder folder;
  writeFloats(folder / "in.wav", std::vector<float>(1000, 0.0f), 1);
  Waveform waveform;
  NativeError error;
  REQUIRE(readWaveform(folder / "in.wav", 10, goesOn, &waveform, &error));
  CHECK(waveform.rmsDb == -150);
  CHECK_FALSE(readWaveform(folder / "none.wav", 10, goesOn, &waveform, &error));
  CHECK(error.code == "file.not-found");
  CHECK(error.detail == folder / "none.wav");
  CHECK_FALSE(readWaveform(folder / "in.wav", 10, std::atomic<bool>{true}, &waveform, &error));
  CHECK(error.code == "cancelled");
}
