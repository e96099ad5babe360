/*
 * Calls the library named by its argument as a terminal would: a command a line on stdin, an answer a line on stdout.
 * Objects are numbered from 1 in the order of their creation; `-` stands for NULL. Every answer begins with the
 * library's code. Used by test/main/libaic.test.ts.
 */
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  bool enable;
  const char* sessionId;
  uint32_t exportIntervalMs;
} OtelConfig;

static const char* (*getSdkVersion)(void);
static uint32_t (*getModelVersion)(void);
static int (*createModel)(void**, const char*);
static void (*destroyModel)(void*);
static const char* (*getModelId)(const void*);
static int (*getBestRate)(const void*, uint32_t*);
static int (*getBestBlock)(const void*, uint32_t, size_t*);
static int (*setKey)(const char*, const char*);
static long long (*getCount)(const char*);
static void (*flushLog)(void);

/** The functions that processors and VADs have alike, and those of one kind. */
typedef struct {
  int (*create)(void**, const void*, const char*, const OtelConfig*);
  int (*initialize)(void*, uint32_t, size_t, bool);
  int (*process)(void*, float*, size_t);
  int (*terminate)(void*);
  void (*destroy)(void*);
  int (*createContext)(void**, const void*);
  void (*destroyContext)(void*);
  int (*reset)(const void*);
  int (*setParameter)(const void*, int, float);
  int (*getParameter)(const void*, int, float*);
  int (*getDelay)(const void*, size_t*);
  int (*updateToken)(const void*, const char*);
} Functions;

static Functions processor, vad;
static int (*isSpeechDetected)(const void*, bool*);
static int (*getProbability)(const void*, float*);

typedef struct {
  const Functions* functions;
  void* object;
  void* context;
} Entry;

static Entry entries[64];
static int entryCount;
static void* models[64];
static int modelCount;

static void load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  const struct {
    void* function;
    const char* name;
  } all[] = {
      {&getSdkVersion, "aic_get_sdk_version"},
      {&getModelVersion, "aic_get_compatible_model_version"},
      {&createModel, "aic_model_create_from_file"},
      {&destroyModel, "aic_model_destroy"},
      {&getModelId, "aic_model_get_id"},
      {&getBestRate, "aic_model_get_optimal_sample_rate"},
      {&getBestBlock, "aic_model_get_optimal_block_size"},
      {&setKey, "aic_standin_set"},
      {&getCount, "aic_standin_count"},
      {&flushLog, "aic_standin_flush"},
      {&processor.create, "aic_processor_create"},
      {&processor.initialize, "aic_processor_initialize"},
      {&processor.process, "aic_processor_process"},
      {&processor.terminate, "aic_processor_terminate_session"},
      {&processor.destroy, "aic_processor_destroy"},
      {&processor.createContext, "aic_processor_context_create"},
      {&processor.destroyContext, "aic_processor_context_destroy"},
      {&processor.reset, "aic_processor_context_reset"},
      {&processor.setParameter, "aic_processor_context_set_parameter"},
      {&processor.getParameter, "aic_processor_context_get_parameter"},
      {&processor.getDelay, "aic_processor_context_get_audio_delay"},
      {&processor.updateToken, "aic_processor_context_update_bearer_token"},
      {&vad.create, "aic_vad_create"},
      {&vad.initialize, "aic_vad_initialize"},
      {&vad.process, "aic_vad_process"},
      {&vad.terminate, "aic_vad_terminate_session"},
      {&vad.destroy, "aic_vad_destroy"},
      {&vad.createContext, "aic_vad_context_create"},
      {&vad.destroyContext, "aic_vad_context_destroy"},
      {&vad.reset, "aic_vad_context_reset"},
      {&vad.setParameter, "aic_vad_context_set_parameter"},
      {&vad.getParameter, "aic_vad_context_get_parameter"},
      {&vad.getDelay, "aic_vad_context_get_prediction_delay"},
      {&vad.updateToken, "aic_vad_context_update_bearer_token"},
      {&isSpeechDetected, "aic_vad_context_is_speech_detected"},
      {&getProbability, "aic_vad_context_get_raw_vad_probability"},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    void* symbol = dlsym(library, all[i].name);
    if (!symbol) fprintf(stderr, "lacks %s\n", all[i].name);
    memcpy(all[i].function, &symbol, sizeof symbol);
  }
}

static const char* orNull(const char* word) {
  return word && strcmp(word, "-") != 0 ? word : NULL;
}

static Entry* entryOf(const char* word) {
  int number = word ? atoi(word) : 0;
  if (number < 1 || number > entryCount) {
    fprintf(stderr, "no such object: %s\n", word ? word : "");
    exit(2);
  }
  return &entries[number - 1];
}

static void answerModel(const char* path) {
  void* model = NULL;
  int code = createModel(&model, path);
  if (code == 0) models[modelCount++] = model;
  uint32_t rate = 0;
  size_t block = 0;
  if (code == 0) getBestRate(model, &rate);
  if (code == 0) getBestBlock(model, rate, &block);
  printf("%d %d %s %u %zu\n", code, code == 0 ? modelCount : 0, code == 0 ? getModelId(model) : "-", (unsigned)rate,
         block);
}

static void answerCreate(const Functions* functions, const char* model, const char* key, const char* session,
                         const char* interval) {
  OtelConfig otel = {true, orNull(session), interval ? (uint32_t)atoi(interval) : 0};
  Entry entry = {functions, NULL, NULL};
  const void* ofModel = orNull(model) ? models[atoi(model) - 1] : NULL;
  int code = functions->create(&entry.object, ofModel, orNull(key), session ? &otel : NULL);
  if (code == 0) functions->createContext(&entry.context, entry.object);
  if (code == 0) entries[entryCount++] = entry;
  printf("%d %d\n", code, code == 0 ? entryCount : 0);
}

/** All samples of a file (raw floats) in blocks, into another; answers each run of codes as code:blocks. */
static void answerProcess(Entry* entry, size_t blockFrames, const char* inputPath, const char* outputPath) {
  FILE* input = fopen(inputPath, "rb");
  FILE* output = fopen(outputPath, "wb");
  float* block = calloc(blockFrames + 1, sizeof *block);
  int last = -1;
  long run = 0;
  while (fread(block, sizeof *block, blockFrames, input) == blockFrames) {
    int code = entry->functions->process(entry->object, block, blockFrames);
    fwrite(block, sizeof *block, blockFrames, output);
    if (code != last && run > 0) printf("%d:%ld ", last, run);
    run = code == last ? run + 1 : 1;
    last = code;
  }
  printf("%d:%ld\n", last, run);
  free(block);
  fclose(input);
  fclose(output);
}

static void answerNulls(void) {
  uint32_t rate;
  size_t frames;
  float value = 0.0f;
  bool flag;
  void* object = NULL;
  const int codes[] = {
      createModel(NULL, "x"),
      createModel(&object, NULL),
      getBestRate(NULL, &rate),
      getBestBlock(NULL, 48000, &frames),
      processor.create(NULL, NULL, "x", NULL),
      processor.initialize(NULL, 48000, 480, false),
      processor.process(NULL, &value, 1),
      processor.terminate(NULL),
      processor.createContext(NULL, NULL),
      processor.reset(NULL),
      processor.setParameter(NULL, 0, 0),
      processor.getParameter(NULL, 0, &value),
      processor.getDelay(NULL, &frames),
      processor.updateToken(NULL, "x"),
      vad.process(NULL, &value, 1),
      isSpeechDetected(NULL, &flag),
      getProbability(NULL, &value),
  };
  processor.destroy(NULL);
  processor.destroyContext(NULL);
  vad.destroy(NULL);
  vad.destroyContext(NULL);
  destroyModel(NULL);
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) printf("%d ", codes[i]);
  printf("\n");
}

/* Everything at once: a thread a processor, and three that update, turn and read. */
static atomic_bool mustStop;
static const char* stressToken;

static void pauseMs(long ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static void* runProcess(void* argument) {
  Entry* entry = argument;
  float block[480];
  while (!atomic_load(&mustStop)) {
    for (int i = 0; i < 480; i++) block[i] = (float)(i % 48) / 96.0f;
    entry->functions->process(entry->object, block, 480);
    pauseMs(1);
  }
  return NULL;
}

static void* runUpdates(void* argument) {
  Entry* entry = argument;
  while (!atomic_load(&mustStop)) entry->functions->updateToken(entry->context, stressToken);
  return NULL;
}

static void* runControls(void* argument) {
  Entry* entry = argument;
  for (int round = 0; !atomic_load(&mustStop); round++) {
    float value;
    size_t frames;
    bool flag;
    entry->functions->setParameter(entry->context, 1, (float)(round % 10) / 10.0f);
    entry->functions->getParameter(entry->context, 1, &value);
    entry->functions->getDelay(entry->context, &frames);
    if (round % 100 == 0) entry->functions->reset(entry->context);
    if (entry->functions == &vad) isSpeechDetected(entry->context, &flag);
    if (entry->functions == &vad) getProbability(entry->context, &value);
    setKey("revoked", round % 50 == 0 ? "1" : "0");
    pauseMs(1);
  }
  return NULL;
}

static void answerStress(long ms, const char* token) {
  pthread_t threads[3 * 64];
  int count = 0;
  stressToken = token;
  for (int i = 0; i < entryCount; i++) {
    pthread_create(&threads[count++], NULL, runProcess, &entries[i]);
    pthread_create(&threads[count++], NULL, runUpdates, &entries[i]);
    pthread_create(&threads[count++], NULL, runControls, &entries[i]);
  }
  pauseMs(ms);
  atomic_store(&mustStop, true);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  printf("0\n");
}

static void answer(char* line) {
  char* words[8] = {NULL};
  char* rest = NULL;
  words[0] = strtok_r(line, " \n", &rest);
  for (int i = 1; i < 8; i++) words[i] = strtok_r(NULL, " \n", &rest);
  const char* call = words[0] ? words[0] : "";
  if (strcmp(call, "version") == 0) {
    printf("0 %s %u\n", getSdkVersion(), (unsigned)getModelVersion());
  } else if (strcmp(call, "set") == 0) {
    printf("%d\n", setKey(words[1], words[2] ? words[2] : ""));
  } else if (strcmp(call, "count") == 0) {
    printf("0 %lld\n", getCount(words[1]));
  } else if (strcmp(call, "flush") == 0) {
    flushLog();
    printf("0\n");
  } else if (strcmp(call, "nulls") == 0) {
    answerNulls();
  } else if (strcmp(call, "stress") == 0) {
    answerStress(atol(words[1]), words[2]);
  } else if (strcmp(call, "model") == 0) {
    answerModel(words[1] ? words[1] : "");
  } else if (strcmp(call, "destroyModel") == 0) {
    destroyModel(models[atoi(words[1]) - 1]);
    printf("0\n");
  } else if (strcmp(call, "create") == 0) {
    answerCreate(&processor, words[1], words[2], words[3], words[4]);
  } else if (strcmp(call, "createVad") == 0) {
    answerCreate(&vad, words[1], words[2], words[3], words[4]);
  } else {
    Entry* entry = entryOf(words[1]);
    const Functions* functions = entry->functions;
    if (strcmp(call, "initialize") == 0) {
      bool isVariable = words[4] && strcmp(words[4], "variable") == 0;
      printf("%d\n",
             functions->initialize(entry->object, (uint32_t)atol(words[2]), (size_t)atol(words[3]), isVariable));
    } else if (strcmp(call, "process") == 0) {
      answerProcess(entry, (size_t)atol(words[2]), words[3], words[4]);
    } else if (strcmp(call, "processNull") == 0) {
      printf("%d\n", functions->process(entry->object, NULL, 480));
    } else if (strcmp(call, "terminate") == 0) {
      printf("%d\n", functions->terminate(entry->object));
    } else if (strcmp(call, "destroy") == 0) {
      functions->destroy(entry->object);
      printf("0\n");
    } else if (strcmp(call, "destroyContext") == 0) {
      functions->destroyContext(entry->context);
      printf("0\n");
    } else if (strcmp(call, "reset") == 0) {
      printf("%d\n", functions->reset(entry->context));
    } else if (strcmp(call, "setParameter") == 0) {
      printf("%d\n", functions->setParameter(entry->context, atoi(words[2]), strtof(words[3], NULL)));
    } else if (strcmp(call, "getParameter") == 0) {
      float value = 0.0f;
      int code = functions->getParameter(entry->context, atoi(words[2]), &value);
      printf("%d %g\n", code, (double)value);
    } else if (strcmp(call, "delay") == 0) {
      size_t frames = 0;
      int code = functions->getDelay(entry->context, &frames);
      printf("%d %zu\n", code, frames);
    } else if (strcmp(call, "update") == 0) {
      printf("%d\n", functions->updateToken(entry->context, orNull(words[2])));
    } else if (strcmp(call, "speech") == 0) {
      bool isSpeech = false;
      float probability = 0.0f;
      int code = isSpeechDetected(entry->context, &isSpeech);
      getProbability(entry->context, &probability);
      printf("%d %d %g\n", code, isSpeech, (double)probability);
    } else {
      fprintf(stderr, "unknown command: %s\n", call);
      exit(2);
    }
  }
  fflush(stdout);
}

int main(int count, char** arguments) {
  if (count != 2) return 2;
  load(arguments[1]);
  char* line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) >= 0) answer(line);
  free(line);
  return 0;
}
