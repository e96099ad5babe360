#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace limpid::testing {

using Bytes = std::vector<std::uint8_t>;

/** A folder of its own that goes away with the test. */
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("limpid-test-" + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }
  std::size_t fileCount() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

inline void writeBytes(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

inline Bytes readBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Bytes text(const std::string& characters) {
  return Bytes(characters.begin(), characters.end());
}

/** `value` in `bytes` little-endian bytes. */
inline Bytes number(std::uint64_t value, int bytes) {
  Bytes result;
  for (int i = 0; i < bytes; ++i) result.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return result;
}

/** A chunk, padded to an even length; `claimedSize` when the header shall lie. */
inline Bytes chunk(const std::string& id, const Bytes& body, std::int64_t claimedSize = -1) {
  const std::uint64_t size = claimedSize < 0 ? body.size() : static_cast<std::uint64_t>(claimedSize);
  Bytes result = text(id) + number(size, 4) + body;
  if (claimedSize < 0 && body.size() % 2 == 1) result.push_back(0);
  return result;
}

inline Bytes riff(const Bytes& chunks, const std::string& id = "RIFF", std::int64_t claimedSize = -1) {
  const std::uint64_t size = claimedSize < 0 ? chunks.size() + 4 : static_cast<std::uint64_t>(claimedSize);
  return text(id) + number(size, 4) + text("WAVE") + chunks;
}

struct Format {
  std::uint64_t tag = 1;
  std::uint64_t channels = 1;
  std::uint64_t rate = 48000;
  std::uint64_t bits = 16;
};

inline Bytes fmtChunk(const Format& format) {
  const std::uint64_t frameBytes = format.channels * (format.bits / 8);
  return chunk("fmt ", number(format.tag, 2) + number(format.channels, 2) + number(format.rate, 4) +
                           number(format.rate * frameBytes, 4) + number(frameBytes, 2) + number(format.bits, 2));
}

/** WAVE_FORMAT_EXTENSIBLE around the same format. */
inline Bytes extensibleChunk(const Format& format, std::uint64_t validBits, std::uint64_t channelMask) {
  const std::uint64_t frameBytes = format.channels * (format.bits / 8);
  const Bytes guidTail = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};
  return chunk("fmt ", number(0xFFFE, 2) + number(format.channels, 2) + number(format.rate, 4) +
                           number(format.rate * frameBytes, 4) + number(frameBytes, 2) + number(format.bits, 2) +
                           number(22, 2) + number(validBits, 2) + number(channelMask, 4) + number(format.tag, 2) +
                           guidTail);
}

inline Bytes randomBytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

/** The body of the first chunk with this id in a file that is no RF64, or nothing. */
inline Bytes bodyOf(const Bytes& file, const std::string& id) {
  for (std::size_t at = 12; at + 8 <= file.size();) {
    const std::size_t size = file[at + 4] | file[at + 5] << 8 | file[at + 6] << 16 | std::size_t(file[at + 7]) << 24;
    if (std::string(file.begin() + long(at), file.begin() + long(at) + 4) == id) {
      return Bytes(file.begin() + long(at) + 8, file.begin() + long(at + 8 + size));
    }
    at += 8 + size + size % 2;
  }
  return {};
}

}  // namespace limpid::testing
