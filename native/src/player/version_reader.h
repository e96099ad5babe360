#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/converter.h"
#include "core/native_error.h"
#include "files/wav_reader.h"

namespace limpid {

/** Reads one version of a sound from a WAV file, at the rate and the width of a device. One thread, never the audio
 * thread. */
class VersionReader {
 public:
  static constexpr std::size_t kMostFrames = 1024;  ///< of one `read`

  /** Errors: `file.*`, with the path. */
  static std::unique_ptr<VersionReader> open(const std::string& path, NativeError* error);

  double seconds() const { return static_cast<double>(file_->frames()) / file_->format().sampleRate; }
  std::uint32_t sampleRate() const { return file_->format().sampleRate; }
  std::size_t fileChannels() const { return file_->format().channels; }
  /** How many it has to offer: 1 or 2. More than two are mixed down to one. */
  std::size_t channels() const { return fileChannels() == 2 ? 2 : 1; }

  /** Before the first `read`: rate in Hz and channels (1 or 2) of what is to come out. */
  void prepare(double outputRate, std::size_t outputChannels);

  /** The next `read` begins at this time, to a fraction of a frame. */
  void seek(double seconds);

  /**
   * Writes `frames` (at most `kMostFrames`) to `target`: interleaved channels, one frame every `stride` samples.
   * Silence after the end of the file. Returns false and sets `error` when the file cannot be read any more.
   */
  bool read(float* target, std::size_t stride, std::size_t frames, NativeError* error);

 private:
  VersionReader(std::string path, std::unique_ptr<WavReader> file) : path_(std::move(path)), file_(std::move(file)) {}
  bool fetch(std::size_t frames, NativeError* error);

  const std::string path_;
  const std::unique_ptr<WavReader> file_;
  double outputRate_ = 0;
  std::vector<Converter> converters_;    // one an output channel
  std::vector<float> interleaved_;       // as read from the file
  std::vector<std::vector<float>> fed_;  // for each converter
  std::vector<float> converted_;
};

}  // namespace limpid
