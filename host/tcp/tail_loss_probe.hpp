// SPDX-License-Identifier: Apache-2.0
// Tail loss probe (RFC 8985 section 7): when ACKs fail to come, one segment more makes the peer say what it has, long
// before the retransmission timer expires.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"

namespace sockwire::tcp {

class TailLossProbe {
 public:
  /// RFC 8985 7.2: from the last departure. one_segment: that is all that is in flight, so the peer may hold back its
  /// ACK. Before there is a measurement: a second.
  static Duration timeout(Duration srtt, bool has_sample, bool one_segment) {
    if (!has_sample) return std::chrono::seconds(1);
    return std::max(2 * srtt, kFloor) + (one_segment ? kMaxAckDelay : Duration(0));
  }

  bool outstanding() const { return outstanding_; }
  /// RFC 8985 7.3: one at a time, and the round trip was measured since the last, so that no path is probed without
  /// end.
  bool allowed() const { return !outstanding_ && measured_; }
  void on_measured() { measured_ = true; }
  /// A probe goes out, and SND.NXT is then `snd_nxt`.
  void on_sent(SeqNum snd_nxt, bool retransmission) {
    outstanding_ = true;
    measured_ = false;
    retransmission_ = retransmission;
    end_ = snd_nxt;
  }
  void cancel() { outstanding_ = false; }

  struct Ack {
    SeqNum ack;
    bool dsack = false;      ///< The peer got the probe, and what it repeats, too.
    bool duplicate = false;  ///< Nothing new: without SACK that is all that the peer can say about a needless probe.
  };
  /// RFC 8985 7.4.2. Returns whether the probe has repaired a loss, which is a sign of congestion.
  bool on_ack(const Ack& ack) {
    if (!outstanding_ || ack.ack < end_) return false;
    const bool arrived = !retransmission_ || ack.dsack;  // where it was not needed
    const bool repaired = !arrived && ack.ack > end_;
    if (arrived || repaired || ack.duplicate) outstanding_ = false;
    return repaired;
  }

 private:
  static constexpr Duration kMaxAckDelay = std::chrono::milliseconds(200);
  /// On a LAN the round trip is less than what a busy host needs to answer.
  static constexpr Duration kFloor = std::chrono::milliseconds(2);

  SeqNum end_;
  bool outstanding_ = false;
  bool measured_ = true;
  bool retransmission_ = false;
};

}  // namespace sockwire::tcp
