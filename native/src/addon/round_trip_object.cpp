#include "addon/round_trip_object.h"

#include <memory>

#include "addon/arguments.h"
#include "addon/device_values.h"
#include "addon/thread_call.h"
#include "roundtrip/round_trip.h"

namespace limpid {

namespace {

RoundTripOptions readOptions(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw makeArgumentError(info.Env(), "options must be an object");
  const Napi::Object object = info[0].As<Napi::Object>();
  return {readDevice(object.Get("input"), "input"), readDevice(object.Get("output"), "output"),
          requireNumber(object, "seconds", 5, 60), requireNumber(object, "levelDb", -40, -6)};
}

Napi::Object toObject(Napi::Env env, const RoundTripResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("chirpsPlayed", static_cast<double>(result.chirpsPlayed));
  object.Set("chirpsHeard", static_cast<double>(result.chirpsHeard));
  object.Set("roundTripMs", optionalOf(env, result.roundTripMs));
  object.Set("jitterMs", optionalOf(env, result.jitterMs));
  object.Set("gaps", static_cast<double>(result.gaps));
  object.Set("gapSeconds", result.gapSeconds);
  object.Set("signalDb", optionalOf(env, result.signalDb));
  object.Set("noiseDb", optionalOf(env, result.noiseDb));
  object.Set("underruns", static_cast<double>(result.underruns));
  object.Set("overruns", static_cast<double>(result.overruns));
  object.Set("inputRate", result.inputRate);
  object.Set("outputRate", result.outputRate);
  return object;
}

/** What the thread that listens shares with the JavaScript side. */
struct Job {
  explicit Job(RoundTripOptions options) : roundTrip(std::move(options)) {}
  RoundTrip roundTrip;
  RoundTripResult result;
};

/** The JavaScript side of one `RoundTrip`. */
class RoundTripObject : public Napi::ObjectWrap<RoundTripObject> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "RoundTrip",
        {InstanceMethod<&RoundTripObject::run>("run"), InstanceMethod<&RoundTripObject::progress>("progress"),
         InstanceMethod<&RoundTripObject::cancel>("cancel")});
  }

  explicit RoundTripObject(const Napi::CallbackInfo& info)
      : ObjectWrap(info), job_(std::make_shared<Job>(readOptions(info))) {}

 private:
  Napi::Value run(const Napi::CallbackInfo& info) {
    if (hasRun_) throw makeError(info.Env(), "argument", "A RoundTrip runs once.", "run was called before");
    hasRun_ = true;
    return callOnThread(
        info.Env(), [job = job_] { return job->roundTrip.run(&job->result); },
        [job = job_] { job->roundTrip.cancel(); }, [job = job_](Napi::Env env) { return toObject(env, job->result); });
  }
  Napi::Value progress(const Napi::CallbackInfo& info) {
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("secondsDone", job_->roundTrip.secondsDone());
    object.Set("secondsTotal", job_->roundTrip.secondsTotal());
    return object;
  }
  void cancel(const Napi::CallbackInfo&) { job_->roundTrip.cancel(); }

  const std::shared_ptr<Job> job_;
  bool hasRun_ = false;
};
}  // namespace

Napi::Object initRoundTrip(Napi::Env env, Napi::Object exports) {
  exports.Set("RoundTrip", RoundTripObject::define(env));
  return exports;
}

}  // namespace limpid
