#include "files/wav_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

namespace limpid {

namespace {

constexpr std::size_t kDs64Bytes = 28;
constexpr std::size_t kStartBytes = 12 + 8 + kDs64Bytes;  // RIFF header and the chunk that is JUNK or ds64
constexpr std::size_t kCopyBytes = 65536;
constexpr std::uint32_t kSizeInDs64 = 0xFFFFFFFF;

/** Chunks that the writer makes itself, that only fill space, or that tell of the old samples. */
constexpr const char* kNotCopied[] = {"ds64", "JUNK", "junk", "PAD ", "FLLR", "fact", "fmt ", "data", "PEAK", "levl"};

bool isCopied(const WavChunk& chunk) {
  return std::none_of(std::begin(kNotCopied), std::end(kNotCopied),
                      [&](const char* id) { return std::memcmp(chunk.id, id, 4) == 0; });
}

void putId(std::uint8_t* bytes, const char* id) {
  std::memcpy(bytes, id, 4);
}

std::uint32_t saturated(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, 0xFFFFFFFF));
}

}  // namespace

std::unique_ptr<WavWriter> WavWriter::create(const std::string& path, const WavFormat& format, WavReader* metadata,
                                             NativeError* error, std::uint64_t maxRiffSize) {
  std::unique_ptr<BinaryFile> file = BinaryFile::create(path, error);
  if (!file) return nullptr;
  std::unique_ptr<WavWriter> writer(new WavWriter(std::move(file), format, metadata, maxRiffSize));
  if (!writer->writeStart(error)) return nullptr;
  return writer;
}

bool WavWriter::writeStart(NativeError* error) {
  std::uint8_t start[kStartBytes] = {};
  if (!append(start, sizeof start, error)) return false;

  std::uint8_t chunk[8];
  putId(chunk, "fmt ");
  writeU32(chunk + 4, static_cast<std::uint32_t>(format_.chunk.size()));
  if (!append(chunk, sizeof chunk, error)) return false;
  if (!append(format_.chunk.data(), format_.chunk.size(), error)) return false;
  if (format_.chunk.size() % 2 == 1 && !append("", 1, error)) return false;

  if (format_.isFloat()) {
    std::uint8_t fact[12] = {};
    putId(fact, "fact");
    writeU32(fact + 4, 4);
    factOffset_ = end_ + 8;
    if (!append(fact, sizeof fact, error)) return false;
  }
  if (!copyChunks(true, error)) return false;

  putId(chunk, "data");
  writeU32(chunk + 4, 0);
  if (!append(chunk, sizeof chunk, error)) return false;
  dataOffset_ = end_;
  return flushHeader(error);
}

bool WavWriter::copyChunks(bool beforeData, NativeError* error) {
  if (!metadata_) return true;
  for (const WavChunk& chunk : metadata_->otherChunks()) {
    if (chunk.beforeData != beforeData || !isCopied(chunk)) continue;
    std::uint8_t header[8];
    std::memcpy(header, chunk.id, 4);
    writeU32(header + 4, static_cast<std::uint32_t>(chunk.bytes));
    if (!append(header, sizeof header, error)) return false;
    buffer_.resize(std::max(buffer_.size(), kCopyBytes));
    for (std::uint64_t at = 0; at < chunk.bytes; at += kCopyBytes) {
      const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes, chunk.bytes - at));
      if (!metadata_->readChunk(chunk, at, buffer_.data(), count)) {
        *error = {"file.unreadable", "it changed while it was read"};
        return false;
      }
      if (!append(buffer_.data(), count, error)) return false;
    }
    if (chunk.bytes % 2 == 1 && !append("", 1, error)) return false;
  }
  return true;
}

bool WavWriter::write(const float* interleaved, std::size_t frames, NativeError* error) {
  const std::size_t bytesPerFrame = format_.bytesPerFrame();
  buffer_.resize(std::max(buffer_.size(), frames * bytesPerFrame));
  encodeSamples(format_.sampleType, interleaved, buffer_.data(), frames * format_.channels);
  const bool complete = append(buffer_.data(), frames * bytesPerFrame, error);
  frames_ = (end_ - dataOffset_) / bytesPerFrame;
  return complete;
}

bool WavWriter::flushHeader(NativeError* error) {
  const std::uint64_t riffSize = end_ - 8;
  const bool rf64 = riffSize > maxRiffSize_;
  std::uint8_t start[kStartBytes] = {};
  putId(start, rf64 ? "RF64" : "RIFF");
  writeU32(start + 4, rf64 ? kSizeInDs64 : static_cast<std::uint32_t>(riffSize));
  putId(start + 8, "WAVE");
  putId(start + 12, rf64 ? "ds64" : "JUNK");
  writeU32(start + 16, kDs64Bytes);
  if (rf64) {
    writeU64(start + 20, riffSize);
    writeU64(start + 28, dataBytes());
    writeU64(start + 36, frames_);
  }
  std::uint8_t dataSize[4];
  writeU32(dataSize, rf64 ? kSizeInDs64 : static_cast<std::uint32_t>(dataBytes()));
  std::uint8_t frameCount[4];
  writeU32(frameCount, saturated(frames_));
  return writeAt(dataOffset_ - 4, dataSize, sizeof dataSize, error) &&
         (factOffset_ == 0 || writeAt(factOffset_, frameCount, sizeof frameCount, error)) &&
         writeAt(0, start, sizeof start, error);
}

bool WavWriter::cutTo(std::uint64_t frames, NativeError* error) {
  const std::uint64_t end = dataOffset_ + std::min(frames, frames_) * format_.bytesPerFrame();
  if (!file_->truncate(end)) {
    *error = writeErrorOf(errno);
    return false;
  }
  end_ = end;
  frames_ = std::min(frames, frames_);
  return flushHeader(error);
}

bool WavWriter::finish(NativeError* error) {
  if (dataBytes() % 2 == 1 && !append("", 1, error)) return false;
  return copyChunks(false, error) && flushHeader(error) && file_->sync(error);
}

bool WavWriter::append(const void* bytes, std::size_t count, NativeError* error) {
  if (!file_->seek(end_)) {
    *error = writeErrorOf(errno);
    return false;
  }
  const std::size_t written = file_->write(bytes, count, error);
  end_ += written;
  return written == count;
}

bool WavWriter::writeAt(std::uint64_t offset, const void* bytes, std::size_t count, NativeError* error) {
  if (!file_->seek(offset)) {
    *error = writeErrorOf(errno);
    return false;
  }
  return file_->write(bytes, count, error) == count;
}

}  // namespace limpid
