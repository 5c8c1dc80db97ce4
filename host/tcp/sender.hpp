// SPDX-License-Identifier: Apache-2.0
// The sending half: what may be sent, what has left, what must be sent again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "host/tcp/config.hpp"
#include "host/tcp/congestion.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/rtt.hpp"
#include "host/tcp/segment.hpp"
#include "host/tcp/send_buffer.hpp"
#include "host/tcp/timers.hpp"

namespace sockwire::tcp {

///       snd_una                 departed           snd_nxt            right edge
///     ----|  on the wire, unacked  |  queued on the card  |   usable window   |----
///
/// The send buffer holds the data of all of it; SYN and FIN occupy a number before and behind it.
class Sender {
 public:
  Sender(const Config& config, SeqNum iss, Timers& timers);

  // --- the application
  std::size_t append(std::span<const std::uint8_t> data);
  void queue_fin() { fin_queued_ = true; }
  void set_nodelay(bool nodelay) { nodelay_ = nodelay; }

  // --- the handshake
  /// What the peer's SYN said: its MSS, the shift of its windows, and whether timestamps take 12 bytes of each segment.
  void on_options_agreed(std::uint16_t peer_mss, std::uint8_t peer_shift, bool timestamps);
  void on_path_mss(std::uint16_t mss);
  /// The SYN (or SYN-ACK) is to be sent (again), unless it still waits on the card.
  void queue_syn();
  /// Simultaneous open: the SYN again with an ACK, even if the first still waits on the card.
  void queue_syn_ack() { syn_wanted_ = true; }
  void on_established(TimePoint now, const Segment& segment);

  // --- the peer
  /// RFC 9293 3.10.7.4, fifth, with the lower bound of RFC 5961 5.2.
  bool ack_acceptable(SeqNum ack) const { return ack + max_snd_wnd_ >= snd_una_ && ack <= snd_max_; }
  /// An acceptable ACK in a synchronized state: SND.UNA, RTT, congestion window, duplicates, send window. ack_resolves:
  /// the segment echoes a timestamp, so that an ACK of retransmitted data is not ambiguous (RFC 7323 4).
  void on_ack(TimePoint now, const Segment& segment, bool ack_resolves);

  // --- the card
  void on_sent(std::uint32_t tag, TimePoint departed);
  void on_all_sent(TimePoint now);
  /// Both return false when it has been tried too often.
  [[nodiscard]] bool on_retransmit_timeout();
  [[nodiscard]] bool on_persist_timeout();

  struct Piece {
    SeqNum seq;
    std::uint32_t bytes = 0;
    bool syn = false;
    bool fin = false;
    bool psh = false;
    bool retransmission = false;
    std::uint32_t tag = 0;

    SeqNum end() const { return seq + bytes + (syn ? 1u : 0u) + (fin ? 1u : 0u); }
  };
  /// The next thing that occupies sequence space. established: data may go.
  std::optional<Piece> next(TimePoint now, std::size_t room, bool established);

  /// For a RST, which goes in order behind what is queued.
  std::uint32_t take_tag() { return next_tag_++; }

  SeqNum iss() const { return iss_; }
  SeqNum snd_una() const { return snd_una_; }
  SeqNum snd_nxt() const { return snd_nxt_; }
  std::uint16_t mss() const { return mss_; }
  bool syn_acked() const { return snd_una_ > iss_; }
  bool fin_acked() const { return fin_sent_ && snd_una_ == fin_seq_ + 1; }
  bool fin_queued() const { return fin_queued_; }
  bool all_acked() const { return snd_una_ == snd_nxt_ && unsent() == 0 && (!fin_queued_ || fin_acked()); }
  bool has_undeparted() const { return !queue_.empty(); }
  const SendBuffer& buffer() const { return buffer_; }
  void fill(Info& info) const;

 private:
  struct Queued {
    std::uint32_t tag;
    SeqNum seq;
    SeqNum end;
    bool timed;  ///< Sent for the first time: its ACK measures the round trip (Karn).
    bool retransmission;
  };
  struct Timed {
    SeqNum end;
    TimePoint departed;
  };

  std::uint32_t flight() const { return snd_nxt_ - snd_una_; }
  std::uint32_t unsent() const { return buffer_.end() > snd_nxt_ ? buffer_.end() - snd_nxt_ : 0; }
  std::uint32_t usable_window() const;
  bool queued(SeqNum seq, bool retransmissions_only) const;
  Duration persist_interval() const;
  bool window_blocks() const;
  std::uint32_t sendable(std::size_t room) const;
  bool worth_waiting(std::uint32_t bytes) const;

  std::optional<Piece> next_syn();
  std::optional<Piece> next_fast_retransmit(std::size_t room);
  std::optional<Piece> next_resend(std::size_t room);
  std::optional<Piece> next_probe(TimePoint now, std::size_t room);
  std::optional<Piece> next_new(TimePoint now, std::size_t room);
  Piece emit(Piece piece);
  Piece emit_again(SeqNum seq, std::uint32_t bytes);
  bool nagle_holds() const;

  void take_sent(const Queued& entry, TimePoint departed);
  void on_advance(TimePoint now, SeqNum ack, bool ack_resolves);
  void update_window(const Segment& segment, bool advanced);
  void update_persist(TimePoint now);
  void forget_samples();

  const Config config_;
  Timers& timers_;
  RttEstimator rtt_;
  SendBuffer buffer_;
  std::uint16_t mss_;
  NewReno congestion_;

  SeqNum iss_;
  SeqNum snd_una_;
  SeqNum snd_nxt_;   ///< SYN and FIN included.
  SeqNum snd_max_;   ///< The highest snd_nxt_ ever: it goes back when a zero-window probe is taken back.
  SeqNum departed_;  ///< Everything before it has left at least once.
  SeqNum fin_seq_;
  SeqNum snd_sml_;  ///< End of the last short segment (Nagle).
  std::uint32_t snd_wnd_ = 0;
  std::uint32_t max_snd_wnd_ = 0;
  SeqNum snd_wl1_;
  SeqNum snd_wl2_;
  std::uint8_t peer_shift_ = 0;

  std::deque<Queued> queue_;  ///< Handed to the card and not reported as sent, in that order.
  std::deque<Timed> timed_;
  TimePoint last_departed_;
  std::uint32_t next_tag_ = 0;

  SeqNum resend_nxt_;  ///< [resend_nxt_, resend_end_) is to be sent again after a time-out.
  SeqNum resend_end_;
  bool syn_wanted_ = false;
  bool fast_retransmit_ = false;
  bool probe_wanted_ = false;
  bool probe_outstanding_ = false;  ///< The only thing in flight is a byte that the window does not cover.
  bool fin_queued_ = false;
  bool fin_sent_ = false;
  bool nodelay_;
  unsigned timeouts_in_row_ = 0;
  unsigned probes_in_row_ = 0;
  unsigned persist_backoff_ = 0;

  std::uint64_t bytes_acked_ = 0;
  std::uint64_t bytes_retransmitted_ = 0;
  std::uint64_t segments_out_ = 0;
  std::uint64_t retransmissions_ = 0;
  std::uint64_t fast_retransmits_ = 0;
  std::uint64_t timeouts_ = 0;
  std::uint64_t zero_window_probes_ = 0;
  std::uint64_t dup_acks_in_ = 0;
};

}  // namespace sockwire::tcp
