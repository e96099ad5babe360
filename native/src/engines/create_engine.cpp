#include "core/engine.h"
#include "engines/bypass_engine.h"
#include "engines/gtcrn_engine.h"

namespace limpid {

std::unique_ptr<Engine> createEngine(const std::string& id) {
  if (id == "gtcrn") return std::make_unique<GtcrnEngine>();
  if (id == "bypass") return std::make_unique<BypassEngine>();
  return nullptr;
}

}  // namespace limpid
