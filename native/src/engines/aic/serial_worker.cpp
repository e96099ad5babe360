#include "engines/aic/serial_worker.h"

#include <thread>
#include <utility>

namespace limpid {

SerialWorker::SerialWorker() : state_(std::make_shared<State>()) {}

SerialWorker::~SerialWorker() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->isEnding = true;
  state_->changed.notify_all();
}

void SerialWorker::post(std::function<void()> work) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->work.push_back(std::move(work));
  state_->changed.notify_all();
  if (state_->isStarted) return;
  state_->isStarted = true;
  std::thread([state = state_] { serve(state); }).detach();
}

bool SerialWorker::waitIdle(std::chrono::milliseconds most) {
  std::unique_lock<std::mutex> lock(state_->mutex);
  return state_->changed.wait_for(lock, most, [this] { return state_->work.empty() && !state_->isBusy; });
}

void SerialWorker::serve(const std::shared_ptr<State>& state) {
  std::unique_lock<std::mutex> lock(state->mutex);
  for (;;) {
    state->changed.wait(lock, [&state] { return state->isEnding || !state->work.empty(); });
    if (state->work.empty()) return;
    std::function<void()> work = std::move(state->work.front());
    state->work.pop_front();
    state->isBusy = true;
    lock.unlock();
    work();
    work = nullptr;  // what it holds may end with it, and must not do so under the lock
    lock.lock();
    state->isBusy = false;
    state->changed.notify_all();
  }
}

}  // namespace limpid
