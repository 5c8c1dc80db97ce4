// SPDX-License-Identifier: Apache-2.0
// The receiving half: window, order, the peer's FIN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "host/tcp/config.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/reassembly.hpp"
#include "host/tcp/receive_budget.hpp"
#include "host/tcp/ring.hpp"
#include "host/tcp/sack_blocks.hpp"
#include "host/tcp/segment.hpp"

namespace sockwire::tcp {

///       read_nxt          rcv_nxt                        right edge
///     ----|   readable     |   hole, out-of-order data    |----
///         |<----- limit: grows with what is read -------->|      at most the ring's capacity
class Receiver {
 public:
  explicit Receiver(const Config& config);

  /// The peer's SYN. scaled: window scaling was agreed on.
  void start(SeqNum irs);
  void agree_on_scaling() { shift_ = offered_shift_; }
  std::uint8_t offered_shift() const { return offered_shift_; }

  /// RFC 9293 3.10.7.4, first check, table 6. Besides, an empty segment exactly at the right edge is taken: a peer
  /// whose data fills our window puts it there.
  bool acceptable(const Segment& segment) const;

  struct Accepted {
    std::uint32_t in_order_bytes = 0;  ///< How far RCV.NXT moved, FIN not counted.
    bool out_of_order = false;         ///< Something new or old that calls for an ACK at once.
    bool filled_gap = false;
    bool fin = false;  ///< RCV.NXT moved over the FIN.
  };
  /// [begin, end) came again, as a whole.
  void on_duplicate(SeqNum begin, SeqNum end) { sacks_.on_duplicate(begin, end); }
  /// What the next acknowledgement says selectively, in at most so many blocks.
  SackBlocks take_sack_blocks(std::size_t most) { return sacks_.make(reassembly_, most); }
  /// Takes payload and FIN of an acceptable segment (SYN already stripped).
  Accepted accept(const Segment& segment, Counters& counters);

  std::size_t read(std::span<std::uint8_t> out);
  std::size_t peek(std::span<std::uint8_t> out) const;

  /// What the window would be if it were announced now, in bytes: it does not grow by less than a segment
  /// or half the buffer (RFC 9293 3.8.6.2.2), nor shrink.
  std::uint32_t window_bytes() const;
  /// The same as a header field. syn: unscaled (RFC 7323 2.2).
  std::uint16_t window_field(bool syn) const;
  /// That field was announced together with RCV.NXT.
  void on_window_announced(std::uint16_t field, bool syn);
  /// The application has read so much that the peer should hear of it without being asked.
  bool window_update_due() const;
  /// The window is closed, or nearly, because other connections have what the card can take.
  bool waits_for_budget() const { return share_.waits(); }

  SeqNum rcv_nxt() const { return rcv_nxt_; }
  SeqNum irs() const { return irs_; }
  SeqNum read_nxt() const { return read_nxt_; }
  SeqNum last_ack_sent() const { return last_ack_sent_; }
  void on_ack_announced() { last_ack_sent_ = rcv_nxt_; }
  std::uint8_t shift() const { return shift_; }
  std::size_t readable_bytes() const { return (fin_received_ ? rcv_nxt_ - 1 : rcv_nxt_) - read_nxt_; }
  bool fin_received() const { return fin_received_; }
  bool has_holes() const { return !reassembly_.empty(); }
  std::uint32_t rcv_mss() const { return rcv_mss_; }
  std::uint64_t bytes_received() const { return bytes_received_; }

  /// What is kept of a receiver that has nothing to do.
  struct AtRest {
    std::uint64_t bytes_received = 0;
    SeqNum irs;
    SeqNum rcv_nxt;
    SeqNum rcv_adv;
    SeqNum last_ack_sent;
    std::uint32_t rcv_mss = 0;
    std::uint8_t shift = 0;
    bool fin_received = false;
    ReceiveShare share;
  };
  /// All that came has been read and acknowledged.
  bool may_rest() const {
    return readable_bytes() == 0 && !has_holes() && last_ack_sent_ == rcv_nxt_ && fin_known_ == fin_received_ &&
           !share_.waits();
  }
  AtRest rest() const;
  /// Of a new receiver.
  void resume(const AtRest& resting);

 private:
  /// What is new in a segment.
  struct Piece {
    SeqNum begin;
    std::span<const std::uint8_t> data;
    bool fin = false;
    bool had_old = false;

    SeqNum end() const { return begin + static_cast<std::uint32_t>(data.size()); }
  };
  Piece trim(const Segment& segment, Counters& counters);
  void store_out_of_order(const Piece& piece, Counters& counters);

  std::uint32_t growth_threshold(std::uint32_t segments) const;
  SeqNum right_edge() const { return read_nxt_ + limit_; }
  /// What the peer may still send: nothing after its FIN.
  std::uint32_t granted() const { return !fin_received_ && rcv_adv_ > rcv_nxt_ ? rcv_adv_ - rcv_nxt_ : 0; }
  ReceiveDemand demand() const {
    return {.segment = own_mss_,
            .wanted = right_edge() > rcv_nxt_ ? right_edge() - rcv_nxt_ : 0,
            .received = bytes_received_,
            .closes = fin_received_};
  }
  void widen(std::size_t read_bytes);

  SeqRing ring_;
  Reassembly reassembly_;
  SackGenerator sacks_;
  std::uint16_t own_mss_;
  std::uint8_t offered_shift_ = 0;
  std::uint8_t shift_ = 0;
  SeqNum irs_;
  SeqNum read_nxt_;      ///< The application's next byte.
  std::uint32_t limit_;  ///< Bytes that we take from read_nxt_ on.
  SeqNum rcv_nxt_;
  SeqNum rcv_adv_;  ///< The right edge that the peer knows of.
  SeqNum last_ack_sent_;
  SeqNum fin_seq_;
  std::uint32_t rcv_mss_ = 536;  ///< RFC 9293 3.7.1, until a larger segment comes.
  std::uint64_t bytes_received_ = 0;
  ReceiveShare share_;
  bool fin_known_ = false;
  bool fin_received_ = false;
};

}  // namespace sockwire::tcp
