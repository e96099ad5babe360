#include "loop/portaudio_owner.h"

#include <portaudio.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "loop/priority.h"

namespace limpid {

namespace {
constexpr std::chrono::seconds kHangLimit{5};

struct Task {
  std::function<NativeError()> work;
  std::function<void()> undo;
  NativeError result;
  bool begun = false;
  bool done = false;
  bool abandoned = false;
};

NativeError initialise() {
  quietenProbing();
  const PaError code = Pa_Initialize();
  if (code == paNoError) return {};
  return {"device.failed", Pa_GetErrorText(code)};
}
}  // namespace

/** A thread and its queue. When it hangs, nobody joins it; its last holder is the thread itself. */
struct PortAudioOwner::Worker {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<Task>> tasks;
  bool retired = false;

  static std::shared_ptr<Worker> begin() {
    auto worker = std::make_shared<Worker>();
    std::thread([worker] { worker->work(); }).detach();
    return worker;
  }

  void work() {
    nameThread("limpid-devices");
    std::unique_lock<std::mutex> lock(mutex);
    while (!retired) {
      changed.wait(lock, [this] { return !tasks.empty(); });
      const std::shared_ptr<Task> task = tasks.front();
      tasks.pop_front();
      task->begun = true;
      changed.notify_all();
      lock.unlock();
      NativeError result = task->work();
      lock.lock();
      task->result = std::move(result);
      task->done = true;
      changed.notify_all();
      if (!task->abandoned) continue;
      lock.unlock();
      if (task->undo) task->undo();
      --hungCalls;
      lock.lock();
    }
  }

  /** The limit counts from the moment the task begins: waiting for another's call is not hanging. */
  NativeError run(std::function<NativeError()> work, std::function<void()> undo) {
    auto task = std::make_shared<Task>();
    task->work = std::move(work);
    task->undo = std::move(undo);
    std::unique_lock<std::mutex> lock(mutex);
    if (retired) return hung();
    tasks.push_back(task);
    changed.notify_all();
    changed.wait(lock, [&] { return task->begun || retired; });
    if (task->begun && changed.wait_for(lock, kHangLimit, [&] { return task->done; })) return task->result;
    if (task->begun) {
      task->abandoned = true;
      ++hungCalls;
    }
    retired = true;  // whoever queued behind it gives up as well, and is not run later
    tasks.clear();
    changed.notify_all();
    return hung();
  }

  static NativeError hung() { return {"device.hung", "PortAudio did not answer within 5 seconds."}; }

  static std::atomic<int> hungCalls;  // that have not come back yet
};

std::atomic<int> PortAudioOwner::Worker::hungCalls{0};

struct PortAudioOwner::State {
  std::mutex mutex;
  std::shared_ptr<Worker> worker;  // guarded by mutex
  std::atomic<bool> initialised{false};
  std::atomic<int> openStreams{0};
};

PortAudioOwner::PortAudioOwner() : state_(std::make_unique<State>()) {}

PortAudioOwner& PortAudioOwner::instance() {
  // Never destroyed: its thread may still be inside PortAudio when the process ends.
  static PortAudioOwner* const owner = new PortAudioOwner();
  return *owner;
}

std::shared_ptr<PortAudioOwner::Worker> PortAudioOwner::worker() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (!state_->worker) state_->worker = Worker::begin();
  return state_->worker;
}

NativeError PortAudioOwner::run(std::function<NativeError()> task, std::function<void()> undo) {
  const std::shared_ptr<Worker> worker = this->worker();
  State* const state = state_.get();
  const NativeError error = worker->run(
      [state, task = std::move(task)]() -> NativeError {
        if (!state->initialised) {
          const NativeError failed = initialise();
          if (failed) return failed;
          state->initialised = true;
        }
        return task();
      },
      std::move(undo));
  if (error.code == "device.hung") {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    if (state_->worker == worker) state_->worker.reset();
  }
  return error;
}

NativeError PortAudioOwner::list(bool refresh, std::vector<PortAudioDeviceInfo>* devices) {
  auto found = std::make_shared<std::vector<PortAudioDeviceInfo>>();
  State* const state = state_.get();
  const NativeError error = run([refresh, found, state]() -> NativeError {
    if (refresh) {
      if (state->openStreams > 0 || Worker::hungCalls > 0)
        return {"device.busy", "The list cannot be renewed while audio is running."};
      Pa_Terminate();
      state->initialised = false;
      const NativeError failed = initialise();
      if (failed) return failed;
      state->initialised = true;
    }
    *found = readPortAudioDevices();
    return {};
  });
  if (!error) *devices = *found;
  return error;
}

void PortAudioOwner::streamOpened() {
  ++state_->openStreams;
}
void PortAudioOwner::streamClosed() {
  --state_->openStreams;
}

std::vector<PortAudioDeviceInfo> readPortAudioDevices() {
  std::vector<PortAudioDeviceInfo> devices;
  const PaDeviceIndex count = Pa_GetDeviceCount();
  for (PaDeviceIndex index = 0; index < count; ++index) {
    const PaDeviceInfo* const info = Pa_GetDeviceInfo(index);
    const PaHostApiInfo* const api = Pa_GetHostApiInfo(info->hostApi);
    PortAudioDeviceInfo device;
    device.name = info->name;
    device.hostApi = api->name;
    device.index = index;
    device.inputs = info->maxInputChannels;
    device.outputs = info->maxOutputChannels;
    device.defaultRate = info->defaultSampleRate;
    device.isDefaultInput = index == Pa_GetDefaultInputDevice();
    device.isDefaultOutput = index == Pa_GetDefaultOutputDevice();
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace limpid
