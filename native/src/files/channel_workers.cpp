#include "files/channel_workers.h"

#include <algorithm>
#include <utility>

namespace limpid {

ChannelWorkers::ChannelWorkers(std::size_t channels, std::function<void(std::size_t)> work)
    : channels_(channels), work_(std::move(work)) {
  workers_ = std::min<std::size_t>(channels, std::max(1u, std::thread::hardware_concurrency()));
  for (std::size_t worker = 1; worker < workers_; ++worker) threads_.emplace_back([this, worker] { serve(worker); });
}

ChannelWorkers::~ChannelWorkers() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  turnBegan_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ChannelWorkers::run() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++turn_;
    busy_ = threads_.size();
  }
  turnBegan_.notify_all();
  workAs(0);
  std::unique_lock<std::mutex> lock(mutex_);
  turnEnded_.wait(lock, [this] { return busy_ == 0; });
}

void ChannelWorkers::serve(std::size_t worker) {
  std::uint64_t served = 0;
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    turnBegan_.wait(lock, [&] { return stopping_ || turn_ != served; });
    if (stopping_) return;
    served = turn_;
    lock.unlock();
    workAs(worker);
    lock.lock();
    if (--busy_ == 0) turnEnded_.notify_one();
  }
}

void ChannelWorkers::workAs(std::size_t worker) {
  for (std::size_t channel = worker; channel < channels_; channel += workers_) work_(channel);
}

}  // namespace limpid
