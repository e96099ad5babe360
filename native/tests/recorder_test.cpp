#include "files/recorder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "files/wav_reader.h"
#include "wav_files.h"

#ifdef __linux__
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using limpid::NativeError;
using limpid::Recorder;
using limpid::WavReader;
using namespace limpid::testing;

namespace {

constexpr std::size_t kPeriod = 480;

std::vector<float> ramp(std::size_t from, std::size_t frames, float scale) {
  std::vector<float> samples(frames);
  for (std::size_t i = 0; i < frames; ++i) samples[i] = scale * static_cast<float>(from + i);
  return samples;
}

/** Pushes `frames` of a ramp, waiting for the writer as a real clock would. */
void pushRamp(Recorder& recorder, std::size_t frames) {
  for (std::size_t at = 0; at < frames; at += kPeriod) {
    recorder.push(ramp(at, kPeriod, 1e-7f).data(), ramp(at, kPeriod, -1e-7f).data(), kPeriod);
    while (double(at) - recorder.seconds() * 48000 > 48000 && recorder.error().empty()) std::this_thread::yield();
  }
}

std::vector<float> samplesOf(const std::string& path) {
  NativeError error;
  const auto reader = WavReader::open(path, &error);
  REQUIRE(reader);
  CHECK(reader->format().sampleRate == 48000);
  CHECK(reader->format().channels == 1);
  CHECK(reader->format().sampleType == limpid::SampleType::float32);
  CHECK_FALSE(reader->truncated());
  std::vector<float> samples(reader->frames());
  reader->read(samples.data(), samples.size(), &error);
  return samples;
}

}  // namespace

TEST_CASE("recorder: both tracks hold all that was pushed, in order") {
  TemporaryFolder folder;
  std::string error;
  const auto recorder = Recorder::open(folder.path().string(), 48000, &error);
  REQUIRE(recorder);
  pushRamp(*recorder, 48000 * 10);
  recorder->close();
  recorder->push(ramp(0, kPeriod, 1).data(), ramp(0, kPeriod, 1).data(), kPeriod);
  CHECK(recorder->seconds() == 10);
  CHECK(recorder->droppedFrames() == 0);
  CHECK(recorder->error() == "");
  CHECK(samplesOf(folder / "original.wav") == ramp(0, 480000, 1e-7f));
  CHECK(samplesOf(folder / "enhanced.wav") == ramp(0, 480000, -1e-7f));
}

TEST_CASE("recorder: an earlier pair is kept, the next one is numbered") {
  TemporaryFolder folder;
  writeBytes(folder / "enhanced-2.wav", text("someone's"));
  std::string error;
  for (int pair = 1; pair <= 3; ++pair) {
    const auto recorder = Recorder::open(folder.path().string(), 48000, &error);
    REQUIRE(recorder);
    pushRamp(*recorder, kPeriod * static_cast<std::size_t>(pair));
  }
  CHECK(samplesOf(folder / "original.wav").size() == kPeriod);
  CHECK(samplesOf(folder / "original-3.wav").size() == 2 * kPeriod);
  CHECK(samplesOf(folder / "enhanced-4.wav").size() == 3 * kPeriod);
  CHECK(readBytes(folder / "enhanced-2.wav") == text("someone's"));
  CHECK(folder.fileCount() == 7);
}

TEST_CASE("recorder: a folder that is not there is refused with a code") {
  TemporaryFolder folder;
  std::string error;
  CHECK(Recorder::open(folder / "none", 48000, &error) == nullptr);
  CHECK(error == "file.unwritable");
}

TEST_CASE("recorder: when the disk is too far behind both tracks lose the same frames and the rest is counted") {
  TemporaryFolder folder;
  std::string error;
  const auto recorder = Recorder::open(folder.path().string(), 48000, &error);
  REQUIRE(recorder);
  const std::size_t frames = 48000 * 60;  // far more at once than the ring holds
  const std::vector<float> original = ramp(0, frames, 1e-8f);
  const std::vector<float> enhanced = ramp(0, frames, -1e-8f);
  for (std::size_t at = 0; at < frames; at += kPeriod) recorder->push(&original[at], &enhanced[at], kPeriod);
  recorder->close();
  const std::vector<float> left = samplesOf(folder / "original.wav");
  const std::vector<float> right = samplesOf(folder / "enhanced.wav");
  CHECK(recorder->droppedFrames() > 0);
  CHECK(left.size() + recorder->droppedFrames() == frames);
  REQUIRE(right.size() == left.size());
  for (std::size_t i = 0; i < left.size(); ++i) REQUIRE(left[i] == -right[i]);
}

#ifdef __linux__
TEST_CASE("recorder: a process that dies leaves all but the last second") {
  TemporaryFolder folder;
  int pipeEnds[2];
  REQUIRE(pipe(pipeEnds) == 0);
  const pid_t child = fork();
  if (child == 0) {
    std::string error;
    const auto recorder = Recorder::open(folder.path().string(), 48000, &error);
    pushRamp(*recorder, 48000 * 5);
    while (recorder->seconds() < 5) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (write(pipeEnds[1], "x", 1) != 1) _exit(1);
    for (;;) pause();
  }
  char written = 0;
  REQUIRE(read(pipeEnds[0], &written, 1) == 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(pipeEnds[0]);
  close(pipeEnds[1]);
  CHECK(samplesOf(folder / "original.wav") == ramp(0, 48000 * 5, 1e-7f));
  CHECK(samplesOf(folder / "enhanced.wav").size() == 48000 * 5);
}

TEST_CASE("recorder: a full disk ends the recording with two valid files of one length") {
  TemporaryFolder folder;
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=512k") != 0) {
    MESSAGE("skipped: mounting a small file system needs root");
    return;
  }
  std::string error;
  auto recorder = Recorder::open(folder.path().string(), 48000, &error);
  REQUIRE(recorder);
  pushRamp(*recorder, 48000 * 4);  // 768 kB a track
  while (recorder->error().empty()) std::this_thread::yield();
  recorder->push(ramp(0, kPeriod, 1).data(), ramp(0, kPeriod, 1).data(), kPeriod);
  recorder->close();
  CHECK(recorder->error() == "file.disk-full");
  const std::vector<float> left = samplesOf(folder / "original.wav");
  CHECK(left.size() > 48000);
  CHECK(left == ramp(0, left.size(), 1e-7f));
  CHECK(samplesOf(folder / "enhanced.wav") == ramp(0, left.size(), -1e-7f));
  CHECK(recorder->seconds() == doctest::Approx(double(left.size()) / 48000));
  recorder.reset();
  umount(folder.path().c_str());
}
#endif
