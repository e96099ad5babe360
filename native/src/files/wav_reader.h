#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/native_error.h"
#include "files/binary_file.h"
#include "files/wav_format.h"

namespace limpid {

/** A chunk that is neither format nor samples: text, cue points, broadcast data. It lies whole in the file. */
struct WavChunk {
  std::uint8_t id[4];
  std::uint64_t offset;  ///< of its first byte after the chunk header
  std::uint64_t bytes;   ///< without padding
  bool beforeData;
};

/**
 * Reads a WAV file of any length piece by piece: RIFF, RF64 and BW64, chunks in any order, 1..64 channels, 8..192 kHz.
 * A file cut inside its samples is read up to the cut (`truncated`). A data size of 0, or one that only a writer to a
 * pipe would put, means: to the end of the file.
 */
class WavReader {
 public:
  /**
   * Errors: `file.not-found`, `.unreadable`, `.empty` (no bytes or no frames), `.not-wav`, `.truncated` (ends before
   * its first frame), `.bad-rate`, `.bad-channels`, `.unsupported`.
   */
  static std::unique_ptr<WavReader> open(const std::string& path, NativeError* error);

  const WavFormat& format() const { return format_; }
  std::uint64_t frames() const { return frames_; }
  bool truncated() const { return truncated_; }  ///< the header promises more frames than there are
  const std::vector<WavChunk>& otherChunks() const { return otherChunks_; }

  /**
   * Reads the next `frames` (fewer at the end) as −1..1, channels interleaved; floats that are not finite stay so.
   * Returns how many; fewer than promised by `frames()` sets `error` to `file.unreadable`.
   */
  std::size_t read(float* interleaved, std::size_t frames, NativeError* error);

  /** The next `read` begins at this frame, or at the end. */
  void seek(std::uint64_t frame) { framesRead_ = frame < frames_ ? frame : frames_; }

  /** Reads bytes of one of `otherChunks`. The next `read` of samples goes on where the last one ended. */
  bool readChunk(const WavChunk& chunk, std::uint64_t offset, std::uint8_t* target, std::size_t bytes);

 private:
  struct Header;

  explicit WavReader(std::unique_ptr<BinaryFile> file) : file_(std::move(file)) {}
  NativeError readHeader();
  NativeError readChunks(Header* header);
  NativeError readFormat(std::uint64_t offset, std::uint64_t bytes);

  std::unique_ptr<BinaryFile> file_;
  WavFormat format_;
  std::uint64_t dataOffset_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t framesRead_ = 0;
  bool truncated_ = false;
  std::vector<WavChunk> otherChunks_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace limpid
