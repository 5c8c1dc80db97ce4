// SPDX-License-Identifier: Apache-2.0
// One TCP connection, sans-IO: segments, time and the application's calls go in; Transmits, Events and a deadline come
// out.
//
// The caller's loop, after *any* call that is not const:
//   while (auto t = connection.poll_transmit(now, room))  hand it to the card;
//   while (auto e = connection.poll_event())              tell the application;
//   arm one timer for connection.next_deadline(), and call on_timeout(now) when it has come;
//   drop the connection when is_closed() and the application has let go of it.
//
// A Transmit of kind kSegment may wait in the card's queue. It has left when on_sent() says so: round-trip time and the
// retransmission timer run from there, and nothing is sent again that has not left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "host/base/time.hpp"
#include "host/tcp/ack_policy.hpp"
#include "host/tcp/config.hpp"
#include "host/tcp/endpoint.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/paws.hpp"
#include "host/tcp/receiver.hpp"
#include "host/tcp/segment.hpp"
#include "host/tcp/sender.hpp"
#include "host/tcp/state.hpp"
#include "host/tcp/timers.hpp"
#include "host/tcp/urgent.hpp"

namespace sockwire::tcp {

/// What happened, for the application. Each is reported once per occurrence.
enum class Event : std::uint8_t {
  kConnected,    ///< The handshake is complete.
  kReadable,     ///< readable_bytes() has become more, or end_of_stream() true.
  kWritable,     ///< send_space() has become more after send() had accepted less than it was given.
  kPeerClosed,   ///< The peer sent FIN: what is readable is the last.
  kRefused,      ///< RST in answer to our SYN.
  kReset,        ///< RST from the peer.
  kTimedOut,     ///< Retransmissions exhausted (or the handshake's).
  kUnreachable,  ///< on_unreachable() ended the attempt.
  kTroubled,     ///< The same data was sent again three times (R1 of RFC 9293 3.8.3): the path may be dead.
  kSoftError,    ///< on_soft_error(), or on_unreachable() after the handshake: it goes on.
  kUrgent,       ///< The peer has sent urgent data: urgent_bytes() has become more than 0.
  kClosed,       ///< State CLOSED reached, in whatever way. Always the last event.
};

class Connection {
 public:
  using Spans = tcp::Spans;

  /// Opens actively: state SYN-SENT, the SYN waits in poll_transmit(). iss: from IsnGenerator (isn.hpp).
  static std::unique_ptr<Connection> connect(const Config& config, const Endpoint& local, const Endpoint& remote,
                                             SeqNum iss, TimePoint now);

  /// Opens passively from a SYN: state SYN-RECEIVED, the SYN-ACK waits in poll_transmit(). Used by Listener.
  /// Precondition: syn.syn() and neither ACK nor RST.
  static std::unique_ptr<Connection> accept(const Config& config, const Endpoint& local, const Endpoint& remote,
                                            SeqNum iss, const Segment& syn, TimePoint now);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // --- from the network ---------------------------------------------------------------------------------------------
  /// A segment for this connection arrived (RFC 9293 3.10.7).
  void on_segment(TimePoint now, const Segment& segment);
  /// The last bit of the kSegment `tag` left at `departed` <= now. Departures come in the order of the tags; one that
  /// is skipped is taken to have left too. Tags that are unknown or already reported are ignored.
  void on_sent(TimePoint now, std::uint32_t tag, TimePoint departed);
  /// next_deadline() has come. Harmless if called early.
  void on_timeout(TimePoint now);
  /// The card is gone with all that was queued in it: that is treated as sent now, and so is repaired by
  /// retransmission.
  void on_card_lost(TimePoint now);
  /// No ARP answer, or a hard ICMP error. Ends the attempt in SYN-SENT (kUnreachable); later it is a soft error, since
  /// it is easily forged (RFC 5927 5.2).
  void on_unreachable(TimePoint now);
  /// What may pass by itself: told to the application, no more (RFC 9293 3.9.2.2).
  void on_soft_error(TimePoint now);
  /// The path takes less than we thought: `mss` bytes of payload and options from now on (RFC 1191). Never raises it.
  void on_path_mss(TimePoint now, std::uint16_t mss);

  // --- from the application -----------------------------------------------------------------------------------------
  /// Copies as much as fits into the send buffer and returns how much: less than given means "wait for kWritable".
  /// Before the handshake is complete data is queued. Returns 0 after shutdown_write(), close() or the end.
  std::size_t send(TimePoint now, std::span<const std::uint8_t> data);
  /// As send(), and the peer is told that its application should hurry to read up to the last of it (RFC 6093 has new
  /// applications do without).
  std::size_t send_urgent(TimePoint now, std::span<const std::uint8_t> data);
  /// Moves up to out.size() received bytes out. Returns 0 if nothing is readable; see end_of_stream().
  std::size_t recv(TimePoint now, std::span<std::uint8_t> out);
  /// Copies without consuming (MSG_PEEK).
  std::size_t peek(std::span<std::uint8_t> out) const;
  /// Sends FIN after what is queued; receiving goes on (half close).
  void shutdown_write(TimePoint now);
  /// shutdown_write(), and nobody will read any more: unread or further data is answered with RST (RFC 9293 3.10.4,
  /// RFC 2525 2.17).
  void close(TimePoint now);
  /// Sends RST and forgets everything.
  void abort(TimePoint now);
  /// TCP_NODELAY at run time.
  void set_nodelay(TimePoint now, bool nodelay);
  /// TCP_CORK: no segment goes that is not full, until this is taken back or 200 ms have passed.
  void set_cork(TimePoint now, bool cork);
  /// TCP_QUICKACK: so many segments from now on are acknowledged at once.
  void set_quick_acks(unsigned segments) { ack_.set_quick(segments); }
  /// The Diffserv field from now on; data that waits on the card keeps its own.
  void set_dscp(std::uint8_t dscp) { config_.dscp = dscp; }
  /// SO_KEEPALIVE and what belongs to it.
  void set_keepalive(TimePoint now, const KeepaliveConfig& keepalive);
  /// TCP_USER_TIMEOUT; 0: none.
  void set_user_timeout(TimePoint now, Duration timeout);

  // --- to the network -----------------------------------------------------------------------------------------------
  /// The next thing to send, or nothing for now. payload_room: bytes of payload that the card can take; with 0 only
  /// what has no payload comes out. A payload is cut down to whole segments if it does not fit. Payload bytes:
  /// payload(t.seq, ...).
  [[nodiscard]] std::optional<Transmit> poll_transmit(TimePoint now, std::size_t payload_room = kMaxTransmitBytes);
  [[nodiscard]] std::optional<Event> poll_event();
  /// When on_timeout() wants to be called; kNever if not at all.
  TimePoint next_deadline() const;

  /// Bytes of the send buffer, valid until the next non-const call. Precondition: the range lies within unacknowledged
  /// or unsent data, as that of every Transmit does when it is polled. Of a range that was acknowledged since, only
  /// what is left is returned, so that the caller can tell by the size.
  Spans payload(SeqNum seq, std::size_t bytes) const;

  // --- queries ------------------------------------------------------------------------------------------------------
  State state() const;
  bool is_closed() const { return state() == State::kClosed; }
  const Endpoint& local() const;
  const Endpoint& remote() const;
  std::size_t readable_bytes() const;
  /// Bytes that are to be read, or to come, up to the end of the urgent data (RFC 9293 3.8.5); 0: none is urgent.
  std::uint32_t urgent_bytes() const { return urgent_in_.bytes_from(receiver_.read_nxt()); }
  /// The peer has closed and all it sent was read: recv() returns 0 for good.
  bool end_of_stream() const;
  /// Bytes that send() would accept.
  std::size_t send_space() const;
  /// Everything that was sent, FIN included, is acknowledged.
  bool all_acked() const;
  SeqNum snd_una() const;  ///< What lies before it may be released from the card's buffer.
  SeqNum snd_nxt() const;
  SeqNum rcv_nxt() const;
  /// There is a kSegment that was polled and has not left.
  bool has_undeparted() const;
  /// In TIME-WAIT, a new SYN from the same peer that may replace this connection (RFC 9293 3.10.7.4, RFC 6191): the
  /// caller then drops it and gives the SYN to the listener.
  bool may_be_replaced_by(const Segment& syn) const;
  Info info() const;
  bool error_reports() const { return config_.error_reports; }

 private:
  Connection(const Config& config, const Endpoint& local, const Endpoint& remote, SeqNum iss, State state);

  // connection_input.cpp
  void on_syn_sent(TimePoint now, const Segment& segment);
  void on_synchronized(TimePoint now, Segment segment);
  bool passes_timestamps(TimePoint now, const Segment& segment);
  void on_unacceptable(TimePoint now, const Segment& segment);
  void on_reset(const Segment& segment);
  bool complete_handshake(TimePoint now, const Segment& segment);
  void take_syn(TimePoint now, const Segment& syn);
  void take_ack(TimePoint now, const Segment& segment);
  void take_data(TimePoint now, const Segment& segment);
  void take_fin(TimePoint now);
  void take_urgent(const Segment& segment);
  void challenge(TimePoint now);
  void on_keepalive_timeout(TimePoint now);
  void arm_user_timeout(TimePoint now, bool progress);

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

  void become_established(TimePoint now, const Segment& segment);
  void enter_time_wait(TimePoint now);
  void end(std::optional<Event> why);
  void send_reset(TimePoint now, SeqNum seq, bool with_ack);
  void push(Event event);

  Config config_;
  Endpoint local_;
  Endpoint remote_;
  State state_;
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
  std::deque<Event> events_;
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
  std::uint64_t keepalive_probes_ = 0;
  Counters counters_;
};

}  // namespace sockwire::tcp
