// SPDX-License-Identifier: Apache-2.0
// What the sending half sends next.
#include <algorithm>

#include "host/tcp/sender.hpp"

namespace sockwire::tcp {

namespace {
/// A super-segment of bulk data waits until it is this long, provided that the card has as much queued.
constexpr std::uint32_t kBulkSegments = 8;
}  // namespace

std::optional<Sender::Piece> Sender::next(TimePoint now, std::size_t room, bool established) {
  if (auto piece = next_syn()) return piece;
  if (!established) return std::nullopt;
  if (auto piece = next_fast_retransmit(room)) return piece;
  if (fast_retransmit_) return std::nullopt;
  if (auto piece = next_resend(room)) return piece;
  if (resend_nxt_ < resend_end_) return std::nullopt;
  if (auto piece = next_probe(now, room)) return piece;
  if (auto piece = next_new(now, room)) return piece;
  update_persist(now);
  return std::nullopt;
}

std::optional<Sender::Piece> Sender::next_syn() {
  if (!syn_wanted_) return std::nullopt;
  syn_wanted_ = false;
  Piece piece;
  piece.seq = iss_;
  piece.syn = true;
  piece.retransmission = snd_nxt_ != iss_;
  return emit(piece);
}

std::optional<Sender::Piece> Sender::next_fast_retransmit(std::size_t room) {
  if (!fast_retransmit_) return std::nullopt;
  if (snd_una_ == snd_nxt_ || queued(snd_una_, true)) {
    fast_retransmit_ = false;
    return std::nullopt;
  }
  const SeqNum data_end = seq_min(buffer_.end(), snd_nxt_);
  const std::uint32_t bytes = snd_una_ < data_end ? std::min<std::uint32_t>(mss_, data_end - snd_una_) : 0;
  if (bytes > room) return std::nullopt;
  fast_retransmit_ = false;
  forget_samples();
  return emit_again(snd_una_, bytes);
}

std::optional<Sender::Piece> Sender::next_resend(std::size_t room) {
  if (resend_nxt_ >= resend_end_) return std::nullopt;
  const SeqNum data_end = seq_min(buffer_.end(), resend_end_);
  const std::uint32_t left = resend_nxt_ < data_end ? data_end - resend_nxt_ : 0;
  const std::uint32_t ahead = resend_nxt_ - snd_una_;
  const std::uint32_t limit = std::min(congestion_.cwnd(), std::max<std::uint32_t>(snd_wnd_, mss_));
  const std::uint32_t allowed = limit > ahead ? limit - ahead : 0;
  if (left > 0) {
    std::uint32_t bytes = static_cast<std::uint32_t>(
        std::min({std::size_t{left}, std::size_t{allowed}, room, config_.max_transmit_bytes, kMaxTransmitBytes}));
    if (bytes < left) bytes -= bytes % mss_;
    if (bytes == 0) return std::nullopt;
    const SeqNum seq = resend_nxt_;
    const Piece piece = emit_again(seq, bytes);
    resend_nxt_ = piece.end();
    return piece;
  }
  // Only the FIN is left.
  if (allowed == 0) return std::nullopt;
  const Piece piece = emit_again(resend_nxt_, 0);
  resend_nxt_ = resend_end_;
  return piece;
}

std::optional<Sender::Piece> Sender::next_probe(TimePoint now, std::size_t room) {
  if (!probe_wanted_) return std::nullopt;
  const std::uint32_t usable = usable_window();
  const std::uint32_t bytes = usable > 0 && !probe_outstanding_ ? std::min<std::uint32_t>({usable, unsent(), mss_}) : 1;
  if (bytes > room) return std::nullopt;
  probe_wanted_ = false;
  if (probe_outstanding_ && queued(snd_una_, false)) return std::nullopt;
  ++persist_backoff_;
  timers_.set(Timer::kPersist, now + persist_interval());
  ++zero_window_probes_;
  if (probe_outstanding_) {
    forget_samples();
    return emit_again(snd_una_, 1);
  }
  // RFC 9293 3.8.6.1: at least one octet of new data, whatever the window.
  Piece piece;
  piece.seq = snd_nxt_;
  piece.bytes = bytes;
  piece.psh = true;
  probe_outstanding_ = usable == 0;
  return emit(piece);
}

std::uint32_t Sender::usable_window() const {
  const std::uint32_t in_flight = flight();
  return snd_wnd_ > in_flight ? snd_wnd_ - in_flight : 0;
}

bool Sender::window_blocks() const {
  // RFC 9293 3.8.6.2.1: neither a full segment, nor all there is, nor half of the largest window seen.
  const std::uint32_t usable = usable_window();
  return usable < std::min<std::uint32_t>(unsent(), mss_) && (usable == 0 || usable < max_snd_wnd_ / 2);
}

bool Sender::nagle_holds() const {
  // RFC 9293 3.7.4, in Minshall's variation: a short segment waits for the one before it only if that was short too.
  // And it waits for the card to run dry, since until then more data may fill it at no cost.
  return !nodelay_ && !fin_queued_ && (snd_sml_ > snd_una_ || has_undeparted());
}

std::uint32_t Sender::sendable(std::size_t room) const {
  const std::uint32_t available = unsent();
  const std::uint32_t usable = usable_window();
  const std::uint32_t cwnd = congestion_.cwnd() + congestion_.limited_transmit_bytes();
  const std::uint32_t congestion = cwnd > flight() ? cwnd - flight() : 0;
  const std::size_t card = std::min({room, config_.max_transmit_bytes, kMaxTransmitBytes});
  const std::uint32_t other_limits = static_cast<std::uint32_t>(std::min<std::size_t>(congestion, card));
  std::uint32_t bytes = std::min({available, usable, other_limits});
  if (bytes == available) {
    if (bytes % mss_ != 0 && nagle_holds()) bytes -= bytes % mss_;
    return bytes;
  }
  bytes -= bytes % mss_;
  const bool half_window = usable > 0 && usable >= max_snd_wnd_ / 2;
  if (bytes == 0 && half_window && usable <= other_limits) return usable;
  return bytes;
}

bool Sender::worth_waiting(std::uint32_t bytes) const {
  if (bytes == unsent() || queue_.size() < 2) return false;
  const std::size_t largest = std::max<std::size_t>(config_.max_transmit_bytes, mss_);
  const auto bulk = static_cast<std::uint32_t>(std::min(kBulkSegments * std::size_t{mss_}, largest - largest % mss_));
  // The head may be all but gone.
  const std::uint32_t behind_head = queue_.back().end - queue_.front().end;
  return bytes < bulk && queue_.back().end > queue_.front().end && behind_head >= bulk;
}

std::optional<Sender::Piece> Sender::next_new(TimePoint now, std::size_t room) {
  if (probe_outstanding_) return std::nullopt;
  const bool fin_due = fin_queued_ && !fin_sent_;
  if (unsent() == 0 && !fin_due) return std::nullopt;
  // RFC 5681 4.1.
  if (flight() == 0 && last_departed_ != TimePoint{} && now - last_departed_ > rtt_.rto()) congestion_.on_idle();

  Piece piece;
  piece.seq = snd_nxt_;
  piece.bytes = sendable(room);
  if (worth_waiting(piece.bytes)) return std::nullopt;
  piece.fin = fin_due && piece.bytes == unsent();
  if (piece.bytes == 0 && !piece.fin) return std::nullopt;
  piece.psh = piece.bytes == unsent() && piece.bytes > 0;
  return emit(piece);
}

Sender::Piece Sender::emit_again(SeqNum seq, std::uint32_t bytes) {
  Piece piece;
  piece.seq = seq;
  piece.bytes = bytes;
  piece.fin = fin_sent_ && seq + bytes == fin_seq_;
  piece.psh = bytes > 0 && seq + bytes == buffer_.end();
  piece.retransmission = true;
  return emit(piece);
}

Sender::Piece Sender::emit(Piece piece) {
  piece.tag = next_tag_++;
  if (piece.fin && !piece.retransmission) {
    fin_sent_ = true;
    fin_seq_ = piece.seq + piece.bytes;
  }
  const std::uint32_t segments = std::max<std::uint32_t>((piece.bytes + mss_ - 1) / mss_, 1);
  segments_out_ += segments;
  if (piece.retransmission) {
    retransmissions_ += segments;
    bytes_retransmitted_ += piece.bytes;
  } else if (piece.bytes % mss_ != 0) {
    snd_sml_ = piece.end();
  }
  queue_.push_back({piece.tag, piece.seq, piece.end(), !piece.retransmission, piece.retransmission});
  snd_nxt_ = seq_max(snd_nxt_, piece.end());
  snd_max_ = seq_max(snd_max_, snd_nxt_);
  return piece;
}

}  // namespace sockwire::tcp
