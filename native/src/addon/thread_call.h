#pragma once

#include <napi.h>

#include <functional>

#include "addon/async_call.h"
#include "core/native_error.h"

namespace limpid {

/**
 * Runs something long on a thread of its own, so that Node's few threads stay free; its promise resolves with what
 * `toValue` makes, or rejects with a `NativeError`. `work` and `cancel` own what they touch. When the environment ends
 * first, `cancel` is called and the work is waited for, 2 s at most: a licensed library or a driver may take its time.
 */
Napi::Promise callOnThread(Napi::Env env, AsyncCall::Work work, std::function<void()> cancel,
                           AsyncCall::ToValue toValue);

}  // namespace limpid
