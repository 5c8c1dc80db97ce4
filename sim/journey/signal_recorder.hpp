// SPDX-License-Identifier: Apache-2.0
// The signal of the frames that matter: the symbols that their sender drives, and the waveform where they arrive.
// Both go to the burst that the sender's line recorder has written down. Of all frames a while is remembered, since
// only once a frame has had time to arrive it is known whether it matters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "hls/wire/seq_num.hpp"
#include "sim/cosim/coded_line.hpp"
#include "sim/journey/recorder.hpp"

namespace sockwire::journey {

class SignalRecorder final : public sim::LineWatcher {
 public:
  /// recorder: outlives it. octet_ps: of the line. way_ps: of its cable. Samples are kept for the code's sake: one of
  /// four if it is slow.
  SignalRecorder(Recorder& recorder, std::uint64_t octet_ps, std::uint64_t way_ps)
      : recorder_(recorder), octet_ps_(octet_ps), way_ps_(way_ps) {}

  /// Whoever wants to know of each frame, with the number that it will have among the packets, soon after it has left:
  /// "#5 SYN, 0 bytes, left A at 494840 ns".
  void tell_packets(std::function<void(const std::string&)> listener) { listener_ = std::move(listener); }

  void on_clock(const sim::WatchedClock& clock) override;

  /// Forgets the bursts that it waits for: the recording begins anew.
  void restart() {
    waiting_.clear();
    frames_ = 0;
  }

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
    SignalReason reason = SignalReason::kNone;
    std::uint64_t until_ps = 0;
  };
  using Way = std::tuple<End, std::uint16_t, std::uint16_t>;

  void add_symbol(Track& track, const sim::WatchedClock& clock, std::uint64_t end_ps);
  void add_samples(Track& track, const sim::WatchedClock& clock, std::uint64_t start_ps);
  SignalReason reason_of(const LineBurst& burst);
  /// What has come at the other end since the burst began: the burst itself, or what was made of it; nullptr: nothing.
  const LineBurst* arrival_of(const LineBurst& burst) const;
  void tell(std::size_t burst) const;
  void finish(const Waiting& frame);
  /// Of a burst the octets [first_octet, end_octet), and what comes of them after.
  void keep(std::size_t index, SignalReason reason, std::size_t first_octet, std::size_t end_octet);
  /// After the octet has gone in: through a transmitter, the cable and a receiver.
  std::uint64_t lag_ps() const { return 8 * octet_ps_ + 150'000 + way_ps_; }
  /// The longest frame, and what it needs to arrive.
  std::uint64_t remembered_ps() const { return 1600 * octet_ps_ + 3 * lag_ps(); }

  Recorder& recorder_;
  std::uint64_t octet_ps_;
  std::uint64_t way_ps_;
  std::array<Track, kEnds> tracks_;
  std::deque<Waiting> waiting_;
  std::map<Way, SeqNum> highest_;  ///< Sequence number that a connection has sent.
  std::function<void(const std::string&)> listener_;
  std::size_t frames_ = 0;
  std::size_t kept_later_ = 0;
};

}  // namespace sockwire::journey
