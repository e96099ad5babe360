#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/engine.h"
#include "engines/aic/aic_processor.h"
#include "engines/aic/serial_worker.h"

namespace limpid {

/** As in native/index.d.ts; paths are UTF-8, an empty one is none. */
struct LicensedOptions {
  std::string libraryPath;
  std::string modelPath;
  std::string vadModelPath;
  std::optional<OtelOptions> otel;
};

/** As in native/index.d.ts. */
struct LicensedFacts {
  std::string libraryPath;
  std::string sdkVersion;
  std::uint32_t compatibleModelVersion = 0;
  std::string modelId;
  std::uint32_t sampleRate = 0;
  std::size_t blockFrames = 0;
};

/** Since construction. The detector and its model are not counted. */
struct LicensedCounts {
  std::uint64_t modelLoads = 0;
  std::uint64_t processorCreates = 0;
  std::uint64_t tokenUpdates = 0;  ///< accepted by every processor, of which there was one at least
};

/**
 * Where licensed engines come from: library, models, token and processors of one session of enhancement. They outlive
 * the streams: the processor of an engine that is destroyed serves the next one.
 *
 * All functions may come from any thread. `load`, `createEngine`, `updateToken`, `replaceToken` and `close` may wait
 * for the library, which may take its time; destroying an engine, `counts` and the audio thread never wait for any of
 * them.
 */
class LicensedSource : public std::enable_shared_from_this<LicensedSource> {
 public:
  static std::shared_ptr<LicensedSource> create(LicensedOptions options);
  /** As `close`, on the worker. */
  ~LicensedSource();

  /** Opens the library and loads the models, once. */
  NativeError load(LicensedFacts* facts);

  /** Loads where that is not done yet. On failure returns null and sets `error`. Engines keep the source alive. */
  std::unique_ptr<Engine> createEngine(NativeError* error);

  /**
   * Hands a token to every processor, in place; `code` is the first refusal, or 0. It is kept for those made later
   * unless all refused it. One that is made meanwhile is made with it, or with the old one should it be refused.
   */
  NativeError updateToken(const std::string& token, aic::Code* code);
  /** From now on processors are made with this token; those that exist are let go when they are free. */
  NativeError replaceToken(const std::string& token);
  /** Ends the sessions of free processors, but for one where none is in use: what one voice needs. Returns at once. */
  void endSpare();
  /** Ends the sessions of the processors that are free; those in use follow. Afterwards all is refused. */
  void close();

  LicensedCounts counts() const noexcept;

  /** For whoever must not wait. Ends sessions too. */
  SerialWorker& worker() noexcept { return worker_; }

 private:
  using Processor = std::shared_ptr<AicProcessor>;
  struct Slot {
    Processor processor;
    bool isInUse = false;
  };
  using Slots = std::vector<Slot>;

  struct Token {
    std::string text;  // empty: none
    std::uint64_t serial = 0;
  };

  explicit LicensedSource(LicensedOptions options) : options_(std::move(options)) {}
  Processor takeFree();
  Processor make(NativeError* error);
  void giveBack(Processor processor);
  void letGo(Processor processor);
  void discard(const Processor& processor);
  Processor nextWithout(std::uint64_t serial, const Slots& slots) const;
  const Token& newest() const { return candidate_.text.empty() ? token_ : candidate_; }
  std::optional<Token> tokenAfter(std::uint64_t tried, std::uint64_t latestTried) const;

  const LicensedOptions options_;
  SerialWorker worker_;

  std::mutex loading_;   // held while the models are loaded
  LicensedFacts facts_;  // guarded by loading_, valid when models_ was set

  std::mutex ordering_;  // held for all of an update, so that tokens arrive in order

  // Held for moments only, never while the library is called.
  mutable std::mutex state_;
  bool isClosed_ = false;  // guarded by state_, as all below
  std::shared_ptr<const AicModels> models_;
  Slots slots_;  // those made with a token that can be updated
  Token token_;
  Token candidate_;                // of an update that is under way
  bool isCandidateTaken_ = false;  // by a processor that was made with it
  std::uint64_t lastSerial_ = 0;   // given out
  std::uint64_t generation_ = 0;   // grows when a token is replaced

  std::atomic<std::uint64_t> modelLoads_{0};
  std::atomic<std::uint64_t> processorCreates_{0};
  std::atomic<std::uint64_t> tokenUpdates_{0};
};

}  // namespace limpid
