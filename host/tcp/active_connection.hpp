// SPDX-License-Identifier: Apache-2.0
// A connection on which something happens: all that RFC 9293 calls the transmission control block, and what works on
// it. The calls are those of Connection (connection.hpp), which also describes them; when nothing has happened for a
// while what is worth keeping is kept by a RestingConnection instead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "host/base/time.hpp"
#include "host/tcp/ack_policy.hpp"
#include "host/tcp/config.hpp"
#include "host/tcp/event.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/paws.hpp"
#include "host/tcp/receiver.hpp"
#include "host/tcp/segment.hpp"
#include "host/tcp/sender.hpp"
#include "host/tcp/state.hpp"
#include "host/tcp/timers.hpp"
#include "host/tcp/urgent.hpp"
#include "host/tcp/user_timeout.hpp"

namespace sockwire::tcp {

struct RestingConnection;

class ActiveConnection {
 public:
  /// Opens actively: state SYN-SENT.
  ActiveConnection(const Config& config, bool ipv4, SeqNum iss, TimePoint now);
  /// Opens passively from a SYN: state SYN-RECEIVED.
  ActiveConnection(const Config& config, bool ipv4, SeqNum iss, const Segment& syn, TimePoint now);
  /// Goes on where rest() left off. config: as it was opened with.
  ActiveConnection(const Config& config, bool ipv4, const RestingConnection& resting);
  ActiveConnection(const ActiveConnection&) = delete;
  ActiveConnection& operator=(const ActiveConnection&) = delete;

  /// Nothing is on its way, waits or is to be read, and has not for a retransmission time-out, so that the congestion
  /// window starts anew anyway (RFC 5681 4.1).
  bool may_rest(TimePoint now) const;
  /// Precondition: may_rest().
  RestingConnection rest() const;

  void on_segment(TimePoint now, const Segment& segment);
  void on_sent(TimePoint now, std::uint32_t tag, TimePoint departed);
  void on_timeout(TimePoint now);
  void on_card_lost(TimePoint now);
  void on_unreachable(TimePoint now);
  void on_soft_error(TimePoint now);
  void on_path_mss(TimePoint now, std::uint16_t mss);
  std::size_t send(TimePoint now, std::span<const std::uint8_t> data);
  bool send_zero_copy(TimePoint now, std::span<const std::uint8_t> data, std::uint64_t token);
  std::optional<std::uint64_t> take_completion() { return sender_.take_completion(); }
  bool has_completion() const { return sender_.buffer().completions() > 0; }
  std::size_t send_urgent(TimePoint now, std::span<const std::uint8_t> data);
  std::size_t recv(TimePoint now, std::span<std::uint8_t> out);
  std::size_t peek(std::span<std::uint8_t> out) const;
  void shutdown_write(TimePoint now);
  void close(TimePoint now);
  void abort(TimePoint now);
  void set_nodelay(TimePoint now, bool nodelay);
  void set_cork(TimePoint now, bool cork);
  void set_quick_acks(unsigned segments) { ack_.set_quick(segments); }
  bool waits_for_budget() const { return receiver_.waits_for_budget(); }
  void update_window() {
    if (receiver_.window_update_due()) ack_.demand();
  }
  void set_dscp(std::uint8_t dscp) { config_.dscp = dscp; }
  void set_keepalive(TimePoint now, const KeepaliveConfig& keepalive);
  void set_user_timeout(TimePoint now, Duration timeout);
  [[nodiscard]] std::optional<Transmit> poll_transmit(TimePoint now, std::size_t payload_room = kMaxTransmitBytes);
  [[nodiscard]] std::optional<Event> poll_event();
  TimePoint next_deadline() const;
  std::size_t copy_payload(SeqNum seq, std::span<std::uint8_t> out) const;
  State state() const;
  std::size_t readable_bytes() const;
  std::uint32_t urgent_bytes() const { return urgent_in_.bytes_from(receiver_.read_nxt()); }
  bool end_of_stream() const;
  std::size_t send_space() const;
  bool all_acked() const;
  SeqNum snd_una() const;
  SeqNum snd_nxt() const;
  SeqNum rcv_nxt() const;
  bool has_undeparted() const;
  bool may_be_replaced_by(const Segment& syn) const;
  Info info() const;

 private:
  ActiveConnection(const Config& config, bool ipv4, SeqNum iss, State state);

  // connection_input.cpp
  void on_syn_sent(TimePoint now, const Segment& segment);
  void on_synchronized(TimePoint now, Segment segment);
  bool passes_timestamps(TimePoint now, const Segment& segment);
  void on_unacceptable(TimePoint now, const Segment& segment);
  void on_reset(const Segment& segment);
  bool complete_handshake(TimePoint now, const Segment& segment);
  void take_syn(TimePoint now, const Segment& syn);
  void take_ack(TimePoint now, const Segment& segment);
  void take_user_timeout(TimePoint now, const Segment& segment);
  void take_data(TimePoint now, const Segment& segment);
  void take_fin(TimePoint now);
  void take_urgent(const Segment& segment);
  void challenge(TimePoint now);
  void on_keepalive_timeout(TimePoint now);
  void arm_user_timeout(TimePoint now, bool progress);
  void expect_departure(TimePoint now);

  // connection_output.cpp
  bool synchronized() const {
    return state_ != State::kClosed && state_ != State::kSynSent && state_ != State::kSynReceived;
  }
  Transmit make_transmit(TimePoint now, TransmitKind kind) const;
  Transmit make_segment(TimePoint now, const Sender::Piece& piece);
  Transmit make_pure_ack(TimePoint now);
  Transmit make_keepalive_probe(TimePoint now);
  void add_syn_options(TimePoint now, const Sender::Piece& piece, Transmit& transmit) const;
  bool soft_state_changed() const;
  void note_soft_state(const Transmit& transmit);
  std::uint32_t timestamp(TimePoint now) const;

  bool takes_data() const;
  void become_established(TimePoint now, const Segment& segment);
  void enter_time_wait(TimePoint now);
  void end(std::optional<Event> why);
  void send_reset(TimePoint now, SeqNum seq, bool with_ack);
  void push(Event event) { events_.push(event); }

  Config config_;
  State state_;
  bool ipv4_;
  bool passive_;
  bool offer_window_scale_;
  bool offer_timestamps_;
  bool offer_sack_;            ///< After the peer's SYN: agreed on.
  bool nobody_reads_ = false;  ///< close() was called.
  bool want_writable_ = false;
  Timers timers_;
  Sender sender_;
  Receiver receiver_;
  AckPolicy ack_;
  Paws paws_;
  Ecn ecn_;
  Keepalive keepalive_;
  bool keepalive_probe_wanted_ = false;
  UrgentMark urgent_in_;
  UrgentMark urgent_out_;
  EventQueue events_;
  std::optional<Transmit> reset_;
  /// What the card's slot was told last (of what its queued segments are stamped with).
  SeqNum slot_ack_;
  std::uint16_t slot_window_ = 0;
  std::uint32_t slot_tsecr_ = 0;
  TimePoint challenge_period_;
  unsigned challenges_in_period_ = 0;
  std::uint64_t segments_in_ = 0;
  std::uint64_t pure_acks_out_ = 0;
  std::uint64_t refreshes_out_ = 0;
  std::uint32_t keepalive_probes_ = 0;
  Counters counters_;
};

}  // namespace sockwire::tcp
