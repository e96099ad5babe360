#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace limpid {

/**
 * Single-producer single-consumer ring of floats. The counters only ever grow, so `written − read` is the fill and
 * nothing has to be reset while the other side runs. Real-time safe on both sides.
 */
class Ring {
 public:
  /** `minCapacity` is rounded up to a power of two. */
  explicit Ring(std::size_t minCapacity) {
    std::size_t capacity = 1;
    while (capacity < minCapacity) capacity *= 2;
    samples_.resize(capacity);
  }

  std::size_t capacity() const noexcept { return samples_.size(); }
  std::uint64_t written() const noexcept { return written_.load(std::memory_order_acquire); }
  std::uint64_t consumed() const noexcept { return consumed_.load(std::memory_order_acquire); }
  std::size_t fill() const noexcept {
    const std::uint64_t consumed = this->consumed();
    return static_cast<std::size_t>(written() - consumed);
  }

  /** Producer. Writes what fits and returns how many that were. */
  std::size_t write(const float* source, std::size_t frames) noexcept {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    frames = std::min(frames, capacity() - static_cast<std::size_t>(at - consumed()));
    copyIn(at, source, frames);
    written_.store(at + frames, std::memory_order_release);
    return frames;
  }

  /** Consumer. Copies up to `frames` samples that lie `offset` after the read position, without consuming them. */
  std::size_t peek(float* target, std::size_t frames, std::size_t offset = 0) const noexcept {
    const std::uint64_t at = consumed_.load(std::memory_order_relaxed) + offset;
    const std::uint64_t end = written();
    if (end <= at) return 0;
    frames = std::min(frames, static_cast<std::size_t>(end - at));
    copyOut(at, target, frames);
    return frames;
  }

  /** Consumer. Lets go of `frames` samples (at most the fill). */
  void consume(std::size_t frames) noexcept {
    const std::uint64_t at = consumed_.load(std::memory_order_relaxed);
    frames = std::min(frames, static_cast<std::size_t>(written() - at));
    consumed_.store(at + frames, std::memory_order_release);
  }

  /** Consumer. */
  std::size_t read(float* target, std::size_t frames) noexcept {
    frames = peek(target, frames);
    consume(frames);
    return frames;
  }

 private:
  void copyIn(std::uint64_t at, const float* source, std::size_t frames) noexcept {
    if (frames == 0) return;  // then the source may be null
    const std::size_t start = static_cast<std::size_t>(at) & (capacity() - 1);
    const std::size_t first = std::min(frames, capacity() - start);
    std::memcpy(samples_.data() + start, source, first * sizeof(float));
    std::memcpy(samples_.data(), source + first, (frames - first) * sizeof(float));
  }
  void copyOut(std::uint64_t at, float* target, std::size_t frames) const noexcept {
    const std::size_t start = static_cast<std::size_t>(at) & (capacity() - 1);
    const std::size_t first = std::min(frames, capacity() - start);
    std::memcpy(target, samples_.data() + start, first * sizeof(float));
    std::memcpy(target + first, samples_.data(), (frames - first) * sizeof(float));
  }

  std::vector<float> samples_;
  alignas(64) std::atomic<std::uint64_t> written_{0};   // written by the producer
  alignas(64) std::atomic<std::uint64_t> consumed_{0};  // written by the consumer
};

}  // namespace limpid
