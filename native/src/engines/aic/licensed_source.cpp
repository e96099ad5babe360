#include "engines/aic/licensed_source.h"

#include <algorithm>
#include <utility>

#include "engines/aic/aic_engine.h"

namespace limpid {

namespace {
NativeError closedError() {
  return {"aic.closed", ""};
}
// A voice and a stereo file. More are let go: each is a session with the vendor.
constexpr std::size_t kMostFree = 3;
}  // namespace

std::shared_ptr<LicensedSource> LicensedSource::create(LicensedOptions options) {
  return std::shared_ptr<LicensedSource>(new LicensedSource(std::move(options)));
}

LicensedSource::~LicensedSource() {
  for (Slot& slot : slots_) letGo(std::move(slot.processor));
}

NativeError LicensedSource::load(LicensedFacts* facts) {
  const std::lock_guard<std::mutex> loading(loading_);
  bool isLoaded = false;
  {
    const std::lock_guard<std::mutex> lock(state_);
    if (isClosed_) return closedError();
    isLoaded = models_ != nullptr;
  }
  if (!isLoaded) {
    NativeError error;
    const AicLibrary* const library = AicLibrary::open(options_.libraryPath, &error);
    if (library == nullptr) return error;
    const auto models = AicModels::load(*library, options_.modelPath, options_.vadModelPath, &error);
    if (!models) return error;
    facts_ = {library->path(), library->sdkVersion(), library->compatibleModelVersion(),
              models->id(),    models->sampleRate(),  models->blockFrames()};
    modelLoads_.fetch_add(1, std::memory_order_relaxed);
    const std::lock_guard<std::mutex> lock(state_);
    if (isClosed_) return closedError();
    models_ = models;
  }
  *facts = facts_;
  return {};
}

std::unique_ptr<Engine> LicensedSource::createEngine(NativeError* error) {
  LicensedFacts facts;
  *error = load(&facts);
  if (*error) return nullptr;
  Processor processor = takeFree();
  if (!processor) processor = make(error);
  if (!processor) return nullptr;

  const auto source = shared_from_this();
  auto engine = std::make_unique<AicEngine>(processor, facts.sampleRate, facts.blockFrames,
                                            [source](Processor returned) { source->giveBack(std::move(returned)); });
  *error = vendorError(processor->initialise());
  return *error ? nullptr : std::move(engine);
}

LicensedSource::Processor LicensedSource::takeFree() {
  const std::lock_guard<std::mutex> lock(state_);
  const auto free = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.isInUse; });
  if (free == slots_.end()) return nullptr;
  free->isInUse = true;
  return free->processor;
}

LicensedSource::Processor LicensedSource::make(NativeError* error) {
  std::unique_lock<std::mutex> lock(state_);
  Token token = newest();
  std::uint64_t latestTried = 0;
  for (;;) {
    if (isClosed_ || token.text.empty()) {
      *error = isClosed_ ? closedError() : NativeError{"aic.no-token", ""};
      return nullptr;
    }
    const std::shared_ptr<const AicModels> models = models_;
    const std::uint64_t generation = generation_;
    latestTried = std::max(latestTried, token.serial);
    lock.unlock();

    aic::Code code = aic::kSuccess;
    Processor processor =
        AicProcessor::create(models, token.text, token.serial, options_.otel ? &*options_.otel : nullptr, &code);
    if (processor) processorCreates_.fetch_add(1, std::memory_order_relaxed);

    lock.lock();
    if (!processor) {
      const std::optional<Token> other = isClosed_ ? std::nullopt : tokenAfter(token.serial, latestTried);
      if (!other) {
        *error = vendorError(code);
        return nullptr;
      }
      token = *other;
      continue;
    }
    if (isClosed_ || generation_ != generation) {
      token = newest();
      lock.unlock();
      letGo(std::move(processor));
      lock.lock();
      continue;
    }
    slots_.push_back({processor, true});
    isCandidateTaken_ = isCandidateTaken_ || token.serial == candidate_.serial;
    // An update that is under way comes by itself to what is in slots_.
    if (token.serial >= token_.serial) return processor;
    token = token_;
    lock.unlock();
    if (processor->updateToken(token.text, token.serial) == aic::kSuccess) return processor;
    discard(processor);  // it holds an older token than others do
    letGo(std::move(processor));
    lock.lock();
    token = newest();
  }
}

/** With which token to try again after a refusal: one that came meanwhile, else the one that others work with. Under
 * state_. */
std::optional<LicensedSource::Token> LicensedSource::tokenAfter(std::uint64_t tried, std::uint64_t latestTried) const {
  if (newest().serial > latestTried) return newest();
  if (token_.serial < tried && !token_.text.empty()) return token_;
  return std::nullopt;
}

void LicensedSource::discard(const Processor& processor) {
  const std::lock_guard<std::mutex> lock(state_);
  slots_.erase(std::remove_if(slots_.begin(), slots_.end(),
                              [&processor](const Slot& each) { return each.processor == processor; }),
               slots_.end());
}

void LicensedSource::giveBack(Processor processor) {
  {
    const std::lock_guard<std::mutex> lock(state_);
    const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                   [&processor](const Slot& each) { return each.processor == processor; });
    if (slot != slots_.end()) {
      slot->isInUse = false;
      const auto free = std::count_if(slots_.begin(), slots_.end(), [](const Slot& each) { return !each.isInUse; });
      if (static_cast<std::size_t>(free) <= kMostFree) return;
      slots_.erase(slot);
    }
  }
  letGo(std::move(processor));
}

/** On the worker, because ending a session may take its time. */
void LicensedSource::letGo(Processor processor) {
  worker_.post([processor = std::move(processor)] { processor->terminate(); });
}

/** A processor that was not handed the token of this serial; null: all were. Under state_. */
LicensedSource::Processor LicensedSource::nextWithout(std::uint64_t serial, const Slots& slots) const {
  for (const Slot& slot : slots) {
    if (slot.processor->tokenSerial() < serial) return slot.processor;
  }
  return nullptr;
}

NativeError LicensedSource::updateToken(const std::string& token, aic::Code* code) {
  const std::lock_guard<std::mutex> ordering(ordering_);
  *code = aic::kSuccess;
  bool isAccepted = false;
  std::unique_lock<std::mutex> lock(state_);
  if (isClosed_) return closedError();
  const std::uint64_t serial = ++lastSerial_;
  candidate_ = {token, serial};
  isCandidateTaken_ = false;
  while (Processor processor = nextWithout(serial, slots_)) {
    lock.unlock();
    const aic::Code answer = processor->updateToken(token, serial);
    processor.reset();  // it may be the last to hold it, and destroying calls the library
    isAccepted = isAccepted || answer == aic::kSuccess;
    if (*code == aic::kSuccess) *code = answer;
    lock.lock();
    if (isClosed_) return closedError();
  }
  candidate_ = {};
  if (*code != aic::kSuccess && !isAccepted && !isCandidateTaken_) return {};
  token_ = {token, serial};
  if (*code == aic::kSuccess && isAccepted) tokenUpdates_.fetch_add(1, std::memory_order_relaxed);
  return {};
}

NativeError LicensedSource::replaceToken(const std::string& token) {
  const std::lock_guard<std::mutex> ordering(ordering_);
  Slots old;
  {
    const std::lock_guard<std::mutex> lock(state_);
    if (isClosed_) return closedError();
    token_ = {token, ++lastSerial_};
    ++generation_;
    old.swap(slots_);
  }
  for (Slot& slot : old) {
    if (!slot.isInUse) letGo(std::move(slot.processor));
  }
  return {};
}

void LicensedSource::endSpare() {
  Slots spare;
  {
    const std::lock_guard<std::mutex> lock(state_);
    bool isKept = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.isInUse; });
    Slots kept;
    for (Slot& slot : slots_) {
      const bool isSpare = !slot.isInUse && isKept;
      isKept = true;
      (isSpare ? spare : kept).push_back(std::move(slot));
    }
    slots_.swap(kept);
  }
  for (Slot& slot : spare) letGo(std::move(slot.processor));
}

void LicensedSource::close() {
  Slots old;
  std::shared_ptr<const AicModels> models;
  {
    const std::lock_guard<std::mutex> lock(state_);
    isClosed_ = true;
    token_ = candidate_ = {};
    old.swap(slots_);
    models.swap(models_);
  }
  for (Slot& slot : old) {
    if (slot.isInUse) continue;
    slot.processor->terminate();
    slot.processor.reset();
  }
}

LicensedCounts LicensedSource::counts() const noexcept {
  return {modelLoads_.load(std::memory_order_relaxed), processorCreates_.load(std::memory_order_relaxed),
          tokenUpdates_.load(std::memory_order_relaxed)};
}

}  // namespace limpid
