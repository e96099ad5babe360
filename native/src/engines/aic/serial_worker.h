#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace limpid {

/**
 * Does one thing after the other on a thread of its own, which begins with the first and ends after the last one when
 * the worker is gone. For calls that may block for long: nobody has to wait for it.
 */
class SerialWorker {
 public:
  SerialWorker();
  /** Returns at once; what was posted is still done. */
  ~SerialWorker();
  SerialWorker(const SerialWorker&) = delete;
  SerialWorker& operator=(const SerialWorker&) = delete;

  void post(std::function<void()> work);
  /** Waits until all is done; false: it takes longer than that. */
  bool waitIdle(std::chrono::milliseconds most);

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> work;
    bool isBusy = false;
    bool isStarted = false;
    bool isEnding = false;
  };
  static void serve(const std::shared_ptr<State>& state);

  const std::shared_ptr<State> state_;
};

}  // namespace limpid
