#include "addon/player_object.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "addon/arguments.h"
#include "addon/async_call.h"
#include "addon/device_values.h"
#include "player/player.h"

namespace limpid {

namespace {
constexpr double kMostSeconds = 1e9;

const char* nameOf(PlayerState state) {
  switch (state) {
    case PlayerState::idle:
      return "idle";
    case PlayerState::paused:
      return "paused";
    case PlayerState::playing:
      return "playing";
    case PlayerState::ended:
      return "ended";
    case PlayerState::failed:
      return "failed";
  }
  return "failed";
}

std::vector<std::string> readPaths(const Napi::Value& value) {
  const bool isFit = value.IsArray() && value.As<Napi::Array>().Length() >= 1 &&
                     value.As<Napi::Array>().Length() <= PlayerMix::kMostVersions;
  if (!isFit) throw makeArgumentError(value.Env(), "paths must be a list of 1 to 4");
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<std::string> paths;
  for (std::uint32_t i = 0; i < array.Length(); ++i) paths.push_back(requireString(array.Get(i), "path"));
  return paths;
}

/** The JavaScript face of `Player`. Work in progress keeps the player alive; the environment's end closes it. */
class PlayerObject : public Napi::ObjectWrap<PlayerObject> {
 public:
  explicit PlayerObject(const Napi::CallbackInfo& info) : ObjectWrap(info), player_(std::make_shared<Player>()) {
    napi_add_env_cleanup_hook(info.Env(), closePlayer, player_.get());
  }

  ~PlayerObject() override { napi_remove_env_cleanup_hook(Env(), closePlayer, player_.get()); }

  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Player",
                       {
                           InstanceMethod("open", &PlayerObject::open),
                           InstanceMethod("play", &PlayerObject::play),
                           InstanceMethod("pause", &PlayerObject::pause),
                           InstanceMethod("seek", &PlayerObject::seek),
                           InstanceMethod("hear", &PlayerObject::hear),
                           InstanceMethod("numbers", &PlayerObject::numbers),
                           InstanceMethod("close", &PlayerObject::close),
                       });
  }

 private:
  static void closePlayer(void* player) { static_cast<Player*>(player)->close(); }

  Napi::Value open(const Napi::CallbackInfo& info) {
    const auto sound = std::make_shared<PlayerSound>();
    return AsyncCall::begin(
        info.Env(), [player = player_, paths = readPaths(info[0]), sound] { return player->open(paths, sound.get()); },
        [sound](Napi::Env env) {
          Napi::Object object = Napi::Object::New(env);
          object.Set("seconds", sound->seconds);
          object.Set("sampleRate", sound->sampleRate);
          object.Set("channels", static_cast<double>(sound->channels));
          return object;
        });
  }
  Napi::Value play(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(
        info.Env(), [player = player_, output = readDevice(info[0], "output")] { return player->play(output); });
  }
  Napi::Value pause(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(info.Env(), [player = player_] {
      player->pause();
      return NativeError{};
    });
  }
  void seek(const Napi::CallbackInfo& info) { player_->seek(requireNumber(info[0], "seconds", 0, kMostSeconds)); }
  void hear(const Napi::CallbackInfo& info) {
    const double version = requireNumber(info[0], "version", 0, PlayerMix::kMostVersions - 1);
    if (std::floor(version) == version && player_->hear(static_cast<int>(version))) return;
    throw makeArgumentError(info.Env(), "there is no such version");
  }
  Napi::Value numbers(const Napi::CallbackInfo& info) {
    const PlayerNumbers numbers = player_->numbers();
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("state", nameOf(numbers.state));
    object.Set("positionSeconds", numbers.positionSeconds);
    object.Set("version", numbers.version);
    object.Set("underruns", static_cast<double>(numbers.underruns));
    object.Set("error", errorOf(info.Env(), numbers.error));
    return object;
  }
  Napi::Value close(const Napi::CallbackInfo& info) {
    return AsyncCall::begin(info.Env(), [player = player_] {
      player->close();
      return NativeError{};
    });
  }

  std::shared_ptr<Player> player_;
};
}  // namespace

Napi::Object initPlayer(Napi::Env env, Napi::Object exports) {
  exports.Set("Player", PlayerObject::define(env));
  return exports;
}

}  // namespace limpid
