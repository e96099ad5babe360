#include "engines/engine_choice.h"

#include <utility>

#include "engines/aic/licensed_source.h"

namespace limpid {

NativeError checkChoice(const EngineChoice& choice) {
  if (choice.isLicensed() && !choice.licensed) return {"argument", "aic needs licensed"};
  if (!choice.isLicensed() && !createEngine(choice.engine)) return {"engine.unknown", choice.engine};
  return createEngine(choice.fallback) ? NativeError{} : NativeError{"engine.unknown", choice.fallback};
}

std::unique_ptr<Engine> makeEngine(const EngineChoice& choice, NativeError* error) {
  *error = checkChoice(choice);
  if (*error) return nullptr;
  return choice.isLicensed() ? choice.licensed->createEngine(error) : createEngine(choice.engine);
}

NativeError makeEngines(const EngineChoice& choice, EngineSet* engines) {
  NativeError error;
  engines->engine = makeEngine(choice, &error);
  // Without one the pipeline plays the dry signal, for nothing.
  const bool isOfUse = choice.fallback != kPassThroughId && choice.fallback != choice.engine;
  if (!error && isOfUse) engines->fallback = createEngine(choice.fallback);
  return error;
}

}  // namespace limpid
