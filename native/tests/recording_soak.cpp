#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "files/recorder.h"
#include "files/wav_reader.h"
#include "wav_files.h"

#ifdef __linux__
#include <unistd.h>
#endif

using limpid::NativeError;
using limpid::Recorder;
using limpid::WavReader;
using namespace limpid::testing;

namespace {
constexpr std::size_t kRate = 96000;
constexpr std::size_t kHours = 4;
constexpr std::uint64_t kFrames = kHours * 3600 * kRate;
constexpr std::uint64_t kFileBytes = 4 * kFrames;  // more than the 4 GiB that a size in RIFF can say
constexpr std::size_t kPeriod = 480;
constexpr std::uint64_t kMostAhead = 2 * kRate;  // the recorder's rings hold 4 s
constexpr double kMostGrowthMb = 4;

/** Tells every frame of 17 s from the others, exactly. */
float sampleAt(std::uint64_t frame, float sign) {
  return sign * static_cast<float>(frame % 1638400) / 2097152;
}

/** Of this process, in MB; 0 where the system does not tell. */
double residentMb() {
#ifdef __linux__
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
#else
  return 0;
#endif
}

void checkFile(const std::string& path, float sign) {
  std::ifstream file(path, std::ios::binary);
  char name[5] = {};
  file.read(name, 4);
  CHECK(std::string(name) == "RF64");
  NativeError error;
  const auto reader = WavReader::open(path, &error);
  REQUIRE(reader);
  CHECK(reader->format().sampleRate == kRate);
  CHECK_FALSE(reader->truncated());
  REQUIRE(reader->frames() == kFrames);
  std::vector<float> samples(1 << 16);
  std::uint64_t wrong = 0;
  for (std::uint64_t at = 0; at < kFrames;) {
    const std::size_t got = reader->read(samples.data(), samples.size(), &error);
    REQUIRE(got > 0);
    for (std::size_t i = 0; i < got; ++i) wrong += samples[i] != sampleAt(at + i, sign);
    at += got;
  }
  CHECK(wrong == 0);
}
}  // namespace

TEST_CASE("four hours are recorded at 96 kHz in constant memory, into files of more than 4 GiB that read back whole") {
  TemporaryFolder folder;
  const std::uintmax_t room = std::filesystem::space(folder.path()).available;
  if (room < 2 * kFileBytes + (std::uintmax_t{2} << 30)) {
    MESSAGE("skipped: it needs 13 GB in " << folder.path().string() << ", where there are " << room / 1000000000);
    return;
  }
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  std::string code;
  const auto recorder = Recorder::open(folder.path().string(), kRate, &code);
  REQUIRE(recorder);
  std::vector<float> original(kPeriod);
  std::vector<float> enhanced(kPeriod);
  double leastMb = 1e9;
  double mostMb = 0;
  for (std::uint64_t at = 0; at < kFrames; at += kPeriod) {
    while (static_cast<double>(at) - recorder->seconds() * kRate > kMostAhead && recorder->error().empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (std::size_t i = 0; i < kPeriod; ++i) {
      original[i] = sampleAt(at + i, 1);
      enhanced[i] = sampleAt(at + i, -1);
    }
    recorder->push(original.data(), enhanced.data(), kPeriod);
    const bool isLooked = at % (600 * kRate) == 0 && at > 0;  // every ten minutes of the recording
    if (!isLooked) continue;
    leastMb = std::min(leastMb, residentMb());
    mostMb = std::max(mostMb, residentMb());
  }
  recorder->close();
  CHECK(recorder->error().empty());
  CHECK(recorder->droppedFrames() == 0);
  CHECK(recorder->seconds() == kHours * 3600);
  const double wroteSeconds = seconds();
  CHECK(mostMb - leastMb < kMostGrowthMb);

  checkFile(folder / "original.wav", 1);
  checkFile(folder / "enhanced.wav", -1);
  std::printf("%zu h at %zu Hz: 2 files of %.2f GB, written in %.0f s, read back in %.0f s, memory %.1f..%.1f MB\n",
              kHours, kRate, static_cast<double>(std::filesystem::file_size(folder / "original.wav")) / 1e9,
              wroteSeconds, seconds() - wroteSeconds, leastMb, mostMb);
}
