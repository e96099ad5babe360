#pragma once

#include <memory>
#include <string>

#include "core/engine.h"
#include "core/native_error.h"

namespace limpid {

class LicensedSource;

constexpr const char* kLicensedId = "aic";
constexpr const char* kPassThroughId = "bypass";

/** As in native/index.d.ts. */
struct EngineChoice {
  std::string engine = "gtcrn";
  std::shared_ptr<LicensedSource> licensed{};  ///< for `aic` only
  std::string fallback = kPassThroughId;

  bool isLicensed() const { return engine == kLicensedId; }
};

/** Whether its engines are known and what they need is there; nothing is prepared. */
NativeError checkChoice(const EngineChoice& choice);

/** The chosen engine and its fallback, to be prepared. May block: the licensed engine is made by its library. */
NativeError makeEngines(const EngineChoice& choice, EngineSet* engines);

/** The chosen engine alone. */
std::unique_ptr<Engine> makeEngine(const EngineChoice& choice, NativeError* error);

}  // namespace limpid
