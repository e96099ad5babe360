#include "engines/gtcrn_engine.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "engines/wasm_rt/wasm-rt.h"
#include "gtcrn.h"

// The two functions the network imports. Which they are is told by the JavaScript that comes with it.

/** The host of one network: what its imports need to know. */
struct w2c_a {
  wasm_rt_memory_t* memory = nullptr;
  bool mayGrow = false;  // only while preparing: growing calls the system
};

/** A failed assertion: file, line and so on lie in its memory and are of no use to a user. */
extern "C" void w2c_a_a(w2c_a*, u32, u32, u32, u32) {
  wasm_rt_trap(WASM_RT_TRAP_ABORT);
}

/** Asks for a memory of `bytes`; 0 = refused, upon which the network's malloc returns null. */
extern "C" u32 w2c_a_b(w2c_a* host, u32 bytes) {
  if (!host->mayGrow) return 0;
  const std::uint64_t pages = (std::uint64_t{bytes} + host->memory->page_size - 1) / host->memory->page_size;
  if (pages <= host->memory->pages) return 1;
  return wasm_rt_grow_memory(host->memory, pages - host->memory->pages) != UINT64_MAX;
}

namespace limpid {

constexpr u32 kBlockBytes = GtcrnEngine::kBlockFrames * sizeof(float);

/** One instance of the network, its host, and where in its memory state and buffers lie. */
struct GtcrnEngine::Network {
  w2c_gtcrn module{};
  w2c_a host;
  u32 state = 0;
  u32 input = 0;
  u32 output = 0;

  Network() { host.memory = &module.w2c_c; }
  ~Network() { wasm_rt_free_memory(&module.w2c_c); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  float* at(u32 address) { return reinterpret_cast<float*>(module.w2c_c.data + address); }

  wasm_rt_trap_t run(void (*call)(Network&)) noexcept {
    Call argument{call, this};
    return wasm_rt_try([](void* it) { static_cast<Call*>(it)->call(*static_cast<Call*>(it)->network); }, &argument);
  }

  // What `run` may call. A trap leaves these by longjmp, so nothing in them may need a destructor.

  static void start(Network& network) {
    wasm2c_gtcrn_instantiate(&network.module, &network.host);
    w2c_gtcrn_d(&network.module);
    network.state = w2c_gtcrn_e(&network.module);
    network.input = w2c_gtcrn_k(&network.module, kBlockBytes);
    network.output = w2c_gtcrn_k(&network.module, kBlockBytes);
    if (network.state == 0 || network.input == 0 || network.output == 0) wasm_rt_trap(WASM_RT_TRAP_ABORT);
  }

  static void enhance(Network& network) { w2c_gtcrn_j(&network.module, network.state, network.input, network.output); }

  // The network's allocator works inside its own memory and hands the same place out again, so this costs about a
  // tenth of a block and no memory of the process.
  static void restart(Network& network) {
    w2c_gtcrn_g(&network.module, network.state);
    network.state = w2c_gtcrn_e(&network.module);
    if (network.state == 0) wasm_rt_trap(WASM_RT_TRAP_ABORT);
  }

 private:
  struct Call {
    void (*call)(Network&);
    Network* network;
  };
};

GtcrnEngine::GtcrnEngine() = default;
GtcrnEngine::~GtcrnEngine() = default;

EnginePlan GtcrnEngine::prepare(double /*sampleRate*/) {
  EnginePlan plan;
  plan.sampleRate = kSampleRate;
  plan.blockFrames = kBlockFrames;
  plan.delayFrames = kDelayFrames;
  plan.bandwidthHz = kBandwidthHz;

  network_.reset();
  auto network = std::make_unique<Network>();
  network->host.mayGrow = true;
  const wasm_rt_trap_t trap = network->run(Network::start);
  network->host.mayGrow = false;
  if (trap == WASM_RT_TRAP_NO_MEMORY) {
    plan.error = "The noise suppressor could not reserve 8 GiB of address space.";
    return plan;
  }
  if (trap != WASM_RT_TRAP_NONE) {
    plan.error = "The noise suppressor could not be started.";
    return plan;
  }

  network_ = std::move(network);
  dead_ = false;
  // The first block touches every page the later ones use, so that the audio thread meets no page fault.
  float silence[kBlockFrames] = {};
  const bool works = process(silence, kBlockFrames) == BlockResult::enhanced && reset();
  if (!works) plan.error = "The noise suppressor could not be started.";
  return plan;
}

BlockResult GtcrnEngine::process(float* samples, std::size_t frames) noexcept {
  if (network_ == nullptr || frames != kBlockFrames || dead_) return BlockResult::dead;
  std::memcpy(network_->at(network_->input), samples, kBlockBytes);
  if (network_->run(Network::enhance) != WASM_RT_TRAP_NONE) {
    dead_ = true;
    return BlockResult::dead;
  }
  std::memcpy(samples, network_->at(network_->output), kBlockBytes);
  return BlockResult::enhanced;
}

bool GtcrnEngine::reset() noexcept {
  if (network_ == nullptr || dead_) return false;
  dead_ = network_->run(Network::restart) != WASM_RT_TRAP_NONE;
  return !dead_;
}

}  // namespace limpid
