#pragma once

#include "core/engine.h"

namespace limpid {

/** Leaves the signal as it is: any rate, any block, no delay, full band. */
class BypassEngine final : public Engine {
 public:
  EnginePlan prepare(double /*sampleRate*/) override { return EnginePlan{}; }
  BlockResult process(float* /*samples*/, std::size_t /*frames*/) noexcept override { return BlockResult::enhanced; }
  bool reset() noexcept override { return true; }
};

}  // namespace limpid
