#include "player/player_mix.h"

#include <doctest/doctest.h>

#include <vector>

#include "allocations.h"
#include "signals.h"

using limpid::PlayerMix;
using namespace limpid::test;

namespace {
constexpr double kRate = 48000;
constexpr std::size_t kFadeFrames = 480;

/** Plays in uneven blocks. */
std::vector<float> playFrom(PlayerMix& mix, std::size_t frames) {
  std::vector<float> output(frames);
  for (std::size_t done = 0, block = 100; done < frames; block = block * 7 % 1300 + 1) {
    const std::size_t now = std::min(block, frames - done);
    mix.playback(output.data() + done, now, {1});
    done += now;
  }
  return output;
}

/** Frames of a mono mix, each version a constant. */
void write(PlayerMix& mix, std::size_t frames, std::vector<float> versions) {
  for (std::size_t i = 0; i < frames; ++i) mix.write(versions.data(), 1);
}
}  // namespace

TEST_CASE("player mix: fades in, changes versions at once without a gap, and fades out for good") {
  PlayerMix mix(2, 1, kRate, 0);
  write(mix, 20000, {0.5f, 0.25f});
  const std::vector<float> first = playFrom(mix, 5000);
  CHECK(first.front() < 0.01f);
  CHECK(std::vector<float>(first.begin() + kFadeFrames, first.end()) == std::vector<float>(5000 - kFadeFrames, 0.5f));

  mix.hear(1);
  const std::vector<float> second = playFrom(mix, 5000);
  CHECK(second[0] < 0.5f);
  for (std::size_t i = 0; i < kFadeFrames; ++i) CHECK((second[i] >= 0.25f - 1e-6f && second[i] <= 0.5f));
  CHECK(second[kFadeFrames + 1] == doctest::Approx(0.25f));
  CHECK(largestStep(second.data(), second.size()) < 0.001);
  CHECK(mix.framesConsumed() == 10000);

  CHECK_FALSE(mix.isSilent());
  mix.silence();
  const std::vector<float> third = playFrom(mix, 1000);
  CHECK(largestStep(third.data(), third.size()) < 0.001);
  CHECK(third.back() == 0);
  CHECK(mix.isSilent());
  const std::uint64_t head = mix.framesConsumed();
  CHECK(head <= 10000 + kFadeFrames + 1);
  playFrom(mix, 1000);
  CHECK(mix.framesConsumed() == head);
  CHECK(mix.underruns() == 0);
}

TEST_CASE("player mix: a cut lets go of what was written, behind a fade, also when the ring is full") {
  PlayerMix mix(1, 1, kRate, 0);
  const std::size_t room = mix.space();
  write(mix, room, {0.5f});
  CHECK(mix.space() == 0);
  playFrom(mix, 2000);
  CHECK(mix.cut() == room);
  std::vector<float> output = playFrom(mix, 1500);
  CHECK(largestStep(output.data(), output.size()) < 0.0015);
  CHECK(output.back() == 0);
  CHECK(mix.space() == room);
  write(mix, 5000, {-0.25f});
  output = playFrom(mix, 1500);
  CHECK(largestStep(output.data(), output.size()) < 0.0015);
  CHECK(output.back() == -0.25f);
  mix.endHere();
  output = playFrom(mix, 5000);
  CHECK(output.back() == 0);
  CHECK(mix.framesConsumed() == room + 5000);
  CHECK(mix.underruns() == 0);  // neither the cut nor the end is a gap
  // After the end it goes on from another place.
  CHECK(mix.cut() == room + 5000);
  write(mix, 4000, {0.75f});
  CHECK(playFrom(mix, 2000).back() == doctest::Approx(0.75f));
}

TEST_CASE("player mix: what is missing is silence, counted once, and it begins again when there is enough") {
  PlayerMix mix(1, 1, kRate, 0);
  CHECK(playFrom(mix, 500).back() == 0);
  CHECK(mix.underruns() == 0);  // nothing has begun yet
  write(mix, 3000, {0.5f});
  playFrom(mix, 4000);
  CHECK(mix.underruns() == 1);
  write(mix, 100, {0.5f});
  CHECK(playFrom(mix, 1000).back() == 0);
  write(mix, 3000, {0.5f});
  CHECK(playFrom(mix, 1000).back() == 0.5f);
  CHECK(mix.underruns() == 1);
}

TEST_CASE("player mix: two channels keep their places in every version") {
  PlayerMix mix(3, 2, kRate, 2);
  const float frame[] = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f};
  for (int i = 0; i < 5000; ++i) mix.write(frame, 1);
  std::vector<float> output(2 * 2000);
  mix.playback(output.data(), 2000, {1});
  CHECK(output[2 * 1999] == 0.5f);
  CHECK(output[2 * 1999 + 1] == 0.6f);
  mix.hear(0);
  mix.playback(output.data(), 2000, {1});
  CHECK(output[2 * 1999] == doctest::Approx(0.1f));
  CHECK(output[2 * 1999 + 1] == doctest::Approx(0.2f));
}

TEST_CASE("player mix: the callback neither allocates nor frees") {
  if (!countsAllocations()) return;
  PlayerMix mix(2, 1, kRate, 0);
  std::vector<float> output(700);
  std::size_t seen = 0;
  for (int i = 0; i < 100; ++i) {
    if (i != 50) write(mix, 600, {0.5f, 0.25f});
    if (i % 20 == 3) mix.cut();
    if (i == 90) mix.endHere();
    if (i == 95) mix.silence();
    mix.hear(i / 7 % 2);
    const AllocationCount count;
    mix.playback(output.data(), output.size(), {1});
    seen += count.seen();
  }
  CHECK(seen == 0);
}
