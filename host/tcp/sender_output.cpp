// SPDX-License-Identifier: Apache-2.0
// What the sending half sends next.
#include <algorithm>
#include <utility>

#include "host/tcp/sender.hpp"

namespace sockwire::tcp {

namespace {
/// A super-segment of bulk data waits until it is this long, provided that the card has as much queued.
constexpr std::uint32_t kBulkSegments = 8;
constexpr std::uint64_t kMaxPacingGapNs = 100'000'000;
/// What is paced may wait on the card for so long. More, and a retransmission would wait behind it; less, and the card
/// would run dry while the host is busy.
constexpr std::uint64_t kPacedQueuePerSecond = 200;  // 5 ms
constexpr std::uint64_t kPacedQueueSegments = 2;
constexpr Duration kCorkTime = std::chrono::milliseconds(200);
}  // namespace

std::optional<Sender::Piece> Sender::next(TimePoint now, std::size_t room, bool established) {
  if (auto piece = next_syn(now)) return piece;
  if (!established) return std::nullopt;
  // A full card is asked often: only a FIN or a window's closing is to be seen to then.
  if (room == 0 && unsent() > 0 && scoreboard_.lost_bytes() == 0) {
    update_persist(now);
    return std::nullopt;
  }
  room = std::min(room, paced_room());
  if (urgent_) room = std::min<std::size_t>(room, mss_);
  if (auto piece = next_retransmission(now, room)) return piece;
  if (scoreboard_.lost_bytes() > 0 && !frto_.wants_new_data()) return std::nullopt;
  if (auto piece = next_tail_loss_probe(now, room)) return piece;
  if (auto piece = next_window_probe(now, room)) return piece;
  if (auto piece = next_mtu_probe(now, room)) return piece;
  if (auto piece = next_new(now, room)) return piece;
  if (unsent() == 0 && congestion_room() >= mss_) rate_.on_app_limited(in_flight());
  update_persist(now);
  return std::nullopt;
}

std::size_t Sender::paced_room() const {
  const std::uint64_t rate = congestion_->pacing_rate();
  if (rate == 0) return kMaxTransmitBytes;
  const std::uint64_t most = std::max<std::uint64_t>(rate / kPacedQueuePerSecond, kPacedQueueSegments * mss_);
  const std::uint64_t waits = undeparted();
  return static_cast<std::size_t>(most > waits ? most - waits : 0);
}

std::optional<Sender::Piece> Sender::next_syn(TimePoint now) {
  if (!syn_wanted_) return std::nullopt;
  syn_wanted_ = false;
  Piece piece;
  piece.seq = iss_;
  piece.syn = true;
  piece.retransmission = snd_nxt_ != iss_;
  return emit(now, piece);
}

std::optional<Sender::Piece> Sender::next_retransmission(TimePoint now, std::size_t room) {
  const Scoreboard::Run run = scoreboard_.first_lost();
  if (run.bytes() == 0 || frto_.wants_new_data()) return std::nullopt;
  const std::uint32_t ahead = run.begin - snd_una_;
  const std::uint32_t window = std::max<std::uint32_t>(snd_wnd_, mss_);
  std::size_t allowed = std::min(congestion_room(), window > ahead ? window - ahead : 0);
  if (force_retransmission_) allowed = std::max<std::size_t>(allowed, mss_);
  const SeqNum data_end = seq_min(run.end, buffer_.end());
  const std::uint32_t data = run.begin < data_end ? data_end - run.begin : 0;
  if (data == 0) return allowed > 0 ? std::optional(emit_again(now, run.begin, run.end)) : std::nullopt;  // FIN
  std::size_t bytes = std::min({std::size_t{data}, allowed, room, config_.max_transmit_bytes, kMaxTransmitBytes});
  if (bytes < data) bytes -= bytes % mss_;
  if (bytes == 0) return std::nullopt;
  return emit_again(now, run.begin, bytes == data ? run.end : run.begin + static_cast<std::uint32_t>(bytes));
}

std::optional<Sender::Piece> Sender::next_tail_loss_probe(TimePoint now, std::size_t room) {
  if (!tail_probe_wanted_) return std::nullopt;
  if (room < mss_) return std::nullopt;
  tail_probe_wanted_ = false;
  // What waits on the card will make the peer speak; when it has left, the timer starts anew.
  if (flight() == 0 || repair_ != Repair::kNone || !tail_.allowed() || has_undeparted()) return std::nullopt;
  ++tail_loss_probes_;
  // RFC 8985 7.3: new data if there is some that the peer takes, else the last segment again.
  const std::uint32_t fresh = std::min({unsent(), usable_window(), std::uint32_t{mss_}});
  Piece piece;
  if (fresh > 0) {
    piece.seq = snd_nxt_;
    piece.bytes = fresh;
    piece.fin = fin_queued_ && !fin_sent_ && fresh == unsent();
    piece.psh = fresh == unsent();
    piece = emit(now, piece);
  } else {
    piece = emit_again(now, seq_max(snd_una_, snd_nxt_ - mss_), snd_nxt_);
  }
  tail_.on_sent(snd_nxt_, piece.retransmission);
  return piece;
}

std::optional<Sender::Piece> Sender::next_window_probe(TimePoint now, std::size_t room) {
  if (!window_probe_wanted_) return std::nullopt;
  const std::uint32_t usable = usable_window();
  const bool outstanding = window_probe_outstanding_;
  const std::uint32_t bytes = usable > 0 && !outstanding ? std::min<std::uint32_t>({usable, unsent(), mss_}) : 1;
  if (bytes > room) return std::nullopt;
  window_probe_wanted_ = false;
  if (outstanding && queued(snd_una_, false)) return std::nullopt;
  ++persist_backoff_;
  timers_.set(Timer::kPersist, now + persist_interval());
  ++zero_window_probes_;
  if (outstanding) return emit_again(now, snd_una_, snd_una_ + 1);
  // RFC 9293 3.8.6.1: at least one octet of new data, whatever the window.
  Piece piece;
  piece.seq = snd_nxt_;
  piece.bytes = bytes;
  piece.psh = true;
  window_probe_outstanding_ = usable == 0;
  return emit(now, piece);
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

bool Sender::cork_holds(TimePoint now) {
  if (!cork_ || cork_expired_ || fin_queued_) return false;
  if (!timers_.is_set(Timer::kCork)) timers_.set(Timer::kCork, now + kCorkTime);
  return true;
}

std::uint32_t Sender::sendable(TimePoint now, std::size_t room) {
  const std::uint32_t available = unsent();
  const std::uint32_t usable = usable_window();
  const std::size_t card = std::min({room, config_.max_transmit_bytes, kMaxTransmitBytes});
  const auto other_limits = static_cast<std::uint32_t>(std::min<std::size_t>(congestion_room(), card));
  std::uint32_t bytes = std::min({available, usable, other_limits});
  if (bytes == available) {
    if (bytes % mss_ != 0 && (nagle_holds() || cork_holds(now))) bytes -= bytes % mss_;
    return bytes;
  }
  bytes -= bytes % mss_;
  const bool half_window = usable > 0 && usable >= max_snd_wnd_ / 2;
  if (bytes == 0 && half_window && usable <= other_limits) return usable;
  return bytes;
}

std::uint32_t Sender::pacing_gap_ns() const {
  const std::uint64_t rate = congestion_->pacing_rate();
  if (rate == 0) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(mss_ * std::uint64_t{1'000'000'000} / rate, kMaxPacingGapNs));
}

bool Sender::worth_waiting(std::uint32_t bytes) const {
  if (bytes == unsent() || queue_.size() < 2) return false;
  const std::size_t largest = std::max<std::size_t>(config_.max_transmit_bytes, mss_);
  const auto bulk = static_cast<std::uint32_t>(std::min(kBulkSegments * std::size_t{mss_}, largest - largest % mss_));
  // The head may be all but gone.
  const std::uint32_t behind_head = queue_.back().end - queue_.front().end;
  return bytes < bulk && queue_.back().end > queue_.front().end && behind_head >= bulk;
}

/// RFC 4821 7.4: new data in a segment of the size to be tried, with enough behind it that its loss shows soon.
std::optional<Sender::Piece> Sender::next_mtu_probe(TimePoint now, std::size_t room) {
  constexpr std::uint32_t kSegmentsBehind = 4;
  if (!mtu_ || repair_ != Repair::kNone || flight() == 0) return std::nullopt;
  const std::uint32_t most = std::min<std::uint32_t>(
      {usable_window(), congestion_room(), static_cast<std::uint32_t>(std::min(room, kMaxTransmitBytes)), unsent()});
  const std::uint32_t behind = kSegmentsBehind * mss_;
  if (most < behind) return std::nullopt;
  const auto size = mtu_->next_probe(now);
  if (!size || *size <= mss_ || most < *size + behind) return std::nullopt;
  Piece piece;
  piece.seq = snd_nxt_;
  piece.bytes = *size;
  piece.mss = *size;
  mtu_->on_probe_sent(now, piece.seq, piece.end());
  return emit(now, piece);
}

std::optional<Sender::Piece> Sender::next_new(TimePoint now, std::size_t room) {
  if (window_probe_outstanding_ || scoreboard_.full() || timers_.is_set(Timer::kMarked)) return std::nullopt;
  const bool fin_due = fin_queued_ && !fin_sent_;
  if (unsent() == 0 && !fin_due) return std::nullopt;
  // RFC 5681 4.1.
  if (flight() == 0 && last_departed_ != TimePoint{} && now - last_departed_ > rtt_.rto()) congestion_->on_idle();

  Piece piece;
  piece.seq = snd_nxt_;
  piece.bytes = sendable(now, room);
  if (worth_waiting(piece.bytes)) return std::nullopt;
  piece.fin = fin_due && piece.bytes == unsent();
  if (piece.bytes == 0 && !piece.fin) return std::nullopt;
  piece.psh = piece.bytes == unsent() && piece.bytes > 0;
  piece.cwr = piece.bytes > 0 && std::exchange(cwr_due_, false);
  if (piece.bytes == unsent()) {
    cork_expired_ = false;
    timers_.stop(Timer::kCork);
  }
  return emit(now, piece);
}

Sender::Piece Sender::emit_again(TimePoint now, SeqNum seq, SeqNum end) {
  const SeqNum data_end = seq_min(end, buffer_.end());
  Piece piece;
  piece.seq = seq;
  piece.bytes = seq < data_end ? data_end - seq : 0;
  piece.fin = fin_sent_ && end == fin_seq_ + 1;
  piece.psh = piece.bytes > 0 && data_end == buffer_.end();
  piece.retransmission = true;
  force_retransmission_ = false;
  spurious_.on_resent(seq, end);
  return emit(now, piece);
}

Sender::Piece Sender::emit(TimePoint now, Piece piece) {
  piece.tag = next_tag_++;
  if (piece.fin && !piece.retransmission) {
    fin_sent_ = true;
    fin_seq_ = piece.seq + piece.bytes;
  }
  const std::uint32_t segments = piece.mss != 0 ? 1 : std::max<std::uint32_t>((piece.bytes + mss_ - 1) / mss_, 1);
  segments_out_ += segments;
  if (piece.retransmission) {
    retransmissions_ += segments;
    bytes_retransmitted_ += piece.bytes;
    scoreboard_.resend(piece.seq, piece.end(), piece.tag, now);
  } else {
    if (piece.mss == 0 && piece.bytes % mss_ != 0) snd_sml_ = piece.end();
    scoreboard_.add(piece.seq, piece.end(), piece.tag, now);
  }
  if (repair_ == Repair::kFast) prr_.on_sent(piece.end() - piece.seq);
  queue_.push_back({piece.tag, piece.seq, piece.end(), piece.retransmission});
  snd_nxt_ = seq_max(snd_nxt_, piece.end());
  snd_max_ = seq_max(snd_max_, snd_nxt_);
  return piece;
}

}  // namespace sockwire::tcp
