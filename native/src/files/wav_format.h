#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/native_error.h"

namespace limpid {

/** How one sample lies in the file. 8 bit is unsigned, the other integers are signed; all little-endian. */
enum class SampleType { pcm8, pcm16, pcm24, pcm32, float32, float64 };

/** The `fmt ` chunk of a WAV file. */
struct WavFormat {
  std::uint32_t sampleRate = 0;
  std::uint16_t channels = 0;
  SampleType sampleType = SampleType::float32;
  std::vector<std::uint8_t> chunk;  ///< its bytes as they are in the file: channel mask and valid bits survive a copy

  bool isFloat() const { return sampleType == SampleType::float32 || sampleType == SampleType::float64; }
  std::size_t bytesPerSample() const;
  std::size_t bytesPerFrame() const { return channels * bytesPerSample(); }
};

constexpr std::uint16_t kMaxWavChannels = 64;
constexpr std::uint32_t kMinWavRate = 8000;
constexpr std::uint32_t kMaxWavRate = 192000;

/**
 * Reads a `fmt ` chunk: WAVE_FORMAT_PCM, _IEEE_FLOAT and _EXTENSIBLE (sub-format of one of the two).
 * Errors: `file.bad-rate`, `file.bad-channels`, `file.unsupported`.
 */
WavFormat parseWavFormat(std::vector<std::uint8_t> chunk, NativeError* error);

/** The format of a new mono file of 32-bit floats. */
WavFormat monoFloatFormat(std::uint32_t sampleRate);

/** Samples of the file to −1..1. Not-finite floats are passed on as they are. */
void decodeSamples(SampleType type, const std::uint8_t* bytes, float* samples, std::size_t count);

/**
 * −1..1 to samples of the file: rounded to the nearest (ties to even), clipped at full scale, NaN as 0.
 * What `decodeSamples` made of 8, 16, 24 bit or float comes out bit for bit; 32 bit keeps a float's 24 significant
 * bits.
 */
void encodeSamples(SampleType type, const float* samples, std::uint8_t* bytes, std::size_t count);

/** Little-endian numbers in byte buffers. */
std::uint16_t readU16(const std::uint8_t* bytes);
std::uint32_t readU32(const std::uint8_t* bytes);
std::uint64_t readU64(const std::uint8_t* bytes);
void writeU32(std::uint8_t* bytes, std::uint32_t value);
void writeU64(std::uint8_t* bytes, std::uint64_t value);

}  // namespace limpid
