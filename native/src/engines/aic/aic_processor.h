#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "engines/aic/aic_models.h"

namespace limpid {

/** Usage metrics to an OpenTelemetry collector. */
struct OtelOptions {
  bool enable = false;
  std::string sessionId;               ///< empty: one is made up
  std::uint32_t exportIntervalMs = 0;  ///< 0: the library's own
};

/**
 * One of the library's processors with its context and, where there is a model for it, a speech detector. One thread at
 * a time may be in `process`; `updateToken` and `terminate` may come from other threads meanwhile. What may wait for
 * the library's own mutex says so.
 */
class AicProcessor {
 public:
  /** Made with this token, the `serial`-th of its source. On failure returns null and sets `code`. */
  static std::shared_ptr<AicProcessor> create(std::shared_ptr<const AicModels> models, const std::string& token,
                                              std::uint64_t serial, const OtelOptions* otel, aic::Code* code);
  ~AicProcessor();
  AicProcessor(const AicProcessor&) = delete;
  AicProcessor& operator=(const AicProcessor&) = delete;

  /** Gets ready for blocks of the models' own rate and size, without a past. Not real-time; not during `process`. */
  aic::Code initialise();
  /** Of the enhanced signal, in frames at the models' rate. */
  std::size_t delayFrames() const;

  // Real-time safe.

  /** The detector hears the original before it is enhanced in place. */
  aic::Code process(float* samples, std::size_t frames) noexcept;
  /** 0..1 of the last block; negative: no detector, or it may not work. */
  float speechProbability() const noexcept { return speech_.load(std::memory_order_relaxed); }
  /** False: it cannot process at all. Another refusal means nothing for what comes. */
  bool reset() noexcept;
  bool setLevel(float level) noexcept;

  // May wait for the library.

  /** Hands a token to processor and detector, unless they were given that one or a later one before. Returns the first
   * refusal. */
  aic::Code updateToken(const std::string& token, std::uint64_t serial);
  /** Serial of the last token that was handed over, accepted or not. */
  std::uint64_t tokenSerial() const noexcept { return tokenSerial_.load(std::memory_order_relaxed); }
  /** Ends the vendor's sessions; `process` must not come after it. */
  void terminate();

 private:
  AicProcessor(std::shared_ptr<const AicModels> models, std::uint64_t serial);
  aic::Code make(const std::string& token, const OtelOptions* otel);

  const std::shared_ptr<const AicModels> models_;
  const aic::Functions& f_;
  aic::Processor* processor_ = nullptr;
  aic::ProcessorContext* context_ = nullptr;
  aic::Vad* vad_ = nullptr;
  aic::VadContext* vadContext_ = nullptr;

  std::mutex licensing_;                    // held while the library takes a token or ends a session
  std::atomic<std::uint64_t> tokenSerial_;  // written under licensing_
  std::atomic<float> speech_{-1};           // written by the thread in `process`
};

}  // namespace limpid
