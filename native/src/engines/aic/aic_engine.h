#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "core/engine.h"
#include "engines/aic/aic_processor.h"

namespace limpid {

/**
 * The licensed engine: one processor of the library, at its model's own rate and block size. A block that it hands back
 * unprocessed, for whatever reason, is `blocked`; the reason is the vendor's code.
 */
class AicEngine final : public Engine {
 public:
  /** Above this rate what a model cannot pass is not heard either. */
  static constexpr double kFullBandRate = 40000;
  /** Of half the model's rate: where the converters begin to take away, and the dry high band takes over. */
  static constexpr double kUsableBand = 0.94;

  /** `processor` is initialised. `giveBack` is called by the destructor, for the next engine. */
  AicEngine(std::shared_ptr<AicProcessor> processor, double sampleRate, std::size_t blockFrames,
            std::function<void(std::shared_ptr<AicProcessor>)> giveBack)
      : processor_(std::move(processor)),
        sampleRate_(sampleRate),
        blockFrames_(blockFrames),
        giveBack_(std::move(giveBack)) {}
  ~AicEngine() override { giveBack_(std::move(processor_)); }
  AicEngine(const AicEngine&) = delete;
  AicEngine& operator=(const AicEngine&) = delete;

  EnginePlan prepare(double sampleRate) override {
    EnginePlan plan;
    plan.sampleRate = sampleRate_;
    plan.blockFrames = blockFrames_;
    plan.delayFrames = processor_->delayFrames();
    const bool isLimited = sampleRate_ < sampleRate && sampleRate_ < kFullBandRate;
    plan.bandwidthHz = isLimited ? kUsableBand * sampleRate_ / 2 : 0;
    return plan;
  }

  BlockResult process(float* samples, std::size_t frames) noexcept override {
    const aic::Code code = processor_->process(samples, frames);
    code_.store(code, std::memory_order_relaxed);
    return code == aic::kSuccess ? BlockResult::enhanced : BlockResult::blocked;
  }

  bool reset() noexcept override { return processor_->reset(); }
  bool setLevel(float level) noexcept override { return processor_->setLevel(level); }
  float speechProbability() const noexcept override { return processor_->speechProbability(); }
  int vendorCode() const noexcept override { return code_.load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<AicProcessor> processor_;
  const double sampleRate_;
  const std::size_t blockFrames_;
  const std::function<void(std::shared_ptr<AicProcessor>)> giveBack_;
  std::atomic<aic::Code> code_{aic::kSuccess};  // written by the audio thread
};

}  // namespace limpid
