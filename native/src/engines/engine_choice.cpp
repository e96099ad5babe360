#include "engines/engine_choice.h"

#include <utility>

#include "engines/aic/licensed_source.h"

namespace limpid {

EngineError checkChoice(const EngineChoice& choice) {
  if (choice.isLicensed() && !choice.licensed) return {"argument", "aic needs licensed"};
  if (!choice.isLicensed() && !createEngine(choice.engine)) return {"engine.unknown", choice.engine};
  return createEngine(choice.fallback) ? EngineError{} : EngineError{"engine.unknown", choice.fallback};
}

std::unique_ptr<Engine> makeEngine(const EngineChoice& choice, EngineError* error) {
  *error = checkChoice(choice);
  if (*error) return nullptr;
  return choice.isLicensed() ? choice.licensed->createEngine(error) : createEngine(choice.engine);
}

EngineError makeEngines(const EngineChoice& choice, EngineSet* engines) {
  EngineError error;
  engines->engine = makeEngine(choice, &error);
  // Without one the pipeline plays the dry signal, for nothing.
  const bool isOfUse = choice.fallback != kPassThroughId && choice.fallback != choice.engine;
  if (!error && isOfUse) engines->fallback = createEngine(choice.fallback);
  return error;
}

}  // namespace limpid
