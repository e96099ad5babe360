#pragma once

#include <atomic>
#include <complex>
#include <cstddef>
#include <vector>

namespace limpid {

/** In place; a power of two. Forward. */
void fourierTransform(std::vector<std::complex<float>>& values);

/**
 * For each place of `samples` how much of `pattern` begins there: Σ samples[place + i] · pattern[i], over the energy of
 * the pattern, so that 1 is the pattern itself. By overlap-save; seconds of audio take milliseconds. Empty when
 * `cancelled` is set, by any thread.
 */
std::vector<float> correlate(const std::vector<float>& samples, const std::vector<float>& pattern,
                             const std::atomic<bool>& cancelled);

}  // namespace limpid
