#include "roundtrip/correlation.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr double kPi = 3.14159265358979323846;

void swapReversed(std::vector<std::complex<float>>& values) {
  for (std::size_t i = 1, j = 0; i < values.size(); ++i) {
    std::size_t bit = values.size() / 2;
    for (; j & bit; bit /= 2) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
}
}  // namespace

void fourierTransform(std::vector<std::complex<float>>& values) {
  const std::size_t size = values.size();
  swapReversed(values);
  std::vector<std::complex<float>> turns(size / 2);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const double angle = -2 * kPi * static_cast<double>(i) / static_cast<double>(size);
    turns[i] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
  }
  for (std::size_t half = 1; half < size; half *= 2) {
    const std::size_t stride = size / (2 * half);
    for (std::size_t start = 0; start < size; start += 2 * half) {
      for (std::size_t i = 0; i < half; ++i) {
        const std::complex<float>& a = values[start + i];
        const std::complex<float>& b = values[start + i + half];
        const std::complex<float>& turn = turns[i * stride];
        // By hand: the library's product looks after infinities.
        const std::complex<float> turned(b.real() * turn.real() - b.imag() * turn.imag(),
                                         b.real() * turn.imag() + b.imag() * turn.real());
        const std::complex<float> sum = a + turned;
        values[start + i + half] = a - turned;
        values[start + i] = sum;
      }
    }
  }
}

std::vector<float> correlate(const std::vector<float>& samples, const std::vector<float>& pattern,
                             const std::atomic<bool>& cancelled) {
  std::size_t size = 1;
  while (size < 4 * pattern.size()) size *= 2;
  const std::size_t step = size - pattern.size() + 1;
  double energy = 0;
  for (const float sample : pattern) energy += static_cast<double>(sample) * sample;
  const float scale = static_cast<float>(1 / (energy * static_cast<double>(size)));

  std::vector<std::complex<float>> filter(size);
  std::copy(pattern.begin(), pattern.end(), filter.begin());
  fourierTransform(filter);

  std::vector<float> result(samples.size());
  std::vector<std::complex<float>> block(size);
  for (std::size_t at = 0; at < samples.size(); at += step) {
    if (cancelled.load(std::memory_order_relaxed)) return {};
    const std::size_t count = std::min(size, samples.size() - at);
    std::fill(std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(at), count, block.begin()), block.end(), 0.0f);
    fourierTransform(block);
    // The conjugate of (block · conjugate of filter): transformed forward once more it is the correlation.
    for (std::size_t i = 0; i < size; ++i) {
      const std::complex<float> a = block[i];
      const std::complex<float> b = filter[i];
      block[i] = {a.real() * b.real() + a.imag() * b.imag(), a.real() * b.imag() - a.imag() * b.real()};
    }
    fourierTransform(block);
    const std::size_t good = std::min(step, samples.size() - at);
    for (std::size_t i = 0; i < good; ++i) result[at + i] = block[i].real() * scale;
  }
  return result;
}

}  // namespace limpid
