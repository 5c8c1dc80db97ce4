// SPDX-License-Identifier: Apache-2.0
// The sending half: what may be sent, what has left, what must be sent again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "host/tcp/config.hpp"
#include "host/tcp/congestion/congestion_control.hpp"
#include "host/tcp/delivery_rate.hpp"
#include "host/tcp/frto.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/mtu_search.hpp"
#include "host/tcp/prr.hpp"
#include "host/tcp/rack.hpp"
#include "host/tcp/rtt.hpp"
#include "host/tcp/scoreboard.hpp"
#include "host/tcp/segment.hpp"
#include "host/tcp/send_buffer.hpp"
#include "host/tcp/spurious_recovery.hpp"
#include "host/tcp/tail_loss_probe.hpp"
#include "host/tcp/timers.hpp"

namespace sockwire::tcp {

///       snd_una                                       snd_nxt           right edge
///     ----|  the scoreboard: on the wire or on the card  |   usable window   |----
///
/// The send buffer holds the data of all of it; SYN and FIN occupy a number before and behind it.
class Sender {
 public:
  Sender(const Config& config, SeqNum iss, Timers& timers);

  // --- the application
  std::size_t append(std::span<const std::uint8_t> data);
  [[nodiscard]] bool lend(std::span<const std::uint8_t> data, std::uint64_t token);
  std::optional<std::uint64_t> take_completion() { return buffer_.take_completion(); }
  /// Nothing more comes from the application: what it has lent is its own again.
  void return_lent() { buffer_.take_over(buffer_.end()); }
  /// The connection is over: only what waits on the card is still needed.
  void on_over() { buffer_.take_over(has_undeparted() ? snd_nxt_ : snd_una_); }
  void queue_fin() { fin_queued_ = true; }
  void set_nodelay(bool nodelay) { nodelay_ = nodelay; }
  /// While some of what is to be sent is urgent, segments go one by one: each has a pointer of its own.
  void set_urgent(bool urgent) { urgent_ = urgent; }
  /// Corked, no segment goes that is not full, for 200 ms at most.
  void set_cork(bool cork);

  // --- the handshake
  /// What the handshake agreed on for this direction.
  struct Agreement {
    std::uint16_t peer_mss = 0;
    std::uint8_t peer_shift = 0;  ///< Of the peer's windows.
    bool timestamps = false;      ///< They take 12 bytes of each segment.
    bool sack = false;            ///< The peer acknowledges selectively.
    bool ecn = false;
  };
  void on_options_agreed(const Agreement& agreement);
  void on_path_mss(std::uint16_t mss);
  /// The SYN (or SYN-ACK) is to be sent (again), unless it still waits on the card.
  void queue_syn();
  /// Simultaneous open: the SYN again with an ACK, even if the first still waits on the card.
  void queue_syn_ack() { syn_wanted_ = true; }
  void on_established(TimePoint now, const Segment& segment);

  // --- the peer
  /// RFC 9293 3.10.7.4, fifth, with the lower bound of RFC 5961 5.2.
  bool ack_acceptable(SeqNum ack) const { return ack + max_snd_wnd_ >= snd_una_ && ack <= snd_max_; }
  /// An acceptable ACK in a synchronized state: SND.UNA, SACK, RTT, losses, congestion window, send window. echo: the
  /// milliseconds of our clock that the segment's timestamp echoes, so that an ACK of retransmitted data is not
  /// ambiguous (RFC 7323 4).
  void on_ack(TimePoint now, const Segment& segment, std::optional<std::uint32_t> echo);

  // --- the card
  void on_sent(TimePoint now, std::uint32_t tag, TimePoint departed);
  void on_all_sent(TimePoint now);

  // --- the clock: false when it has been tried too often.
  [[nodiscard]] bool on_retransmit_timeout(TimePoint now);
  [[nodiscard]] bool on_persist_timeout();
  /// RACK's reordering window is over (RFC 8985 6.3).
  void on_reordering_timeout(TimePoint now);
  void on_tail_loss_timeout(TimePoint now);
  void on_cork_timeout() { cork_expired_ = true; }

  struct Piece {
    SeqNum seq;
    std::uint32_t bytes = 0;
    bool syn = false;
    bool fin = false;
    bool psh = false;
    bool retransmission = false;
    bool cwr = false;  ///< The peer's ECE has been heeded (RFC 3168 6.1.2).
    std::uint32_t tag = 0;
    std::uint16_t mss = 0;  ///< Of a probe of the path's MTU, which is one segment; 0: the usual one.

    SeqNum end() const { return seq + bytes + (syn ? 1u : 0u) + (fin ? 1u : 0u); }
  };
  /// The next thing that occupies sequence space. established: data may go.
  std::optional<Piece> next(TimePoint now, std::size_t room, bool established);

  /// Least time from the start of a segment to that of the next, in ns; 0: none.
  std::uint32_t pacing_gap_ns() const;
  /// For a RST, which goes in order behind what is queued.
  std::uint32_t take_tag() { return next_tag_++; }

  SeqNum iss() const { return iss_; }
  SeqNum snd_una() const { return snd_una_; }
  SeqNum snd_nxt() const { return snd_nxt_; }
  std::uint16_t mss() const { return mss_; }
  bool syn_acked() const { return snd_una_ > iss_; }
  bool syn_repeated() const { return timeouts_in_row_ > 0 && !syn_acked(); }
  bool fin_acked() const { return fin_sent_ && snd_una_ == fin_seq_ + 1; }
  bool fin_queued() const { return fin_queued_; }
  /// How often the earliest data was sent again because of the timer.
  unsigned timeouts_in_row() const { return timeouts_in_row_; }
  /// Something waits for an acknowledgement, or for a window to be sent into.
  bool in_use() const { return snd_una_ != snd_nxt_ || unsent() > 0; }
  bool all_acked() const { return snd_una_ == snd_nxt_ && unsent() == 0 && (!fin_queued_ || fin_acked()); }
  bool has_undeparted() const { return !queue_.empty(); }
  /// What is in flight is a byte beyond the window.
  bool probes_window() const { return window_probe_outstanding_; }
  const SendBuffer& buffer() const { return buffer_; }
  void fill(Info& info) const;

  /// What is kept of a sender that has nothing to do (sender_rest.cpp). What a path may have changed meanwhile is not:
  /// where CUBIC stood, what BBR and RACK had learnt.
  struct AtRest {
    Duration srtt{0};
    Duration rttvar{0};
    Duration min_rtt{0};
    std::uint64_t bytes_acked = 0;
    std::uint64_t bytes_retransmitted = 0;
    std::uint64_t segments_out = 0;
    SeqNum iss;
    SeqNum snd_una;
    SeqNum snd_wl1;
    SeqNum snd_wl2;
    std::uint32_t snd_wnd = 0;
    std::uint32_t max_snd_wnd = 0;
    std::uint32_t next_tag = 0;
    std::uint32_t cwnd = 0;
    std::uint32_t ssthresh = 0;
    std::uint32_t retransmissions = 0;
    std::uint32_t fast_retransmits = 0;
    std::uint32_t timeouts = 0;
    std::uint32_t spurious_timeouts = 0;
    std::uint32_t spurious_recoveries = 0;
    std::uint32_t tail_loss_probes = 0;
    std::uint32_t ecn_reductions = 0;
    std::uint32_t zero_window_probes = 0;
    std::uint32_t dup_acks_in = 0;
    std::uint16_t mss = 0;
    std::uint8_t peer_shift = 0;
    bool measured : 1 = false;  ///< The round trip is.
    bool sack : 1 = false;
    bool ecn : 1 = false;
    bool cwr_due : 1 = false;
    bool nodelay : 1 = false;
    bool cork : 1 = false;
    bool fin_sent : 1 = false;
  };
  /// All is acknowledged, and has been for a time-out.
  bool may_rest(TimePoint now) const;
  AtRest rest() const;
  /// Of a new sender.
  void resume(const AtRest& resting);

 private:
  /// Loss recovery: none, fast recovery (RFC 6675 5), or what follows a time-out (RFC 5681 3.1).
  enum class Repair : std::uint8_t { kNone, kFast, kTimeout };

  /// Handed to the card and not reported as sent.
  struct Queued {
    std::uint32_t tag;
    SeqNum seq;
    SeqNum end;
    bool retransmission;
  };
  /// What one ACK has told about the data in flight.
  struct Delivered {
    TimePoint now;
    std::optional<std::uint32_t> echo;
    std::uint32_t advanced = 0;  ///< Bytes that SND.UNA moved by.
    std::uint32_t bytes = 0;     ///< That are known to have arrived, and were not before.
    std::optional<Duration> rtt;
    DeliveryRate::Ack rate;
    bool retransmitted = false;  ///< Some of it had been sent more than once.
    bool original = false;       ///< Some of it had not, and is from before the time-out.
    bool dsack = false;
    bool needless = false;   ///< All that the last fast recovery sent again.
    bool marked = false;     ///< The network has marked a packet of ours, and the window was reduced for it.
    bool duplicate = false;  ///< The ACK is one in the sense of RFC 5681 2.
  };

  std::uint32_t flight() const { return snd_nxt_ - snd_una_; }
  std::uint32_t unsent() const { return buffer_.end() > snd_nxt_ ? buffer_.end() - snd_nxt_ : 0; }
  std::uint32_t in_flight() const;
  std::uint32_t congestion_window() const;
  std::uint32_t congestion_room() const;
  std::size_t paced_room() const;
  std::uint32_t undeparted() const;
  std::uint32_t usable_window() const;
  bool queued(SeqNum seq, bool retransmissions_only) const;
  Duration persist_interval() const;
  bool window_blocks() const;
  std::uint32_t sendable(TimePoint now, std::size_t room);
  bool worth_waiting(std::uint32_t bytes) const;

  // sender_output.cpp
  std::optional<Piece> next_syn(TimePoint now);
  std::optional<Piece> next_retransmission(TimePoint now, std::size_t room);
  std::optional<Piece> next_tail_loss_probe(TimePoint now, std::size_t room);
  std::optional<Piece> next_window_probe(TimePoint now, std::size_t room);
  std::optional<Piece> next_mtu_probe(TimePoint now, std::size_t room);
  std::optional<Piece> next_new(TimePoint now, std::size_t room);
  Piece emit(TimePoint now, Piece piece);
  Piece emit_again(TimePoint now, SeqNum seq, SeqNum end);
  bool nagle_holds() const;
  bool cork_holds(TimePoint now);

  // sender_ack.cpp
  void take_cumulative_ack(Delivered& delivered, SeqNum ack);
  void take_sack_blocks(Delivered& delivered, const Segment& segment);
  void take_delivered(Delivered& delivered, const Scoreboard::Range& range, bool whole);
  void take_duplicate(Delivered& delivered);
  void take_round_trip(const Delivered& delivered);
  void take_window(const Segment& segment, bool advanced);

  // sender_repair.cpp
  void repair(const Delivered& delivered, std::uint32_t flight_before);
  void take_ecn_echo(Delivered& delivered);
  void find_losses(const Delivered& delivered);
  void find_losses_by_duplicates(const Delivered& delivered);
  void mark_head_lost();
  void mark_lost_by_timeout(TimePoint now);
  Rack::Ack rack_ack(TimePoint now) const;
  void begin_fast_recovery(TimePoint now);
  bool only_mtu_probe_lost(std::uint32_t lost_before);
  void shrink_segments();
  void set_mss(std::uint16_t mss);
  void end_repair();
  void take_back_recovery();
  void check_timeout(const Delivered& delivered);
  void arm_timers(TimePoint now, bool advanced);
  void arm_tail_loss_probe(TimePoint now);

  void take_departure(const Queued& entry, TimePoint departed);
  void update_persist(TimePoint now);

  const Config& config_;
  Timers& timers_;
  RttEstimator rtt_;
  SendBuffer buffer_;
  std::unique_ptr<CongestionControl> congestion_;
  Scoreboard scoreboard_;
  Rack rack_;
  Prr prr_;
  DeliveryRate rate_;
  Frto frto_;
  SpuriousRecovery spurious_;
  TailLossProbe tail_;
  std::unique_ptr<MtuSearch> mtu_;  ///< Once the path has swallowed large segments.
  std::uint16_t mss_;

  SeqNum iss_;
  SeqNum snd_una_;
  SeqNum snd_nxt_;  ///< SYN and FIN included.
  SeqNum snd_max_;  ///< The highest snd_nxt_ ever: it goes back when a zero-window probe is taken back.
  SeqNum fin_seq_;
  SeqNum snd_sml_;  ///< End of the last short segment (Nagle).
  std::uint32_t snd_wnd_ = 0;
  std::uint32_t max_snd_wnd_ = 0;
  SeqNum snd_wl1_;
  SeqNum snd_wl2_;
  std::uint8_t peer_shift_ = 0;

  std::vector<Queued> queue_;  ///< In the order in which it was handed over.
  TimePoint last_departed_;
  std::uint32_t next_tag_ = 0;

  Repair repair_ = Repair::kNone;
  SeqNum recover_;      ///< The repair is over when it is acknowledged; SND.NXT when the last loss was noticed.
  SeqNum ecn_recover_;  ///< Until it is acknowledged, further ECEs are of the same congestion.
  std::uint32_t repair_window_ = 0;    ///< In fast recovery, in place of the congestion window.
  std::uint32_t duplicate_bytes_ = 0;  ///< Without SACK: what duplicate ACKs say has arrived.
  unsigned dup_acks_ = 0;              ///< In a row.
  bool force_retransmission_ = false;  ///< The next one goes whatever the window (RFC 6675 5, step 4.3).

  bool sack_ = false;
  bool syn_wanted_ = false;
  bool tail_probe_wanted_ = false;
  bool window_probe_wanted_ = false;
  bool window_probe_outstanding_ = false;  ///< The only thing in flight is a byte that the window does not cover.
  bool fin_queued_ = false;
  bool fin_sent_ = false;
  bool nodelay_;
  bool urgent_ = false;
  bool cork_ = false;
  bool cork_expired_ = false;
  bool ecn_ = false;
  bool cwr_due_ = false;
  unsigned timeouts_in_row_ = 0;
  unsigned window_probes_in_row_ = 0;
  unsigned persist_backoff_ = 0;

  std::uint64_t bytes_acked_ = 0;
  std::uint64_t bytes_retransmitted_ = 0;
  std::uint64_t segments_out_ = 0;
  std::uint32_t retransmissions_ = 0;
  std::uint32_t fast_retransmits_ = 0;
  std::uint32_t timeouts_ = 0;
  std::uint32_t spurious_timeouts_ = 0;
  std::uint32_t spurious_recoveries_ = 0;
  std::uint32_t tail_loss_probes_ = 0;
  std::uint32_t ecn_reductions_ = 0;
  std::uint32_t zero_window_probes_ = 0;
  std::uint32_t dup_acks_in_ = 0;
};

}  // namespace sockwire::tcp
