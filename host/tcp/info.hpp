// SPDX-License-Identifier: Apache-2.0
// What a connection tells about itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"
#include "host/tcp/state.hpp"

namespace sockwire::tcp {

/// What the peer (or the network) did that was not as it should be, one counter per reason.
struct Counters {
  std::uint64_t out_of_window = 0;       ///< Segments outside the receive window (RFC 9293 3.10.7.4, first).
  std::uint64_t paws_rejected = 0;       ///< Older than TS.Recent (RFC 7323 5.3).
  std::uint64_t timestamps_missing = 0;  ///< Negotiated, yet absent (RFC 7323 3.2).
  std::uint64_t bad_ack = 0;             ///< Acknowledges what was never sent, or long ago (RFC 5961 5.2).
  std::uint64_t no_ack_flag = 0;         ///< Neither ACK nor RST nor SYN.
  std::uint64_t unexpected_syn = 0;      ///< SYN in a synchronized state (RFC 5961 4.2).
  std::uint64_t bad_reset = 0;           ///< RST that was not exactly at RCV.NXT (RFC 5961 3.2).
  std::uint64_t data_after_fin = 0;      ///< Beyond the peer's own FIN.
  std::uint64_t data_after_close = 0;    ///< For a connection that nobody reads any more.
  std::uint64_t duplicate_bytes = 0;     ///< Received more than once.
  std::uint64_t out_of_order_segments = 0;
  std::uint64_t reassembly_full = 0;         ///< Dropped: more holes than we keep track of.
  std::uint64_t urgent = 0;                  ///< Segments with URG: their data stays in its place in the stream.
  std::uint64_t window_scale_limited = 0;    ///< A shift above 14 was read as 14 (RFC 7323 2.3).
  std::uint64_t challenge_acks = 0;          ///< Sent (RFC 5961).
  std::uint64_t challenge_acks_limited = 0;  ///< Not sent, because of the rate limit (RFC 5961 7).

  friend bool operator==(const Counters&, const Counters&) = default;
};

/// The row that `ss -tin` prints.
struct Info {
  State state = State::kClosed;
  Duration srtt{0};  ///< Zero: no sample yet.
  Duration rttvar{0};
  Duration min_rtt{0};
  Duration rto{0};
  unsigned backoff = 0;         ///< Consecutive time-outs of the same data.
  std::uint32_t mss = 0;        ///< Largest payload of a segment that we send.
  std::uint32_t rcv_mss = 0;    ///< Largest payload of a segment that came.
  std::string_view congestion;  ///< The algorithm's name.
  std::uint32_t cwnd_bytes = 0;
  std::uint32_t ssthresh_bytes = 0;  ///< UINT32_MAX: not yet set.
  std::uint64_t pacing_rate = 0;     ///< Bytes per second; 0: not paced.
  bool in_recovery = false;
  bool after_timeout = false;  ///< The recovery is of a time-out.
  bool sack = false;
  bool reordering_seen = false;
  std::uint32_t in_flight_bytes = 0;  ///< On the wire or on the card, as far as we know (pipe of RFC 6675).
  std::uint32_t sacked_bytes = 0;
  std::uint32_t lost_bytes = 0;  ///< Taken for lost and not yet sent again.
  SeqNum snd_una;
  SeqNum snd_nxt;
  SeqNum rcv_nxt;
  std::uint32_t snd_wnd_bytes = 0;
  std::uint32_t rcv_wnd_bytes = 0;
  std::uint8_t snd_wscale = 0;
  std::uint8_t rcv_wscale = 0;
  bool timestamps = false;
  bool ecn = false;
  std::size_t send_queue_bytes = 0;     ///< In the send buffer: unacknowledged or unsent.
  std::size_t unsent_bytes = 0;         ///< Of these, not yet handed to the card.
  std::size_t undeparted_bytes = 0;     ///< Handed to the card, not yet on the wire as far as we know.
  std::size_t receive_queue_bytes = 0;  ///< Readable.
  std::uint64_t bytes_acked = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_retransmitted = 0;
  std::uint64_t segments_out = 0;  ///< As cut, without pure ACKs.
  std::uint64_t pure_acks_out = 0;
  std::uint64_t refreshes_out = 0;
  std::uint64_t segments_in = 0;
  std::uint64_t retransmissions = 0;  ///< Segments sent again, for any reason.
  std::uint64_t fast_retransmits = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t spurious_timeouts = 0;    ///< That F-RTO has found to be mistakes (RFC 5682).
  std::uint64_t spurious_recoveries = 0;  ///< Fast ones, of which the peer had everything already (RFC 3708).
  std::uint64_t tail_loss_probes = 0;
  std::uint64_t ecn_reductions = 0;  ///< Of the congestion window, because the network has marked a packet.
  std::uint64_t keepalive_probes = 0;
  std::uint64_t zero_window_probes = 0;
  std::uint64_t dup_acks_in = 0;
  Counters counters;
};

}  // namespace sockwire::tcp
