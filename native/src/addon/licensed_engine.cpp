#include "addon/licensed_engine.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "addon/arguments.h"
#include "addon/async_call.h"
#include "addon/errors.h"
#include "engines/aic/licensed_source.h"

namespace limpid {

namespace {
// How long the end of the environment waits for calls of the library that are under way.
constexpr std::chrono::seconds kPatience{2};

const napi_type_tag kLicensedTag = {0x9d2f1c5a84b74e03, 0xb16e40d7c2f9a851};

std::string optionalPath(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  return value.IsUndefined() || value.IsNull() ? "" : requireString(value, key);
}

std::optional<OtelOptions> readOtel(const Napi::Object& options) {
  const Napi::Value value = options.Get("otel");
  if (value.IsUndefined() || value.IsNull()) return std::nullopt;
  const Napi::Object object = requireObject(options, "otel");
  if (!object.Get("enable").IsBoolean()) throw makeArgumentError(options.Env(), "otel.enable must be true or false");
  OtelOptions otel;
  otel.enable = object.Get("enable").ToBoolean();
  otel.sessionId = optionalPath(object, "sessionId");
  otel.exportIntervalMs = static_cast<std::uint32_t>(optionalNumber(object, "exportIntervalMs", 0, 86400000, 0));
  return otel;
}

LicensedOptions readOptions(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw makeArgumentError(info.Env(), "options must be an object");
  const Napi::Object object = info[0].As<Napi::Object>();
  return {optionalPath(object, "libraryPath"), requireString(object, "modelPath"), optionalPath(object, "vadModelPath"),
          readOtel(object)};
}

/** A token has no place in an error, so what is wrong with it is all that is said. */
std::string readToken(const Napi::CallbackInfo& info) {
  return requireString(info[0], "token");
}

/**
 * A promise that is settled from another thread, and keeps JavaScript running until then. Held by that thread and by
 * the environment, either of which may end first.
 */
class Settlement {
 public:
  using ToValue = std::function<Napi::Value(Napi::Env)>;

  static std::shared_ptr<Settlement> begin(Napi::Env env, ToValue toValue) {
    const std::shared_ptr<Settlement> settlement(new Settlement(env, std::move(toValue)));
    auto* const held = new std::shared_ptr<Settlement>(settlement);
    settlement->settled_ = Settled::New(env, "LicensedEngine", 0, 1, held, letGo);
    return settlement;
  }
  Napi::Promise promise() const { return deferred_.Promise(); }

  /** Any thread, once. */
  void settle(NativeError error) {
    error_ = std::move(error);
    // The environment may be gone by now: then nobody waits for the promise.
    if (settled_.NonBlockingCall() != napi_closing) settled_.Release();
  }

 private:
  using Held = std::shared_ptr<Settlement>;
  static void onMain(Napi::Env env, Napi::Function, Held* held, void*) {
    if (env != nullptr) (*held)->finish(env);
  }
  static void letGo(Napi::Env, void*, Held* held) { delete held; }
  using Settled = Napi::TypedThreadSafeFunction<Held, void, onMain>;

  Settlement(Napi::Env env, ToValue toValue)
      : deferred_(Napi::Promise::Deferred::New(env)), toValue_(std::move(toValue)) {}

  void finish(Napi::Env env) {
    if (error_) {
      deferred_.Reject(AsyncCall::errorOf(env, error_).Value());
      return;
    }
    deferred_.Resolve(toValue_ ? toValue_(env) : env.Undefined());
  }

  Napi::Promise::Deferred deferred_;
  const ToValue toValue_;
  NativeError error_;  // written before it is settled, read afterwards
  Settled settled_;
};

Napi::Object toObject(Napi::Env env, const LicensedFacts& facts) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("libraryPath", facts.libraryPath);
  object.Set("sdkVersion", facts.sdkVersion);
  object.Set("compatibleModelVersion", facts.compatibleModelVersion);
  object.Set("modelId", facts.modelId);
  object.Set("sampleRate", facts.sampleRate);
  object.Set("blockFrames", static_cast<double>(facts.blockFrames));
  return object;
}

/** Those of one environment, whose end ends their sessions. */
class LicensedSources {
 public:
  void add(const std::shared_ptr<LicensedSource>& source) {
    const auto isGone = [](const std::weak_ptr<LicensedSource>& each) { return each.expired(); };
    sources_.erase(std::remove_if(sources_.begin(), sources_.end(), isGone), sources_.end());
    sources_.push_back(source);
  }

  void end() {
    std::vector<std::shared_ptr<LicensedSource>> ending;
    for (const std::weak_ptr<LicensedSource>& each : sources_) {
      const std::shared_ptr<LicensedSource> source = each.lock();
      if (!source) continue;
      source->worker().post([source] { source->close(); });
      ending.push_back(source);
    }
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (const std::shared_ptr<LicensedSource>& source : ending) {
      const auto left = deadline - std::chrono::steady_clock::now();
      source->worker().waitIdle(std::chrono::duration_cast<std::chrono::milliseconds>(left));
    }
  }

 private:
  std::vector<std::weak_ptr<LicensedSource>> sources_;
};

/** The JavaScript face of `LicensedSource`. What may wait for the library runs on the source's own worker, in order. */
class LicensedEngineObject : public Napi::ObjectWrap<LicensedEngineObject> {
 public:
  explicit LicensedEngineObject(const Napi::CallbackInfo& info)
      : ObjectWrap(info), source_(LicensedSource::create(readOptions(info))) {
    info.This().As<Napi::Object>().TypeTag(&kLicensedTag);
    info.Env().GetInstanceData<LicensedSources>()->add(source_);
  }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "LicensedEngine",
                       {
                           InstanceMethod("load", &LicensedEngineObject::load),
                           InstanceMethod("updateToken", &LicensedEngineObject::updateToken),
                           InstanceMethod("replaceToken", &LicensedEngineObject::replaceToken),
                           InstanceMethod("close", &LicensedEngineObject::close),
                           InstanceMethod("numbers", &LicensedEngineObject::numbers),
                       });
  }

  const std::shared_ptr<LicensedSource>& source() const { return source_; }

 private:
  using Work = std::function<NativeError(LicensedSource&)>;

  Napi::Value run(const Napi::CallbackInfo& info, Work work, Settlement::ToValue toValue = nullptr) {
    const std::shared_ptr<Settlement> settlement = Settlement::begin(info.Env(), std::move(toValue));
    const Napi::Promise promise = settlement->promise();
    source_->worker().post([source = source_, work = std::move(work), settlement] {
      NativeError error;
      try {
        error = work(*source);
      } catch (const std::exception& problem) {  // out of memory or threads
        error = {"internal", problem.what()};
      }
      settlement->settle(std::move(error));
    });
    return promise;
  }

  Napi::Value load(const Napi::CallbackInfo& info) {
    const auto facts = std::make_shared<LicensedFacts>();
    return run(
        info, [facts](LicensedSource& source) { return source.load(facts.get()); },
        [facts](Napi::Env env) -> Napi::Value { return toObject(env, *facts); });
  }

  Napi::Value updateToken(const Napi::CallbackInfo& info) {
    const auto code = std::make_shared<aic::Code>(aic::kSuccess);
    return run(
        info, [code, token = readToken(info)](LicensedSource& source) { return source.updateToken(token, code.get()); },
        [code](Napi::Env env) -> Napi::Value { return Napi::Number::New(env, *code); });
  }

  Napi::Value replaceToken(const Napi::CallbackInfo& info) {
    return run(info, [token = readToken(info)](LicensedSource& source) { return source.replaceToken(token); });
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    return run(info, [](LicensedSource& source) {
      source.close();
      return NativeError{};
    });
  }

  Napi::Value numbers(const Napi::CallbackInfo& info) {
    const LicensedCounts counts = source_->counts();
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("modelLoads", static_cast<double>(counts.modelLoads));
    object.Set("processorCreates", static_cast<double>(counts.processorCreates));
    object.Set("tokenUpdates", static_cast<double>(counts.tokenUpdates));
    return object;
  }

  std::shared_ptr<LicensedSource> source_;
};

Napi::Value inspectLicensedLibrary(const Napi::CallbackInfo& info) {
  const Napi::Value path = info[0];
  const std::string given = path.IsUndefined() || path.IsNull() ? "" : requireString(path, "libraryPath");
  const auto facts = std::make_shared<LicensedFacts>();
  return AsyncCall::begin(
      info.Env(),
      [given, facts]() -> NativeError {
        NativeError error;
        const AicLibrary* const library = AicLibrary::open(given, &error);
        if (library == nullptr) return error;
        facts->libraryPath = library->path();
        facts->sdkVersion = library->sdkVersion();
        facts->compatibleModelVersion = library->compatibleModelVersion();
        return {};
      },
      [facts](Napi::Env env) -> Napi::Value {
        Napi::Object object = Napi::Object::New(env);
        object.Set("libraryPath", facts->libraryPath);
        object.Set("sdkVersion", facts->sdkVersion);
        object.Set("compatibleModelVersion", facts->compatibleModelVersion);
        return object;
      });
}

std::shared_ptr<LicensedSource> readLicensed(const Napi::Object& choice) {
  const Napi::Value value = choice.Get("licensed");
  const bool isOne = value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&kLicensedTag);
  if (!isOne) throw makeArgumentError(choice.Env(), "licensed must be a LicensedEngine");
  return LicensedEngineObject::Unwrap(value.As<Napi::Object>())->source();
}
}  // namespace

EngineChoice readEngineChoice(const Napi::Value& value) {
  if (!value.IsObject()) throw makeArgumentError(value.Env(), "an object with engine is needed");
  const Napi::Object object = value.As<Napi::Object>();
  EngineChoice choice;
  choice.engine = requireString(object, "engine");
  if (choice.isLicensed()) choice.licensed = readLicensed(object);
  const Napi::Value fallback = object.Get("fallback");
  if (!fallback.IsUndefined() && !fallback.IsNull()) choice.fallback = requireString(fallback, "fallback");
  return choice;
}

Napi::Object initLicensedEngine(Napi::Env env, Napi::Object exports) {
  auto* const sources = new LicensedSources();
  env.SetInstanceData(sources);
  // Registered before the hooks of loops and files, and so called after them: by then they have given back what they
  // used.
  napi_add_env_cleanup_hook(
      env, [](void* data) { static_cast<LicensedSources*>(data)->end(); }, sources);
  exports.Set("LicensedEngine", LicensedEngineObject::define(env));
  exports.Set("inspectLicensedLibrary", Napi::Function::New(env, inspectLicensedLibrary));
  return exports;
}

}  // namespace limpid
