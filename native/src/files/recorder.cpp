#include "files/recorder.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

namespace limpid {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr double kRingSeconds = 4;  // how long a disk may stand still before frames are lost
constexpr auto kWriteEvery = milliseconds(50);
constexpr auto kHeaderEvery = milliseconds(500);
constexpr std::size_t kBufferFrames = 8192;
constexpr int kMostPairs = 100000;

/** The first pair of names of which neither exists in `folder`. */
std::pair<fs::path, fs::path> freePair(const fs::path& folder) {
  std::pair<fs::path, fs::path> names;
  std::error_code ignored;
  for (int number = 1; number <= kMostPairs; ++number) {
    const std::string ending = (number == 1 ? "" : "-" + std::to_string(number)) + ".wav";
    names = {folder / ("original" + ending), folder / ("enhanced" + ending)};
    if (!fs::exists(names.first, ignored) && !fs::exists(names.second, ignored)) break;
  }
  return names;
}

}  // namespace

std::unique_ptr<Recorder> Recorder::open(const std::string& folder, double sampleRate, std::string* errorCode) {
  const auto [originalPath, enhancedPath] = freePair(fs::u8path(folder));
  const WavFormat format = monoFloatFormat(static_cast<std::uint32_t>(std::lround(sampleRate)));
  NativeError error;
  std::unique_ptr<WavWriter> original = WavWriter::create(originalPath.u8string(), format, nullptr, &error);
  std::unique_ptr<WavWriter> enhanced =
      original ? WavWriter::create(enhancedPath.u8string(), format, nullptr, &error) : nullptr;
  if (!enhanced) {
    const bool leftOver = original != nullptr;
    original.reset();
    std::error_code ignored;
    if (leftOver) fs::remove(originalPath, ignored);
    *errorCode = error.code;
    return nullptr;
  }
  return std::unique_ptr<Recorder>(new Recorder(std::move(original), std::move(enhanced), sampleRate));
}

Recorder::Recorder(std::unique_ptr<WavWriter> original, std::unique_ptr<WavWriter> enhanced, double sampleRate)
    : sampleRate_(sampleRate),
      originalRing_(static_cast<std::size_t>(kRingSeconds * sampleRate)),
      enhancedRing_(static_cast<std::size_t>(kRingSeconds * sampleRate)),
      original_(std::move(original)),
      enhanced_(std::move(enhanced)),
      buffer_(kBufferFrames),
      thread_([this] { writeUntilStopped(); }) {}

Recorder::~Recorder() {
  close();
}

void Recorder::push(const float* original, const float* enhanced, std::size_t frames) noexcept {
  if (!accepting_.load(std::memory_order_relaxed)) return;
  const std::size_t fill = std::max(originalRing_.fill(), enhancedRing_.fill());
  if (frames > originalRing_.capacity() - fill) {
    dropped_.fetch_add(frames, std::memory_order_relaxed);
    return;
  }
  originalRing_.write(original, frames);
  enhancedRing_.write(enhanced, frames);
}

double Recorder::seconds() const noexcept {
  return static_cast<double>(recorded_.load(std::memory_order_relaxed)) / sampleRate_;
}

std::string Recorder::error() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return error_;
}

void Recorder::close() {
  if (!thread_.joinable()) return;
  accepting_.store(false, std::memory_order_relaxed);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Recorder::writeUntilStopped() {
  auto headerAt = steady_clock::now();
  NativeError error;
  for (bool stopping = false; !stopping && !error;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait_for(lock, kWriteEvery, [this] { return stopping_; });
      stopping = stopping_;
    }
    if (!drain(&error)) break;
    if (steady_clock::now() - headerAt < kHeaderEvery) continue;
    headerAt = steady_clock::now();
    if (!original_->flushHeader(&error)) break;
    enhanced_->flushHeader(&error);
  }
  if (!error && original_->finish(&error)) enhanced_->finish(&error);
  if (error) abandon(error);
  original_.reset();
  enhanced_.reset();
}

/** Moves what is in both rings by now to the files. */
bool Recorder::drain(NativeError* error) {
  std::size_t ready = std::min(originalRing_.fill(), enhancedRing_.fill());
  while (ready > 0) {
    const std::size_t frames = std::min(ready, kBufferFrames);
    ready -= frames;
    originalRing_.read(buffer_.data(), frames);
    if (!original_->write(buffer_.data(), frames, error)) return false;
    enhancedRing_.read(buffer_.data(), frames);
    if (!enhanced_->write(buffer_.data(), frames, error)) return false;
    recorded_.store(enhanced_->frames(), std::memory_order_relaxed);
  }
  return true;
}

/** Ends the recording with two valid files of the same length. */
void Recorder::abandon(const NativeError& error) {
  accepting_.store(false, std::memory_order_relaxed);
  const std::uint64_t frames = std::min(original_->frames(), enhanced_->frames());
  NativeError ignored;
  original_->cutTo(frames, &ignored);
  enhanced_->cutTo(frames, &ignored);
  recorded_.store(frames, std::memory_order_relaxed);
  const std::lock_guard<std::mutex> lock(mutex_);
  error_ = error.code;
}

}  // namespace limpid
