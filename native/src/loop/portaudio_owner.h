#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "loop/device.h"

namespace limpid {

struct PortAudioDeviceInfo {
  std::string name;
  std::string hostApi;
  int index = 0;
  int inputs = 0;
  int outputs = 0;
  double defaultRate = 0;
  bool isDefaultInput = false;
  bool isDefaultOutput = false;
};

/**
 * The one thread per process that calls PortAudio, which is not thread-safe. It lives as long as the process: library
 * and thread are shared by every environment that loads the addon.
 */
class PortAudioOwner {
 public:
  static PortAudioOwner& instance();

  /**
   * Runs `task` on the owner thread and waits. A task that does not return within 5 s is abandoned with its thread
   * (`device.hung`), and a new thread takes over; so a task owns everything it touches. Should it come back one day,
   * `undo` follows it on its own thread.
   */
  NativeError run(std::function<NativeError()> task, std::function<void()> undo = nullptr);

  /** Lists the devices. `refresh` re-initialises PortAudio; refused while streams are open. */
  NativeError list(bool refresh, std::vector<PortAudioDeviceInfo>* devices);

  void streamOpened();
  void streamClosed();

 private:
  struct Worker;
  PortAudioOwner();
  std::shared_ptr<Worker> worker();

  struct State;
  std::unique_ptr<State> state_;
};

/** PortAudio's own list. Owner thread only. */
std::vector<PortAudioDeviceInfo> readPortAudioDevices();

}  // namespace limpid
