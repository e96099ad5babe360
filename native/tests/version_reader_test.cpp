#include "player/version_reader.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "signals.h"
#include "wav_files.h"

using limpid::NativeError;
using limpid::VersionReader;
using namespace limpid::test;
using namespace limpid::testing;

namespace {
std::unique_ptr<VersionReader> openFloats(const TemporaryFolder& folder, const std::vector<float>& samples,
                                          std::uint64_t channels, std::uint64_t rate) {
  Bytes bytes(4 * samples.size());
  limpid::encodeSamples(limpid::SampleType::float32, samples.data(), bytes.data(), samples.size());
  writeBytes(folder / "in.wav", riff(fmtChunk({3, channels, rate, 32}) + chunk("data", bytes)));
  NativeError error;
  auto reader = VersionReader::open(folder / "in.wav", &error);
  REQUIRE(reader);
  return reader;
}

std::vector<float> readAll(VersionReader& reader, std::size_t channels, std::size_t frames) {
  std::vector<float> samples(frames * channels);
  NativeError error;
  for (std::size_t done = 0, piece = 1; done < frames; done += piece) {
    piece = std::min<std::size_t>({VersionReader::kMostFrames, frames - done, piece * 3});
    REQUIRE(reader.read(samples.data() + done * channels, channels, piece, &error));
  }
  return samples;
}
}  // namespace

TEST_CASE("version reader: at the device's own rate the file comes bit for bit from every place, then silence") {
  const TemporaryFolder folder;
  std::vector<float> file = noise(1, 0.5, 20000);
  const auto reader = openFloats(folder, file, 1, 44100);
  reader->prepare(44100, 1);
  for (const std::size_t from : {0, 1, 7001, 19990}) {
    reader->seek(static_cast<double>(from) / 44100);
    const std::vector<float> read = readAll(*reader, 1, 3000);
    for (std::size_t i = 0; i < 3000; ++i) CHECK(read[i] == (from + i < file.size() ? file[from + i] : 0));
  }
}

TEST_CASE("version reader: another rate keeps pitch, level and time") {
  const TemporaryFolder folder;
  for (const auto& [fileRate, deviceRate] : {std::pair{16000.0, 48000.0}, {192000.0, 8000.0}, {44100.0, 48000.0}}) {
    CAPTURE(fileRate);
    const auto reader =
        openFloats(folder, sine(fileRate, 1000, 0.5, std::size_t(fileRate)), 1, std::uint64_t(fileRate));
    reader->prepare(deviceRate, 1);
    reader->seek(0.25);
    const std::vector<float> read = readAll(*reader, 1, std::size_t(deviceRate / 4));
    const std::size_t edge = 400;  // where the converter starts from silence
    CHECK(residualDb(read.data() + edge, read.size() - edge, deviceRate, 1000) < -80);
    const std::vector<float> expected = sine(deviceRate, 1000, 0.5, std::size_t(deviceRate));
    CHECK(differenceDb(read.data() + edge, expected.data() + read.size() + edge, read.size() - edge) < -60);
  }
}

TEST_CASE("version reader: one channel becomes two, two become one, more are mixed; no number is silence") {
  const TemporaryFolder folder;
  const auto one = openFloats(folder, std::vector<float>(100, 0.5f), 1, 48000);
  one->prepare(48000, 2);
  one->seek(0);
  CHECK(readAll(*one, 2, 10) == std::vector<float>(20, 0.5f));

  std::vector<float> stereo(200, 0.25f);
  for (std::size_t i = 0; i < 200; i += 2) stereo[i] = 0.75f;
  const auto two = openFloats(folder, stereo, 2, 48000);
  CHECK(two->channels() == 2);
  two->prepare(48000, 2);
  two->seek(0);
  CHECK(readAll(*two, 2, 100) == stereo);
  two->prepare(48000, 1);
  two->seek(0);
  CHECK(readAll(*two, 1, 100) == std::vector<float>(100, 0.5f));

  std::vector<float> four(400, 0.5f);
  for (std::size_t i = 0; i < 400; i += 4) four[i] = std::numeric_limits<float>::infinity();
  const auto many = openFloats(folder, four, 4, 48000);
  CHECK(many->channels() == 1);
  many->prepare(48000, 2);
  many->seek(0);
  CHECK(readAll(*many, 2, 100) == std::vector<float>(200, 0.375f));
}
