// engine_run ENGINE IN OUT: runs a bare engine over a mono file of raw 32-bit floats at the engine's own rate, block by
// block, writes what comes out (not aligned; an unfinished last block is left away) and prints one JSON object with the
// time of each block. Used to compare the compiled network with its WebAssembly and to measure it.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/engine.h"

namespace {

std::vector<float> readFloats(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  std::vector<float> samples(static_cast<std::size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(samples.size() * sizeof(float)));
  return samples;
}

bool writeFloats(const char* path, const std::vector<float>& samples) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size() * sizeof(float)));
  return file.good();
}

int fail(const std::string& message) {
  std::fprintf(stderr, "engine_run: %s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return fail("usage: engine_run ENGINE IN OUT");
  const std::unique_ptr<limpid::Engine> engine = limpid::createEngine(argv[1]);
  if (engine == nullptr) return fail(std::string("no engine ") + argv[1]);
  const limpid::EnginePlan plan = engine->prepare(48000);
  if (!plan.error.empty()) return fail(plan.error);

  std::vector<float> samples = readFloats(argv[2]);
  samples.resize(samples.size() - samples.size() % plan.blockFrames);
  if (samples.empty()) return fail(std::string("no whole block in ") + argv[2]);

  std::vector<double> blockMs;
  blockMs.reserve(samples.size() / plan.blockFrames);
  for (std::size_t start = 0; start < samples.size(); start += plan.blockFrames) {
    const auto before = std::chrono::steady_clock::now();
    const limpid::BlockResult result = engine->process(&samples[start], plan.blockFrames);
    if (result != limpid::BlockResult::enhanced) return fail("the engine failed");
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - before;
    blockMs.push_back(spent.count());
  }
  if (!writeFloats(argv[3], samples)) return fail(std::string("could not write ") + argv[3]);

  std::printf("{\"blockFrames\":%zu,\"blockMs\":[", plan.blockFrames);
  for (std::size_t i = 0; i < blockMs.size(); i++) std::printf("%s%.6f", i == 0 ? "" : ",", blockMs[i]);
  std::printf("]}\n");
  return 0;
}
