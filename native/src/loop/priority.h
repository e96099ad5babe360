#pragma once

namespace limpid {

/** Names the calling thread for debuggers (15 characters at most). */
void nameThread(const char* name);

/** Keeps libasound and libjack from printing their probing on stderr. Does nothing where there are none. */
void quietenProbing();

/**
 * Gives the calling thread real-time priority while it lives; threads it starts meanwhile inherit it (libpulse starts
 * its own inside `Pa_OpenStream`). Where the OS refuses, nothing happens. Linux only: elsewhere PortAudio does it.
 */
class RealTimeScope {
 public:
  RealTimeScope();
  ~RealTimeScope();
  RealTimeScope(const RealTimeScope&) = delete;
  RealTimeScope& operator=(const RealTimeScope&) = delete;
  bool granted() const { return granted_; }

 private:
  bool granted_ = false;
};

}  // namespace limpid
