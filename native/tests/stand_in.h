#pragma once

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include "engines/aic/licensed_source.h"
#include "eventually.h"

namespace limpid::test {

/** A path in the folder of the stand-in for the licensed library (see test/libaic/build.ts), which make names. */
inline std::string standIn(const std::string& name) {
  const char* const folder = std::getenv("LIMPID_STANDIN");
  REQUIRE_MESSAGE(folder != nullptr, "LIMPID_STANDIN names no folder: run these tests by make");
  return std::string(folder) + "/" + name;
}

inline std::string standInLibrary() {
#if defined(__APPLE__)
  return standIn("libaic.dylib");
#else
  return standIn("libaic.so");
#endif
}

/** Steers the stand-in (its keys stand at the top of test/libaic/libaic.c); what was set is undone at the end. */
class StandIn {
 public:
  StandIn() : handle_(dlopen(standInLibrary().c_str(), RTLD_NOW | RTLD_LOCAL)) {
    REQUIRE(handle_ != nullptr);
    REQUIRE(isLetGo());  // what earlier tests used ends by itself
    violations_ = count("violations");
    audioThreadCalls_ = count("audio_thread_calls");
  }
  ~StandIn() {
    for (const char* key : {"revoked", "update_delay_ms", "terminate_delay_ms", "create_code", "update_code",
                            "process_code", "clock_offset_ms", "create_delay_ms", "reset_code"}) {
      set(key, 0);
    }
    CHECK(count("violations") == violations_);
    dlclose(handle_);
  }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  void set(const char* key, long long value) {
    using Set = int (*)(const char*, const char*);
    REQUIRE(reinterpret_cast<Set>(dlsym(handle_, "aic_standin_set"))(key, std::to_string(value).c_str()) == 0);
  }
  long long count(const char* name) const {
    using Count = long long (*)(const char*);
    return reinterpret_cast<Count>(dlsym(handle_, "aic_standin_count"))(name);
  }

  /** How many calls that may wait came from threads that had called process on the same session. */
  long long audioThreadCalls() const { return count("audio_thread_calls") - audioThreadCalls_; }

  /** Whether all sessions have ended. They may be ending: waits for that. */
  bool isLetGo() const {
    return eventually([this] { return count("sessions") == 0; });
  }

 private:
  void* const handle_;
  long long violations_ = 0;
  long long audioThreadCalls_ = 0;
};

inline std::string base64url(const std::string& text) {
  const char* const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string result;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4 && i + k <= text.size(); ++k) result += alphabet[bits >> (18 - 6 * k) & 63];
  }
  return result;
}

/** A JWT of the right shape that expires in so many seconds; the stand-in checks no signature. */
inline std::string jwt(long seconds = 600) {
  const std::string payload = "{\"exp\":" + std::to_string(std::time(nullptr) + seconds) + "}";
  return base64url("{\"alg\":\"HS256\"}") + "." + base64url(payload) + "." + base64url("signature");
}

/** A licence key, which is no JWT. */
inline std::string licenceKey() {
  return base64url("{\"user\":\"test\"}") + "." + base64url("signature");
}

inline LicensedOptions licensedOptions(const std::string& model = "stand-in-48khz.aicmodel",
                                       const std::string& vadModel = "") {
  return {standInLibrary(), standIn(model), vadModel.empty() ? "" : standIn(vadModel), std::nullopt};
}

/** A source with a token; given none, with a good JWT. */
inline std::shared_ptr<LicensedSource> licensedSource(const LicensedOptions& options = licensedOptions(),
                                                      const std::string& token = jwt()) {
  const auto source = LicensedSource::create(options);
  aic::Code code = -1;
  REQUIRE_FALSE(source->updateToken(token, &code));
  REQUIRE(code == aic::kSuccess);
  return source;
}

inline std::unique_ptr<Engine> engineOf(LicensedSource& source) {
  NativeError error;
  std::unique_ptr<Engine> engine = source.createEngine(&error);
  CAPTURE(error.code);
  CAPTURE(error.detail);
  REQUIRE(engine);
  return engine;
}

inline bool isIdle(LicensedSource& source) {
  return source.worker().waitIdle(std::chrono::seconds(30));
}

}  // namespace limpid::test
