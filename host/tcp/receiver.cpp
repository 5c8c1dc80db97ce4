// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/receiver.hpp"

#include <algorithm>

namespace sockwire::tcp {

namespace {
constexpr std::uint32_t kMaxField = 65535;
}

Receiver::Receiver(const Config& config)
    : ring_(config.receive_buffer_bytes), own_mss_(config.mss), share_(config.receive_budget) {
  limit_ = static_cast<std::uint32_t>(ring_.capacity());
  if (config.initial_window_bytes != 0) {
    const std::size_t least = std::max(config.initial_window_bytes, std::size_t{2} * config.mss);
    limit_ = static_cast<std::uint32_t>(std::min(ring_.capacity(), least));
  }
  if (config.window_scale) {
    while ((ring_.capacity() >> offered_shift_) > kMaxField) ++offered_shift_;
  }
}

void Receiver::start(SeqNum irs) {
  irs_ = irs;
  rcv_nxt_ = read_nxt_ = rcv_adv_ = last_ack_sent_ = irs + 1;
}

Receiver::AtRest Receiver::rest() const {
  return {bytes_received_, irs_, rcv_nxt_, rcv_adv_, last_ack_sent_, rcv_mss_, shift_, fin_received_, share_.twin()};
}

void Receiver::resume(const AtRest& resting) {
  bytes_received_ = resting.bytes_received;
  irs_ = resting.irs;
  rcv_nxt_ = resting.rcv_nxt;
  rcv_adv_ = resting.rcv_adv;
  last_ack_sent_ = resting.last_ack_sent;
  rcv_mss_ = resting.rcv_mss;
  shift_ = resting.shift;
  fin_known_ = fin_received_ = resting.fin_received;
  read_nxt_ = fin_seq_ = fin_received_ ? rcv_nxt_ - 1 : rcv_nxt_;
  share_.set(granted(), demand());
}

bool Receiver::acceptable(const Segment& segment) const {
  const SeqNum edge = rcv_nxt_ + window_bytes();
  const std::uint32_t length = segment.length();
  if (length == 0) return segment.seq >= rcv_nxt_ && segment.seq <= edge;
  if (edge == rcv_nxt_) return false;
  // Its first number lies in the window, or RCV.NXT lies in it. By distances: half of the space away, "before" and
  // "behind" mean nothing.
  return (segment.seq >= rcv_nxt_ && segment.seq < edge) || rcv_nxt_ - segment.seq < length;
}

Receiver::Piece Receiver::trim(const Segment& segment, Counters& counters) {
  Piece piece{segment.seq, segment.payload, segment.fin()};
  if (piece.begin < rcv_nxt_) {
    const auto old = std::min<std::size_t>(rcv_nxt_ - piece.begin, piece.data.size());
    counters.duplicate_bytes += old;
    piece.had_old = old > 0;
    if (old > 0) sacks_.on_duplicate(piece.begin, piece.begin + static_cast<std::uint32_t>(old));
    piece.data = piece.data.subspan(old);
    piece.begin += static_cast<std::uint32_t>(old);
  }
  // What lies beyond the window is cut off, and a FIN behind it with it.
  const SeqNum edge = seq_max(right_edge(), rcv_adv_);
  if (piece.end() > edge) {
    piece.data = piece.data.first(piece.begin < edge ? edge - piece.begin : 0);
    piece.fin = false;
  }
  if (fin_known_ && piece.end() > fin_seq_) {
    ++counters.data_after_fin;
    piece.data = piece.data.first(piece.begin < fin_seq_ ? fin_seq_ - piece.begin : 0);
    piece.fin = false;
  }
  return piece;
}

Receiver::Accepted Receiver::accept(const Segment& segment, Counters& counters) {
  const unsigned frames = std::max(segment.merged_segments, 1u);
  const auto per_frame = static_cast<std::uint32_t>((segment.payload.size() + frames - 1) / frames);
  rcv_mss_ = std::min<std::uint32_t>(std::max(rcv_mss_, per_frame), std::max<std::uint32_t>(own_mss_, 536));

  const Piece piece = trim(segment, counters);
  if (piece.fin && !fin_known_ && piece.end() >= rcv_nxt_) {
    fin_known_ = true;
    fin_seq_ = piece.end();
  }
  Accepted accepted;
  accepted.out_of_order = piece.had_old;
  const SeqNum before = rcv_nxt_;
  if (piece.begin != rcv_nxt_) {
    accepted.out_of_order |= piece.fin || !piece.data.empty();
    store_out_of_order(piece, counters);
  } else if (!piece.data.empty()) {
    ring_.reserve(read_nxt_, piece.end());
    ring_.write(piece.begin, piece.data);
    accepted.filled_gap = !reassembly_.empty();
    rcv_nxt_ = reassembly_.advance(piece.end());
  }
  accepted.in_order_bytes = rcv_nxt_ - before;
  bytes_received_ += accepted.in_order_bytes;
  if (fin_known_ && !fin_received_ && rcv_nxt_ == fin_seq_) {
    ++rcv_nxt_;
    fin_received_ = accepted.fin = true;
  }
  share_.set(granted(), demand());
  return accepted;
}

void Receiver::store_out_of_order(const Piece& piece, Counters& counters) {
  if (piece.data.empty()) return;
  ++counters.out_of_order_segments;
  sacks_.on_out_of_order(piece.begin);
  if (const Reassembly::Range* known = reassembly_.find(piece.begin); known != nullptr && known->end >= piece.end()) {
    sacks_.on_duplicate(piece.begin, piece.end());
    counters.duplicate_bytes += piece.data.size();
    return;
  }
  if (reassembly_.add(piece.begin, piece.end())) {
    ring_.reserve(read_nxt_, piece.end());
    ring_.write(piece.begin, piece.data);
  } else {
    ++counters.reassembly_full;
  }
}

std::size_t Receiver::read(std::span<std::uint8_t> out) {
  const std::size_t bytes = peek(out);
  read_nxt_ += static_cast<std::uint32_t>(bytes);
  widen(bytes);
  if (bytes > 0 && readable_bytes() == 0 && reassembly_.empty()) ring_.on_empty();
  return bytes;
}

/// By as much as is read, as a peer's window in slow start grows by as much as is acknowledged: so this one stays ahead
/// of it, and never opens by so much at once that what then comes overruns a queue on the way. An application that lets
/// half of it lie has no use for more.
void Receiver::widen(std::size_t read_bytes) {
  if (readable_bytes() > limit_ / 2) return;
  limit_ = static_cast<std::uint32_t>(std::min(ring_.capacity(), limit_ + read_bytes));
}

std::size_t Receiver::peek(std::span<std::uint8_t> out) const {
  const std::size_t bytes = std::min(out.size(), readable_bytes());
  ring_.read(read_nxt_, out.first(bytes));
  return bytes;
}

std::uint32_t Receiver::growth_threshold(std::uint32_t segments) const {
  return std::min(static_cast<std::uint32_t>(ring_.capacity() / 2), segments * own_mss_);
}

std::uint32_t Receiver::window_bytes() const {
  SeqNum edge = seq_min(right_edge(), rcv_nxt_ + share_.most(demand()));
  if (edge < rcv_adv_ + growth_threshold(1)) edge = rcv_adv_;
  return edge > rcv_nxt_ ? edge - rcv_nxt_ : 0;
}

std::uint16_t Receiver::window_field(bool syn) const {
  return static_cast<std::uint16_t>(std::min(window_bytes() >> (syn ? 0 : shift_), kMaxField));
}

void Receiver::on_window_announced(std::uint16_t field, bool syn) {
  rcv_adv_ = seq_max(rcv_adv_, rcv_nxt_ + (static_cast<std::uint32_t>(field) << (syn ? 0 : shift_)));
  // The peer cannot be told of more before it has said that it is there.
  ReceiveDemand now = demand();
  now.closes = now.closes || syn;
  share_.set(granted(), now);
}

bool Receiver::window_update_due() const {
  const std::uint32_t known = rcv_adv_ > rcv_nxt_ ? rcv_adv_ - rcv_nxt_ : 0;
  const std::uint32_t largest = kMaxField << shift_;
  const std::uint32_t now = std::min(window_bytes(), largest);
  return now >= 2 * known && now >= known + growth_threshold(2);
}

}  // namespace sockwire::tcp
