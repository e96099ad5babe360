#include "core/analyser.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "files/wav_reader.h"
#include "signals.h"

using limpid::Analyser;
using limpid::Spectrum;
using namespace limpid::test;

namespace {
constexpr double kRate = 48000;

void feed(Analyser& analyser, const std::vector<float>& input, const std::vector<float>& output) {
  std::vector<float> pairs(2 * input.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    pairs[2 * i] = input[i];
    pairs[2 * i + 1] = output[i];
  }
  analyser.add(pairs.data(), input.size());
}

/** Milliseconds of `output` until the analyser calls it a howl; −1: never. */
int howlAfterMs(const std::vector<float>& output) {
  Analyser analyser(kRate);
  constexpr std::size_t kStep = 480;
  for (std::size_t at = 0; at + kStep <= output.size(); at += kStep) {
    const std::vector<float> piece(output.begin() + static_cast<std::ptrdiff_t>(at),
                                   output.begin() + static_cast<std::ptrdiff_t>(at + kStep));
    feed(analyser, piece, piece);
    if (analyser.howling()) return static_cast<int>((at + kStep) * 1000 / kRate);
  }
  return -1;
}
}  // namespace

TEST_CASE("levels are those of the last 50 ms") {
  Analyser analyser(kRate);
  feed(analyser, sine(kRate, 1000, 0.5, 48000), sine(kRate, 1000, 0.05, 48000));
  CHECK(analyser.input().peakDb == doctest::Approx(-6.02).epsilon(0.01));
  CHECK(analyser.input().rmsDb == doctest::Approx(-9.03).epsilon(0.01));
  CHECK(analyser.output().rmsDb == doctest::Approx(-29.03).epsilon(0.01));
}

TEST_CASE("noise reduction is that of the quiet blocks, and unknown for three seconds") {
  Analyser analyser(kRate);
  CHECK_FALSE(analyser.noiseReductionDb());
  std::vector<float> input = noise(1, 0.01, 4 * 48000);
  std::vector<float> output = noise(1, 0.001, 4 * 48000);
  const std::vector<float> voice = sine(kRate, 300, 0.5, 4 * 48000);
  for (std::size_t i = 0; i < input.size(); ++i) {
    const bool speaking = (i / 4800) % 2 == 0;
    if (!speaking) continue;
    input[i] += voice[i];
    output[i] += voice[i];
  }
  feed(analyser, input, output);
  REQUIRE(analyser.noiseReductionDb());
  CHECK(*analyser.noiseReductionDb() == doctest::Approx(20).epsilon(0.05));
}

TEST_CASE("a sine shows in its band with its level") {
  Analyser analyser(kRate);
  feed(analyser, sine(kRate, 1000, 1.0, 4800), sine(kRate, 5000, 0.1, 4800));
  const auto [input, output] = analyser.spectra();
  const auto bandOf = [](double hertz) { return static_cast<std::size_t>(128 * std::log(hertz / 50) / std::log(400)); };
  const auto strongest = [](const auto& bands) {
    return static_cast<std::size_t>(std::max_element(bands.begin(), bands.end()) - bands.begin());
  };
  CHECK(std::abs(static_cast<int>(strongest(input)) - static_cast<int>(bandOf(1000))) <= 1);
  CHECK(std::abs(static_cast<int>(strongest(output)) - static_cast<int>(bandOf(5000))) <= 1);
  CHECK(*std::max_element(input.begin(), input.end()) > -3);
  CHECK(*std::max_element(output.begin(), output.end()) == doctest::Approx(-20).epsilon(0.15));
}

TEST_CASE("a growing tone is a howl within 300 ms of being loud") {
  std::vector<float> howl(48000 * 2);
  double loudAt = -1;
  for (std::size_t i = 0; i < howl.size(); ++i) {
    const double seconds = static_cast<double>(i) / kRate;
    const double amplitude = std::min(1.0, 0.001 * std::pow(10, 2 * seconds / 0.5));  // 40 dB in 0.5 s
    if (loudAt < 0 && amplitude > 0.22) loudAt = seconds * 1000;
    howl[i] = static_cast<float>(amplitude * std::sin(2 * kPi * 1800 * seconds));
  }
  const int found = howlAfterMs(howl);
  CHECK(found > 0);
  CHECK(found - loudAt < 300);
}

TEST_CASE("a roar without a tone is a howl as well") {
  std::vector<float> roar = noise(2, 0.01, 48000);
  const std::vector<float> loud = noise(3, 1.2, 48000);
  roar.insert(roar.end(), loud.begin(), loud.end());
  const int found = howlAfterMs(roar);
  CHECK(found > 1000);
  CHECK(found < 1300);
}

TEST_CASE("a tone that is switched on is no howl, however long") {
  std::vector<float> tone(48000, 0.0f);
  const std::vector<float> on = sine(kRate, 1000, 0.5, 3 * 48000);
  tone.insert(tone.end(), on.begin(), on.end());
  CHECK(howlAfterMs(tone) == -1);
}

TEST_CASE("a recorded voice at full scale, alone and over a fan, is no howl") {
  const std::vector<std::string> names = {"Front_Center", "Front_Left", "Front_Right", "Rear_Center",
                                          "Rear_Left",    "Rear_Right", "Side_Left",   "Side_Right"};
  int heard = 0;
  for (const std::string& name : names) {
    limpid::NativeError error;
    const auto reader = limpid::WavReader::open("/usr/share/sounds/alsa/" + name + ".wav", &error);
    if (!reader) continue;
    ++heard;
    std::vector<float> voice(reader->frames());
    reader->read(voice.data(), voice.size(), &error);
    float peak = 0;
    for (const float sample : voice) peak = std::max(peak, std::abs(sample));
    for (const float gain : {0.3f, 1.0f, 2.0f}) {  // the last one clips
      for (const double fan : {0.0, 0.05}) {
        std::vector<float> loud = noise(9, fan, voice.size());
        for (std::size_t i = 0; i < voice.size(); ++i) {
          loud[i] = std::clamp(loud[i] + voice[i] * gain / peak, -1.0f, 1.0f);
        }
        CAPTURE(name);
        CAPTURE(gain);
        CHECK(howlAfterMs(loud) == -1);
      }
    }
  }
  WARN_MESSAGE(heard == 8, "the voices of alsa-utils are not installed: this test heard only " << heard);
}

TEST_CASE("digital silence has no noise to reduce") {
  Analyser analyser(kRate);
  feed(analyser, std::vector<float>(4 * 48000, 0.0f), noise(4, 0.001, 4 * 48000));
  CHECK_FALSE(analyser.noiseReductionDb());
}

TEST_CASE("a voice, a loud voice, a test tone and music are no howl") {
  CHECK(howlAfterMs(sine(kRate, 1000, 0.3, 3 * 48000)) == -1);
  std::vector<float> voice(6 * 48000);
  double phase = 0;
  for (std::size_t i = 0; i < voice.size(); ++i) {
    const double seconds = static_cast<double>(i) / kRate;
    phase += 2 * kPi * (150 + 40 * std::sin(2 * kPi * 1.1 * seconds)) / kRate;
    const double syllable = std::pow(std::sin(kPi * 3 * seconds), 2);
    double sum = 0;
    for (int harmonic = 1; harmonic <= 25; ++harmonic) sum += std::sin(harmonic * phase) / std::sqrt(harmonic);
    voice[i] = static_cast<float>(0.22 * syllable * sum);
  }
  CHECK(howlAfterMs(voice) == -1);
}
