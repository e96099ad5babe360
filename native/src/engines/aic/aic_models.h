#pragma once

#include <memory>
#include <string>

#include "engines/aic/aic_library.h"

namespace limpid {

/** The error of an answer other than success: `aic.vendor` with the code in decimal digits. */
NativeError vendorError(aic::Code code);

/** The models of one licensed engine, loaded from their files. Immutable; any thread. */
class AicModels {
 public:
  /** Paths are UTF-8; `vadPath` is empty where there is no detector. On failure returns null and sets `error`. */
  static std::shared_ptr<const AicModels> load(const AicLibrary& library, const std::string& path,
                                               const std::string& vadPath, NativeError* error);
  ~AicModels();
  AicModels(const AicModels&) = delete;
  AicModels& operator=(const AicModels&) = delete;

  const AicLibrary& library() const noexcept { return library_; }
  const aic::Model* enhancement() const noexcept { return enhancement_; }
  const aic::Model* vad() const noexcept { return vad_; }  ///< null: none
  std::string id() const;
  /** What the enhancement model works best with: Hz, and frames of one block. */
  std::uint32_t sampleRate() const noexcept { return sampleRate_; }
  std::size_t blockFrames() const noexcept { return blockFrames_; }

 private:
  explicit AicModels(const AicLibrary& library) : library_(library) {}
  NativeError loadFile(const std::string& path, aic::Model** model) const;

  const AicLibrary& library_;
  aic::Model* enhancement_ = nullptr;
  aic::Model* vad_ = nullptr;
  std::uint32_t sampleRate_ = 0;
  std::size_t blockFrames_ = 0;
};

}  // namespace limpid
