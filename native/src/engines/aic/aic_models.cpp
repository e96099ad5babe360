#include "engines/aic/aic_models.h"

#include <filesystem>
#include <system_error>

namespace limpid {

NativeError vendorError(aic::Code code) {
  return code == aic::kSuccess ? NativeError{} : NativeError{"aic.vendor", std::to_string(code)};
}

std::shared_ptr<const AicModels> AicModels::load(const AicLibrary& library, const std::string& path,
                                                 const std::string& vadPath, NativeError* error) {
  const std::shared_ptr<AicModels> models(new AicModels(library));
  *error = models->loadFile(path, &models->enhancement_);
  if (!*error && !vadPath.empty()) *error = models->loadFile(vadPath, &models->vad_);
  if (*error) return nullptr;

  const aic::Functions& f = library.functions();
  aic::Code code = f.model_get_optimal_sample_rate(models->enhancement_, &models->sampleRate_);
  if (code == aic::kSuccess) {
    code = f.model_get_optimal_block_size(models->enhancement_, models->sampleRate_, &models->blockFrames_);
  }
  if (code == aic::kSuccess && models->blockFrames_ == 0) code = aic::kAudioConfigUnsupported;
  *error = vendorError(code);
  return *error ? nullptr : models;
}

AicModels::~AicModels() {
  for (aic::Model* const model : {enhancement_, vad_}) {
    if (model != nullptr) library_.functions().model_destroy(model);
  }
}

NativeError AicModels::loadFile(const std::string& path, aic::Model** model) const {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::u8path(path), ignored)) return {"aic.model-missing", path};
  return vendorError(library_.functions().model_create_from_file(model, path.c_str()));
}

std::string AicModels::id() const {
  const char* const id = library_.functions().model_get_id(enhancement_);
  return id != nullptr ? id : "";
}

}  // namespace limpid
