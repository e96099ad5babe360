#include "engines/aic/aic_processor.h"

#include <utility>

namespace limpid {

std::shared_ptr<AicProcessor> AicProcessor::create(std::shared_ptr<const AicModels> models, const std::string& token,
                                                   std::uint64_t serial, const OtelOptions* otel, aic::Code* code) {
  std::shared_ptr<AicProcessor> processor(new AicProcessor(std::move(models), serial));
  *code = processor->make(token, otel);
  return *code == aic::kSuccess ? processor : nullptr;
}

AicProcessor::AicProcessor(std::shared_ptr<const AicModels> models, std::uint64_t serial)
    : models_(std::move(models)), f_(models_->library().functions()), tokenSerial_(serial) {}

aic::Code AicProcessor::make(const std::string& token, const OtelOptions* otel) {
  aic::OtelConfig config{};
  if (otel != nullptr) {
    config.enable = otel->enable;
    config.sessionId = otel->sessionId.empty() ? nullptr : otel->sessionId.c_str();
    config.exportInterval = otel->exportIntervalMs;
  }
  const aic::OtelConfig* const given = otel != nullptr ? &config : nullptr;
  aic::Code code = f_.processor_create(&processor_, models_->enhancement(), token.c_str(), given);
  if (code == aic::kSuccess) code = f_.processor_context_create(&context_, processor_);
  if (code != aic::kSuccess || models_->vad() == nullptr) return code;
  code = f_.vad_create(&vad_, models_->vad(), token.c_str(), given);
  return code == aic::kSuccess ? f_.vad_context_create(&vadContext_, vad_) : code;
}

AicProcessor::~AicProcessor() {
  if (vadContext_ != nullptr) f_.vad_context_destroy(vadContext_);
  if (vad_ != nullptr) f_.vad_destroy(vad_);
  if (context_ != nullptr) f_.processor_context_destroy(context_);
  if (processor_ != nullptr) f_.processor_destroy(processor_);
}

aic::Code AicProcessor::initialise() {
  const std::uint32_t rate = models_->sampleRate();
  const std::size_t block = models_->blockFrames();
  speech_.store(-1, std::memory_order_relaxed);
  const aic::Code code = f_.processor_initialize(processor_, rate, block, false);
  if (code != aic::kSuccess || vad_ == nullptr) return code;
  return f_.vad_initialize(vad_, rate, block, false);
}

std::size_t AicProcessor::delayFrames() const {
  std::size_t frames = 0;
  f_.processor_context_get_audio_delay(context_, &frames);
  return frames;
}

aic::Code AicProcessor::process(float* samples, std::size_t frames) noexcept {
  if (vad_ != nullptr) {
    float speech = -1;
    const bool isHeard = f_.vad_process(vad_, samples, frames) == aic::kSuccess &&
                         f_.vad_context_get_raw_vad_probability(vadContext_, &speech) == aic::kSuccess;
    speech_.store(isHeard ? speech : -1, std::memory_order_relaxed);
  }
  return f_.processor_process(processor_, samples, frames);
}

bool AicProcessor::reset() noexcept {
  if (vadContext_ != nullptr) f_.vad_context_reset(vadContext_);
  return f_.processor_context_reset(context_) != aic::kNotInitialized;
}

bool AicProcessor::setLevel(float level) noexcept {
  return f_.processor_context_set_parameter(context_, aic::kEnhancementLevel, level) == aic::kSuccess;
}

aic::Code AicProcessor::updateToken(const std::string& token, std::uint64_t serial) {
  if (serial <= tokenSerial()) return aic::kSuccess;  // without waiting for whoever hands it over
  const std::lock_guard<std::mutex> licensing(licensing_);
  if (serial <= tokenSerial()) return aic::kSuccess;
  tokenSerial_.store(serial, std::memory_order_relaxed);
  const aic::Code code = f_.processor_context_update_bearer_token(context_, token.c_str());
  if (vadContext_ == nullptr) return code;
  const aic::Code vadCode = f_.vad_context_update_bearer_token(vadContext_, token.c_str());
  return code != aic::kSuccess ? code : vadCode;
}

void AicProcessor::terminate() {
  const std::lock_guard<std::mutex> licensing(licensing_);
  if (vad_ != nullptr) f_.vad_terminate_session(vad_);
  f_.processor_terminate_session(processor_);
}

}  // namespace limpid
