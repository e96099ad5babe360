/* clang-format off */
/*
 * A stand-in for the licensed library (libaic), for tests, the demo and the benches: the documented behaviour of its C
 * interface 0.22 to 0.25 without its network, its models and its licence server. Nothing here comes from the vendor's
 * header. The effect is a gate with a little level taken off, cheap and clearly different from the dry signal.
 *
 * Ours to choose: delay 30 ms (a VAD 10 ms), best block 10 ms; loud signals leave 2 dB quieter, quiet ones (below about
 * -45 dBFS) up to 20 dB quieter. A key with two parts is a licence, with three a JWT; `exp` is read, no signature is
 * checked, a JWT without `exp` never expires. An expired key counts before a revoked one (52 before 6).
 *
 * Steering. Each key below may be set, later ways over earlier ones, by
 *   - an environment variable AIC_STANDIN_<KEY> in capitals, read with the first call of the library,
 *   - a line `key=value` of the file named by AIC_STANDIN_CONTROL, read anew every 20 ms. A key keeps its value until
 *     it is set again, also when its line goes away; write the file in one go,
 *   - aic_standin_set("key", "value"), at once.
 *
 *   key                  default  meaning
 *   revoked              0        1: process returns 6, however good the token is; 0 again: it works again
 *   activate             1        0: the licence server is never reached; process returns 6 after `grace_ms`
 *   grace_ms             10000    counted from the creation of the processor
 *   refuse_refresh       0        1: tokens that arrive by an update are taken, and refused by the "server" later:
 *                                 code 6 after `refuse_after_ms`, until one arrives while this is 0
 *   refuse_after_ms      1000
 *   update_delay_ms      0        an update holds its mutex for so long
 *   terminate_delay_ms   0        terminate_session blocks for so long
 *   create_delay_ms      0        create of a processor or VAD takes so long
 *   reset_code           0        other than 0: a reset returns it and changes nothing
 *   create_code          0        other than 0: create of a processor or VAD returns it
 *   update_code          0        other than 0: an update returns it and changes nothing
 *   process_code         0        other than 0: process returns it. 6 and 52: the buffer holds the delayed dry signal;
 *                                 any other: it is left as it was
 *   clock                wall     what `exp` is compared with: `wall`, or `monotonic`: the time that has passed since the
 *                                 library was first called, added to what the wall clock said then
 *   clock_offset_ms      0        added to the wall clock
 *   monotonic_offset_ms  0        added to the monotonic clock
 *
 * The log (AIC_STANDIN_LOG=<path>, or key `log` of aic_standin_set) gets one JSON object a line, appended:
 *   ns (CLOCK_MONOTONIC), thread (the system's id), call, id (of the processor or VAD, from 1), code, and what belongs
 *   to the call. A token appears only as `token`, the first 12 hex digits of its SHA-256.
 *   {"call":"aic_processor_process", ...} (and "aic_vad_process") comes once a second and at destroy, totals since creation:
 *     blocks, frames, longestNs, late (calls that took longer than their sound lasts),
 *     bypassed (handed back as the delayed dry signal: by the parameter, or with 6 or 52), disallowed (6 or 52),
 *     afterTerminate, blocksDuringUpdate, longestDuringUpdateNs (of calls while an update held the mutex),
 *     audioThreadCalls (create, initialize, update and terminate_session, which may wait, from a thread that had called
 *     process on this session), overlaps (calls that found another inside), violations (what the interface forbids:
 *     overlaps; initialize, terminate_session or destroy while another thread is inside process; process after
 *     terminate_session; any call of a processor or VAD after destroy, which only the total counts),
 *     droppedEvents, isFinal, threads ({"<thread>":{"<code>":blocks}})
 *   {"call":"codeChange", "from", "to"}: the result of process changed with this block.
 *   {"call":"control", "key", "value"}: a key got another value.
 *
 * process, reset, set_parameter and the get functions are safe on an audio thread: no lock, no allocation, no file. What
 * they log goes through a ring that a thread of this library empties every 20 ms, as it reads the control file. The one
 * system call is for the id of a thread, with its first block.
 *
 * aic_standin_count("name") gives totals (names: at the function), aic_standin_flush() writes the log up to now.
 *
 * Variants, by -D: STANDIN_VERSION (text), STANDIN_MODEL_VERSION, STANDIN_OLD (without aic_processor_process, as up to
 * 0.21), STANDIN_INCOMPLETE (without aic_processor_context_update_bearer_token).
 */
/* clang-format on */
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#ifndef STANDIN_VERSION
#define STANDIN_VERSION "0.25.1"
#endif
#ifndef STANDIN_MODEL_VERSION
#define STANDIN_MODEL_VERSION 7
#endif

#define PUBLIC __attribute__((visibility("default")))

enum {
  success = 0,
  nullPointer = 1,
  parameterOutOfRange = 2,
  notInitialized = 3,
  audioConfigUnsupported = 4,
  audioConfigMismatch = 5,
  processingNotAllowed = 6,
  internalError = 7,
  licenseFormatInvalid = 50,
  licenseExpired = 52,
  tokenUpdateUnsupported = 53,
  modelInvalid = 100,
  modelVersionUnsupported = 101,
  filePathInvalid = 102,
  fileSystemError = 103,
  modelTypeUnsupported = 105,
};

enum { lowestRate = 8000, highestRate = 192000 };
static const long long never = LLONG_MAX;

/* ---- clocks and threads ---------------------------------------------------------------------------------------- */

static long long clockNs(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (long long)now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void sleepMs(long long ms) {
  if (ms <= 0) return;
  struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000L};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static long long threadId(void) {
#if defined(__linux__)
  return syscall(SYS_gettid);
#elif defined(__APPLE__)
  uint64_t id = 0;
  pthread_threadid_np(NULL, &id);
  return (long long)id;
#else
  return (long long)(uintptr_t)pthread_self();
#endif
}

/* ---- settings: written by the steward and aic_standin_set, read by anyone --------------------------------------- */

enum {
  keyRevoked,
  keyActivate,
  keyGraceMs,
  keyRefuseRefresh,
  keyRefuseAfterMs,
  keyUpdateDelayMs,
  keyTerminateDelayMs,
  keyCreateDelayMs,
  keyResetCode,
  keyCreateCode,
  keyUpdateCode,
  keyProcessCode,
  keyClock,
  keyClockOffsetMs,
  keyMonotonicOffsetMs,
  keyCount,
};

static const char* const keyNames[keyCount] = {
    "revoked",
    "activate",
    "grace_ms",
    "refuse_refresh",
    "refuse_after_ms",
    "update_delay_ms",
    "terminate_delay_ms",
    "create_delay_ms",
    "reset_code",
    "create_code",
    "update_code",
    "process_code",
    "clock",
    "clock_offset_ms",
    "monotonic_offset_ms",
};

static atomic_llong settings[keyCount] = {
    [keyActivate] = 1,
    [keyGraceMs] = 10000,
    [keyRefuseAfterMs] = 1000,
};

static long long setting(int key) {
  return atomic_load_explicit(&settings[key], memory_order_relaxed);
}

static long long loadedWallMs, loadedMonotonicMs; /* without the offsets; written once, before all else */

static long long wallMs(void) {
  return clockNs(CLOCK_REALTIME) / 1000000 + setting(keyClockOffsetMs);
}
static long long monotonicMs(void) {
  return clockNs(CLOCK_MONOTONIC) / 1000000 + setting(keyMonotonicOffsetMs);
}

/** What `exp` is compared with. */
static long long tokenMs(void) {
  return setting(keyClock) == 0 ? wallMs() : loadedWallMs + monotonicMs() - loadedMonotonicMs;
}

/* ---- the log ---------------------------------------------------------------------------------------------------- */

static pthread_mutex_t logLock = PTHREAD_MUTEX_INITIALIZER;
static int logFile = -1; /* under logLock */

static void openLog(const char* path) {
  pthread_mutex_lock(&logLock);
  if (logFile >= 0) close(logFile);
  logFile = path && *path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  pthread_mutex_unlock(&logLock);
}

typedef struct {
  char text[4096];
  size_t length;
} Line;

__attribute__((format(printf, 2, 3))) static void add(Line* line, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t room = sizeof line->text - line->length;
  int written = vsnprintf(line->text + line->length, room, format, arguments);
  va_end(arguments);
  if (written > 0) line->length += (size_t)written < room ? (size_t)written : room - 1;
}

static void addString(Line* line, const char* key, const char* value) {
  if (!value) {
    add(line, ",\"%s\":null", key);
    return;
  }
  add(line, ",\"%s\":\"", key);
  for (const unsigned char* c = (const unsigned char*)value; *c; c++) {
    if (*c == '"' || *c == '\\') {
      add(line, "\\%c", *c);
    } else if (*c < 0x20) {
      add(line, "\\u%04x", *c);
    } else {
      add(line, "%c", *c);
    }
  }
  add(line, "\"");
}

static Line beginLine(const char* call, long long thread, long long ns) {
  Line line;
  line.length = 0;
  add(&line, "{\"ns\":%lld,\"thread\":%lld,\"call\":\"%s\"", ns, thread, call);
  return line;
}

static Line beginCall(const char* call) {
  return beginLine(call, threadId(), clockNs(CLOCK_MONOTONIC));
}

static void endLine(Line* line) {
  if (line->length > sizeof line->text - 3) line->length = sizeof line->text - 3;
  line->text[line->length++] = '}';
  line->text[line->length++] = '\n';
  pthread_mutex_lock(&logLock);
  if (logFile >= 0) {
    ssize_t written = write(logFile, line->text, line->length);
    (void)written;
  }
  pthread_mutex_unlock(&logLock);
}

/* ---- events of threads that must not wait: many writers, the steward empties ------------------------------------ */

typedef enum { eventCodeChange, eventReset, eventParameter } EventKind;

typedef struct {
  EventKind kind;
  bool isVad;
  int sessionId;
  int first;  /* code before, or the parameter */
  int second; /* code now, or the result */
  float value;
  long long thread;
  long long ns;
} Event;

enum { ringSize = 4096 };
static struct {
  atomic_size_t turn; /* index: free for the writer of that index; index + 1: filled */
  Event event;
} ring[ringSize];
static atomic_size_t ringWrite;
static size_t ringRead; /* under drainLock */
static pthread_mutex_t drainLock = PTHREAD_MUTEX_INITIALIZER;
static atomic_llong droppedEvents;

static void prepareRing(void) {
  for (size_t i = 0; i < ringSize; i++) atomic_init(&ring[i].turn, i);
}

static void pushEvent(Event event) {
  size_t index = atomic_load_explicit(&ringWrite, memory_order_relaxed);
  for (;;) {
    size_t turn = atomic_load_explicit(&ring[index % ringSize].turn, memory_order_acquire);
    if (turn < index) { /* full */
      atomic_fetch_add_explicit(&droppedEvents, 1, memory_order_relaxed);
      return;
    }
    if (turn > index) { /* another writer has it */
      index = atomic_load_explicit(&ringWrite, memory_order_relaxed);
      continue;
    }
    if (atomic_compare_exchange_weak_explicit(&ringWrite, &index, index + 1, memory_order_relaxed,
                                              memory_order_relaxed)) {
      break;
    }
  }
  event.ns = clockNs(CLOCK_MONOTONIC);
  ring[index % ringSize].event = event;
  atomic_store_explicit(&ring[index % ringSize].turn, index + 1, memory_order_release);
}

static void logEvent(const Event* event) {
  static const char* const names[][2] = {
      [eventCodeChange] = {"codeChange", "codeChange"},
      [eventReset] = {"aic_processor_context_reset", "aic_vad_context_reset"},
      [eventParameter] = {"aic_processor_context_set_parameter", "aic_vad_context_set_parameter"},
  };
  Line line = beginLine(names[event->kind][event->isVad], event->thread, event->ns);
  add(&line, ",\"id\":%d", event->sessionId);
  if (event->kind == eventCodeChange) {
    add(&line, ",\"isVad\":%s,\"from\":%d,\"to\":%d", event->isVad ? "true" : "false", event->first, event->second);
  } else {
    add(&line, ",\"code\":%d", event->second);
  }
  if (event->kind == eventParameter && isfinite(event->value)) {
    add(&line, ",\"parameter\":%d,\"value\":%.6g", event->first, (double)event->value);
  }
  endLine(&line);
}

static void drainEvents(void) {
  pthread_mutex_lock(&drainLock);
  for (;;) {
    size_t slot = ringRead % ringSize;
    if (atomic_load_explicit(&ring[slot].turn, memory_order_acquire) != ringRead + 1) break;
    Event event = ring[slot].event;
    atomic_store_explicit(&ring[slot].turn, ringRead + ringSize, memory_order_release);
    ringRead++;
    logEvent(&event);
  }
  pthread_mutex_unlock(&drainLock);
}

/* ---- models and sessions ---------------------------------------------------------------------------------------- */

typedef enum { modelEnhancement = 0, modelVad = 1 } ModelKind;

typedef struct AicModel {
  int references; /* under registryLock */
  ModelKind kind;
  uint32_t sampleRate;
  char id[33];
} AicModel;

typedef struct AicOtelConfig {
  bool enable;
  const char* session_id;
  uint32_t export_interval_ms;
} AicOtelConfig;

enum { countedThreads = 8, countedCodes = 8 };

/* Written by the thread inside process alone, read by anyone. */
typedef struct {
  pthread_t self;
  atomic_llong thread; /* 0: free */
  struct {
    atomic_int code; /* -1: free */
    atomic_llong blocks;
  } codes[countedCodes];
} ThreadCount;

/* What a processor or VAD and its contexts share. Configuration and sound are the property of whoever may call process.
 */
typedef struct Session {
  struct Session* next; /* under registryLock */
  int references;       /* under registryLock */
  int id;
  bool isVad;
  AicModel* model;
  long long createdMs;

  pthread_mutex_t tokenLock;
  bool isJwt;                      /* fixed at creation */
  atomic_llong expiresMs;          /* since 1970, or never; written under tokenLock */
  atomic_llong refusedFromMs;      /* written under tokenLock */
  atomic_bool isUpdating;          /* written under tokenLock */
  atomic_bool isTerminated;        /* written by terminate_session */

  atomic_bool isInitialized;
  atomic_size_t delayFrames; /* written by initialize */
  uint32_t rate;
  size_t blockFrames;
  bool isVariable;
  float* delayLine;
  size_t delayAt;
  float power;
  float gain;
  float mix;
  float heldSeconds;
  float speechSeconds;
  atomic_bool mustReset;        /* set by reset, cleared by process */
  _Atomic float parameters[3];  /* written by set_parameter */
  _Atomic float probability;    /* written by process */
  atomic_bool isSpeechDetected; /* written by process */

  atomic_bool isInside;
  int lastCode;
  ThreadCount threads[countedThreads];
  atomic_llong blocks, frames, late, bypassed, afterTerminate, longestNs, blocksDuringUpdate, longestDuringUpdateNs;
  atomic_llong disallowed, audioThreadCalls, overlaps, violations;
  long long reportedBlocks; /* steward's, under registryLock */
} Session;

/* Never freed, so that a call after destroy finds that out; then it has no session. */
typedef struct AicProcessor {
  _Atomic(Session*) session;
  struct AicProcessor* next; /* under registryLock */
} AicProcessor;
typedef struct AicProcessor AicVad;
typedef struct AicProcessorContext {
  Session* session;
} AicProcessorContext;
typedef struct AicVadContext {
  Session* session;
} AicVadContext;

static pthread_mutex_t registryLock = PTHREAD_MUTEX_INITIALIZER;
static AicProcessor* handles; /* all there ever were; under registryLock */
static Session* sessions; /* those whose processor or VAD lives; under registryLock */
static int lastSessionId; /* under registryLock */

static struct {
  atomic_llong modelLoads, models, processorCreates, vadCreates, sessions, tokenUpdates, updateErrors, blocks,
      bypassed, disallowed, audioThreadCalls, overlaps, violations;
} counts;

static void increase(atomic_llong* counter, long long by) {
  atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

/** For counters that one thread writes: no locked instruction. */
static void addOwn(atomic_llong* counter, long long by) {
  atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + by, memory_order_relaxed);
}

static void keepLongest(atomic_llong* longest, long long value) {
  if (value > atomic_load_explicit(longest, memory_order_relaxed)) {
    atomic_store_explicit(longest, value, memory_order_relaxed);
  }
}

static void logProcess(const Session* session, bool isFinal) {
  Line line = beginCall(session->isVad ? "aic_vad_process" : "aic_processor_process");
  add(&line, ",\"id\":%d,\"blocks\":%lld,\"frames\":%lld,\"longestNs\":%lld", session->id,
      atomic_load(&session->blocks), atomic_load(&session->frames), atomic_load(&session->longestNs));
  add(&line, ",\"blocksDuringUpdate\":%lld,\"longestDuringUpdateNs\":%lld,\"audioThreadCalls\":%lld,\"overlaps\":%lld",
      atomic_load(&session->blocksDuringUpdate), atomic_load(&session->longestDuringUpdateNs),
      atomic_load(&session->audioThreadCalls), atomic_load(&session->overlaps));
  add(&line, ",\"disallowed\":%lld,\"violations\":%lld", atomic_load(&session->disallowed),
      atomic_load(&session->violations));
  add(&line,
      ",\"late\":%lld,\"bypassed\":%lld,\"afterTerminate\":%lld,\"droppedEvents\":%lld,\"isFinal\":%s,\"threads\":{",
      atomic_load(&session->late), atomic_load(&session->bypassed), atomic_load(&session->afterTerminate),
      atomic_load(&droppedEvents), isFinal ? "true" : "false");
  for (int t = 0; t < countedThreads; t++) {
    const ThreadCount* count = &session->threads[t];
    long long thread = atomic_load_explicit(&count->thread, memory_order_acquire);
    if (thread == 0) break;
    add(&line, "%s\"%lld\":{", t ? "," : "", thread);
    for (int c = 0; c < countedCodes; c++) {
      int code = atomic_load_explicit(&count->codes[c].code, memory_order_acquire);
      if (code < 0) break;
      add(&line, "%s\"%d\":%lld", c ? "," : "", code, atomic_load(&count->codes[c].blocks));
    }
    add(&line, "}");
  }
  add(&line, "}");
  endLine(&line);
}

/* ---- the steward: empties the ring, reads the control file, reports ---------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_t steward;
static pid_t stewardProcess; /* a fork has no steward */
static atomic_bool mustStop;
static pthread_mutex_t controlLock = PTHREAD_MUTEX_INITIALIZER;
static char controlPath[PATH_MAX]; /* under controlLock */
static char controlText[4096];     /* what was read last; under controlLock */

static bool setKey(const char* key, const char* text) {
  for (int i = 0; i < keyCount; i++) {
    if (strcmp(key, keyNames[i]) != 0) continue;
    long long value = strcmp(text, "monotonic") == 0 ? 1 : strcmp(text, "wall") == 0 ? 0 : strtoll(text, NULL, 10);
    if (atomic_exchange(&settings[i], value) == value) return true;
    Line line = beginCall("control");
    addString(&line, "key", key);
    add(&line, ",\"value\":%lld", value);
    endLine(&line);
    return true;
  }
  return false;
}

static char* trimmed(char* text) {
  while (isspace((unsigned char)*text)) text++;
  char* end = text + strlen(text);
  while (end > text && isspace((unsigned char)end[-1])) end--;
  *end = '\0';
  return text;
}

static void readControl(void) {
  char text[sizeof controlText] = "";
  pthread_mutex_lock(&controlLock);
  int file = *controlPath ? open(controlPath, O_RDONLY | O_CLOEXEC) : -1;
  bool isRead = file >= 0 && read(file, text, sizeof text - 1) >= 0;
  if (file >= 0) close(file);
  bool isNew = isRead && strcmp(text, controlText) != 0;
  if (isNew) memcpy(controlText, text, sizeof text);
  pthread_mutex_unlock(&controlLock);
  if (!isNew) return;
  char* rest = NULL;
  for (char* line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    char* equals = strchr(line, '=');
    if (!equals) continue;
    *equals = '\0';
    setKey(trimmed(line), trimmed(equals + 1));
  }
}

static void setControlPath(const char* path) {
  pthread_mutex_lock(&controlLock);
  snprintf(controlPath, sizeof controlPath, "%s", path ? path : "");
  controlText[0] = '\0';
  pthread_mutex_unlock(&controlLock);
  readControl();
}

static void report(void) {
  pthread_mutex_lock(&registryLock);
  for (Session* session = sessions; session; session = session->next) {
    long long blocks = atomic_load(&session->blocks);
    if (blocks == session->reportedBlocks) continue;
    session->reportedBlocks = blocks;
    logProcess(session, false);
  }
  pthread_mutex_unlock(&registryLock);
}

static void* runSteward(void* unused) {
  for (int round = 1; !atomic_load(&mustStop); round++) {
    sleepMs(20);
    readControl();
    drainEvents();
    if (round % 50 == 0) report();
  }
  return unused;
}

static void start(void) {
  loadedWallMs = clockNs(CLOCK_REALTIME) / 1000000;
  loadedMonotonicMs = clockNs(CLOCK_MONOTONIC) / 1000000;
  prepareRing();
  openLog(getenv("AIC_STANDIN_LOG"));
  Line line = beginCall("load");
  add(&line, ",\"pid\":%ld", (long)getpid());
  addString(&line, "version", STANDIN_VERSION);
  endLine(&line);
  for (int i = 0; i < keyCount; i++) {
    char name[64] = "AIC_STANDIN_";
    size_t length = strlen(name);
    for (const char* c = keyNames[i]; *c; c++) name[length++] = (char)toupper((unsigned char)*c);
    const char* value = getenv(name);
    if (value) setKey(keyNames[i], value);
  }
  setControlPath(getenv("AIC_STANDIN_CONTROL"));
  if (pthread_create(&steward, NULL, runSteward, NULL) == 0) stewardProcess = getpid();
}

static void ensureStarted(void) {
  pthread_once(&once, start);
}

__attribute__((destructor)) static void stop(void) {
  if (stewardProcess != getpid()) return;
  atomic_store(&mustStop, true);
  pthread_join(steward, NULL);
  drainEvents();
  report();
}

PUBLIC int aic_standin_set(const char* key, const char* value) {
  if (!key || !value) return nullPointer;
  ensureStarted();
  if (strcmp(key, "log") == 0) {
    openLog(value);
    return success;
  }
  if (strcmp(key, "control") == 0) {
    setControlPath(value);
    return success;
  }
  return setKey(key, value) ? success : parameterOutOfRange;
}

/** Totals since the library was loaded, -1 for an unknown name; `models` and `sessions` are those that live now. */
PUBLIC long long aic_standin_count(const char* name) {
  const struct {
    const char* name;
    atomic_llong* counter;
  } all[] = {
      {"model_loads", &counts.modelLoads},
      {"models", &counts.models},
      {"processor_creates", &counts.processorCreates},
      {"vad_creates", &counts.vadCreates},
      {"sessions", &counts.sessions},
      {"token_updates", &counts.tokenUpdates},
      {"update_errors", &counts.updateErrors},
      {"blocks", &counts.blocks},
      {"bypassed", &counts.bypassed},
      {"disallowed", &counts.disallowed},
      {"audio_thread_calls", &counts.audioThreadCalls},
      {"overlaps", &counts.overlaps},
      {"violations", &counts.violations},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (name && strcmp(name, all[i].name) == 0) return atomic_load(all[i].counter);
  }
  return -1;
}

/** Writes what waits for the log, and the numbers of process as they are now. */
PUBLIC void aic_standin_flush(void) {
  ensureStarted();
  drainEvents();
  report();
}

/* ---- SHA-256, so that a token can be recognised in the log without being there ----------------------------------- */

static uint32_t rotated(uint32_t x, int by) {
  return x >> by | x << (32 - by);
}

static void hashBlock(uint32_t state[8], const uint8_t block[64]) {
  static const uint32_t constants[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  uint32_t w[64];
  for (int i = 0; i < 16; i++) {
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
           block[4 * i + 3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t a = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t b = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  uint32_t s[8];
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t e = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25);
    uint32_t first = s[7] + e + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i];
    uint32_t a = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22);
    uint32_t second = a + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += first;
    s[0] = first + second;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void fingerprint(const char* text, char result[13]) {
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  size_t length = strlen(text);
  size_t done = 0;
  for (; length - done >= 64; done += 64) hashBlock(state, (const uint8_t*)text + done);
  uint8_t tail[128] = {0};
  size_t rest = length - done;
  memcpy(tail, text + done, rest);
  tail[rest] = 0x80;
  size_t size = rest < 56 ? 64 : 128;
  for (int i = 0; i < 8; i++) tail[size - 1 - (size_t)i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
  hashBlock(state, tail);
  if (size == 128) hashBlock(state, tail + 64);
  snprintf(result, 13, "%08x%04x", (unsigned)state[0], (unsigned)(state[1] >> 16));
}

/* ---- keys: a licence has two parts, a JWT three -------------------------------------------------------------------
 */

typedef struct {
  int code; /* success, licenseFormatInvalid */
  bool isJwt;
  long long expiresMs; /* since 1970; `never` */
} Key;

static int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-' || c == '+') return 62;
  if (c == '_' || c == '/') return 63;
  return -1;
}

/** Base64 of both alphabets, with or without padding; NULL when it is none. The caller frees the text. */
static char* decoded(const char* text, size_t length) {
  while (length && text[length - 1] == '=') length--;
  char* result = length % 4 == 1 ? NULL : malloc(length + 1);
  if (!result) return NULL;
  size_t size = 0;
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < length; i++) {
    int value = sextet(text[i]);
    if (value < 0) {
      free(result);
      return NULL;
    }
    bits = bits << 6 | (uint32_t)value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    result[size++] = (char)(bits >> count & 0xff);
  }
  result[size] = '\0';
  return result;
}

static const char* afterString(const char* at) {
  for (at++; *at && *at != '"'; at++) {
    if (*at == '\\' && at[1]) at++;
  }
  return *at ? at + 1 : at;
}

/** Where the value of a top-level name begins in a JSON object; NULL when it has none. */
static const char* topLevelValue(const char* json, const char* name) {
  int depth = 0;
  size_t length = strlen(name);
  for (const char* at = json; *at;) {
    if (*at == '"') {
      const char* end = afterString(at);
      const char* next = end + strspn(end, " \t\r\n");
      bool isName = depth == 1 && *next == ':' && (size_t)(end - at) == length + 2;
      if (isName && strncmp(at + 1, name, length) == 0) return next + 1 + strspn(next + 1, " \t\r\n");
      at = end;
      continue;
    }
    if (*at == '{' || *at == '[') depth++;
    if (*at == '}' || *at == ']') depth--;
    at++;
  }
  return NULL;
}

static bool isObject(const char* json) {
  size_t length = json ? strlen(json) : 0;
  return length >= 2 && json[0] == '{' && json[length - 1] == '}';
}

static Key parseKey(const char* text) {
  Key invalid = {licenseFormatInvalid, false, never};
  const char* first = strchr(text, '.');
  const char* second = first ? strchr(first + 1, '.') : NULL;
  if (!first || first == text || !first[1]) return invalid;
  if (second && (!second[1] || second == first + 1 || strchr(second + 1, '.'))) return invalid;

  char* head = decoded(text, (size_t)(first - text));
  char* payload = second ? decoded(first + 1, (size_t)(second - first - 1)) : NULL;
  char* signature = second ? decoded(second + 1, strlen(second + 1)) : decoded(first + 1, strlen(first + 1));
  bool isWellFormed = isObject(head) && signature && (!second || isObject(payload));
  Key key = {isWellFormed ? success : licenseFormatInvalid, second != NULL, never};
  const char* expiry = isWellFormed && second ? topLevelValue(payload, "exp") : NULL;
  if (expiry) {
    char* end = NULL;
    double seconds = strtod(expiry, &end);
    if (end == expiry)
      key.code = licenseFormatInvalid;
    else if (seconds < 9e12)
      key.expiresMs = (long long)(seconds * 1000.0);
  }
  free(head);
  free(payload);
  free(signature);
  return key;
}

/** For the log: how long a key is good, in ms; null when for ever. */
static void addKey(Line* line, const char* text, const Key* key) {
  char print[13];
  fingerprint(text, print);
  addString(line, "token", print);
  addString(line, "kind", key->code != success ? NULL : key->isJwt ? "jwt" : "licence");
  if (key->expiresMs == never)
    add(line, ",\"expiresInMs\":null");
  else
    add(line, ",\"expiresInMs\":%lld", key->expiresMs - wallMs());
}

/* ---- the library ------------------------------------------------------------------------------------------------- */

PUBLIC const char* aic_get_sdk_version(void) {
  return STANDIN_VERSION;
}
PUBLIC uint32_t aic_get_compatible_model_version(void) {
  return STANDIN_MODEL_VERSION;
}

/* ---- models: 64 bytes of header (see test/libaic/build.ts), then as many bytes as it says -------------------------
 */

static uint32_t littleEndian(const uint8_t* bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int readModel(AicModel* model, const char* path) {
  if (!*path) return filePathInvalid;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG ? filePathInvalid : fileSystemError;
  uint8_t header[64];
  ssize_t length = read(file, header, sizeof header);
  off_t size = length < 0 ? -1 : lseek(file, 0, SEEK_END);
  close(file);
  if (size < 0) return fileSystemError;
  if (length < (ssize_t)sizeof header || memcmp(header, "STAND-IN MODEL\0\0", 16) != 0) return modelInvalid;
  if (littleEndian(header + 16) != STANDIN_MODEL_VERSION) return modelVersionUnsupported;
  uint32_t kind = littleEndian(header + 20);
  uint32_t rate = littleEndian(header + 24);
  if (size != (off_t)sizeof header + (off_t)littleEndian(header + 28)) return modelInvalid;
  if (kind > modelVad || rate < lowestRate || rate > highestRate) return modelInvalid;
  model->kind = (ModelKind)kind;
  model->sampleRate = rate;
  memcpy(model->id, header + 32, 32);
  return success;
}

PUBLIC int aic_model_create_from_file(AicModel** result, const char* path) {
  ensureStarted();
  if (!result || !path) return nullPointer;
  *result = NULL;
  AicModel* model = calloc(1, sizeof *model);
  if (!model) return internalError;
  model->references = 1;
  int code = readModel(model, path);
  Line line = beginCall("aic_model_create_from_file");
  add(&line, ",\"code\":%d", code);
  addString(&line, "model", code == success ? model->id : NULL);
  endLine(&line);
  if (code != success) {
    free(model);
    return code;
  }
  increase(&counts.modelLoads, 1);
  increase(&counts.models, 1);
  *result = model;
  return success;
}

static void releaseModel(AicModel* model) {
  pthread_mutex_lock(&registryLock);
  int left = --model->references;
  pthread_mutex_unlock(&registryLock);
  if (left > 0) return;
  increase(&counts.models, -1);
  free(model);
}

PUBLIC void aic_model_destroy(AicModel* model) {
  if (!model) return;
  Line line = beginCall("aic_model_destroy");
  addString(&line, "model", model->id);
  endLine(&line);
  releaseModel(model);
}

PUBLIC const char* aic_model_get_id(const AicModel* model) {
  return model ? model->id : NULL;
}

PUBLIC int aic_model_get_optimal_sample_rate(const AicModel* model, uint32_t* rate) {
  if (!model || !rate) return nullPointer;
  *rate = model->sampleRate;
  return success;
}

PUBLIC int aic_model_get_optimal_block_size(const AicModel* model, uint32_t rate, size_t* frames) {
  if (!model || !frames) return nullPointer;
  if (rate < lowestRate || rate > highestRate) return audioConfigUnsupported;
  *frames = rate / 100;
  return success;
}

/* ---- sessions: what processors and VADs have in common ------------------------------------------------------------
 */

static void takeToken(Session* session, const Key* key, bool isRefused) {
  long long now = monotonicMs();
  atomic_store(&session->expiresMs, key->expiresMs);
  atomic_store(&session->refusedFromMs, isRefused ? now + setting(keyRefuseAfterMs) : never);
}

static void prepareParameters(Session* session) {
  const float processor[3] = {0.0f, 1.0f, 0.0f};
  const float vad[3] = {0.05f, 0.5f, 0.0f};
  for (int i = 0; i < 3; i++) atomic_init(&session->parameters[i], session->isVad ? vad[i] : processor[i]);
}

static Session* makeSession(AicModel* model, const Key* key, bool isVad) {
  Session* session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->references = 1;
  session->isVad = isVad;
  session->model = model;
  session->createdMs = monotonicMs();
  session->isJwt = key->isJwt;
  session->lastCode = -1;
  pthread_mutex_init(&session->tokenLock, NULL);
  takeToken(session, key, false);
  prepareParameters(session);
  for (int t = 0; t < countedThreads; t++) {
    for (int c = 0; c < countedCodes; c++) atomic_init(&session->threads[t].codes[c].code, -1);
  }
  pthread_mutex_lock(&registryLock);
  model->references++;
  session->id = ++lastSessionId;
  session->next = sessions;
  sessions = session;
  pthread_mutex_unlock(&registryLock);
  increase(&counts.sessions, 1);
  increase(isVad ? &counts.vadCreates : &counts.processorCreates, 1);
  return session;
}

/** What the interface forbids. */
static void violate(Session* session) {
  if (session) increase(&session->violations, 1);
  increase(&counts.violations, 1);
}

/** For calls that may wait: an audio thread must not make them. */
static void noteThread(Session* session, long long caller) {
  for (int t = 0; t < countedThreads; t++) {
    if (atomic_load_explicit(&session->threads[t].thread, memory_order_acquire) != caller) continue;
    increase(&session->audioThreadCalls, 1);
    increase(&counts.audioThreadCalls, 1);
    return;
  }
}

static void noteCaller(Session* session) {
  noteThread(session, threadId());
}

/** A create has no session yet: it counts for those that its thread has processed. */
static void noteCreate(void) {
  long long caller = threadId();
  pthread_mutex_lock(&registryLock);
  for (Session* session = sessions; session; session = session->next) noteThread(session, caller);
  pthread_mutex_unlock(&registryLock);
}

static int createSession(Session** result, const AicModel* model, const char* text, const AicOtelConfig* otel,
                         bool isVad) {
  ensureStarted();
  if (!model || !text) return nullPointer;
  noteCreate();
  sleepMs(setting(keyCreateDelayMs));
  Key key = parseKey(text);
  int code = (int)setting(keyCreateCode);
  if (code == success) code = (model->kind == modelVad) == isVad ? success : modelTypeUnsupported;
  if (code == success) code = key.code;
  if (code == success && key.expiresMs <= tokenMs()) code = licenseExpired;
  /* The count of references is all that changes in a model; the interface has it const. */
  Session* session = code == success ? makeSession((AicModel*)(uintptr_t)model, &key, isVad) : NULL;
  if (code == success && !session) code = internalError;

  Line line = beginCall(isVad ? "aic_vad_create" : "aic_processor_create");
  add(&line, ",\"id\":%d,\"code\":%d", session ? session->id : 0, code);
  addString(&line, "model", model->id);
  addKey(&line, text, &key);
  if (!otel) {
    add(&line, ",\"otel\":null");
  } else {
    add(&line, ",\"otel\":{\"enable\":%s,\"exportIntervalMs\":%u", otel->enable ? "true" : "false",
        (unsigned)(otel->export_interval_ms ? otel->export_interval_ms : 60000));
    addString(&line, "sessionId", otel->session_id);
    add(&line, "}");
  }
  endLine(&line);
  *result = session;
  return code;
}

static Session* keepSession(Session* session) {
  pthread_mutex_lock(&registryLock);
  session->references++;
  pthread_mutex_unlock(&registryLock);
  return session;
}

static void releaseSession(Session* session) {
  pthread_mutex_lock(&registryLock);
  int left = --session->references;
  pthread_mutex_unlock(&registryLock);
  if (left > 0) return;
  releaseModel(session->model);
  pthread_mutex_destroy(&session->tokenLock);
  free(session->delayLine);
  free(session);
}

static void destroySession(Session* session) {
  if (atomic_load(&session->isInside)) violate(session);
  pthread_mutex_lock(&registryLock);
  Session** link = &sessions;
  while (*link && *link != session) link = &(*link)->next;
  if (*link) *link = session->next;
  pthread_mutex_unlock(&registryLock);
  increase(&counts.sessions, -1);
  drainEvents();
  if (atomic_load(&session->blocks) > 0) logProcess(session, true);
  Line line = beginCall(session->isVad ? "aic_vad_destroy" : "aic_processor_destroy");
  add(&line, ",\"id\":%d,\"isInside\":%s", session->id, atomic_load(&session->isInside) ? "true" : "false");
  endLine(&line);
  releaseSession(session);
}

static int initializeSession(Session* session, uint32_t rate, size_t blockFrames, bool isVariable) {
  noteCaller(session);
  if (atomic_load(&session->isInside)) violate(session);
  int code = rate < lowestRate || rate > highestRate || blockFrames == 0 ? audioConfigUnsupported : success;
  size_t delay = session->isVad ? rate / 100 : (size_t)rate * 3 / 100;
  float* delayLine = code == success ? calloc(delay, sizeof *delayLine) : NULL;
  if (code == success && !delayLine) code = internalError;
  Line line = beginCall(session->isVad ? "aic_vad_initialize" : "aic_processor_initialize");
  add(&line, ",\"id\":%d,\"code\":%d,\"rate\":%u,\"blockFrames\":%zu,\"isVariable\":%s", session->id, code,
      (unsigned)rate, blockFrames, isVariable ? "true" : "false");
  endLine(&line);
  if (code != success) return code;
  free(session->delayLine);
  session->delayLine = delayLine;
  session->delayAt = 0;
  session->rate = rate;
  session->blockFrames = blockFrames;
  session->isVariable = isVariable;
  session->power = session->gain = session->heldSeconds = session->speechSeconds = 0.0f;
  session->mix = -1.0f;
  atomic_store(&session->delayFrames, delay);
  atomic_store(&session->isInitialized, true);
  return success;
}

static int terminateSession(Session* session) {
  noteCaller(session);
  if (atomic_load(&session->isInside)) violate(session);
  sleepMs(setting(keyTerminateDelayMs));
  atomic_store(&session->isTerminated, true);
  Line line = beginCall(session->isVad ? "aic_vad_terminate_session" : "aic_processor_terminate_session");
  add(&line, ",\"id\":%d,\"code\":0", session->id);
  endLine(&line);
  return success;
}

static bool lockTokens(Session* session) {
  noteCaller(session);
  if (pthread_mutex_trylock(&session->tokenLock) == 0) return false;
  pthread_mutex_lock(&session->tokenLock);
  return true;
}

static int updateCode(const Session* session, const Key* key) {
  if (setting(keyUpdateCode) != success) return (int)setting(keyUpdateCode);
  if (key->code != success) return key->code;
  return session->isJwt && key->isJwt ? success : tokenUpdateUnsupported;
}

static int updateToken(Session* session, const char* text, const char* call) {
  if (!text) return nullPointer;
  long long startedNs = clockNs(CLOCK_MONOTONIC);
  bool hasWaited = lockTokens(session);
  long long lockedNs = clockNs(CLOCK_MONOTONIC);
  atomic_store(&session->isUpdating, true);
  sleepMs(setting(keyUpdateDelayMs));
  Key key = parseKey(text);
  int code = updateCode(session, &key);
  if (code == success) takeToken(session, &key, setting(keyRefuseRefresh) != 0);
  atomic_store(&session->isUpdating, false);
  pthread_mutex_unlock(&session->tokenLock);
  long long endedNs = clockNs(CLOCK_MONOTONIC);
  increase(code == success ? &counts.tokenUpdates : &counts.updateErrors, 1);

  Line line = beginCall(call);
  add(&line, ",\"id\":%d,\"code\":%d,\"hasWaited\":%s,\"waitedNs\":%lld,\"heldNs\":%lld", session->id, code,
      hasWaited ? "true" : "false", lockedNs - startedNs, endedNs - lockedNs);
  addKey(&line, text, &key);
  endLine(&line);
  return code;
}

static int setParameter(Session* session, int parameter, float value) {
  static const float highest[2][3] = {{1.0f, 1.0f, -1.0f}, {100.0f, 1.0f, 1.0f}};
  int code = success;
  if (parameter < 0 || parameter > 2 || !(value >= 0.0f && value <= highest[session->isVad][parameter])) {
    code = parameterOutOfRange;
  } else {
    atomic_store_explicit(&session->parameters[parameter], value, memory_order_relaxed);
  }
  pushEvent((Event){eventParameter, session->isVad, session->id, parameter, code, value, 0, 0});
  return code;
}

static int getParameter(const Session* session, int parameter, float* value) {
  if (!value) return nullPointer;
  if (parameter < 0 || parameter > (session->isVad ? 2 : 1)) return parameterOutOfRange;
  *value = atomic_load_explicit(&session->parameters[parameter], memory_order_relaxed);
  return success;
}

static int resetSession(Session* session) {
  if (!atomic_load(&session->isInitialized)) return notInitialized;
  int code = (int)setting(keyResetCode);
  if (code == success) atomic_store(&session->mustReset, true);
  pushEvent((Event){eventReset, session->isVad, session->id, 0, code, 0.0f, 0, 0});
  return code;
}

static int delayOf(const Session* session, size_t* frames) {
  if (!frames) return nullPointer;
  if (!atomic_load(&session->isInitialized)) return notInitialized;
  *frames = atomic_load(&session->delayFrames);
  return success;
}

/* ---- process: from here on the audio thread ------------------------------------------------------------------------
 */

static int licenceCode(const Session* session) {
  long long now = monotonicMs();
  if (atomic_load_explicit(&session->expiresMs, memory_order_relaxed) <= tokenMs()) return licenseExpired;
  if (setting(keyRevoked)) return processingNotAllowed;
  if (!setting(keyActivate) && now - session->createdMs >= setting(keyGraceMs)) return processingNotAllowed;
  if (atomic_load_explicit(&session->refusedFromMs, memory_order_relaxed) <= now) return processingNotAllowed;
  return success;
}

static ThreadCount* countOfThread(Session* session) {
  pthread_t self = pthread_self();
  for (int t = 0; t < countedThreads; t++) {
    ThreadCount* count = &session->threads[t];
    if (atomic_load_explicit(&count->thread, memory_order_relaxed) == 0) {
      count->self = self;
      atomic_store_explicit(&count->thread, threadId(), memory_order_release);
      return count;
    }
    if (pthread_equal(count->self, self)) return count;
  }
  return &session->threads[countedThreads - 1];
}

static void countCode(ThreadCount* count, int code) {
  for (int c = 0; c < countedCodes; c++) {
    int known = atomic_load_explicit(&count->codes[c].code, memory_order_relaxed);
    if (known >= 0 && known != code) continue;
    addOwn(&count->codes[c].blocks, 1);
    if (known < 0) atomic_store_explicit(&count->codes[c].code, code, memory_order_release);
    return;
  }
}

static float coefficient(float seconds, uint32_t rate) {
  return 1.0f - expf(-1.0f / (seconds * (float)rate));
}

/** Gain of the effect for a signal of this mean power: -2 dB for speech, up to 20 dB less the quieter it is. */
static float gainFor(float power) {
  const float loudGain = 0.7943f, quietGain = 0.1f;
  const float thresholdPower = 3.2e-5f; /* -45 dBFS */
  float open = power / (power + thresholdPower);
  return quietGain + (loudGain - quietGain) * open * open;
}

static float cleanPower(float sample) {
  float power = sample * sample;
  return power < 1e6f && power > 1e-20f ? power : 0.0f;
}

/** The delay line swaps each sample for the one of `delay` frames ago; the detector hears the new one, so it sees
 * ahead. */
static void enhance(Session* session, float* samples, size_t frames, float targetMix, bool isAllowed) {
  const size_t delay = atomic_load_explicit(&session->delayFrames, memory_order_relaxed);
  const float powerStep = coefficient(0.01f, session->rate);
  const float opening = coefficient(0.005f, session->rate);
  const float closing = coefficient(0.08f, session->rate);
  const float mixStep = 100.0f / (float)session->rate; /* 10 ms from dry to wet */
  if (!isAllowed) session->mix = 0.0f;
  if (session->mix < 0.0f) session->mix = targetMix;
  float target = gainFor(session->power);
  for (size_t i = 0; i < frames; i++) {
    session->power += powerStep * (cleanPower(samples[i]) - session->power);
    if (session->power < 1e-15f) session->power = 0.0f;
    target = gainFor(session->power);
    session->gain += (target > session->gain ? opening : closing) * (target - session->gain);
    float dry = session->delayLine[session->delayAt];
    session->delayLine[session->delayAt] = samples[i];
    session->delayAt = session->delayAt + 1 == delay ? 0 : session->delayAt + 1;
    if (isAllowed) {
      float distance = targetMix - session->mix;
      session->mix = fabsf(distance) <= mixStep ? targetMix : session->mix + copysignf(mixStep, distance);
    }
    samples[i] = session->mix == 0.0f ? dry : dry * (1.0f + session->mix * (session->gain - 1.0f));
  }
}

static void detectSpeech(Session* session, const float* samples, size_t frames, bool isAllowed) {
  const float powerStep = coefficient(0.02f, session->rate);
  for (size_t i = 0; i < frames; i++) {
    session->power += powerStep * (cleanPower(samples[i]) - session->power);
    if (session->power < 1e-15f) session->power = 0.0f;
  }
  float levelDb = 10.0f * log10f(session->power + 1e-15f);
  float probability = isAllowed ? 1.0f / (1.0f + expf(-(levelDb + 45.0f) / 3.0f)) : 0.0f;
  const float hold = atomic_load_explicit(&session->parameters[0], memory_order_relaxed);
  const float sensitivity = atomic_load_explicit(&session->parameters[1], memory_order_relaxed);
  const float minimum = atomic_load_explicit(&session->parameters[2], memory_order_relaxed);
  const float seconds = (float)frames / (float)session->rate;
  bool isLoud = isAllowed && probability >= sensitivity;
  session->speechSeconds = isLoud ? session->speechSeconds + seconds : 0.0f;
  bool isSpeech = isLoud && session->speechSeconds >= minimum;
  session->heldSeconds = isSpeech ? hold : fmaxf(0.0f, session->heldSeconds - seconds);
  atomic_store_explicit(&session->probability, probability, memory_order_relaxed);
  atomic_store_explicit(&session->isSpeechDetected, isAllowed && (isSpeech || session->heldSeconds > 0.0f),
                        memory_order_relaxed);
}

static void forgetSound(Session* session) {
  memset(session->delayLine, 0, atomic_load(&session->delayFrames) * sizeof *session->delayLine);
  session->power = session->gain = session->heldSeconds = session->speechSeconds = 0.0f;
  session->mix = -1.0f;
  atomic_store_explicit(&session->probability, 0.0f, memory_order_relaxed);
  atomic_store_explicit(&session->isSpeechDetected, false, memory_order_relaxed);
}

/** `wet` is the buffer to enhance in place, or NULL for a VAD, which only reads `samples`. */
static int processAllowed(Session* session, float* wet, const float* samples, size_t frames) {
  if (!samples) return nullPointer;
  if (!atomic_load_explicit(&session->isInitialized, memory_order_acquire)) return notInitialized;
  bool fits = session->isVariable ? frames <= session->blockFrames : frames == session->blockFrames;
  if (!fits) return audioConfigMismatch;
  if (atomic_exchange_explicit(&session->mustReset, false, memory_order_relaxed)) forgetSound(session);
  int code = (int)setting(keyProcessCode);
  if (code == success) code = licenceCode(session);
  bool isBlocked = code == processingNotAllowed || code == licenseExpired;
  if (isBlocked) {
    addOwn(&session->disallowed, 1);
    increase(&counts.disallowed, 1);
  }
  if (code != success && !isBlocked) return code;
  if (!wet) {
    detectSpeech(session, samples, frames, !isBlocked);
    return code;
  }
  bool isBypassed = atomic_load_explicit(&session->parameters[0], memory_order_relaxed) >= 0.5f;
  float level = atomic_load_explicit(&session->parameters[1], memory_order_relaxed);
  if (isBypassed || isBlocked) {
    addOwn(&session->bypassed, 1);
    increase(&counts.bypassed, 1);
  }
  enhance(session, wet, frames, isBypassed ? 0.0f : level, !isBlocked);
  return code;
}

static int processSession(Session* session, float* wet, const float* samples, size_t frames) {
  if (atomic_exchange(&session->isInside, true)) {
    increase(&session->overlaps, 1);
    increase(&counts.overlaps, 1);
    violate(session);
    return internalError;
  }
  long long startedNs = clockNs(CLOCK_MONOTONIC);
  bool beganInUpdate = atomic_load_explicit(&session->isUpdating, memory_order_relaxed);
  int code = processAllowed(session, wet, samples, frames);
  bool wasInUpdate = beganInUpdate || atomic_load_explicit(&session->isUpdating, memory_order_relaxed);

  ThreadCount* count = countOfThread(session);
  countCode(count, code);
  addOwn(&session->blocks, 1);
  addOwn(&session->frames, (long long)frames);
  increase(&counts.blocks, 1);
  if (atomic_load_explicit(&session->isTerminated, memory_order_relaxed)) {
    addOwn(&session->afterTerminate, 1);
    violate(session);
  }
  if (code != session->lastCode) {
    long long thread = atomic_load_explicit(&count->thread, memory_order_relaxed);
    pushEvent((Event){eventCodeChange, session->isVad, session->id, session->lastCode, code, 0.0f, thread, 0});
    session->lastCode = code;
  }
  long long tookNs = clockNs(CLOCK_MONOTONIC) - startedNs;
  keepLongest(&session->longestNs, tookNs);
  bool isLate = session->rate > 0 && tookNs > (long long)frames * 1000000000LL / session->rate;
  if (isLate) addOwn(&session->late, 1);
  if (wasInUpdate) {
    addOwn(&session->blocksDuringUpdate, 1);
    keepLongest(&session->longestDuringUpdateNs, tookNs);
  }
  atomic_store(&session->isInside, false);
  return code;
}

/* ---- handles
 * ------------------------------------------------------------------------------------------------------ */

static AicProcessor* makeHandle(Session* session) {
  AicProcessor* handle = calloc(1, sizeof *handle);
  if (!handle) abort();
  atomic_store(&handle->session, session);
  pthread_mutex_lock(&registryLock);
  handle->next = handles;
  handles = handle;
  pthread_mutex_unlock(&registryLock);
  return handle;
}

/** NULL where it was destroyed, which nobody may call any more. */
static Session* sessionOf(const AicProcessor* handle) {
  Session* session = atomic_load_explicit(&handle->session, memory_order_acquire);
  if (!session) violate(NULL);
  return session;
}

static void destroyHandle(AicProcessor* handle) {
  Session* session = atomic_exchange(&handle->session, NULL);
  if (session) {
    destroySession(session);
  } else {
    violate(NULL);
  }
}

static int processHandle(AicProcessor* handle, float* wet, const float* samples, size_t frames) {
  Session* session = sessionOf(handle);
  return session ? processSession(session, wet, samples, frames) : internalError;
}

/* ---- processors
 * ------------------------------------------------------------------------------------------------------ */

PUBLIC int aic_processor_create(AicProcessor** result, const AicModel* model, const char* key,
                                const AicOtelConfig* otel) {
  if (!result) return nullPointer;
  *result = NULL;
  Session* session = NULL;
  int code = createSession(&session, model, key, otel, false);
  if (code != success) return code;
  *result = makeHandle(session);
  return success;
}

PUBLIC int aic_processor_initialize(AicProcessor* processor, uint32_t rate, size_t block_size,
                                    bool variable_block_size) {
  Session* session = processor ? sessionOf(processor) : NULL;
  return session ? initializeSession(session, rate, block_size, variable_block_size) : nullPointer;
}

#ifdef STANDIN_OLD
PUBLIC int aic_processor_process_interleaved(AicProcessor* processor, float* audio, uint16_t channels, size_t frames) {
  return processor ? processHandle(processor, audio, audio, frames * channels) : nullPointer;
}
#else
PUBLIC int aic_processor_process(AicProcessor* processor, float* mono, size_t length) {
  return processor ? processHandle(processor, mono, mono, length) : nullPointer;
}
#endif

PUBLIC int aic_processor_terminate_session(AicProcessor* processor) {
  Session* session = processor ? sessionOf(processor) : NULL;
  return session ? terminateSession(session) : nullPointer;
}

PUBLIC void aic_processor_destroy(AicProcessor* processor) {
  if (processor) destroyHandle(processor);
}

PUBLIC int aic_processor_context_create(AicProcessorContext** result, const AicProcessor* processor) {
  Session* session = result && processor ? sessionOf(processor) : NULL;
  if (!session) return nullPointer;
  *result = malloc(sizeof **result);
  if (!*result) return internalError;
  (*result)->session = keepSession(session);
  return success;
}

PUBLIC void aic_processor_context_destroy(AicProcessorContext* context) {
  if (!context) return;
  releaseSession(context->session);
  free(context);
}

PUBLIC int aic_processor_context_reset(const AicProcessorContext* context) {
  return context ? resetSession(context->session) : nullPointer;
}

PUBLIC int aic_processor_context_set_parameter(const AicProcessorContext* context, int parameter, float value) {
  return context ? setParameter(context->session, parameter, value) : nullPointer;
}

PUBLIC int aic_processor_context_get_parameter(const AicProcessorContext* context, int parameter, float* value) {
  return context ? getParameter(context->session, parameter, value) : nullPointer;
}

PUBLIC int aic_processor_context_get_audio_delay(const AicProcessorContext* context, size_t* frames) {
  return context ? delayOf(context->session, frames) : nullPointer;
}

#ifndef STANDIN_INCOMPLETE
PUBLIC int aic_processor_context_update_bearer_token(const AicProcessorContext* context, const char* jwt) {
  return context ? updateToken(context->session, jwt, "aic_processor_context_update_bearer_token") : nullPointer;
}
#endif

/* ---- VADs
 * -------------------------------------------------------------------------------------------------------------- */

PUBLIC int aic_vad_create(AicVad** result, const AicModel* model, const char* key, const AicOtelConfig* otel) {
  if (!result) return nullPointer;
  *result = NULL;
  Session* session = NULL;
  int code = createSession(&session, model, key, otel, true);
  if (code != success) return code;
  *result = makeHandle(session);
  return success;
}

PUBLIC int aic_vad_initialize(AicVad* vad, uint32_t rate, size_t block_size, bool variable_block_size) {
  Session* session = vad ? sessionOf(vad) : NULL;
  return session ? initializeSession(session, rate, block_size, variable_block_size) : nullPointer;
}

PUBLIC int aic_vad_process(AicVad* vad, const float* mono, size_t length) {
  return vad ? processHandle(vad, NULL, mono, length) : nullPointer;
}

PUBLIC int aic_vad_terminate_session(AicVad* vad) {
  Session* session = vad ? sessionOf(vad) : NULL;
  return session ? terminateSession(session) : nullPointer;
}

PUBLIC void aic_vad_destroy(AicVad* vad) {
  if (vad) destroyHandle(vad);
}

PUBLIC int aic_vad_context_create(AicVadContext** result, const AicVad* vad) {
  Session* session = result && vad ? sessionOf(vad) : NULL;
  if (!session) return nullPointer;
  *result = malloc(sizeof **result);
  if (!*result) return internalError;
  (*result)->session = keepSession(session);
  return success;
}

PUBLIC void aic_vad_context_destroy(AicVadContext* context) {
  if (!context) return;
  releaseSession(context->session);
  free(context);
}

PUBLIC int aic_vad_context_reset(const AicVadContext* context) {
  return context ? resetSession(context->session) : nullPointer;
}

PUBLIC int aic_vad_context_set_parameter(const AicVadContext* context, int parameter, float value) {
  return context ? setParameter(context->session, parameter, value) : nullPointer;
}

PUBLIC int aic_vad_context_get_parameter(const AicVadContext* context, int parameter, float* value) {
  return context ? getParameter(context->session, parameter, value) : nullPointer;
}

PUBLIC int aic_vad_context_update_bearer_token(const AicVadContext* context, const char* jwt) {
  return context ? updateToken(context->session, jwt, "aic_vad_context_update_bearer_token") : nullPointer;
}

PUBLIC int aic_vad_context_get_prediction_delay(const AicVadContext* context, size_t* frames) {
  return context ? delayOf(context->session, frames) : nullPointer;
}

PUBLIC int aic_vad_context_is_speech_detected(const AicVadContext* context, bool* value) {
  if (!context || !value) return nullPointer;
  *value = atomic_load_explicit(&context->session->isSpeechDetected, memory_order_relaxed);
  return success;
}

PUBLIC int aic_vad_context_get_raw_vad_probability(const AicVadContext* context, float* value) {
  if (!context || !value) return nullPointer;
  *value = atomic_load_explicit(&context->session->probability, memory_order_relaxed);
  return success;
}
