#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace limpid {

/** How much of the available time callbacks took: 1 % wide bins up to 200 %. One writer, any readers. */
class LoadHistogram {
 public:
  static constexpr std::size_t kBins = 200;
  using Counts = std::array<std::uint64_t, kBins>;

  void add(double load) noexcept {
    const std::size_t bin = load <= 0 ? 0 : load >= 2 ? kBins - 1 : static_cast<std::size_t>(load * 100);
    bins_[bin].fetch_add(1, std::memory_order_relaxed);
    if (load > max_.load(std::memory_order_relaxed)) max_.store(load, std::memory_order_relaxed);
  }

  /** Load that `share` (0..1) of the callbacks did not exceed, to 1 %; 0 when there were none. */
  double percentile(double share) const noexcept {
    const double upper = percentile(counts(), share);
    return upper < max() ? upper : max();
  }
  double max() const noexcept { return max_.load(std::memory_order_relaxed); }

  /** Callbacks a bin. */
  Counts counts() const noexcept {
    Counts counts;
    for (std::size_t i = 0; i < kBins; ++i) counts[i] = bins_[i].load(std::memory_order_relaxed);
    return counts;
  }
  static double percentile(const Counts& counts, double share) noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts) total += count;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
      seen += counts[i];
      if (total > 0 && static_cast<double>(seen) >= share * static_cast<double>(total)) {
        return static_cast<double>(i + 1) / 100;
      }
    }
    return 0;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kBins> bins_{};  // written by the audio thread
  std::atomic<double> max_{0};                            // written by the audio thread
};

}  // namespace limpid
