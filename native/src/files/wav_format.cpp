#include "files/wav_format.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace limpid {

namespace {

constexpr std::uint16_t kPcm = 1;
constexpr std::uint16_t kFloat = 3;
constexpr std::uint16_t kExtensible = 0xFFFE;
constexpr std::size_t kPlainChunkBytes = 16;
constexpr std::size_t kExtensibleChunkBytes = 40;
constexpr std::size_t kSubFormatAt = 24;

/** What follows the two bytes of the format tag in a sub-format GUID (KSDATAFORMAT_SUBTYPE_*). */
constexpr std::uint8_t kSubFormatTail[14] = {0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80,
                                             0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71};

std::optional<SampleType> sampleTypeOf(std::uint16_t tag, unsigned bytesPerSample) {
  if (tag == kFloat && bytesPerSample == 4) return SampleType::float32;
  if (tag == kFloat && bytesPerSample == 8) return SampleType::float64;
  if (tag != kPcm) return std::nullopt;
  if (bytesPerSample == 1) return SampleType::pcm8;
  if (bytesPerSample == 2) return SampleType::pcm16;
  if (bytesPerSample == 3) return SampleType::pcm24;
  if (bytesPerSample == 4) return SampleType::pcm32;
  return std::nullopt;
}

std::string nameOf(std::uint16_t tag, unsigned bits) {
  switch (tag) {
    case kPcm:
      return std::to_string(bits) + "-bit PCM";
    case 2:
    case 17:
      return "ADPCM";
    case kFloat:
      return std::to_string(bits) + "-bit float";
    case 6:
      return "A-law";
    case 7:
      return "mu-law";
    case 80:
    case 85:
      return "MPEG audio";
    default:
      return "format tag " + std::to_string(tag);
  }
}

/** Full scale of `Bits` is 2^(Bits-1): −1 is the smallest integer, +1 is clipped to the largest. */
template <int Bits>
std::int32_t quantise(float sample) {
  constexpr double kFullScale = static_cast<double>(std::int64_t{1} << (Bits - 1));
  if (std::isnan(sample)) return 0;
  const double scaled = std::nearbyint(static_cast<double>(sample) * kFullScale);
  return static_cast<std::int32_t>(std::clamp(scaled, -kFullScale, kFullScale - 1));
}

void writeU16(std::uint8_t* bytes, std::uint16_t value) {
  bytes[0] = static_cast<std::uint8_t>(value);
  bytes[1] = static_cast<std::uint8_t>(value >> 8);
}

void writeU24(std::uint8_t* bytes, std::uint32_t value) {
  writeU16(bytes, static_cast<std::uint16_t>(value));
  bytes[2] = static_cast<std::uint8_t>(value >> 16);
}

/** 24 bits as the upper part of a 32-bit integer: its sign is right without a branch. */
float decode24(const std::uint8_t* bytes) {
  const std::uint32_t upper = static_cast<std::uint32_t>(bytes[0]) << 8 | static_cast<std::uint32_t>(bytes[1]) << 16 |
                              static_cast<std::uint32_t>(bytes[2]) << 24;
  return static_cast<float>(static_cast<std::int32_t>(upper)) * 0x1p-31f;
}

float decodeFloat32(const std::uint8_t* bytes) {
  const std::uint32_t bits = readU32(bytes);
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float decodeFloat64(const std::uint8_t* bytes) {
  const std::uint64_t bits = readU64(bytes);
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return static_cast<float>(value);
}

void encodeFloat32(float sample, std::uint8_t* bytes) {
  std::uint32_t bits;
  std::memcpy(&bits, &sample, sizeof bits);
  writeU32(bytes, bits);
}

void encodeFloat64(float sample, std::uint8_t* bytes) {
  const double value = sample;
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  writeU64(bytes, bits);
}

template <std::size_t Stride, typename Decode>
void decodeEach(const std::uint8_t* bytes, float* samples, std::size_t count, Decode decode) {
  for (std::size_t i = 0; i < count; ++i) samples[i] = decode(bytes + i * Stride);
}

template <std::size_t Stride, typename Encode>
void encodeEach(const float* samples, std::uint8_t* bytes, std::size_t count, Encode encode) {
  for (std::size_t i = 0; i < count; ++i) encode(samples[i], bytes + i * Stride);
}

}  // namespace

std::uint16_t readU16(const std::uint8_t* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}

std::uint32_t readU32(const std::uint8_t* bytes) {
  return readU16(bytes) | static_cast<std::uint32_t>(readU16(bytes + 2)) << 16;
}

std::uint64_t readU64(const std::uint8_t* bytes) {
  return readU32(bytes) | static_cast<std::uint64_t>(readU32(bytes + 4)) << 32;
}

void writeU32(std::uint8_t* bytes, std::uint32_t value) {
  writeU16(bytes, static_cast<std::uint16_t>(value));
  writeU16(bytes + 2, static_cast<std::uint16_t>(value >> 16));
}

void writeU64(std::uint8_t* bytes, std::uint64_t value) {
  writeU32(bytes, static_cast<std::uint32_t>(value));
  writeU32(bytes + 4, static_cast<std::uint32_t>(value >> 32));
}

std::size_t WavFormat::bytesPerSample() const {
  switch (sampleType) {
    case SampleType::pcm8:
      return 1;
    case SampleType::pcm16:
      return 2;
    case SampleType::pcm24:
      return 3;
    case SampleType::pcm32:
    case SampleType::float32:
      return 4;
    case SampleType::float64:
      return 8;
  }
  return 0;
}

WavFormat parseWavFormat(std::vector<std::uint8_t> chunk, NativeError* error) {
  const auto refuse = [&](const char* code, std::string detail) {
    *error = {code, std::move(detail)};
    return WavFormat{};
  };
  if (chunk.size() < kPlainChunkBytes) return refuse("file.unsupported", "its format chunk is too short");

  std::uint16_t tag = readU16(&chunk[0]);
  const std::uint16_t channels = readU16(&chunk[2]);
  const std::uint32_t sampleRate = readU32(&chunk[4]);
  const std::uint16_t bytesPerFrame = readU16(&chunk[12]);
  const std::uint16_t bits = readU16(&chunk[14]);
  if (channels == 0 || channels > kMaxWavChannels)
    return refuse("file.bad-channels", std::to_string(channels) + " channels");
  if (sampleRate < kMinWavRate || sampleRate > kMaxWavRate) {
    return refuse("file.bad-rate", std::to_string(sampleRate) + " Hz");
  }
  if (tag == kExtensible) {
    if (chunk.size() < kExtensibleChunkBytes) return refuse("file.unsupported", "its extended format is cut short");
    if (std::memcmp(&chunk[kSubFormatAt + 2], kSubFormatTail, sizeof kSubFormatTail) != 0) {
      return refuse("file.unsupported", "an unknown extended format");
    }
    tag = readU16(&chunk[kSubFormatAt]);
  }
  const unsigned bytesPerSample = (bits + 7u) / 8u;
  const std::optional<SampleType> sampleType = sampleTypeOf(tag, bytesPerSample);
  if (!sampleType) return refuse("file.unsupported", nameOf(tag, bits));
  if (bytesPerFrame != channels * bytesPerSample) {
    return refuse("file.unsupported", std::to_string(bytesPerFrame) + " bytes a frame do not fit " + nameOf(tag, bits) +
                                          " in " + std::to_string(channels) + " channels");
  }

  return {sampleRate, channels, *sampleType, std::move(chunk)};
}

WavFormat monoFloatFormat(std::uint32_t sampleRate) {
  constexpr std::uint16_t kBytesPerFrame = sizeof(float);
  std::vector<std::uint8_t> chunk(18);  // a format other than PCM ends with the size of its (empty) extension
  writeU16(&chunk[0], kFloat);
  writeU16(&chunk[2], 1);
  writeU32(&chunk[4], sampleRate);
  writeU32(&chunk[8], sampleRate * kBytesPerFrame);
  writeU16(&chunk[12], kBytesPerFrame);
  writeU16(&chunk[14], kBytesPerFrame * 8);
  return {sampleRate, 1, SampleType::float32, std::move(chunk)};
}

void decodeSamples(SampleType type, const std::uint8_t* bytes, float* samples, std::size_t count) {
  switch (type) {
    case SampleType::pcm8:
      return decodeEach<1>(bytes, samples, count, [](const std::uint8_t* at) { return (*at - 128) * 0x1p-7f; });
    case SampleType::pcm16:
      return decodeEach<2>(bytes, samples, count, [](const std::uint8_t* at) {
        return static_cast<float>(static_cast<std::int16_t>(readU16(at))) * 0x1p-15f;
      });
    case SampleType::pcm24:
      return decodeEach<3>(bytes, samples, count, decode24);
    case SampleType::pcm32:
      return decodeEach<4>(bytes, samples, count, [](const std::uint8_t* at) {
        return static_cast<float>(static_cast<std::int32_t>(readU32(at))) * 0x1p-31f;
      });
    case SampleType::float32:
      return decodeEach<4>(bytes, samples, count, decodeFloat32);
    case SampleType::float64:
      return decodeEach<8>(bytes, samples, count, decodeFloat64);
  }
}

void encodeSamples(SampleType type, const float* samples, std::uint8_t* bytes, std::size_t count) {
  switch (type) {
    case SampleType::pcm8:
      return encodeEach<1>(samples, bytes, count, [](float sample, std::uint8_t* at) {
        *at = static_cast<std::uint8_t>(quantise<8>(sample) + 128);
      });
    case SampleType::pcm16:
      return encodeEach<2>(samples, bytes, count, [](float sample, std::uint8_t* at) {
        writeU16(at, static_cast<std::uint16_t>(quantise<16>(sample)));
      });
    case SampleType::pcm24:
      return encodeEach<3>(samples, bytes, count, [](float sample, std::uint8_t* at) {
        writeU24(at, static_cast<std::uint32_t>(quantise<24>(sample)));
      });
    case SampleType::pcm32:
      return encodeEach<4>(samples, bytes, count, [](float sample, std::uint8_t* at) {
        writeU32(at, static_cast<std::uint32_t>(quantise<32>(sample)));
      });
    case SampleType::float32:
      return encodeEach<4>(samples, bytes, count, encodeFloat32);
    case SampleType::float64:
      return encodeEach<8>(samples, bytes, count, encodeFloat64);
  }
}

}  // namespace limpid
