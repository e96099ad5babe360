#include "files/waveform.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "files/wav_reader.h"

namespace limpid {

namespace {
constexpr std::size_t kPieceSamples = 65536;
constexpr double kFloorDb = -150;

/** Short files have fewer frames than buckets: each frame then fills several. */
std::vector<float> stretch(std::vector<float> peaks, std::size_t buckets) {
  if (peaks.size() == buckets) return peaks;
  std::vector<float> stretched(buckets);
  for (std::size_t i = 0; i < buckets; ++i) stretched[i] = peaks[i * peaks.size() / buckets];
  return stretched;
}
}  // namespace

bool readWaveform(const std::string& path, std::size_t buckets, const std::atomic<bool>& cancelled, Waveform* waveform,
                  NativeError* error) {
  const std::unique_ptr<WavReader> reader = WavReader::open(path, error);
  if (!reader) {
    error->detail = error->detail.empty() ? path : path + " (" + error->detail + ")";
    return false;
  }
  const std::uint64_t frames = reader->frames();
  const std::size_t channels = reader->format().channels;
  const std::uint64_t pieces = std::min<std::uint64_t>(buckets, frames);
  std::vector<float> peaks(static_cast<std::size_t>(pieces), 0.0f);
  std::vector<float> samples(kPieceSamples / channels * channels);
  double energy = 0;
  std::uint64_t frame = 0;
  std::size_t bucket = 0;
  std::uint64_t bucketEnd = frames / pieces;
  while (frame < frames) {
    if (cancelled.load(std::memory_order_relaxed)) {
      *error = {"cancelled", ""};
      return false;
    }
    const std::size_t got = reader->read(samples.data(), samples.size() / channels, error);
    if (*error) {
      error->detail = path + " (" + error->detail + ")";
      return false;
    }
    for (std::size_t i = 0; i < got; ++i, ++frame) {
      if (frame == bucketEnd) bucketEnd = (++bucket + 1) * frames / pieces;
      float peak = peaks[bucket];
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const float sample = samples[i * channels + channel];
        if (!std::isfinite(sample)) continue;
        peak = std::max(peak, std::abs(sample));
        energy += static_cast<double>(sample) * sample;
      }
      peaks[bucket] = peak;
    }
  }
  const double mean = energy / (static_cast<double>(frames) * static_cast<double>(channels));
  waveform->sampleRate = reader->format().sampleRate;
  waveform->channels = reader->format().channels;
  waveform->frames = frames;
  waveform->rmsDb = mean > 0 ? std::max(kFloorDb, 10 * std::log10(mean)) : kFloorDb;
  waveform->peaks = stretch(std::move(peaks), buckets);
  return true;
}

}  // namespace limpid
