#include "roundtrip/chirp_analysis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "roundtrip/correlation.h"

namespace limpid {

namespace {
constexpr double kEarliestSeconds = -1;  // a monitor hears what its device is yet to play
constexpr double kLatestSeconds = 1.5;
constexpr double kBinSeconds = 0.004;
constexpr double kMostScore = 12;     // one chirp counts for no more than that, in noise levels
constexpr double kLeastScore = 2.5;   // of the chirps' mean, at a delay that is believed
constexpr double kBetterScore = 1.5;  // times that of the delay so far: then the chirps have leapt
constexpr double kHeardOverNoise = 6;
constexpr double kClearOverNoise = 12;  // so loud that a missing chirp is no matter of chance
constexpr double kFaint = 1e-7;
constexpr double kHeardShare = 0.3;  // of the usual strength: less may be a part of another chirp
constexpr double kUsualRank = 0.8;   // of the strengths at the usual delay
constexpr double kTrackSeconds = 0.060;
constexpr double kRelockSeconds = 0.020;
constexpr std::size_t kRelockChirps = 8;
constexpr std::size_t kLeastRelockChirps = 4;
constexpr double kNearSeconds = 0.001;  // reflections of about the same strength must not take turns
constexpr double kNearShare = 0.7;
constexpr double kAgreeSeconds = 0.012;
constexpr std::size_t kLeastAgreeing = 3;
constexpr double kLeastAgreeingShare = 0.15;
constexpr double kStepSeconds = 0.002;
constexpr double kMostDrift = 500e-6;  // of the two devices' clocks
constexpr std::size_t kPieces = 12;    // of a chirp: 20 ms
constexpr double kTornShare = 0.3;     // of the usual strength of that piece
constexpr double kPieceOverNoise = 5;
constexpr double kPauseAfterSeconds = 0.06;  // the room's echo of the chirp before
constexpr double kPauseSeconds = 0.17;
constexpr double kFloorDb = -150;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::optional<double> medianOf(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  return median(std::move(values));
}

/** A chirp that was heard: where it begins in the recording, and how strong it is, 1 being the full scale. */
struct Heard {
  std::size_t chirp = 0;  // its number
  double frame = 0;
  double strength = 0;
  double delaySeconds = 0;
  bool isTornKnown = false;  // what is torn of it is counted already
};

struct Lag {
  double seconds = 0;
  double score = 0;
};

/** One direction of chirps: its pattern and where it is in the recording. */
struct Direction {
  ChirpPattern pattern;
  std::vector<float> correlation;
  std::vector<float> bins;  // largest |correlation| in steps of kBinSeconds, by what counts as noise
  double noise = 0;
};

class Finder {
 public:
  Finder(const ChirpRecording& recording, const std::atomic<bool>& cancelled)
      : recording_(recording),
        cancelled_(cancelled),
        rate_(recording.sampleRate),
        binFrames_(static_cast<std::size_t>(std::lround(kBinSeconds * recording.sampleRate))),
        chirpFrames_(static_cast<std::size_t>(std::lround(kChirpSeconds * recording.sampleRate))) {}

  ChirpFindings find() {
    ChirpFindings findings;
    const bool isEmpty =
        recording_.chirps.empty() || recording_.stamps.empty() || recording_.samples.size() < chirpFrames_;
    if (isEmpty || !filter()) return findings;
    track();
    findings.heard = heard_.size();
    if (heard_.empty()) return findings;
    measureTime(&findings);
    measureLevels(&findings);
    countSteps(&findings);
    countTorn(&findings);
    return findings;
  }

 private:
  const Chirp& chirpOf(const Heard& heard) const { return recording_.chirps[heard.chirp].chirp; }
  Direction& directionOf(bool isRising) { return directions_[isRising ? 1 : 0]; }

  bool filter() {
    for (const bool isRising : {false, true}) {
      Direction& direction = directionOf(isRising);
      direction.pattern = makeChirp(isRising, recording_.highestHz, rate_);
      direction.correlation = correlate(recording_.samples, direction.pattern.wave, cancelled_);
      if (direction.correlation.empty()) return false;
      direction.correlation.resize(recording_.samples.size() - chirpFrames_ + 1);  // whole chirps only
      std::vector<double> some;
      for (std::size_t i = 0; i < direction.correlation.size(); i += 7) {
        some.push_back(std::abs(static_cast<double>(direction.correlation[i])));
      }
      direction.noise = std::max(median(std::move(some)) / 0.6745, kFaint / kHeardOverNoise);
      direction.bins.assign(direction.correlation.size() / binFrames_ + 1, 0.0f);
      for (std::size_t i = 0; i < direction.correlation.size(); ++i) {
        float& bin = direction.bins[i / binFrames_];
        bin = std::max(bin, std::abs(direction.correlation[i]));
      }
      // Where there is no noise at all, what stands out must still stand out: against the chirps themselves.
      std::vector<double> bins(direction.bins.begin(), direction.bins.end());
      const std::size_t strong = std::min(recording_.chirps.size() / 4, bins.size() - 1);
      std::nth_element(bins.begin(), bins.begin() + static_cast<std::ptrdiff_t>(strong), bins.end(), std::greater<>());
      const double unit = std::max(direction.noise, bins[strong] / kMostScore);
      for (float& bin : direction.bins) bin = static_cast<float>(bin / unit);
    }
    return true;
  }

  /** Frame of the recording at a time; where frames were lost, the next that is there. */
  double frameAt(double seconds) const {
    const auto& stamps = recording_.stamps;
    const auto next = std::upper_bound(stamps.begin(), stamps.end(), seconds,
                                       [](double at, const CaptureStamp& stamp) { return at < stamp.atSeconds; });
    const CaptureStamp& stamp = next == stamps.begin() ? *next : *(next - 1);
    const double frame = static_cast<double>(stamp.frame) + (seconds - stamp.atSeconds) * rate_;
    return next == stamps.end() ? frame : std::min(frame, static_cast<double>(next->frame));
  }

  double secondsAt(double frame) const {
    const auto& stamps = recording_.stamps;
    const auto next = std::upper_bound(stamps.begin(), stamps.end(), frame, [](double at, const CaptureStamp& stamp) {
      return at < static_cast<double>(stamp.frame);
    });
    const CaptureStamp& stamp = next == stamps.begin() ? *next : *(next - 1);
    return stamp.atSeconds + (frame - static_cast<double>(stamp.frame)) / rate_;
  }

  /**
   * The delay at which most of the chirps `first` to before `last` are heard: each where it has to be, and none of the
   * other direction in its place.
   */
  Lag bestLag(std::size_t first, std::size_t last, double fromSeconds, double toSeconds) {
    Lag best;
    for (double lag = fromSeconds; lag <= toSeconds; lag += kBinSeconds) {
      double score = 0;
      for (std::size_t i = first; i < last; ++i) {
        const PlayedChirp& played = recording_.chirps[i];
        const double frame = frameAt(played.atSeconds + lag);
        score += scoreAt(frame, played.chirp.isRising) - scoreAt(frame, !played.chirp.isRising);
      }
      score /= static_cast<double>(last - first);
      if (score > best.score) best = {lag, score};
    }
    return best;
  }

  double scoreAt(double frame, bool isRising) {
    const std::vector<float>& bins = directionOf(isRising).bins;
    const auto bin = static_cast<std::ptrdiff_t>(frame / static_cast<double>(binFrames_));
    const auto end = std::min(bin + 2, static_cast<std::ptrdiff_t>(bins.size()));
    double most = 0;
    for (std::ptrdiff_t near = std::max<std::ptrdiff_t>(bin - 1, 0); near < end; ++near) {
      most = std::max(most, static_cast<double>(bins[static_cast<std::size_t>(near)]));
    }
    return std::min(most, kMostScore);
  }

  /** The strongest place within `radiusSeconds` of a frame; strength 0 when nothing stands out there. */
  Heard search(std::size_t chirp, double centre, double radiusSeconds) {
    const Direction& direction = directionOf(recording_.chirps[chirp].chirp.isRising);
    const std::size_t wide = strongest(direction.correlation, centre, radiusSeconds);
    const std::size_t near = strongest(direction.correlation, centre, kNearSeconds);
    const auto strengthAt = [&](std::size_t place) {
      return std::abs(static_cast<double>(direction.correlation[place]));
    };
    const std::size_t place = strengthAt(near) >= kNearShare * strengthAt(wide) ? near : wide;
    Heard heard;
    heard.chirp = chirp;
    if (strengthAt(place) < std::max(kHeardOverNoise * direction.noise, kHeardShare * usualStrength_)) return heard;
    heard.strength = strengthAt(place);
    heard.frame = static_cast<double>(place);
    if (place > 0 && place + 1 < direction.correlation.size()) {  // between the samples, by a parabola
      const double before = strengthAt(place - 1);
      const double after = strengthAt(place + 1);
      const double bend = before - 2 * heard.strength + after;
      if (bend < 0) heard.frame += std::clamp(0.5 * (before - after) / bend, -0.5, 0.5);
    }
    heard.delaySeconds = secondsAt(heard.frame) - recording_.chirps[chirp].atSeconds;
    return heard;
  }

  std::size_t strongest(const std::vector<float>& correlation, double centre, double radiusSeconds) const {
    const double end = static_cast<double>(correlation.size() - 1);
    const auto first = static_cast<std::size_t>(std::clamp(centre - radiusSeconds * rate_, 0.0, end));
    const auto last = static_cast<std::size_t>(std::clamp(centre + radiusSeconds * rate_, 0.0, end));
    std::size_t best = first;
    for (std::size_t i = first; i <= last; ++i) {
      if (std::abs(correlation[i]) > std::abs(correlation[best])) best = i;
    }
    return best;
  }

  /** Finds chirp after chirp near the place where it has to be by the one before. */
  void track() {
    const std::size_t count = recording_.chirps.size();
    const Lag lag = bestLag(0, count, kEarliestSeconds, kLatestSeconds);
    if (lag.score < kLeastScore) return;
    std::vector<double> strengths;
    for (std::size_t i = 0; i < count; ++i) {
      strengths.push_back(search(i, frameAt(recording_.chirps[i].atSeconds + lag.seconds), kRelockSeconds).strength);
    }
    std::sort(strengths.begin(), strengths.end());
    usualStrength_ = strengths[static_cast<std::size_t>(kUsualRank * static_cast<double>(count))];

    double current = lag.seconds;
    for (std::size_t i = 0; i < count; ++i) {
      const PlayedChirp& played = recording_.chirps[i];
      const double byClock = frameAt(played.atSeconds + current);
      double expected = byClock;
      if (!heard_.empty()) {
        const Heard& last = heard_.back();
        expected = last.frame + (played.chirp.startSeconds - chirpOf(last).startSeconds) * rate_;
      }
      Heard found = search(i, expected, kTrackSeconds);
      if (found.strength == 0)
        found = search(i, byClock, kTrackSeconds);  // where frames were lost, and are known to be
      const std::size_t until = std::min(count, i + kRelockChirps);
      if (found.strength == 0 && until - i >= kLeastRelockChirps) {
        const Lag here = bestLag(i, until, current - kTrackSeconds, current + kTrackSeconds);
        const Lag other = bestLag(i, until, current - 0.5, current + 1);
        const bool hasLeapt = other.score >= std::max(kLeastScore, kBetterScore * here.score);
        if (hasLeapt) found = search(i, frameAt(played.atSeconds + other.seconds), kRelockSeconds);
      }
      if (found.strength == 0) continue;
      current = found.delaySeconds;
      heard_.push_back(found);
    }
    forgetChance(lag.seconds);
  }

  /** Hears nothing when too few agree on one delay. */
  void forgetChance(double lagSeconds) {
    const auto agreeing = std::count_if(heard_.begin(), heard_.end(), [lagSeconds](const Heard& heard) {
      return std::abs(heard.delaySeconds - lagSeconds) < kAgreeSeconds;
    });
    const double least = std::max(static_cast<double>(kLeastAgreeing),
                                  kLeastAgreeingShare * static_cast<double>(recording_.chirps.size()));
    if (static_cast<double>(agreeing) < least) heard_.clear();
  }

  template <typename Of>
  std::vector<double> eachOf(Of of) const {
    std::vector<double> values;
    for (const Heard& heard : heard_) values.push_back(of(heard));
    return values;
  }

  /** From one chirp to a later one: how much later than played it came, in seconds by the recording's own frames. */
  double lateness(const Heard& earlier, const Heard& later) const {
    return (later.frame - earlier.frame) / rate_ - playedBetween(earlier, later);
  }
  double playedBetween(const Heard& earlier, const Heard& later) const {
    return chirpOf(later).startSeconds - chirpOf(earlier).startSeconds;
  }

  void measureTime(ChirpFindings* findings) {
    std::vector<double> slopes;
    for (std::size_t i = 1; i < heard_.size(); ++i) {
      slopes.push_back(lateness(heard_[i - 1], heard_[i]) / playedBetween(heard_[i - 1], heard_[i]));
    }
    drift_ = std::clamp(medianOf(slopes).value_or(0), -kMostDrift, kMostDrift);
    findings->delaySeconds = median(eachOf([](const Heard& heard) { return heard.delaySeconds; }));
    const std::vector<double> late = eachOf([this](const Heard& heard) {
      return lateness(heard_.front(), heard) - drift_ * playedBetween(heard_.front(), heard);
    });
    const auto [least, most] = std::minmax_element(late.begin(), late.end());
    findings->jitterSeconds = *most - *least;
  }

  void measureLevels(ChirpFindings* findings) {
    std::vector<double> signal;
    std::vector<double> noise;
    for (const Heard& heard : heard_) signal.push_back(rms(static_cast<std::size_t>(heard.frame), chirpFrames_));
    const auto pauseFrames = static_cast<std::size_t>(kPauseSeconds * rate_);
    for (const std::size_t pause : pauses()) noise.push_back(rms(pause, pauseFrames));
    const auto toDb = [](double level) { return level > 0 ? std::max(kFloorDb, 20 * std::log10(level)) : kFloorDb; };
    findings->signalDb = toDb(median(signal));
    if (const std::optional<double> level = medianOf(noise)) findings->noiseDb = toDb(*level);
  }

  double rms(std::size_t frame, std::size_t frames) const {
    double energy = 0;
    for (std::size_t i = 0; i < frames; ++i) {
      energy += static_cast<double>(recording_.samples[frame + i]) * recording_.samples[frame + i];
    }
    return std::sqrt(energy / static_cast<double>(frames));
  }

  /** First frames of what is between chirps, behind their echo. */
  std::vector<std::size_t> pauses() const {
    std::vector<std::size_t> frames;
    for (const Heard& heard : heard_) {
      const bool isLast = heard.chirp + 1 == recording_.chirps.size();
      const double next = isLast ? 1e9 : recording_.chirps[heard.chirp + 1].chirp.startSeconds;
      if (next - chirpOf(heard).startSeconds < 1.5 * kSlotSeconds) continue;
      const auto frame = static_cast<std::size_t>(heard.frame + (kSlotSeconds + kPauseAfterSeconds) * rate_);
      if (frame + static_cast<std::size_t>(kPauseSeconds * rate_) <= recording_.samples.size()) frames.push_back(frame);
    }
    return frames;
  }

  /** Frames lost or inserted from one chirp to the next that is heard, and chirps missing between them. */
  void countSteps(ChirpFindings* findings) {
    const double noise = std::max(directions_[0].noise, directions_[1].noise);
    const bool isClear = usualStrength_ >= kClearOverNoise * noise;
    for (std::size_t i = 1; i < heard_.size(); ++i) {
      Heard& earlier = heard_[i - 1];
      Heard& later = heard_[i];
      const double step = std::abs(lateness(earlier, later) - drift_ * playedBetween(earlier, later));
      const std::size_t missing = isClear ? later.chirp - earlier.chirp - 1 : 0;
      if (step < kStepSeconds && missing == 0) continue;
      ++findings->gaps;
      findings->gapSeconds += std::max(step, static_cast<double>(missing) * kChirpSeconds);
      earlier.isTornKnown = later.isTornKnown = true;
    }
  }

  /** Pieces of chirps that are not there although the rest of the chirp is. */
  void countTorn(ChirpFindings* findings) {
    for (Direction& direction : directions_) {
      std::array<double, kPieces> usual{};
      std::array<double, kPieces> noise{};
      for (std::size_t piece = 0; piece < kPieces; ++piece) {
        std::vector<double> strengths;
        for (const Heard& heard : heard_) {
          if (&directionOf(chirpOf(heard).isRising) == &direction) {
            strengths.push_back(pieceStrength(direction, piece, pieceFrame(heard, piece)));
          }
        }
        usual[piece] = medianOf(strengths).value_or(0);
        double energy = 0;
        const std::vector<std::size_t> pauses = this->pauses();
        for (const std::size_t pause : pauses) energy += std::pow(pieceStrength(direction, piece, pause), 2);
        noise[piece] = pauses.empty() ? 1e9 : std::sqrt(energy / static_cast<double>(pauses.size()));
      }
      for (const Heard& heard : heard_) {
        if (heard.isTornKnown || &directionOf(chirpOf(heard).isRising) != &direction) continue;
        bool wasMissing = false;
        for (std::size_t piece = 0; piece < kPieces; ++piece) {
          const bool isTelling = usual[piece] > kPieceOverNoise * noise[piece];
          const double strength = pieceStrength(direction, piece, pieceFrame(heard, piece));
          const bool isMissing = isTelling && strength < kTornShare * usual[piece];
          if (isMissing && !wasMissing) ++findings->gaps;
          if (isMissing) findings->gapSeconds += kChirpSeconds / kPieces;
          wasMissing = isMissing;
        }
      }
    }
  }

  std::size_t pieceFrame(const Heard& heard, std::size_t piece) const {
    return static_cast<std::size_t>(std::lround(heard.frame)) + piece * (chirpFrames_ / kPieces);
  }

  /** How much of a piece of the chirp is at a frame, whatever its phase. */
  double pieceStrength(const Direction& direction, std::size_t piece, std::size_t frame) const {
    const std::size_t frames = chirpFrames_ / kPieces;
    double wave = 0;
    double quarter = 0;
    for (std::size_t i = 0; i < frames && frame + i < recording_.samples.size(); ++i) {
      const double sample = recording_.samples[frame + i];
      wave += sample * direction.pattern.wave[piece * frames + i];
      quarter += sample * direction.pattern.quarter[piece * frames + i];
    }
    return std::hypot(wave, quarter);
  }

  const ChirpRecording& recording_;
  const std::atomic<bool>& cancelled_;
  const double rate_;
  const std::size_t binFrames_;
  const std::size_t chirpFrames_;
  std::array<Direction, 2> directions_;
  std::vector<Heard> heard_;  // in order
  double usualStrength_ = 0;
  double drift_ = 0;
};
}  // namespace

ChirpFindings findChirps(const ChirpRecording& recording, const std::atomic<bool>& cancelled) {
  return Finder(recording, cancelled).find();
}

}  // namespace limpid
