#include "files/wav_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace limpid {

namespace {

constexpr std::uint64_t kFileHeaderBytes = 12;
constexpr std::uint64_t kChunkHeaderBytes = 8;
constexpr std::uint64_t kMaxFormatBytes = 4096;
constexpr std::size_t kMaxOtherChunks = 1024;
constexpr std::uint32_t kSizeInDs64 = 0xFFFFFFFF;
/** Tools that write to a pipe cannot know the length and put 2 GiB or 4 GiB, some a little less. */
constexpr std::uint32_t kLeastPipeSize = 0x7FFF0000;

bool hasId(const std::uint8_t* bytes, const char* id) {
  return std::memcmp(bytes, id, 4) == 0;
}

bool isChunkId(const std::uint8_t* bytes) {
  return std::all_of(bytes, bytes + 4, [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; });
}

}  // namespace

/** What the chunk headers say, before it is compared with the file. */
struct WavReader::Header {
  bool sizesInDs64 = false;
  bool riffEndsWithFile = false;
  std::uint64_t ds64DataBytes = 0;
  std::uint32_t dataSize = 0;
  bool hasData = false;
  bool hasFormat = false;

  /** Whether the data go on to the end of the file, their size being unknown when the header was written. */
  bool isStreamed(std::uint64_t presentBytes) const {
    if (sizesInDs64 && dataSize == kSizeInDs64) return ds64DataBytes == 0 || ds64DataBytes == UINT64_MAX;
    if (dataSize == 0) return !riffEndsWithFile;
    return dataSize >= kLeastPipeSize && dataSize > presentBytes;
  }
  std::uint64_t dataBytes() const { return sizesInDs64 && dataSize == kSizeInDs64 ? ds64DataBytes : dataSize; }
};

std::unique_ptr<WavReader> WavReader::open(const std::string& path, NativeError* error) {
  std::unique_ptr<BinaryFile> file = BinaryFile::openToRead(path, error);
  if (!file) return nullptr;
  std::unique_ptr<WavReader> reader(new WavReader(std::move(file)));
  *error = reader->readHeader();
  if (*error) return nullptr;
  return reader;
}

NativeError WavReader::readHeader() {
  if (file_->size() == 0) return {"file.empty", ""};
  std::uint8_t start[kFileHeaderBytes] = {};
  const std::size_t present = file_->read(start, sizeof start);
  if (hasId(start, "RIFX")) return {"file.unsupported", "big-endian (RIFX)"};
  const bool isRf64 = hasId(start, "RF64") || hasId(start, "BW64");
  if (!isRf64 && std::memcmp(start, "RIFF", std::min<std::size_t>(present, 4)) != 0) return {"file.not-wav", ""};
  if (present > 8 && std::memcmp(start + 8, "WAVE", present - 8) != 0) return {"file.not-wav", ""};
  if (present < sizeof start) return {"file.truncated", ""};

  Header header;
  header.sizesInDs64 = isRf64;
  header.riffEndsWithFile = readU32(start + 4) + std::uint64_t{8} == file_->size();
  if (NativeError error = readChunks(&header)) return error;
  if (!header.hasData) return {"file.truncated", ""};
  if (!header.hasFormat) return {"file.not-wav", "no format chunk"};

  const std::uint64_t presentBytes = file_->size() - dataOffset_;
  const bool streamed = header.isStreamed(presentBytes);
  if (!streamed && header.dataBytes() == 0) return {"file.empty", ""};
  truncated_ = !streamed && header.dataBytes() > presentBytes;
  frames_ = (streamed ? presentBytes : std::min(header.dataBytes(), presentBytes)) / format_.bytesPerFrame();
  if (frames_ == 0) return {"file.truncated", ""};
  return {};
}

NativeError WavReader::readChunks(Header* header) {
  std::uint64_t at = kFileHeaderBytes;
  while (at + kChunkHeaderBytes <= file_->size() && otherChunks_.size() < kMaxOtherChunks) {
    std::uint8_t chunk[kChunkHeaderBytes];
    if (!file_->seek(at) || file_->read(chunk, sizeof chunk) < sizeof chunk) return {"file.unreadable", ""};
    if (!isChunkId(chunk))
      return header->hasData ? NativeError{} : NativeError{"file.not-wav", "its chunks make no sense"};
    const std::uint64_t body = at + kChunkHeaderBytes;
    const std::uint32_t size = readU32(chunk + 4);
    std::uint64_t bytes = size;
    const bool isData = hasId(chunk, "data") && !header->hasData;
    if (isData) {
      header->hasData = true;
      header->dataSize = size;
      dataOffset_ = body;
      if (header->isStreamed(file_->size() - body)) break;
      bytes = header->dataBytes();
    }
    if (bytes > file_->size() - body) break;

    if (hasId(chunk, "ds64") && bytes >= 16) {
      std::uint8_t sizes[16];
      if (file_->read(sizes, sizeof sizes) < sizeof sizes) return {"file.unreadable", ""};
      header->ds64DataBytes = readU64(sizes + 8);
    } else if (hasId(chunk, "fmt ") && !header->hasFormat) {
      if (NativeError error = readFormat(body, bytes)) return error;
      header->hasFormat = true;
    } else if (!isData) {
      WavChunk other = {{}, body, bytes, !header->hasData};
      std::memcpy(other.id, chunk, 4);
      otherChunks_.push_back(other);
    }

    at = body + bytes;
    // Some writers forget the padding byte after an odd size: then the next chunk begins right here.
    std::uint8_t next[4];
    if (bytes % 2 == 1 && !(file_->seek(at) && file_->read(next, 4) == 4 && isChunkId(next))) at += 1;
  }
  return {};
}

NativeError WavReader::readFormat(std::uint64_t offset, std::uint64_t bytes) {
  std::vector<std::uint8_t> chunk(std::min(bytes, kMaxFormatBytes));
  if (!file_->seek(offset) || file_->read(chunk.data(), chunk.size()) < chunk.size()) return {"file.unreadable", ""};
  NativeError error;
  format_ = parseWavFormat(std::move(chunk), &error);
  return error;
}

std::size_t WavReader::read(float* interleaved, std::size_t frames, NativeError* error) {
  frames = static_cast<std::size_t>(std::min<std::uint64_t>(frames, frames_ - framesRead_));
  const std::size_t bytesPerFrame = format_.bytesPerFrame();
  buffer_.resize(std::max(buffer_.size(), frames * bytesPerFrame));
  const bool placed = file_->seek(dataOffset_ + framesRead_ * bytesPerFrame);
  const std::size_t got = placed ? file_->read(buffer_.data(), frames * bytesPerFrame) / bytesPerFrame : 0;
  if (got < frames) *error = {"file.unreadable", "it ended while it was read"};
  decodeSamples(format_.sampleType, buffer_.data(), interleaved, got * format_.channels);
  framesRead_ += got;
  return got;
}

bool WavReader::readChunk(const WavChunk& chunk, std::uint64_t offset, std::uint8_t* target, std::size_t bytes) {
  return file_->seek(chunk.offset + offset) && file_->read(target, bytes) == bytes;
}

}  // namespace limpid
