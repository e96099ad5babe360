#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "roundtrip/chirps.h"

namespace limpid {

/** A chirp as it was played: `atSeconds` its first frame left the device, by the clock that the capture goes by, too.
 */
struct PlayedChirp {
  Chirp chirp;
  double atSeconds = 0;
};

/** The frame of the recording that entered the device at this time. In order. */
struct CaptureStamp {
  std::uint64_t frame = 0;
  double atSeconds = 0;
};

struct ChirpRecording {
  std::vector<float> samples;
  double sampleRate = 48000;
  double highestHz = 6000;  ///< of the chirps
  std::vector<CaptureStamp> stamps;
  std::vector<PlayedChirp> chirps;
};

/** Times in seconds, levels in dBFS. */
struct ChirpFindings {
  std::size_t heard = 0;
  std::optional<double> delaySeconds;   ///< median, from leaving one device to entering the other
  std::optional<double> jitterSeconds;  ///< between the quickest and the slowest, the clocks' difference aside
  std::size_t gaps = 0;
  double gapSeconds = 0;
  std::optional<double> signalDb;  ///< RMS while a chirp is heard
  std::optional<double> noiseDb;   ///< RMS between the chirps
};

/**
 * Finds the chirps in a recording by matched filters. A gap is a place where chirps come sooner or later from one to
 * the next (frames were lost or inserted), or where a chirp or a piece of it is missing while its neighbours are heard.
 * `cancelled` may be set by any thread: then the findings mean nothing.
 */
ChirpFindings findChirps(const ChirpRecording& recording, const std::atomic<bool>& cancelled);

}  // namespace limpid
