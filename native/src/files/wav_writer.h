#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/native_error.h"
#include "files/binary_file.h"
#include "files/wav_format.h"
#include "files/wav_reader.h"

namespace limpid {

/**
 * Writes a WAV file piece by piece. A `JUNK` chunk keeps room for `ds64`, so that a file that grows beyond 4 GiB
 * becomes RF64 (EBU Tech 3306) without being rewritten. Errors: `file.unwritable`, `file.disk-full`.
 */
class WavWriter {
 public:
  /** The largest RIFF size that is not RF64; smaller only in tests. */
  static constexpr std::uint64_t kMaxRiffSize = 0xFFFFFFFE;

  /**
   * Creates `path`, which must not exist. `metadata`, when given, is a reader whose other chunks are copied to the same
   * side of the samples (without those that describe the old samples: peak values); it must live until `finish`.
   */
  static std::unique_ptr<WavWriter> create(const std::string& path, const WavFormat& format, WavReader* metadata,
                                           NativeError* error, std::uint64_t maxRiffSize = kMaxRiffSize);

  std::uint64_t frames() const { return frames_; }  ///< whole frames that are in the file

  /** Appends interleaved frames of −1..1. On failure what did fit is counted in `frames()`. */
  bool write(const float* interleaved, std::size_t frames, NativeError* error);

  /** Makes the header say what is in the file by now: a reader, or a crash, finds a valid file. */
  bool flushHeader(NativeError* error);

  /** Cuts the file to its first `frames` frames. */
  bool cutTo(std::uint64_t frames, NativeError* error);

  /** Ends the samples, copies the chunks that come after them, writes the header and hands all to the disk. */
  bool finish(NativeError* error);

 private:
  WavWriter(std::unique_ptr<BinaryFile> file, const WavFormat& format, WavReader* metadata, std::uint64_t maxRiffSize)
      : file_(std::move(file)), format_(format), metadata_(metadata), maxRiffSize_(maxRiffSize) {}
  bool append(const void* bytes, std::size_t count, NativeError* error);
  bool writeAt(std::uint64_t offset, const void* bytes, std::size_t count, NativeError* error);
  bool writeStart(NativeError* error);
  bool copyChunks(bool beforeData, NativeError* error);
  std::uint64_t dataBytes() const { return frames_ * format_.bytesPerFrame(); }

  std::unique_ptr<BinaryFile> file_;
  const WavFormat format_;
  WavReader* const metadata_;
  const std::uint64_t maxRiffSize_;
  std::uint64_t end_ = 0;         ///< of the file
  std::uint64_t factOffset_ = 0;  ///< of the frame count; 0: no such chunk
  std::uint64_t dataOffset_ = 0;  ///< of the first sample
  std::uint64_t frames_ = 0;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace limpid
