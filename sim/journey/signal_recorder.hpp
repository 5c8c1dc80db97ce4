// SPDX-License-Identifier: Apache-2.0
// The signal of the first frames of a run: the symbols that their sender drives, and the waveform where they arrive.
// Both go to the burst that the sender's line recorder has written down.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "sim/cosim/coded_line.hpp"
#include "sim/journey/recorder.hpp"

namespace sockwire::journey {

class SignalRecorder final : public sim::LineWatcher {
 public:
  /// The first so many frames, and of each of them the first so many octets: a page has to stay small.
  static constexpr std::size_t kFrames = 16;
  static constexpr std::uint64_t kOctets = 160;

  /// recorder: outlives it. octet_ps: of the line. Samples are kept for the code's sake: one of four if it is slow.
  SignalRecorder(Recorder& recorder, std::uint64_t octet_ps) : recorder_(recorder), octet_ps_(octet_ps) {}

  void on_clock(const sim::WatchedClock& clock) override;

  /// A burst that an end's card drove is over: the last one in the recording.
  void on_sent(const LineBurst& burst);

 private:
  struct Sample {
    std::uint64_t time_ps = 0;
    float volts = 0;
  };
  /// What has happened at an end lately.
  struct Track {
    std::int64_t offset_ps = 0;  ///< from the line's time to the world's
    std::deque<LineSymbol> symbols;
    std::deque<Sample> samples;
  };
  /// A frame whose last symbols are still on their way.
  struct Waiting {
    std::size_t burst = 0;
    End end = 0;
    std::uint64_t from_ps = 0;
    std::uint64_t to_ps = 0;
  };

  void add_symbol(Track& track, const sim::WatchedClock& clock, std::uint64_t end_ps);
  void add_samples(Track& track, const sim::WatchedClock& clock, std::uint64_t start_ps);
  void finish(const Waiting& frame);
  /// After the octet has gone in: through a transmitter, a cable of a few metres and a receiver.
  std::uint64_t lag_ps() const { return 8 * octet_ps_ + 1'000'000; }

  Recorder& recorder_;
  std::uint64_t octet_ps_;
  std::array<Track, kEnds> tracks_;
  std::deque<Waiting> waiting_;
  std::size_t frames_ = 0;
};

}  // namespace sockwire::journey
