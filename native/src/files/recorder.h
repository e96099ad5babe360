#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/ring.h"
#include "files/wav_writer.h"

namespace limpid {

/**
 * Records two time-aligned tracks, `original.wav` and `enhanced.wav` (mono, 32-bit float). The audio thread pushes into
 * rings, a thread of the recorder writes. A disk that cannot keep up loses recording, never the voice; both tracks lose
 * the same frames. The headers are made valid twice a second: a crash loses at most the last second.
 *
 * Threads: `push` on one audio thread; `close` and the destructor on one control thread, after the last `push` has
 * returned; the getters anywhere.
 */
class Recorder {
 public:
  /**
   * Creates the pair in an existing folder; a pair that is there already is kept and the new one is numbered
   * (`original-2.wav`). On failure returns null and sets `errorCode` (`file.unwritable`, `file.disk-full`).
   */
  static std::unique_ptr<Recorder> open(const std::string& folder, double sampleRate, std::string* errorCode);
  ~Recorder();

  /** Real-time safe. Takes all frames or, when the disk is too far behind, none. */
  void push(const float* original, const float* enhanced, std::size_t frames) noexcept;

  double seconds() const noexcept;  ///< that are in both files
  std::uint64_t droppedFrames() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  /** Empty, or the code of what ended the recording early; the files hold what was written before. */
  std::string error() const;

  /** Writes what is left and closes the files. */
  void close();

 private:
  Recorder(std::unique_ptr<WavWriter> original, std::unique_ptr<WavWriter> enhanced, double sampleRate);
  void writeUntilStopped();
  bool drain(NativeError* error);
  void abandon(const NativeError& error);

  const double sampleRate_;
  Ring originalRing_;
  Ring enhancedRing_;
  std::atomic<bool> accepting_{true};       // written by the control and the writer thread
  std::atomic<std::uint64_t> dropped_{0};   // written by the audio thread
  std::atomic<std::uint64_t> recorded_{0};  // written by the writer thread

  // Writer thread only.
  std::unique_ptr<WavWriter> original_;
  std::unique_ptr<WavWriter> enhanced_;
  std::vector<float> buffer_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::string error_;      // guarded by mutex_
  std::thread thread_;
};

}  // namespace limpid
