#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine.h"
#include "core/native_error.h"
#include "core/noise_reduction.h"
#include "core/pipeline.h"
#include "files/wav_reader.h"
#include "files/wav_writer.h"

namespace limpid {

struct FileEnhancerOptions {
  std::string inputPath;   ///< UTF-8
  std::string outputPath;  ///< UTF-8; replaced only when all went well
  float level = 1;         ///< strength 0..1
  /** Called once a channel. Returns null and sets the error on failure. */
  std::function<std::unique_ptr<Engine>(NativeError*)> makeEngine;
};

/** As `EnhanceFileResult` in native/index.d.ts. */
struct FileEnhancerResult {
  std::uint32_t sampleRate = 0;
  std::uint16_t channels = 0;
  std::uint64_t frames = 0;
  double wallSeconds = 0;
  double delayMs = 0;
  double inputDb = 0;
  double outputDb = 0;
  std::uint64_t nonFiniteSamples = 0;
  std::uint64_t replacedBlocks = 0;
  std::uint64_t blocksDisallowed = 0;
  std::optional<double> noiseReductionDb;
  bool inputTruncated = false;
};

/**
 * Enhances one WAV file into another of the same rate, channels, length, sample format and timing. Streams: memory does
 * not depend on the length. Each channel has a pipeline of its own.
 *
 * Threads: `run` once, on a thread that may block; the rest from any thread.
 */
class FileEnhancer {
 public:
  explicit FileEnhancer(FileEnhancerOptions options) : options_(std::move(options)) {}

  /** Returns false and sets `error` on failure or after `cancel`; then the output is as it was before. */
  bool run(FileEnhancerResult* result, NativeError* error);

  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  std::uint64_t framesDone() const noexcept { return framesDone_.load(std::memory_order_relaxed); }
  std::uint64_t framesTotal() const noexcept { return framesTotal_.load(std::memory_order_relaxed); }

 private:
  struct Energy {
    double input = 0;
    double output = 0;
  };
  /** One channel and what was measured of its output frames. */
  struct Channel {
    std::unique_ptr<Pipeline> pipeline;
    std::vector<float> block;
    int vendorCode = 0;               // of the first block that was refused, as far as it is known
    std::vector<Energy> noiseBlocks;  // of this turn, the first being the one that contains its first output frame
  };

  bool enhance(FileEnhancerResult* result, NativeError* error);
  bool makeChannels(const WavFormat& format, NativeError* error);
  bool stream(WavReader& reader, WavWriter& writer, NativeError* error);
  void processChannel(std::size_t index);
  void measureTurn();
  std::uint64_t outputFrameAt(std::uint64_t streamFrame) const;
  bool checkEngines(NativeError* error) const;
  FileEnhancerResult summarise(const WavReader& reader) const;

  const FileEnhancerOptions options_;
  std::vector<Channel> channels_;
  std::size_t delayFrames_ = 0;
  std::size_t noiseBlockFrames_ = 1;
  Energy whole_;  // of all output frames
  Energy open_;   // of the noise block that is not complete yet
  NoiseReduction noise_;

  // One turn of the stream: written by `stream` between turns, read by the workers, who each write their channel of
  // `turn_`.
  std::vector<float> turn_;
  std::uint64_t turnStart_ =
      0;  // of the padded stream: delayed output, so that frame delayFrames_ is the first of the file

  std::atomic<bool> cancelled_{false};         // written by `cancel`
  std::atomic<std::uint64_t> framesDone_{0};   // written by `run`
  std::atomic<std::uint64_t> framesTotal_{0};  // written by `run`
};

}  // namespace limpid
