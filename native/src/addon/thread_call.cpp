#include "addon/thread_call.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace limpid {

namespace {

constexpr std::chrono::seconds kPatience{2};

class ThreadCall;

/** Settles the promise, on the JavaScript thread, when the work is done. */
void settle(Napi::Env env, Napi::Function unused, ThreadCall* call, void* alsoUnused);
using Settled = Napi::TypedThreadSafeFunction<ThreadCall, void, settle>;

/** Belongs to the thread that works and to the call that waits for it, either of which may end first. */
class Job {
 public:
  explicit Job(AsyncCall::Work work) : work_(std::move(work)) {}

  void run(const Settled& settled) {
    try {
      error = work_();
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

  NativeError error;  // written by `run`, read after it has settled

 private:
  const AsyncCall::Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool isDone_ = false;  // guarded by mutex_
};

/** Lives until Node lets go of the thread-safe function. */
class ThreadCall {
 public:
  ThreadCall(Napi::Env env, AsyncCall::Work work, std::function<void()> cancel, AsyncCall::ToValue toValue)
      : env_(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        job_(std::make_shared<Job>(std::move(work))),
        cancel_(std::move(cancel)),
        toValue_(std::move(toValue)) {}

  Napi::Promise start() {
    const Settled settled =
        Settled::New(env_, "ThreadCall", 0, 1, this, [](Napi::Env, void*, ThreadCall* call) { delete call; });
    napi_add_env_cleanup_hook(env_, stopAtExit, this);
    thread_ = std::thread([job = job_, settled] { job->run(settled); });
    return deferred_.Promise();
  }

  void finish(Napi::Env env) {
    napi_remove_env_cleanup_hook(env, stopAtExit, this);
    thread_.join();
    if (job_->error) return deferred_.Reject(AsyncCall::errorOf(env, job_->error).Value());
    deferred_.Resolve(toValue_(env));
  }

 private:
  static void stopAtExit(void* self) {
    auto* const call = static_cast<ThreadCall*>(self);
    call->cancel_();
    if (call->job_->waitDone(kPatience)) {
      call->thread_.join();
    } else {
      call->thread_.detach();
    }
  }

  const Napi::Env env_;
  const Napi::Promise::Deferred deferred_;
  const std::shared_ptr<Job> job_;
  const std::function<void()> cancel_;
  const AsyncCall::ToValue toValue_;
  std::thread thread_;
};

void settle(Napi::Env env, Napi::Function, ThreadCall* call, void*) {
  if (env != nullptr) call->finish(env);
}

}  // namespace

Napi::Promise callOnThread(Napi::Env env, AsyncCall::Work work, std::function<void()> cancel,
                           AsyncCall::ToValue toValue) {
  return (new ThreadCall(env, std::move(work), std::move(cancel), std::move(toValue)))->start();
}

}  // namespace limpid
