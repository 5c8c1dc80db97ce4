// SPDX-License-Identifier: Apache-2.0
// What a connection sends: segments, ACKs, and the soft state of its slot.
#include <algorithm>

#include "host/tcp/active_connection.hpp"

namespace sockwire::tcp {

std::optional<Transmit> ActiveConnection::poll_transmit(TimePoint now, std::size_t payload_room) {
  if (reset_) {
    const std::optional<Transmit> reset = reset_;
    reset_.reset();
    return reset;
  }
  if (state_ == State::kClosed) return std::nullopt;
  if (synchronized() && ack_.duplicate_due()) return make_pure_ack(now);
  if (keepalive_probe_wanted_) return make_keepalive_probe(now);
  if (const auto piece = sender_.next(now, payload_room, synchronized())) return make_segment(now, *piece);
  if (!synchronized()) return std::nullopt;
  if (sender_.has_undeparted()) {
    // The ACK rides on what is queued. It stays due, in case that has left before this arrives at the card.
    if (!soft_state_changed()) return std::nullopt;
    Transmit refresh = make_transmit(now, TransmitKind::kRefresh);
    refresh.seq = sender_.snd_nxt();
    note_soft_state(refresh);
    receiver_.on_window_announced(refresh.window, false);
    receiver_.on_ack_announced();
    ++refreshes_out_;
    return refresh;
  }
  if (ack_.due()) return make_pure_ack(now);
  return std::nullopt;
}

Transmit ActiveConnection::make_transmit(TimePoint now, TransmitKind kind) const {
  Transmit transmit;
  transmit.kind = kind;
  transmit.mss = sender_.mss();
  transmit.ack = receiver_.rcv_nxt();
  transmit.window = receiver_.window_field(false);
  transmit.flags_first = transmit.flags_last =
      static_cast<std::uint8_t>(wire::kTcpAckFlag | (ecn_.echo() ? wire::kTcpEce : 0));
  if (paws_.enabled()) transmit.options.timestamps = Timestamps{timestamp(now), paws_.ts_recent()};
  transmit.dscp = config_.dscp;
  return transmit;
}

Transmit ActiveConnection::make_segment(TimePoint now, const Sender::Piece& piece) {
  Transmit transmit = make_transmit(now, TransmitKind::kSegment);
  transmit.tag = piece.tag;
  transmit.seq = piece.seq;
  transmit.payload_bytes = piece.bytes;
  if (piece.mss != 0) transmit.mss = piece.mss;
  transmit.retransmission = piece.retransmission;
  transmit.pacing_gap_ns = sender_.pacing_gap_ns();
  if (piece.psh) transmit.flags_last |= wire::kTcpPsh;
  if (piece.fin) transmit.flags_last |= wire::kTcpFin;
  if (piece.cwr) transmit.flags_first |= wire::kTcpCwr;
  if (piece.syn) add_syn_options(now, piece, transmit);
  if (piece.bytes > 0 && urgent_out_.bytes_from(piece.seq) > 0) {
    transmit.flags_last |= wire::kTcpUrg;
    transmit.urgent = urgent_out_.pointer_from(piece.seq);
  }
  if (piece.bytes <= transmit.mss) transmit.flags_first = transmit.flags_last = transmit.flags();
  // RFC 3168 6.1.4 to 6.1.6: neither what is sent again, nor a window probe, nor an ACK alone.
  transmit.ect = ecn_.agreed() && piece.bytes > 0 && !piece.retransmission && !sender_.probes_window();
  arm_user_timeout(now, false);
  if (state_ == State::kSynSent) return transmit;

  note_soft_state(transmit);
  receiver_.on_window_announced(transmit.window, piece.syn);
  receiver_.on_ack_announced();
  ack_.on_piggyback(timers_);
  return transmit;
}

void ActiveConnection::add_syn_options(TimePoint now, const Sender::Piece& piece, Transmit& transmit) const {
  transmit.flags_last |= wire::kTcpSyn;
  transmit.window = receiver_.window_field(true);
  transmit.options.mss = config_.mss;
  if (offer_window_scale_) transmit.options.window_scale = receiver_.offered_shift();
  transmit.options.sack_permitted = offer_sack_;
  if (config_.offer_user_timeout && config_.user_timeout > Duration::zero()) {
    transmit.options.user_timeout = UserTimeoutOption::encode(config_.user_timeout);
  }
  if (state_ != State::kSynSent) {
    // RFC 3168 6.1.1: the answer has ECE alone.
    if (ecn_.agreed() && !sender_.syn_repeated()) transmit.flags_last |= wire::kTcpEce;
  } else {
    transmit.flags_first = 0;
    transmit.flags_last &= static_cast<std::uint8_t>(~wire::kTcpAckFlag);
    if (ecn_.offers(piece.retransmission)) transmit.flags_last |= wire::kTcpEce | wire::kTcpCwr;
    transmit.ack = SeqNum(0);
    if (offer_timestamps_) transmit.options.timestamps = Timestamps{timestamp(now), 0};
  }
}

Transmit ActiveConnection::make_pure_ack(TimePoint now) {
  Transmit transmit = make_transmit(now, TransmitKind::kPureAck);
  transmit.seq = sender_.snd_nxt();
  if (offer_sack_) transmit.options.sack = receiver_.take_sack_blocks(max_sack_blocks(paws_.enabled()));
  receiver_.on_window_announced(transmit.window, false);
  receiver_.on_ack_announced();
  ack_.on_pure_ack(timers_);
  ++pure_acks_out_;
  return transmit;
}

// RFC 9293 3.8.4: a number that the peer has acknowledged already, so that it must answer.
Transmit ActiveConnection::make_keepalive_probe(TimePoint now) {
  keepalive_probe_wanted_ = false;
  ++keepalive_probes_;
  Transmit probe = make_pure_ack(now);
  probe.seq = sender_.snd_una() - 1;
  return probe;
}

bool ActiveConnection::soft_state_changed() const {
  return slot_ack_ != receiver_.rcv_nxt() || slot_window_ != receiver_.window_field(false) ||
         (paws_.enabled() && slot_tsecr_ != paws_.ts_recent());
}

void ActiveConnection::note_soft_state(const Transmit& transmit) {
  slot_ack_ = transmit.ack;
  slot_window_ = transmit.window;
  slot_tsecr_ = transmit.options.timestamps ? transmit.options.timestamps->tsecr : 0;
}

std::uint32_t ActiveConnection::timestamp(TimePoint now) const {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  return static_cast<std::uint32_t>(ms) + config_.timestamp_offset;
}

std::optional<Transmit> reset_for(const Segment& segment) {
  if (segment.rst()) return std::nullopt;
  Transmit reset;
  reset.kind = TransmitKind::kPureAck;
  reset.flags_last = wire::kTcpRst;
  if (segment.has_ack()) {
    reset.seq = segment.ack;
  } else {
    reset.flags_last |= wire::kTcpAckFlag;
    reset.ack = segment.end();
  }
  reset.flags_first = reset.flags_last;
  return reset;
}

}  // namespace sockwire::tcp
