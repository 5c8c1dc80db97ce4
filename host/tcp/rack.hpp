// SPDX-License-Identifier: Apache-2.0
// RACK: losses are told from the order in which what was sent last is acknowledged (RFC 8985 section 6).
#pragma once

#include <cstdint>

#include "host/base/time.hpp"
#include "host/tcp/scoreboard.hpp"

namespace sockwire::tcp {

/// A segment is lost when one that left after it has been delivered, and a reordering window has passed since. Needs
/// SACK. Times are those of departure, so that what waits on the card counts for nothing.
class Rack {
 public:
  /// What is the same for all of one ACK.
  struct Ack {
    TimePoint now;
    SeqNum snd_una;
    SeqNum snd_nxt;
    bool in_recovery = false;
    std::uint32_t sacked_segments = 0;
  };

  /// A range was acknowledged, in whichever way, and had not been before. echo_is_older: the ACK's timestamp echo tells
  /// that it is for an earlier transmission of the range.
  void on_delivered(TimePoint now, const Scoreboard::Range& range, Duration min_rtt, bool echo_is_older);
  /// The ACK had a DSACK block: a retransmission was needless, so the reordering window was too small (6.2.4).
  void on_dsack(SeqNum snd_una, SeqNum snd_nxt);
  void on_recovery_end();
  /// Marks what is lost. Returns when to look again, kNever for not at all.
  TimePoint detect(const Ack& ack, Duration min_rtt, Duration srtt, Scoreboard& scoreboard);

  /// Whether a time-out takes it for lost, too, besides the first segment: it left a round trip and a reordering window
  /// ago (6.3).
  bool old_enough(const Ack& ack, const Scoreboard::Range& range, Duration min_rtt, Duration srtt) const {
    return !started_ || range.departed + rtt_ + reordering_window(ack, min_rtt, srtt) <= ack.now;
  }
  bool reordering_seen() const { return reordering_seen_; }

 private:
  Duration reordering_window(const Ack& ack, Duration min_rtt, Duration srtt) const;
  bool left_before(const Scoreboard::Range& range) const {
    return range.departed < departed_ || (range.departed == departed_ && range.end < end_);
  }

  bool started_ = false;
  TimePoint departed_;  ///< RACK.xmit_ts: of what left last of all that was delivered,
  SeqNum end_;          ///< RACK.end_seq: its end,
  Duration rtt_{0};     ///< RACK.rtt: and its round trip.
  SeqNum fack_;         ///< The highest end that was delivered.
  SeqNum dsack_round_;
  bool in_dsack_round_ = false;
  bool reordering_seen_ = false;
  std::uint8_t window_mult_ = 1;     ///< In quarters of the smallest round trip.
  std::uint8_t window_persist_ = 0;  ///< Recoveries until that is 1 again.
};

}  // namespace sockwire::tcp
