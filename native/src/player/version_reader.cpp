#include "player/version_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace limpid {

namespace {
constexpr std::size_t kSpareFrames = 16;
constexpr double kWholeFrame = 1e-4;  // nearer than that to a frame is on it: then equal rates need no interpolation

NativeError named(const NativeError& error, const std::string& path) {
  return {error.code, error.detail.empty() ? path : path + " (" + error.detail + ")"};
}
}  // namespace

std::unique_ptr<VersionReader> VersionReader::open(const std::string& path, NativeError* error) {
  std::unique_ptr<WavReader> file = WavReader::open(path, error);
  if (!file) {
    *error = named(*error, path);
    return nullptr;
  }
  return std::unique_ptr<VersionReader>(new VersionReader(path, std::move(file)));
}

void VersionReader::prepare(double outputRate, std::size_t outputChannels) {
  const bool isAsBefore = outputRate == outputRate_ && converters_.size() == outputChannels;
  if (isAsBefore) return;
  outputRate_ = outputRate;
  const double step = sampleRate() / outputRate;
  const std::size_t lookahead = Converter(sampleRate(), outputRate, 1).lookaheadFrames();
  const std::size_t mostFed = static_cast<std::size_t>(std::ceil(kMostFrames * step)) + lookahead + kSpareFrames;
  converters_.assign(outputChannels, Converter(sampleRate(), outputRate, mostFed));
  fed_.assign(outputChannels, std::vector<float>(mostFed));
  interleaved_.resize(mostFed * fileChannels());
  converted_.resize(kMostFrames);
}

void VersionReader::seek(double seconds) {
  const double place = std::max(0.0, seconds) * sampleRate();
  double whole = std::floor(place);
  double fraction = place - whole;
  if (fraction > 1 - kWholeFrame) ++whole;
  if (fraction < kWholeFrame || fraction > 1 - kWholeFrame) fraction = 0;
  file_->seek(static_cast<std::uint64_t>(whole));
  for (Converter& converter : converters_) converter.reset(fraction);
}

bool VersionReader::read(float* target, std::size_t stride, std::size_t frames, NativeError* error) {
  const std::size_t needed = converters_.front().inputNeeded(frames);
  if (!fetch(needed, error)) return false;
  for (std::size_t channel = 0; channel < converters_.size(); ++channel) {
    const std::size_t got = converters_[channel].process(fed_[channel].data(), needed, converted_.data(), frames);
    std::fill(converted_.begin() + static_cast<std::ptrdiff_t>(got),
              converted_.begin() + static_cast<std::ptrdiff_t>(frames), 0.0f);
    for (std::size_t i = 0; i < frames; ++i) target[i * stride + channel] = converted_[i];
  }
  return true;
}

/** The next `frames` of the file, as each output channel wants them. */
bool VersionReader::fetch(std::size_t frames, NativeError* error) {
  const std::size_t got = file_->read(interleaved_.data(), frames, error);
  if (*error) {
    *error = named(*error, path_);
    return false;
  }
  const std::size_t width = fileChannels();
  const std::size_t outputs = fed_.size();
  const bool isStereo = outputs == 2 && width == 2;
  const float share = 1.0f / static_cast<float>(width);
  for (std::size_t i = 0; i < frames; ++i) {
    float* const samples = interleaved_.data() + i * width;
    float sum = 0;
    for (std::size_t channel = 0; i < got && channel < width; ++channel) {
      if (!std::isfinite(samples[channel])) samples[channel] = 0;
      sum += samples[channel] * share;
    }
    for (std::size_t output = 0; output < outputs; ++output) {
      fed_[output][i] = i < got && isStereo ? samples[output] : sum;
    }
  }
  return true;
}

}  // namespace limpid
