#include "addon/file_enhancement.h"

#include <memory>
#include <string>
#include <utility>

#include "addon/arguments.h"
#include "addon/errors.h"
#include "addon/licensed_engine.h"
#include "addon/thread_call.h"
#include "core/engine.h"
#include "files/file_enhancer.h"

namespace limpid {

namespace {

FileEnhancerOptions readOptions(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw makeArgumentError(info.Env(), "options must be an object");
  const Napi::Object options = info[0].As<Napi::Object>();
  const EngineChoice choice = readEngineChoice(options);
  const NativeError refused = checkChoice(choice);
  if (refused) throw makeError(info.Env(), refused.code, "There is no engine of this name.", refused.detail);
  return {requireString(options, "inputPath"), requireString(options, "outputPath"),
          static_cast<float>(requireNumber(options, "level", 0, 1)),
          [choice](NativeError* error) { return makeEngine(choice, error); }};
}

Napi::Object toObject(Napi::Env env, const FileEnhancerResult& result) {
  const auto set = [](Napi::Object& object, const char* name, double value) { object.Set(name, value); };
  const double frames = static_cast<double>(result.frames);
  Napi::Object object = Napi::Object::New(env);
  set(object, "sampleRate", result.sampleRate);
  set(object, "channels", result.channels);
  set(object, "frames", frames);
  set(object, "seconds", frames / result.sampleRate);
  set(object, "wallSeconds", result.wallSeconds);
  set(object, "delayMs", result.delayMs);
  set(object, "inputDb", result.inputDb);
  set(object, "outputDb", result.outputDb);
  set(object, "nonFiniteSamples", static_cast<double>(result.nonFiniteSamples));
  set(object, "replacedBlocks", static_cast<double>(result.replacedBlocks));
  set(object, "blocksDisallowed", static_cast<double>(result.blocksDisallowed));
  object.Set("noiseReductionDb", optionalOf(env, result.noiseReductionDb));
  object.Set("inputTruncated", result.inputTruncated);
  return object;
}

/** What the thread that works shares with the JavaScript side. */
struct Job {
  explicit Job(FileEnhancerOptions options) : enhancer(std::move(options)) {}
  FileEnhancer enhancer;
  FileEnhancerResult result;
};

/** The JavaScript side of one `FileEnhancer`. */
class FileEnhancement : public Napi::ObjectWrap<FileEnhancement> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "FileEnhancement",
        {InstanceMethod<&FileEnhancement::run>("run"), InstanceMethod<&FileEnhancement::progress>("progress"),
         InstanceMethod<&FileEnhancement::cancel>("cancel")});
  }

  explicit FileEnhancement(const Napi::CallbackInfo& info)
      : ObjectWrap(info), job_(std::make_shared<Job>(readOptions(info))) {}

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value progress(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo&) { job_->enhancer.cancel(); }

  const std::shared_ptr<Job> job_;
  bool hasRun_ = false;
};

Napi::Value FileEnhancement::run(const Napi::CallbackInfo& info) {
  if (hasRun_) throw makeError(info.Env(), "argument", "A FileEnhancement runs once.", "run was called before");
  hasRun_ = true;
  const auto work = [job = job_]() -> NativeError {
    NativeError error;
    job->enhancer.run(&job->result, &error);
    return error;
  };
  return callOnThread(
      info.Env(), work, [job = job_] { job->enhancer.cancel(); },
      [job = job_](Napi::Env env) { return toObject(env, job->result); });
}

Napi::Value FileEnhancement::progress(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("framesDone", static_cast<double>(job_->enhancer.framesDone()));
  object.Set("framesTotal", static_cast<double>(job_->enhancer.framesTotal()));
  return object;
}

}  // namespace

Napi::Object initFileEnhancement(Napi::Env env, Napi::Object exports) {
  exports.Set("FileEnhancement", FileEnhancement::define(env));
  return exports;
}

}  // namespace limpid
