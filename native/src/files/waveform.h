#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/native_error.h"

namespace limpid {

/** As `Waveform` in native/index.d.ts. */
struct Waveform {
  std::uint32_t sampleRate = 0;
  std::uint16_t channels = 0;
  std::uint64_t frames = 0;
  double rmsDb = 0;
  std::vector<float> peaks;
};

/**
 * Reads a WAV file (UTF-8 path) once, piece by piece. Samples that are not finite count as 0. `cancelled` may be set by
 * any thread. Returns false and sets `error` (`file.*`, `cancelled`) on failure.
 */
bool readWaveform(const std::string& path, std::size_t buckets, const std::atomic<bool>& cancelled, Waveform* waveform,
                  NativeError* error);

}  // namespace limpid
