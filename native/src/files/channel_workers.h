#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace limpid {

/**
 * Does the same work for every channel, turn by turn, on up to a thread a core. A channel always runs on the same
 * thread. The caller's thread is one of them.
 */
class ChannelWorkers {
 public:
  ChannelWorkers(std::size_t channels, std::function<void(std::size_t channel)> work);
  ~ChannelWorkers();

  /** One turn: returns when the work is done for all channels. */
  void run();

 private:
  void serve(std::size_t worker);
  void workAs(std::size_t worker);

  const std::size_t channels_;
  const std::function<void(std::size_t)> work_;
  std::size_t workers_ = 1;
  std::vector<std::thread> threads_;

  std::mutex mutex_;
  std::condition_variable turnBegan_;
  std::condition_variable turnEnded_;
  // Guarded by mutex_.
  std::uint64_t turn_ = 0;
  std::size_t busy_ = 0;
  bool stopping_ = false;
};

}  // namespace limpid
