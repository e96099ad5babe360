#include "addon/file_enhancement.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "addon/arguments.h"
#include "addon/errors.h"
#include "addon/licensed_engine.h"
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
  object.Set("inputTruncated", result.inputTruncated);
  return object;
}

// How long the end of the environment waits for work that was cancelled: a licensed library may take its time.
constexpr std::chrono::seconds kPatience{2};

class FileEnhancement;

/** Settles the promise, on the JavaScript thread, when the work is done. */
void settle(Napi::Env env, Napi::Function unused, FileEnhancement* enhancement, void* alsoUnused);
using Settled = Napi::TypedThreadSafeFunction<FileEnhancement, void, settle>;

/** Belongs to the thread that works and to the object that waits for it, either of which may end first. */
class Job {
 public:
  explicit Job(FileEnhancerOptions options) : enhancer(std::move(options)) {}

  void work(const Settled& settled) {
    try {
      enhancer.run(&result, &error);
    } catch (const std::exception& problem) {  // out of memory or threads
      error = {"internal", problem.what()};
    }
    // The environment may be gone by now: then nobody waits for the promise.
    if (settled.NonBlockingCall() != napi_closing) settled.Release();
    const std::lock_guard<std::mutex> lock(mutex_);
    isDone_ = true;
    changed_.notify_all();
  }

  /** False: it takes longer than that. */
  bool waitDone(std::chrono::seconds most) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, most, [this] { return isDone_; });
  }

  FileEnhancer enhancer;
  FileEnhancerResult result;  // written by `work`, read after it has settled
  NativeError error;          // written by `work`, read after it has settled

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool isDone_ = false;  // guarded by mutex_
};

/**
 * The JavaScript side of one `FileEnhancer`. While it runs on its own thread the object is kept from collection;
 * when the environment ends first, the clean-up hook cancels, and waits for a moment.
 */
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
  ~FileEnhancement() override { stop(); }

 private:
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value progress(const Napi::CallbackInfo& info);
  void cancel(const Napi::CallbackInfo&) { job_->enhancer.cancel(); }

  void finish(Napi::Env env);
  void stop();
  static void stopAtExit(void* self) { static_cast<FileEnhancement*>(self)->stop(); }
  friend void settle(Napi::Env, Napi::Function, FileEnhancement*, void*);

  const std::shared_ptr<Job> job_;
  std::optional<Napi::Promise::Deferred> deferred_;  // set by the first `run`
  std::thread thread_;
};

Napi::Value FileEnhancement::run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (deferred_) throw makeError(env, "argument", "A FileEnhancement runs once.", "run was called before");
  deferred_.emplace(Napi::Promise::Deferred::New(env));
  const Settled settled = Settled::New(env, "FileEnhancement", 0, 1, this);
  napi_add_env_cleanup_hook(env, stopAtExit, this);
  Ref();
  thread_ = std::thread([job = job_, settled] { job->work(settled); });
  return deferred_->Promise();
}

void FileEnhancement::finish(Napi::Env env) {
  stop();
  napi_remove_env_cleanup_hook(env, stopAtExit, this);
  if (job_->error) {
    deferred_->Reject(makeError(env, job_->error.code, "The file was not enhanced.", job_->error.detail).Value());
  } else {
    deferred_->Resolve(toObject(env, job_->result));
  }
  Unref();
}

void settle(Napi::Env env, Napi::Function, FileEnhancement* enhancement, void*) {
  if (env != nullptr) enhancement->finish(env);
}

void FileEnhancement::stop() {
  if (!thread_.joinable()) return;
  job_->enhancer.cancel();
  if (job_->waitDone(kPatience)) {
    thread_.join();
  } else {
    thread_.detach();
  }
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
