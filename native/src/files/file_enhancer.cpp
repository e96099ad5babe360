#include "files/file_enhancer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "files/channel_workers.h"
#include "files/pending_file.h"

namespace limpid {

namespace {

constexpr std::size_t kBlockFrames =
    7680;  // whole blocks of 10 and 16 ms at 48 kHz, so the block adapter adds no delay
constexpr std::size_t kTurnBlocks = 4;
constexpr std::size_t kTurnFrames = kTurnBlocks * kBlockFrames;
constexpr double kFloorDb = -150;
static_assert(kBlockFrames <= Pipeline::kMaxFrames, "one block is one call of the pipeline");

/** Completes an error with the file it is about. */
void nameFile(NativeError* error, const FileEnhancerOptions& options) {
  const bool aboutOutput = error->code == "file.unwritable" || error->code == "file.disk-full";
  if (error->code.rfind("file.", 0) != 0) return;
  const std::string& path = aboutOutput ? options.outputPath : options.inputPath;
  error->detail = error->detail.empty() ? path : path + " (" + error->detail + ")";
}

double toDb(double energy, double samples) {
  if (energy <= 0) return kFloorDb;
  return std::max(kFloorDb, 10 * std::log10(energy / samples));
}

}  // namespace

bool FileEnhancer::run(FileEnhancerResult* result, NativeError* error) {
  const auto began = std::chrono::steady_clock::now();
  const bool isDone = enhance(result, error);
  channels_.clear();  // a licensed engine's processor is free for others at once
  if (!isDone) {
    nameFile(error, options_);
    return false;
  }
  result->wallSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return true;
}

bool FileEnhancer::enhance(FileEnhancerResult* result, NativeError* error) {
  const std::unique_ptr<WavReader> reader = WavReader::open(options_.inputPath, error);
  if (!reader) return false;
  if (isSameFile(options_.inputPath, options_.outputPath)) {
    *error = {"file.same", ""};
    return false;
  }
  PendingFile pending(options_.outputPath, error);
  if (*error || !makeChannels(reader->format(), error)) return false;
  framesTotal_.store(reader->frames(), std::memory_order_relaxed);

  std::unique_ptr<WavWriter> writer = WavWriter::create(pending.temporaryPath(), reader->format(), reader.get(), error);
  const bool written = writer && stream(*reader, *writer, error) && writer->finish(error);
  writer.reset();
  if (!written || !pending.commit(error)) return false;

  *result = summarise(*reader);
  return true;
}

bool FileEnhancer::makeChannels(const WavFormat& format, NativeError* error) {
  noiseBlockFrames_ = static_cast<std::size_t>(std::lround(kNoiseBlockSeconds * format.sampleRate));
  for (std::size_t i = 0; i < format.channels; ++i) {
    if (cancelled_.load(std::memory_order_relaxed)) {  // each engine may take its time
      *error = {"cancelled", ""};
      return false;
    }
    std::unique_ptr<Engine> engine = options_.makeEngine(error);
    if (!engine) return false;
    std::string problem;
    Channel channel;
    channel.pipeline = Pipeline::create({std::move(engine)}, format.sampleRate, kBlockFrames, &problem);
    if (!channel.pipeline) {
      *error = {"engine.prepare-failed", problem};
      return false;
    }
    channel.pipeline->setLevel(options_.level);
    channel.block.resize(kBlockFrames);
    delayFrames_ = channel.pipeline->delayFrames();
    channel.noiseBlocks.resize(kTurnFrames / noiseBlockFrames_ + 2);
    channels_.push_back(std::move(channel));
  }
  turn_.resize(kTurnFrames * format.channels);
  return true;
}

/** Feeds the file and then zeros; drops the pipelines' delay at the start, so that output and input are in time. */
bool FileEnhancer::stream(WavReader& reader, WavWriter& writer, NativeError* error) {
  const std::uint64_t total = reader.frames();
  const std::size_t width = channels_.size();
  ChannelWorkers workers(width, [this](std::size_t channel) { processChannel(channel); });

  std::uint64_t framesRead = 0;
  for (turnStart_ = 0; writer.frames() < total; turnStart_ += kTurnFrames) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kTurnFrames, total - framesRead));
    if (reader.read(turn_.data(), wanted, error) < wanted) return false;
    framesRead += wanted;
    std::fill(turn_.begin() + static_cast<std::ptrdiff_t>(wanted * width), turn_.end(), 0.0f);

    workers.run();
    if (cancelled_.load(std::memory_order_relaxed)) {
      *error = {"cancelled", ""};
      return false;
    }
    if (!checkEngines(error)) return false;
    measureTurn();

    const std::uint64_t early = delayFrames_ > turnStart_ ? delayFrames_ - turnStart_ : 0;
    const std::size_t first = static_cast<std::size_t>(std::min<std::uint64_t>(early, kTurnFrames));
    const std::uint64_t left = total - writer.frames();
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(kTurnFrames - first, left));
    if (!writer.write(turn_.data() + first * width, count, error)) return false;
    framesDone_.store(writer.frames(), std::memory_order_relaxed);
  }
  return true;
}

void FileEnhancer::processChannel(std::size_t index) {
  Channel& channel = channels_[index];
  const std::size_t width = channels_.size();
  const std::uint64_t begin = delayFrames_;
  const std::uint64_t end = begin + framesTotal();
  const std::uint64_t firstBlock = outputFrameAt(turnStart_) / noiseBlockFrames_;
  std::fill(channel.noiseBlocks.begin(), channel.noiseBlocks.end(), Energy{});
  for (std::size_t offset = 0; offset < kTurnFrames; offset += kBlockFrames) {
    if (cancelled_.load(std::memory_order_relaxed)) return;
    float* const samples = turn_.data() + offset * width + index;
    for (std::size_t i = 0; i < kBlockFrames; ++i) channel.block[i] = samples[i * width];
    channel.pipeline->process(channel.block.data(), channel.block.data(), kBlockFrames);
    if (channel.vendorCode == 0) channel.vendorCode = channel.pipeline->vendorCode();
    const float* const dry = channel.pipeline->alignedDry();
    for (std::size_t i = 0; i < kBlockFrames; ++i) {
      const float sample = channel.block[i];
      samples[i * width] = sample;
      const std::uint64_t frame = turnStart_ + offset + i;
      if (frame < begin || frame >= end) continue;
      Energy& energy = channel.noiseBlocks[(frame - begin) / noiseBlockFrames_ - firstBlock];
      energy.input += static_cast<double>(dry[i]) * dry[i];
      energy.output += static_cast<double>(sample) * sample;
    }
  }
}

/** The frame of the output file that comes out at a frame of the padded stream: at the start the first. */
std::uint64_t FileEnhancer::outputFrameAt(std::uint64_t streamFrame) const {
  return streamFrame > delayFrames_ ? std::min(streamFrame - delayFrames_, framesTotal()) : 0;
}

/** Adds what the channels measured in this turn. A block counts with all channels together, and only when complete. */
void FileEnhancer::measureTurn() {
  const std::uint64_t firstBlock = outputFrameAt(turnStart_) / noiseBlockFrames_;
  const std::uint64_t endFrame = outputFrameAt(turnStart_ + kTurnFrames);
  const double samples = static_cast<double>(noiseBlockFrames_ * channels_.size());
  for (std::uint64_t block = firstBlock; block * noiseBlockFrames_ < endFrame; ++block) {
    Energy energy;
    for (const Channel& channel : channels_) {
      energy.input += channel.noiseBlocks[block - firstBlock].input;
      energy.output += channel.noiseBlocks[block - firstBlock].output;
    }
    whole_.input += energy.input;
    whole_.output += energy.output;
    open_.input += energy.input;
    open_.output += energy.output;
    if ((block + 1) * noiseBlockFrames_ > endFrame) break;
    noise_.add(open_.input / samples, open_.output / samples);
    open_ = {};
  }
}

/** Live, a failed engine leaves the dry voice; a file that is only partly enhanced must not pass as done. */
bool FileEnhancer::checkEngines(NativeError* error) const {
  for (const Channel& channel : channels_) {
    if (channel.pipeline->engineFailed()) {
      *error = {"engine.failed", channel.pipeline->engineReason()};
      return false;
    }
    if (channel.pipeline->counts().blocksDisallowed == 0) continue;
    const bool isCodeKnown = channel.vendorCode != 0;
    *error =
        isCodeKnown ? NativeError{"aic.vendor", std::to_string(channel.vendorCode)} : NativeError{"engine.failed", ""};
    return false;
  }
  return true;
}

FileEnhancerResult FileEnhancer::summarise(const WavReader& reader) const {
  FileEnhancerResult result;
  result.sampleRate = reader.format().sampleRate;
  result.channels = reader.format().channels;
  result.frames = reader.frames();
  result.delayMs = 1000.0 * static_cast<double>(delayFrames_) / result.sampleRate;
  result.inputTruncated = reader.truncated();
  result.noiseReductionDb = noise_.db();
  for (const Channel& channel : channels_) {
    result.nonFiniteSamples += channel.pipeline->counts().nonFiniteSamples;
    result.replacedBlocks += channel.pipeline->counts().replacedBlocks;
    result.blocksDisallowed += channel.pipeline->counts().blocksDisallowed;
  }
  const double samples = static_cast<double>(result.frames) * result.channels;
  result.inputDb = toDb(whole_.input, samples);
  result.outputDb = toDb(whole_.output, samples);
  return result;
}

}  // namespace limpid
