#pragma once

#include <cstddef>
#include <cstdint>

// The part of the licensed library's C interface (0.22 and later: mono, the speech detector is an object of its own)
// that is used here, in our own words. The library itself is opened at run time.

namespace limpid::aic {

struct Model;
struct Processor;
struct ProcessorContext;
struct Vad;
struct VadContext;

/** The library's answer to most calls. Its meanings: src/shared/vendorCodes.ts. */
using Code = int;
constexpr Code kSuccess = 0;
constexpr Code kNotInitialized = 3;
constexpr Code kAudioConfigUnsupported = 4;

/** Of a processor; 0..1. */
constexpr int kEnhancementLevel = 1;

/** Usage metrics for an OpenTelemetry collector. */
struct OtelConfig {
  bool enable;
  const char* sessionId;         // null: one is made up
  std::uint32_t exportInterval;  // ms; 0: a minute
};

/** Out-parameters come first. "any": from any thread; "RT": also from the audio thread. */
struct Functions {
  const char* (*get_sdk_version)();                 // any
  std::uint32_t (*get_compatible_model_version)();  // any

  Code (*model_create_from_file)(Model**, const char* utf8Path);  // the file must not change while it lives
  void (*model_destroy)(Model*);                                  // what was made from it lives on
  const char* (*model_get_id)(const Model*);
  Code (*model_get_optimal_sample_rate)(const Model*, std::uint32_t* rate);
  Code (*model_get_optimal_block_size)(const Model*, std::uint32_t rate, std::size_t* frames);

  Code (*processor_create)(Processor**, const Model*, const char* key, const OtelConfig*);
  Code (*processor_initialize)(Processor*, std::uint32_t rate, std::size_t blockFrames, bool isVariable);
  Code (*processor_process)(Processor*, float* mono, std::size_t frames);  // RT, one thread
  Code (*processor_terminate_session)(Processor*);                         // blocks
  void (*processor_destroy)(Processor*);                                   // no other thread inside
  Code (*processor_context_create)(ProcessorContext**, const Processor*);
  void (*processor_context_destroy)(ProcessorContext*);
  Code (*processor_context_reset)(const ProcessorContext*);                             // RT, any
  Code (*processor_context_set_parameter)(const ProcessorContext*, int, float);         // RT, any
  Code (*processor_context_get_audio_delay)(const ProcessorContext*, std::size_t*);     // RT, any
  Code (*processor_context_update_bearer_token)(const ProcessorContext*, const char*);  // any, but never RT

  Code (*vad_create)(Vad**, const Model*, const char* key, const OtelConfig*);
  Code (*vad_initialize)(Vad*, std::uint32_t rate, std::size_t blockFrames, bool isVariable);
  Code (*vad_process)(Vad*, const float* mono, std::size_t frames);  // RT, one thread
  Code (*vad_terminate_session)(Vad*);                               // blocks
  void (*vad_destroy)(Vad*);
  Code (*vad_context_create)(VadContext**, const Vad*);
  void (*vad_context_destroy)(VadContext*);
  Code (*vad_context_reset)(const VadContext*);                             // RT, any
  Code (*vad_context_update_bearer_token)(const VadContext*, const char*);  // any, but never RT
  Code (*vad_context_get_raw_vad_probability)(const VadContext*, float*);   // RT, any
};

}  // namespace limpid::aic
