#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace limpid {

/** How much of the available time callbacks took: 1 % wide bins up to 200 %. One writer, any readers. */
class LoadHistogram {
 public:
  void add(double load) noexcept {
    const std::size_t bin = load <= 0 ? 0 : load >= 2 ? kBins - 1 : static_cast<std::size_t>(load * 100);
    bins_[bin].fetch_add(1, std::memory_order_relaxed);
    if (load > max_.load(std::memory_order_relaxed)) max_.store(load, std::memory_order_relaxed);
  }

  /** Load that `share` (0..1) of the callbacks did not exceed, to 1 %; 0 when there were none. */
  double percentile(double share) const noexcept {
    std::uint64_t total = 0;
    for (const auto& bin : bins_) total += bin.load(std::memory_order_relaxed);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
      seen += bins_[i].load(std::memory_order_relaxed);
      if (total > 0 && static_cast<double>(seen) >= share * static_cast<double>(total)) {
        const double upper = static_cast<double>(i + 1) / 100;
        return upper < max() ? upper : max();
      }
    }
    return 0;
  }
  double max() const noexcept { return max_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kBins = 200;
  std::array<std::atomic<std::uint64_t>, kBins> bins_{};  // written by the audio thread
  std::atomic<double> max_{0};                            // written by the audio thread
};

}  // namespace limpid
