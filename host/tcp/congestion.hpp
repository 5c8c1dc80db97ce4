// SPDX-License-Identifier: Apache-2.0
// Congestion control: slow start, congestion avoidance, fast retransmit and NewReno's fast recovery.
#pragma once

#include <cstdint>

#include "hls/wire/seq_num.hpp"

namespace sockwire::tcp {

/// RFC 5681 with RFC 6582 (NewReno), RFC 3465 (counting bytes, since one ACK may cover many segments), RFC 3042
/// (limited transmit) and RFC 6928 (initial window). All sizes in bytes.
class NewReno {
 public:
  static constexpr std::uint32_t kUnset = UINT32_MAX;

  NewReno(std::uint32_t mss, unsigned initial_window_segments, SeqNum iss);

  /// The MSS became known or smaller. Before the first ACK of data it also sets the initial window.
  void set_mss(std::uint32_t mss);

  /// An ACK moved SND.UNA to `snd_una`, acknowledging `acked` bytes of a flight of `flight_before`. Returns whether the
  /// segment at SND.UNA is to be retransmitted at once (partial ACK in recovery, RFC 6582 3.2 step 3).
  [[nodiscard]] bool on_ack(std::uint32_t acked, SeqNum snd_una, std::uint32_t flight_before, SeqNum snd_nxt);
  /// A duplicate ACK in the sense of RFC 5681 2. Returns whether fast retransmit is to start (the third one).
  [[nodiscard]] bool on_dup_ack(SeqNum snd_una, SeqNum snd_nxt);
  /// The retransmission timer expired. first: this data had not timed out before (RFC 5681 3.1, equation 4).
  void on_timeout(std::uint32_t flight, SeqNum snd_nxt, bool first);
  /// Nothing was sent for more than a time-out (RFC 5681 4.1).
  void on_idle();

  std::uint32_t cwnd() const { return cwnd_; }
  std::uint32_t ssthresh() const { return ssthresh_; }
  bool in_recovery() const { return in_recovery_; }
  bool in_slow_start() const { return cwnd_ < ssthresh_; }
  unsigned dup_acks() const { return dup_acks_; }
  /// What may be in flight beyond cwnd: one segment for each of the first two duplicate ACKs (RFC 3042).
  std::uint32_t limited_transmit_bytes() const { return in_recovery_ || dup_acks_ > 2 ? 0 : dup_acks_ * mss_; }

 private:
  void grow(std::uint32_t acked, std::uint32_t flight_before);
  std::uint32_t initial_window() const { return initial_window_segments_ * mss_; }

  std::uint32_t mss_;
  unsigned initial_window_segments_;
  std::uint32_t cwnd_;
  std::uint32_t ssthresh_ = kUnset;
  std::uint32_t acked_in_avoidance_ = 0;
  std::uint32_t flight_at_first_dup_ = 0;
  unsigned dup_acks_ = 0;
  /// One past the highest sequence number sent when the last loss was noticed; `recover` + 1 of RFC 6582.
  SeqNum recover_;
  bool in_recovery_ = false;
  bool after_timeout_ = false;  ///< Until recover_ is acknowledged.
  bool data_acked_ = false;
};

}  // namespace sockwire::tcp
