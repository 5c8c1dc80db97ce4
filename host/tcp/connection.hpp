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
//
// Most connections of a busy host have nothing to do. The caller says when it seems so, and rest() then keeps what is
// worth keeping, in a fraction of the memory; the next thing that happens wakes the connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "host/base/time.hpp"
#include "host/tcp/config.hpp"
#include "host/tcp/endpoint.hpp"
#include "host/tcp/event.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/ring.hpp"
#include "host/tcp/segment.hpp"
#include "host/tcp/state.hpp"

namespace sockwire::tcp {

class ActiveConnection;
struct RestingConnection;

class Connection {
 public:
  /// Opens actively: state SYN-SENT, the SYN waits in poll_transmit(). iss: from IsnGenerator (isn.hpp).
  static std::unique_ptr<Connection> connect(const Config& config, const Endpoint& local, const Endpoint& remote,
                                             SeqNum iss, TimePoint now);
  /// The same, with a configuration that many connections share. timestamp_offset: in place of the configuration's.
  static std::unique_ptr<Connection> connect(std::shared_ptr<const Config> config, std::uint32_t timestamp_offset,
                                             const Endpoint& local, const Endpoint& remote, SeqNum iss, TimePoint now);

  /// Opens passively from a SYN: state SYN-RECEIVED, the SYN-ACK waits in poll_transmit(). Used by Listener.
  /// Precondition: syn.syn() and neither ACK nor RST.
  static std::unique_ptr<Connection> accept(const Config& config, const Endpoint& local, const Endpoint& remote,
                                            SeqNum iss, const Segment& syn, TimePoint now);
  static std::unique_ptr<Connection> accept(std::shared_ptr<const Config> config, std::uint32_t timestamp_offset,
                                            const Endpoint& local, const Endpoint& remote, SeqNum iss,
                                            const Segment& syn, TimePoint now);

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
  /// Zero copy: takes all of `data` without copying it, or returns false: too much is lent already (SendBuffer), or
  /// send() would return 0 for good. `data` must stay as it is until take_completion() returns the token: when the peer
  /// has acknowledged all of it, or the connection is over, or after close() and abort(), which copy what is needed.
  bool send_zero_copy(TimePoint now, std::span<const std::uint8_t> data, std::uint64_t token);
  /// The tokens of what is not needed any more, each once, in the order of send_zero_copy().
  std::optional<std::uint64_t> take_completion();
  bool has_completion() const;
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
  void set_quick_acks(unsigned segments);
  /// The window is closed because other connections have what the card can take (receive_budget.hpp).
  bool waits_for_budget() const;
  /// Some of it has become free: says so to the peer if it is worth it. Precondition: waits_for_budget().
  void update_window();
  /// The Diffserv field from now on; data that waits on the card keeps its own.
  void set_dscp(std::uint8_t dscp);
  /// SO_KEEPALIVE and what belongs to it.
  void set_keepalive(TimePoint now, const KeepaliveConfig& keepalive);
  /// TCP_USER_TIMEOUT; 0: none.
  void set_user_timeout(TimePoint now, Duration timeout);

  // --- from the caller ----------------------------------------------------------------------------------------------
  /// Gives back what an idle connection does without, buffers included. Returns whether it could: nothing may be on its
  /// way, wait, or be there to be read, and a retransmission time-out must have passed since the last departure. The
  /// congestion window then starts anew (RFC 5681 4.1); what was learnt of the path besides round trip and ssthresh is
  /// forgotten.
  bool rest(TimePoint now);
  bool resting() const { return resting_ != nullptr; }

  // --- to the network -----------------------------------------------------------------------------------------------
  /// The next thing to send, or nothing for now. payload_room: bytes of payload that the card can take; with 0 only
  /// what has no payload comes out. A payload is cut down to whole segments if it does not fit. Payload bytes:
  /// copy_payload(t.seq, ...).
  [[nodiscard]] std::optional<Transmit> poll_transmit(TimePoint now, std::size_t payload_room = kMaxTransmitBytes);
  [[nodiscard]] std::optional<Event> poll_event();
  /// When on_timeout() wants to be called; kNever if not at all.
  TimePoint next_deadline() const;

  /// Puts the byte at seq + i to out[i]. Precondition: the range lies within unacknowledged or unsent data, as that of
  /// every Transmit does when it is polled. Of a range whose front was acknowledged since, out's front is left as it
  /// is; returns how many bytes there were.
  std::size_t copy_payload(SeqNum seq, std::span<std::uint8_t> out) const;

  // --- queries ------------------------------------------------------------------------------------------------------
  State state() const;
  bool is_closed() const { return state() == State::kClosed; }
  const Endpoint& local() const { return local_; }
  const Endpoint& remote() const { return remote_; }
  std::size_t readable_bytes() const;
  /// Bytes that are to be read, or to come, up to the end of the urgent data (RFC 9293 3.8.5); 0: none is urgent.
  std::uint32_t urgent_bytes() const;
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
  bool error_reports() const { return config_->error_reports; }

 private:
  Connection(std::shared_ptr<const Config> config, const Endpoint& local, const Endpoint& remote);

  ActiveConnection& awake();
  /// ask(const ActiveConnection&): for a question that one at rest does not answer by itself.
  template <typename Ask>
  auto answer(Ask ask) const;

  Endpoint local_;
  Endpoint remote_;
  std::shared_ptr<const Config> config_;
  // One of the two.
  std::unique_ptr<ActiveConnection> active_;
  std::unique_ptr<RestingConnection> resting_;
};

}  // namespace sockwire::tcp
