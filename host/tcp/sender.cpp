// SPDX-License-Identifier: Apache-2.0
// The sending half towards the application, the handshake, the card and the clock. What the peer's ACKs do is in
// sender_ack.cpp and sender_repair.cpp, what is sent in sender_output.cpp.
#include "host/tcp/sender.hpp"

#include <algorithm>

namespace sockwire::tcp {

namespace {
constexpr std::uint32_t kTimestampsBytes = 12;
constexpr std::uint16_t kMinMss = 48;  // below, a peer's MSS option is an attack on our CPU
}  // namespace

Sender::Sender(const Config& config, SeqNum iss, Timers& timers)
    : config_(config),
      timers_(timers),
      rtt_(config.min_rto, config.initial_rto, config.max_rto),
      buffer_(config.send_buffer_bytes, iss + 1),
      congestion_(make_congestion_control(config.congestion, config.mss, config.initial_window_segments)),
      mss_(config.mss),
      iss_(iss),
      snd_una_(iss),
      snd_nxt_(iss),
      snd_max_(iss),
      fin_seq_(iss),
      snd_sml_(iss),
      recover_(iss),
      ecn_recover_(iss),
      nodelay_(config.nodelay) {}

std::size_t Sender::append(std::span<const std::uint8_t> data) { return fin_queued_ ? 0 : buffer_.append(data); }
bool Sender::lend(std::span<const std::uint8_t> data, std::uint64_t token) {
  return !fin_queued_ && buffer_.lend(data, token);
}

void Sender::set_cork(bool cork) {
  cork_ = cork;
  cork_expired_ = false;
  timers_.stop(Timer::kCork);
}

void Sender::on_options_agreed(const Agreement& agreement) {
  peer_shift_ = agreement.peer_shift;
  sack_ = agreement.sack;
  ecn_ = agreement.ecn;
  // RFC 6691: the option does not count options, so they come off what we put into a segment.
  const std::uint32_t full = std::max(std::min(config_.mss, agreement.peer_mss), kMinMss);
  mss_ = static_cast<std::uint16_t>(full - (agreement.timestamps ? kTimestampsBytes : 0));
  congestion_->set_mss(mss_);
}

void Sender::on_path_mss(std::uint16_t mss) {
  mss = std::max(mss, kMinMss);
  if (mtu_) mtu_->limit(mss);
  set_mss(std::min(mss_, mss));
}

void Sender::set_mss(std::uint16_t mss) {
  mss_ = mss;
  congestion_->set_mss(mss_);
}

void Sender::queue_syn() {
  if (!queued(iss_, false)) syn_wanted_ = true;
}

void Sender::update_persist(TimePoint now) {
  const bool blocked = snd_una_ == snd_nxt_ && unsent() > 0 && window_blocks();
  if (!window_probe_outstanding_ && !blocked) {
    timers_.stop(Timer::kPersist);
    window_probe_wanted_ = false;
    persist_backoff_ = 0;
  } else if (!timers_.is_set(Timer::kPersist) && !window_probe_wanted_) {
    timers_.set(Timer::kPersist, now + persist_interval());
  }
}

Duration Sender::persist_interval() const {
  Duration interval = rtt_.rto();
  for (unsigned i = 0; i < persist_backoff_ && interval < config_.max_rto; ++i) interval *= 2;
  return std::min(interval, config_.max_rto);
}

void Sender::on_sent(TimePoint now, std::uint32_t tag, TimePoint departed) {
  const auto known =
      std::find_if(queue_.begin(), queue_.end(), [tag](const Queued& entry) { return entry.tag == tag; });
  if (known == queue_.end()) return;
  const auto end = known + 1;
  for (auto entry = queue_.begin(); entry != end; ++entry) take_departure(*entry, departed);
  queue_.erase(queue_.begin(), end);
  arm_tail_loss_probe(now);
}

void Sender::on_all_sent(TimePoint now) {
  for (const Queued& entry : queue_) take_departure(entry, now);
  queue_.clear();
  arm_tail_loss_probe(now);
}

void Sender::take_departure(const Queued& entry, TimePoint departed) {
  last_departed_ = departed;
  if (entry.end <= snd_una_) return;
  const bool idle = entry.seq == snd_una_ && !entry.retransmission;
  scoreboard_.on_departed(entry.seq, entry.end, entry.tag, departed, rate_.on_departed(departed, idle));
  if (window_probe_outstanding_) return;  // the persist timer runs instead
  // RFC 6298 5.1; and 5.6: sent again, it has its full time again.
  const bool head_again = entry.retransmission && entry.seq <= snd_una_;
  if (head_again || !timers_.is_set(Timer::kRetransmit)) timers_.set(Timer::kRetransmit, departed + rtt_.rto());
}

bool Sender::on_persist_timeout() {
  if (window_probes_in_row_ >= config_.max_retransmissions) return false;
  ++window_probes_in_row_;
  window_probe_wanted_ = true;
  return true;
}

bool Sender::queued(SeqNum seq, bool retransmissions_only) const {
  return std::any_of(queue_.begin(), queue_.end(), [&](const Queued& entry) {
    return entry.seq <= seq && seq < entry.end && (entry.retransmission || !retransmissions_only);
  });
}

std::uint32_t Sender::undeparted() const {
  std::uint32_t bytes = 0;
  for (const Queued& entry : queue_) bytes += entry.end - entry.seq;
  return bytes;
}

void Sender::fill(Info& info) const {
  info.srtt = rtt_.srtt();
  info.rttvar = rtt_.rttvar();
  info.min_rtt = rtt_.min_rtt();
  info.rto = rtt_.rto();
  info.backoff = timeouts_in_row_;
  info.mss = mss_;
  info.congestion = name_of(congestion_->algorithm());
  info.cwnd_bytes = congestion_window();
  info.ssthresh_bytes = congestion_->ssthresh();
  info.pacing_rate = congestion_->pacing_rate();
  info.in_recovery = repair_ != Repair::kNone;
  info.after_timeout = repair_ == Repair::kTimeout;
  info.sack = sack_;
  info.in_flight_bytes = in_flight();
  info.sacked_bytes = scoreboard_.sacked_bytes();
  info.lost_bytes = scoreboard_.lost_bytes();
  info.reordering_seen = rack_.reordering_seen();
  info.snd_una = snd_una_;
  info.snd_nxt = snd_nxt_;
  info.snd_wnd_bytes = snd_wnd_;
  info.snd_wscale = peer_shift_;
  info.send_queue_bytes = buffer_.size();
  info.unsent_bytes = unsent();
  info.undeparted_bytes = undeparted();
  info.bytes_acked = bytes_acked_;
  info.bytes_retransmitted = bytes_retransmitted_;
  info.segments_out = segments_out_;
  info.retransmissions = retransmissions_;
  info.fast_retransmits = fast_retransmits_;
  info.timeouts = timeouts_;
  info.spurious_timeouts = spurious_timeouts_;
  info.spurious_recoveries = spurious_recoveries_;
  info.tail_loss_probes = tail_loss_probes_;
  info.ecn_reductions = ecn_reductions_;
  info.zero_window_probes = zero_window_probes_;
  info.dup_acks_in = dup_acks_in_;
}

}  // namespace sockwire::tcp
