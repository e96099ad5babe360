#include <csetjmp>
#include <cstdlib>

#include "engines/wasm_rt/wasm-rt.h"

namespace {

struct TrapTarget {
  std::jmp_buf jump;
};

// Initial-exec: the first use on the audio thread of a dynamically loaded library must not allocate.
#if defined(__linux__)
__attribute__((tls_model("initial-exec")))
#endif
thread_local TrapTarget* currentTarget = nullptr;

}  // namespace

// The underscore forms leave the signal mask alone on every POSIX system, which spares two system calls a block.
#if defined(_WIN32)
#define LIMPID_SETJMP setjmp
#define LIMPID_LONGJMP longjmp
#else
#define LIMPID_SETJMP _setjmp
#define LIMPID_LONGJMP _longjmp
#endif

void wasm_rt_trap(wasm_rt_trap_t code) {
  if (currentTarget == nullptr) std::abort();
  LIMPID_LONGJMP(currentTarget->jump, static_cast<int>(code));
}

wasm_rt_trap_t wasm_rt_try(void (*call)(void*), void* argument) {
  TrapTarget target;
  TrapTarget* const outer = currentTarget;
  const int code = LIMPID_SETJMP(target.jump);
  if (code == 0) {
    currentTarget = &target;
    call(argument);
  }
  currentTarget = outer;
  return static_cast<wasm_rt_trap_t>(code);
}
