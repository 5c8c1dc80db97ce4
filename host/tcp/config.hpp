// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "host/base/time.hpp"
#include "host/tcp/congestion/congestion_control.hpp"
#include "host/tcp/ecn.hpp"
#include "host/tcp/keepalive.hpp"

namespace sockwire::tcp {

class ReceiveBudget;

/// What a connection is opened with. The defaults suit a LAN of 100 Mb/s to 10 Gb/s.
struct Config {
  /// The MSS that we announce, in bytes: the MTU less 40 (IPv4 and TCP headers without options, RFC 6691).
  std::uint16_t mss = 1460;
  /// Bytes of unacknowledged and unsent data that send() may queue. Rounded up to a power of two.
  std::size_t send_buffer_bytes = 1u << 20;
  /// Bytes that the peer may send ahead of recv(). Rounded up to a power of two.
  std::size_t receive_buffer_bytes = 1u << 20;
  /// Of these, what a peer may use at first. It grows by what the application reads without falling behind, so that a
  /// peer that only sends costs no more. 0: all at once.
  std::size_t initial_window_bytes = 65536;
  /// What all windows together must fit, of a card that holds little; null: nothing. It outlives the connection.
  ReceiveBudget* receive_budget = nullptr;
  /// The largest payload of one Transmit: at most 65,535, and best a quarter of the card's send buffer, so that the
  /// next is queued before the last has left.
  std::size_t max_transmit_bytes = 65535;
  /// Immediate send (TCP_NODELAY): a short segment does not wait for an acknowledgement (RFC 9293 3.7.4).
  bool nodelay = false;
  /// Offer RFC 7323 timestamps (12 bytes a segment) and window scaling.
  bool timestamps = true;
  bool window_scale = true;
  /// Offer selective acknowledgement (RFC 2018). Without it losses are found by duplicate ACKs (RFC 6582), one a round
  /// trip.
  bool sack = true;
  CongestionAlgorithm congestion = CongestionAlgorithm::kCubic;
  EcnMode ecn = EcnMode::kAccept;
  /// Added to our timestamp clock, so that it does not tell the host's uptime (RFC 7323 5.4). From a random source.
  std::uint32_t timestamp_offset = 0;
  /// Hold back an ACK for at most this long (RFC 9293 3.8.6.3 allows 500 ms); zero acknowledges every segment.
  Duration delayed_ack = std::chrono::milliseconds(40);
  /// So many segments at the start are acknowledged at once, since the peer's window grows by ACKs.
  unsigned quick_acks = 16;
  /// The retransmission time-out's bounds. RFC 6298 2.4 has 1 s as its floor; 200 ms is what today's stacks use.
  Duration min_rto = std::chrono::milliseconds(200);
  Duration initial_rto = std::chrono::seconds(1);
  Duration max_rto = std::chrono::seconds(60);
  /// How often one segment is sent again before the connection is given up (RFC 9293 3.8.3, R2), and for a SYN.
  unsigned max_retransmissions = 15;
  unsigned max_syn_retransmissions = 7;  // 183 s; it must be three minutes at least
  /// Give the connection up when nothing that was sent is acknowledged for so long; 0: as the retransmissions say.
  Duration user_timeout{0};
  /// Tell the peer of it, and wait as long as the peer would if that is longer (RFC 5482, the variable ENABLED).
  bool offer_user_timeout = false;
  KeepaliveConfig keepalive;
  /// The stack tells the application of what may pass, Event::kTroubled and kSoftError (RFC 9293 3.9.1.8).
  bool error_reports = true;
  /// The Diffserv field of all packets, 0 to 63 (RFC 9293 3.9.1.9).
  std::uint8_t dscp = 0;
  /// At most so many challenge ACKs a second (RFC 5961 7).
  unsigned challenge_acks_per_second = 10;
  /// The initial congestion window in segments (RFC 6928).
  unsigned initial_window_segments = 10;
  /// Half of TIME-WAIT.
  Duration msl = std::chrono::seconds(30);
  /// How long a fully closed connection waits in FIN-WAIT-2 for the peer's FIN.
  Duration fin_wait_2 = std::chrono::seconds(60);

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace sockwire::tcp
