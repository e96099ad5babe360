#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "files/wav_reader.h"
#include "files/wav_writer.h"
#include "wav_files.h"

using limpid::NativeError;
using limpid::SampleType;
using limpid::WavReader;
using limpid::WavWriter;
using namespace limpid::testing;

namespace {

std::unique_ptr<WavReader> openBytes(const TemporaryFolder& folder, const Bytes& bytes, NativeError* error) {
  writeBytes(folder / "in.wav", bytes);
  return WavReader::open(folder / "in.wav", error);
}

/** The code with which the reader refuses these bytes; empty when it takes them. */
std::string refusal(const Bytes& bytes) {
  TemporaryFolder folder;
  NativeError error;
  const auto reader = openBytes(folder, bytes, &error);
  CHECK((reader == nullptr) == bool(error));
  return error.code;
}

std::vector<float> readAll(WavReader& reader) {
  std::vector<float> samples(reader.frames() * reader.format().channels);
  NativeError error;
  CHECK(reader.read(samples.data(), reader.frames() + 5, &error) == reader.frames());
  CHECK_FALSE(error);
  return samples;
}

const Bytes kPlainFormat = fmtChunk({});
const Bytes kFourFrames = {0, 0, 0, 0x40, 0, 0x80, 0xFF, 0x7F};  // 0, 0.5, −1, just below 1
const std::vector<float> kFourSamples = {0, 0.5f, -1, 32767 / 32768.0f};

}  // namespace

TEST_CASE("wav: a plain 16-bit file") {
  TemporaryFolder folder;
  NativeError error;
  const auto reader = openBytes(folder, riff(kPlainFormat + chunk("data", kFourFrames)), &error);
  REQUIRE(reader);
  CHECK(reader->format().sampleRate == 48000);
  CHECK(reader->format().channels == 1);
  CHECK(reader->format().sampleType == SampleType::pcm16);
  CHECK_FALSE(reader->truncated());
  CHECK(readAll(*reader) == kFourSamples);
}

TEST_CASE("wav: reading in pieces gives the same samples") {
  TemporaryFolder folder;
  NativeError error;
  const auto reader =
      openBytes(folder, riff(fmtChunk({1, 3, 44100, 24}) + chunk("data", randomBytes(3 * 3 * 1000, 1))), &error);
  REQUIRE(reader);
  const std::vector<float> whole = readAll(*WavReader::open(folder / "in.wav", &error));
  std::vector<float> pieces(whole.size());
  std::size_t at = 0;
  for (std::size_t size = 1; at < 1000; ++size) at += reader->read(pieces.data() + at * 3, size, &error);
  CHECK(at == 1000);
  CHECK(pieces == whole);
}

TEST_CASE("wav: chunks in any order, odd sizes with and without padding, formats after the samples") {
  TemporaryFolder folder;
  NativeError error;
  const Bytes odd = text("odd");
  Bytes unpadded = chunk("LIST", odd);
  unpadded.pop_back();
  const std::vector<Bytes> files = {
      riff(chunk("JUNK", Bytes(28)) + chunk("bext", odd) + kPlainFormat + chunk("cue ", odd) +
           chunk("data", kFourFrames) + chunk("LIST", odd)),
      riff(unpadded + kPlainFormat + unpadded + chunk("data", kFourFrames)),
      riff(chunk("data", kFourFrames) + chunk("LIST", odd) + kPlainFormat),
      riff(kPlainFormat + chunk("data", kFourFrames) + chunk("data", Bytes(100))),
      riff(kPlainFormat + chunk("data", kFourFrames)) + Bytes(500),
      riff(kPlainFormat + chunk("data", kFourFrames), "RIFF", 0),
  };
  for (const Bytes& bytes : files) {
    const auto reader = openBytes(folder, bytes, &error);
    REQUIRE(reader);
    CHECK(readAll(*reader) == kFourSamples);
    CHECK_FALSE(reader->truncated());
  }
}

TEST_CASE("wav: RF64 and BW64 take the size from ds64") {
  TemporaryFolder folder;
  NativeError error;
  for (const char* id : {"RF64", "BW64"}) {
    const Bytes ds64 = chunk("ds64", number(100, 8) + number(8, 8) + number(4, 8) + number(0, 4));
    const auto reader = openBytes(
        folder,
        riff(ds64 + kPlainFormat + chunk("data", kFourFrames, 0xFFFFFFFF) + chunk("LIST", text("ab")), id, 0xFFFFFFFF),
        &error);
    REQUIRE(reader);
    CHECK(readAll(*reader) == kFourSamples);
    CHECK(reader->otherChunks().size() == 1);
  }
}

TEST_CASE("wav: a size that a writer to a pipe puts means to the end of the file") {
  TemporaryFolder folder;
  NativeError error;
  for (const std::int64_t size : {0ll, 0xFFFFFFFFll, 0x7FFFF000ll, 0x7FFFFFFFll}) {
    const auto reader = openBytes(folder, riff(kPlainFormat + chunk("data", kFourFrames, size), "RIFF", 36), &error);
    REQUIRE(reader);
    CHECK(readAll(*reader) == kFourSamples);
    CHECK_FALSE(reader->truncated());
  }
  const Bytes unknownDs64 = chunk("ds64", number(0, 8) + number(0, 8) + number(0, 8) + number(0, 4));
  const auto reader = openBytes(
      folder, riff(unknownDs64 + kPlainFormat + chunk("data", kFourFrames, 0xFFFFFFFF), "RF64", 0xFFFFFFFF), &error);
  REQUIRE(reader);
  CHECK(readAll(*reader) == kFourSamples);
}

TEST_CASE("wav: a file cut in its samples is read up to the last whole frame, and says so") {
  TemporaryFolder folder;
  NativeError error;
  Bytes bytes = riff(fmtChunk({1, 2, 8000, 24}) + chunk("data", randomBytes(600, 3)));
  bytes.resize(bytes.size() - 100);  // 500 bytes left: 83 frames of 6 and a rest
  const auto reader = openBytes(folder, bytes, &error);
  REQUIRE(reader);
  CHECK(reader->truncated());
  CHECK(reader->frames() == 83);
  CHECK(readAll(*reader).size() == 166);
}

TEST_CASE("wav: every cut of a header is refused, with a code") {
  const Bytes whole = riff(chunk("LIST", text("some text")) + kPlainFormat + chunk("data", kFourFrames));
  const std::size_t firstFrameEnds = whole.size() - kFourFrames.size() + 2;
  CHECK(refusal({}) == "file.empty");
  for (std::size_t length = 1; length < firstFrameEnds; ++length) {
    CAPTURE(length);
    CHECK(refusal(Bytes(whole.begin(), whole.begin() + long(length))) == "file.truncated");
  }
  CHECK(refusal(Bytes(whole.begin(), whole.begin() + long(firstFrameEnds))) == "");
}

TEST_CASE("wav: what is no WAV, or none with sound") {
  CHECK(refusal(text("hello")) == "file.not-wav");
  CHECK(refusal(text("ID3 and then some music that is an MP3 file")) == "file.not-wav");
  CHECK(refusal(text("RIFF") + number(100, 4) + text("AVI LIST")) == "file.not-wav");
  CHECK(refusal(riff(chunk("data", kFourFrames))) == "file.not-wav");
  CHECK(refusal(riff(randomBytes(400, 8))) == "file.not-wav");
  CHECK(refusal(riff(kPlainFormat + chunk("data", {}))) == "file.empty");
  CHECK(refusal(riff(kPlainFormat + chunk("LIST", text("ab")))) == "file.truncated");
}

TEST_CASE("wav: rates, channels and encodings that are refused, each by its code") {
  const auto withFormat = [](const Format& format) {
    return refusal(riff(fmtChunk(format) + chunk("data", Bytes(4096))));
  };
  CHECK(withFormat({1, 1, 0, 16}) == "file.bad-rate");
  CHECK(withFormat({1, 1, 7999, 16}) == "file.bad-rate");
  CHECK(withFormat({1, 1, 192001, 16}) == "file.bad-rate");
  CHECK(withFormat({1, 1, 0xFFFFFFFF, 16}) == "file.bad-rate");
  CHECK(withFormat({1, 1, 8000, 16}) == "");
  CHECK(withFormat({1, 1, 192000, 16}) == "");
  CHECK(withFormat({1, 0, 48000, 16}) == "file.bad-channels");
  CHECK(withFormat({1, 65, 48000, 16}) == "file.bad-channels");
  CHECK(withFormat({1, 64, 48000, 16}) == "");
  CHECK(withFormat({1, 1, 48000, 64}) == "file.unsupported");
  CHECK(withFormat({1, 1, 48000, 0}) == "file.unsupported");
  CHECK(withFormat({3, 1, 48000, 16}) == "file.unsupported");
  CHECK(withFormat({2, 1, 48000, 8}) == "file.unsupported");
  CHECK(withFormat({7, 1, 48000, 8}) == "file.unsupported");
  CHECK(refusal(riff(fmtChunk({}), "RIFX")) == "file.unsupported");
  CHECK(refusal(riff(chunk("fmt ", Bytes(14)) + chunk("data", Bytes(64)))) == "file.unsupported");
}

TEST_CASE("wav: what is not there or is no file") {
  TemporaryFolder folder;
  NativeError error;
  CHECK(WavReader::open(folder / "none.wav", &error) == nullptr);
  CHECK(error.code == "file.not-found");
  CHECK(WavReader::open(folder.path().string(), &error) == nullptr);
  CHECK(error.code == "file.unreadable");
  CHECK(WavReader::open("/dev/null", &error) == nullptr);
  CHECK(error.code == "file.unreadable");
}

TEST_CASE("wav: a header of random bytes is refused or read, but nothing worse") {
  const Bytes whole = riff(chunk("LIST", text("some text")) + extensibleChunk({1, 2, 48000, 24}, 20, 3) +
                           chunk("data", randomBytes(120, 1)) + chunk("cue ", text("x")));
  std::mt19937 random(7);
  TemporaryFolder folder;
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes = whole;
    for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    NativeError error;
    const auto reader = openBytes(folder, bytes, &error);
    CHECK((reader == nullptr) == bool(error));
    if (reader) readAll(*reader);
  }
}

TEST_CASE("wav: untouched samples come out bit for bit, with their format and their other chunks") {
  const Bytes note = text("a note of odd length.");
  const std::vector<Bytes> formats = {
      fmtChunk({1, 2, 44100, 8}),  fmtChunk({1, 2, 44100, 16}), fmtChunk({1, 2, 44100, 24}),
      fmtChunk({3, 2, 44100, 32}), fmtChunk({3, 2, 44100, 64}), extensibleChunk({1, 2, 96000, 24}, 20, 3),
  };
  for (const Bytes& format : formats) {
    TemporaryFolder folder;
    NativeError error;
    const unsigned bits = format[22];
    CAPTURE(bits);
    Bytes data = randomBytes(2 * 1001 * (bits / 8), bits);
    if (bits == 64) {  // what floats can hold
      for (std::size_t i = 0; i < data.size(); i += 8) {
        const double value = static_cast<float>(data[i] / 256.0 - data[i + 1]);
        std::memcpy(&data[i], &value, sizeof value);
      }
    }
    const auto reader = openBytes(folder,
                                  riff(chunk("bext", note) + format + chunk("PEAK", note) + chunk("data", data) +
                                       chunk("LIST", note) + chunk("JUNK", note)),
                                  &error);
    REQUIRE(reader);
    auto writer = WavWriter::create(folder / "out.wav", reader->format(), reader.get(), &error);
    REQUIRE(writer);
    const std::vector<float> samples = readAll(*reader);
    CHECK(writer->write(samples.data(), 1001, &error));
    CHECK(writer->finish(&error));
    writer.reset();

    const Bytes out = readBytes(folder / "out.wav");
    CHECK(bodyOf(out, "data") == data);
    CHECK(chunk("fmt ", bodyOf(out, "fmt ")) == format);
    CHECK(bodyOf(out, "bext") == note);
    CHECK(bodyOf(out, "LIST") == note);
    CHECK(bodyOf(out, "PEAK").empty());
    CHECK(number(out.size() - 8, 4) == Bytes(out.begin() + 4, out.begin() + 8));
    const auto again = WavReader::open(folder / "out.wav", &error);
    REQUIRE(again);
    CHECK(again->frames() == 1001);
    CHECK_FALSE(again->truncated());
  }
}

TEST_CASE("wav: 32-bit samples keep 24 significant bits") {
  TemporaryFolder folder;
  NativeError error;
  const auto reader =
      openBytes(folder, riff(fmtChunk({1, 1, 48000, 32}) + chunk("data", randomBytes(4000, 5))), &error);
  REQUIRE(reader);
  const std::vector<float> samples = readAll(*reader);
  auto writer = WavWriter::create(folder / "out.wav", reader->format(), nullptr, &error);
  REQUIRE(writer->write(samples.data(), 1000, &error));
  REQUIRE(writer->finish(&error));
  CHECK(readAll(*WavReader::open(folder / "out.wav", &error)) == samples);
}

TEST_CASE("wav: rounding is to the nearest and alike on both sides, full scale clips, NaN is silence") {
  const float step = 1 / 32768.0f;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> samples = {
      0.49f * step, -0.49f * step, 0.51f * step, -0.51f * step, 1.5f * step, -1.5f * step, 1, -1, 7, -7,
      infinity,     -infinity,     nan};
  const std::vector<std::int16_t> expected = {0, 0, 1, -1, 2, -2, 32767, -32768, 32767, -32768, 32767, -32768, 0};
  std::vector<std::uint8_t> bytes(samples.size() * 2);
  limpid::encodeSamples(SampleType::pcm16, samples.data(), bytes.data(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    CAPTURE(i);
    CHECK(static_cast<std::int16_t>(limpid::readU16(&bytes[2 * i])) == expected[i]);
  }
}

TEST_CASE("wav: floats that are not finite reach the caller") {
  TemporaryFolder folder;
  NativeError error;
  const Bytes data = number(0x7FC00000, 4) + number(0x7F800000, 4) + number(0xFF800000, 4) + number(0x3F800000, 4);
  const auto reader = openBytes(folder, riff(fmtChunk({3, 1, 48000, 32}) + chunk("data", data)), &error);
  REQUIRE(reader);
  const std::vector<float> samples = readAll(*reader);
  CHECK(std::isnan(samples[0]));
  CHECK(samples[1] == std::numeric_limits<float>::infinity());
  CHECK(samples[2] == -std::numeric_limits<float>::infinity());
  CHECK(samples[3] == 1);
}

TEST_CASE("wav: a file that grows too large for RIFF becomes RF64") {
  TemporaryFolder folder;
  NativeError error;
  const std::vector<float> samples(1000, 0.25f);
  auto writer = WavWriter::create(folder / "big.wav", limpid::monoFloatFormat(48000), nullptr, &error, 5000);
  REQUIRE(writer);
  REQUIRE(writer->write(samples.data(), 1000, &error));
  REQUIRE(writer->flushHeader(&error));
  CHECK(Bytes(readBytes(folder / "big.wav")).front() == 'R');
  CHECK(readBytes(folder / "big.wav")[1] == 'I');
  REQUIRE(writer->write(samples.data(), 1000, &error));
  REQUIRE(writer->finish(&error));

  const Bytes file = readBytes(folder / "big.wav");
  CHECK(Bytes(file.begin(), file.begin() + 4) == text("RF64"));
  CHECK(Bytes(file.begin() + 12, file.begin() + 16) == text("ds64"));
  CHECK(Bytes(file.begin() + 20, file.begin() + 44) == number(file.size() - 8, 8) + number(8000, 8) + number(2000, 8));
  const auto reader = WavReader::open(folder / "big.wav", &error);
  REQUIRE(reader);
  CHECK(reader->frames() == 2000);
  CHECK_FALSE(reader->truncated());
}

TEST_CASE("wav: after flushHeader the file on disk is whole, and it can be cut shorter") {
  TemporaryFolder folder;
  NativeError error;
  const std::vector<float> samples(500, -0.5f);
  auto writer = WavWriter::create(folder / "growing.wav", limpid::monoFloatFormat(16000), nullptr, &error);
  for (std::uint64_t frames = 500; frames <= 2000; frames += 500) {
    REQUIRE(writer->write(samples.data(), 500, &error));
    REQUIRE(writer->flushHeader(&error));
    const auto reader = WavReader::open(folder / "growing.wav", &error);
    REQUIRE(reader);
    CHECK(reader->frames() == frames);
    CHECK_FALSE(reader->truncated());
  }
  REQUIRE(writer->cutTo(700, &error));
  CHECK(WavReader::open(folder / "growing.wav", &error)->frames() == 700);
}

TEST_CASE("wav: a writer never touches a file that is there, and reports where it cannot write") {
  TemporaryFolder folder;
  NativeError error;
  writeBytes(folder / "there.wav", text("keep me"));
  CHECK(WavWriter::create(folder / "there.wav", limpid::monoFloatFormat(48000), nullptr, &error) == nullptr);
  CHECK(error.code == "file.unwritable");
  CHECK(readBytes(folder / "there.wav") == text("keep me"));
  CHECK(WavWriter::create(folder / "no/such/folder.wav", limpid::monoFloatFormat(48000), nullptr, &error) == nullptr);
  CHECK(error.code == "file.unwritable");
}
