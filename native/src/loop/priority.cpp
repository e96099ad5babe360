#include "loop/priority.h"

#ifdef __linux__
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

#include <initializer_list>
#elif defined(__APPLE__)
#include <pthread.h>
#endif

namespace limpid {

#ifdef __linux__

namespace {
constexpr int kPriority = 2;  // above ordinary work, below the sound server's own threads (rtkit gives it 5)

void ignoreAlsaError(const char*, int, const char*, int, const char*, ...) {}
void ignoreJackMessage(const char*) {}

/** ALSA's JACK plug-in probes for a server, and libjack says at length that there is none. */
void quietenJack() {
  using Handler = void (*)(const char*);
  void* const library = dlopen("libjack.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (!library) return;
  for (const char* const name : {"jack_set_error_function", "jack_set_info_function"}) {
    const auto setHandler = reinterpret_cast<void (*)(Handler)>(dlsym(library, name));
    if (setHandler) setHandler(ignoreJackMessage);
  }
}
}  // namespace

void nameThread(const char* name) {
  pthread_setname_np(pthread_self(), name);
}

void quietenProbing() {
  quietenJack();
  using Handler = void (*)(const char*, int, const char*, int, const char*, ...);
  void* const library = dlopen("libasound.so.2", RTLD_LAZY | RTLD_NOLOAD);
  if (!library) return;
  const auto setHandler = reinterpret_cast<int (*)(Handler)>(dlsym(library, "snd_lib_error_set_handler"));
  if (setHandler) setHandler(ignoreAlsaError);
}

RealTimeScope::RealTimeScope() {
  sched_param parameter{};
  parameter.sched_priority = kPriority;
  granted_ = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter) == 0;
}

RealTimeScope::~RealTimeScope() {
  if (!granted_) return;
  sched_param parameter{};
  pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter);
}

#else

#ifdef __APPLE__
void nameThread(const char* name) {
  pthread_setname_np(name);
}
#else
void nameThread(const char*) {}
#endif
void quietenProbing() {}
RealTimeScope::RealTimeScope() = default;
RealTimeScope::~RealTimeScope() = default;

#endif

}  // namespace limpid
