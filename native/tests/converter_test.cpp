#include "core/converter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "signals.h"

using limpid::Converter;
using namespace limpid::test;

namespace {
/** Converts in uneven pieces, as devices deliver them. */
std::vector<float> convert(Converter& converter, const std::vector<float>& input, double ratio) {
  std::vector<float> output(static_cast<std::size_t>(static_cast<double>(input.size()) * ratio) + 64);
  std::size_t done = 0;
  std::size_t made = 0;
  for (std::size_t piece = 1; done < input.size(); piece = piece % 479 + 37) {
    const std::size_t now = std::min(piece, input.size() - done);
    made += converter.process(input.data() + done, now, output.data() + made, output.size() - made);
    done += now;
  }
  output.resize(made);
  return output;
}

double levelDb(const std::vector<float>& samples, std::size_t from) {
  return 10 * std::log10(energyOf(samples.data() + from, samples.size() - from) /
                             static_cast<double>(samples.size() - from) +
                         1e-30);
}
}  // namespace

TEST_CASE("equal rates without trim pass every bit") {
  Converter converter(48000, 48000, 512);
  const std::vector<float> input = noise(1, 0.7, 20000);
  const std::vector<float> output = convert(converter, input, 1);
  REQUIRE(output.size() == input.size() - converter.lookaheadFrames());
  CHECK(std::equal(output.begin(), output.end(), input.begin()));
}

TEST_CASE("a trim keeps a sine clean and changes its pitch by as much") {
  Converter converter(48000, 48000, 512);
  converter.trim(200);
  const std::vector<float> output = convert(converter, sine(48000, 1000, 0.5, 96000), 1);
  CHECK(residualDb(output.data() + 1000, 90000, 48000, 1000 * 1.0002) < -85);
}

TEST_CASE("every pair of rates keeps the pass-band and stops what the lower rate cannot carry") {
  const double pairs[][2] = {{44100, 48000}, {48000, 44100}, {16000, 48000}, {48000, 16000},
                             {8000, 192000}, {192000, 8000}, {96000, 44100}, {22050, 48000}};
  for (const auto& pair : pairs) {
    CAPTURE(pair[0]);
    CAPTURE(pair[1]);
    const double lower = std::min(pair[0], pair[1]);
    const std::size_t frames = static_cast<std::size_t>(pair[0]);
    for (const double share : {0.01, 0.1, 0.25, 0.4, 0.44}) {
      Converter converter(pair[0], pair[1], 512);
      const double hertz = share * lower;
      const std::vector<float> output = convert(converter, sine(pair[0], hertz, 0.5, frames), pair[1] / pair[0]);
      const std::size_t edge = output.size() / 8;
      CAPTURE(hertz);
      CHECK(residualDb(output.data() + edge, output.size() - 2 * edge, pair[1], hertz) < -90);
      CHECK(levelDb(output, edge) == doctest::Approx(10 * std::log10(0.125)).epsilon(0.01));
    }
    if (pair[0] <= pair[1]) continue;
    for (const double share : {0.501, 0.6, 0.9}) {
      if (share * lower >= pair[0] / 2) continue;
      Converter converter(pair[0], pair[1], 512);
      const std::vector<float> output =
          convert(converter, sine(pair[0], share * lower, 0.5, frames), pair[1] / pair[0]);
      CAPTURE(share);
      CHECK(levelDb(output, output.size() / 8) < 10 * std::log10(0.125) - 90);
    }
  }
}

TEST_CASE("outputs are centred: no delay but for what has not arrived yet") {
  Converter converter(16000, 48000, 512);
  const std::vector<float> input = sine(16000, 400, 0.5, 16000);
  const std::vector<float> output = convert(converter, input, 3);
  const std::vector<float> ideal = sine(48000, 400, 0.5, output.size());
  CHECK(differenceDb(output.data() + 4000, ideal.data() + 4000, output.size() - 8000) < -85);
}

TEST_CASE("inputNeeded is enough, and never more than one sample too much") {
  Converter converter(44100, 48000, 512);
  converter.trim(137);
  std::vector<float> input(600, 0.1f);
  std::vector<float> output(256);
  std::size_t spare = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::size_t need = converter.inputNeeded(256);
    CHECK(converter.process(input.data(), need, output.data(), 256) == 256);
    spare = std::max(spare, need);
  }
  CHECK(spare <= 256 * 44100 / 48000 + 3 + 2 * converter.lookaheadFrames());
}
