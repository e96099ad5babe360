#pragma once

#include <napi.h>

#include <functional>
#include <string>
#include <utility>

#include "addon/errors.h"
#include "core/native_error.h"

namespace limpid {

/** Runs something that blocks on a libuv thread; its promise resolves with what `toValue` makes, or rejects with a
 * `NativeError`. */
class AsyncCall : public Napi::AsyncWorker {
 public:
  using Work = std::function<NativeError()>;
  using ToValue = std::function<Napi::Value(Napi::Env)>;

  static Napi::Promise begin(Napi::Env env, Work work, ToValue toValue = nullptr) {
    auto* const call = new AsyncCall(env, std::move(work), std::move(toValue));
    const Napi::Promise promise = call->deferred_.Promise();
    call->Queue();
    return promise;
  }

  static Napi::Error errorOf(Napi::Env env, const NativeError& error) {
    return makeError(env, error.code, messageOf(error), error.detail);
  }

 private:
  AsyncCall(Napi::Env env, Work work, ToValue toValue)
      : AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        toValue_(std::move(toValue)) {}

  void Execute() override { error_ = work_(); }

  void OnOK() override {
    const Napi::HandleScope scope(Env());
    if (error_) {
      deferred_.Reject(errorOf(Env(), error_).Value());
      return;
    }
    deferred_.Resolve(toValue_ ? toValue_(Env()) : Env().Undefined());
  }

  void OnError(const Napi::Error& error) override {
    deferred_.Reject(
        makeError(Env(), "internal", "The native core failed: " + error.Message(), error.Message()).Value());
  }

  static std::string messageOf(const NativeError& error) {
    return error.detail.empty() ? "The native core reports " + error.code + "."
                                : "The native core reports " + error.code + ": " + error.detail;
  }

  Napi::Promise::Deferred deferred_;
  Work work_;
  ToValue toValue_;
  NativeError error_;
};

}  // namespace limpid
