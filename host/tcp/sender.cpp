// SPDX-License-Identifier: Apache-2.0
// What the peer's and the card's answers do to the sending half. What it sends is in sender_output.cpp.
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
      mss_(config.mss),
      congestion_(config.mss, config.initial_window_segments, iss),
      iss_(iss),
      snd_una_(iss),
      snd_nxt_(iss),
      snd_max_(iss),
      departed_(iss),
      fin_seq_(iss),
      snd_sml_(iss),
      resend_nxt_(iss),
      resend_end_(iss),
      nodelay_(config.nodelay) {}

std::size_t Sender::append(std::span<const std::uint8_t> data) { return fin_queued_ ? 0 : buffer_.append(data); }

void Sender::on_options_agreed(std::uint16_t peer_mss, std::uint8_t peer_shift, bool timestamps) {
  peer_shift_ = peer_shift;
  // RFC 6691: the option does not count options, so they come off what we put into a segment.
  const std::uint32_t full = std::max(std::min(config_.mss, peer_mss), kMinMss);
  mss_ = static_cast<std::uint16_t>(full - (timestamps ? kTimestampsBytes : 0));
  congestion_.set_mss(mss_);
}

void Sender::on_path_mss(std::uint16_t mss) {
  mss_ = std::min(mss_, std::max(mss, kMinMss));
  congestion_.set_mss(mss_);
}

void Sender::queue_syn() {
  if (!queued(iss_, false)) syn_wanted_ = true;
}

void Sender::on_established(TimePoint now, const Segment& segment) {
  snd_wl1_ = segment.seq;
  snd_wl2_ = segment.ack;
  snd_wnd_ = static_cast<std::uint32_t>(segment.window) << (segment.syn() ? 0 : peer_shift_);
  max_snd_wnd_ = std::max(max_snd_wnd_, snd_wnd_);
  if (timeouts_in_row_ > 0) rtt_.on_syn_timed_out();
  on_advance(now, segment.ack, false);
  update_persist(now);
}

void Sender::on_ack(TimePoint now, const Segment& segment, bool ack_resolves) {
  const SeqNum ack = segment.ack;
  const std::uint32_t window = static_cast<std::uint32_t>(segment.window) << peer_shift_;
  probes_in_row_ = 0;
  if (ack < snd_una_) return;
  const bool advanced = ack > snd_una_;
  if (advanced) {
    on_advance(now, ack, ack_resolves);
  } else if (flight() > 0 && !probe_outstanding_ && segment.length() == 0 && window == snd_wnd_) {
    // RFC 5681 2: the five conditions of a duplicate.
    ++dup_acks_in_;
    if (congestion_.on_dup_ack(snd_una_, snd_nxt_)) {
      fast_retransmit_ = true;
      ++fast_retransmits_;
    }
  }
  update_window(segment, advanced);
  // RFC 9293 3.8.6: who has shrunk its window below what is in flight, and still answers, is not given up.
  if (snd_wnd_ < std::min<std::uint32_t>(flight(), mss_)) timeouts_in_row_ = 0;
  update_persist(now);
}

void Sender::on_advance(TimePoint now, SeqNum ack, bool ack_resolves) {
  const std::uint32_t acked = ack - snd_una_;
  const std::uint32_t flight_before = flight();
  const bool data = snd_una_ > iss_;
  snd_una_ = ack;
  snd_nxt_ = seq_max(snd_nxt_, ack);
  departed_ = seq_max(departed_, ack);
  resend_nxt_ = seq_max(resend_nxt_, ack);
  buffer_.release_to(seq_min(ack, buffer_.end()));
  bytes_acked_ += acked;
  timeouts_in_row_ = 0;
  probe_outstanding_ = false;
  syn_wanted_ = false;

  bool sampled = false;
  TimePoint departed{};
  while (!timed_.empty() && timed_.front().end <= ack) {
    departed = timed_.front().departed;
    timed_.pop_front();
    sampled = true;
  }
  if (sampled) {
    rtt_.on_sample(now - departed);
  } else if (ack_resolves) {
    rtt_.reset_backoff();
  }

  fast_retransmit_ = data && congestion_.on_ack(acked, ack, flight_before, snd_nxt_);
  // RFC 6298 5.2 and 5.3.
  if (departed_ > snd_una_) {
    timers_.set(Timer::kRetransmit, now + rtt_.rto());
  } else {
    timers_.stop(Timer::kRetransmit);
  }
}

void Sender::update_window(const Segment& segment, bool advanced) {
  // RFC 9293 3.10.7.4, fifth. `advanced` besides: a pure ACK may have overtaken older data on the peer's card, and then
  // SND.WL1 is ahead of what follows.
  const bool newer = snd_wl1_ < segment.seq || (snd_wl1_ == segment.seq && snd_wl2_ <= segment.ack) || advanced;
  if (!newer) return;
  snd_wnd_ = static_cast<std::uint32_t>(segment.window) << peer_shift_;
  max_snd_wnd_ = std::max(max_snd_wnd_, snd_wnd_);
  snd_wl1_ = segment.seq;
  snd_wl2_ = segment.ack;
  if (probe_outstanding_ && snd_wnd_ > 0) {
    // The window opened without the probe's byte: it was not taken, so it is data not yet sent.
    probe_outstanding_ = false;
    if (!queued(snd_una_, false)) {
      snd_nxt_ = departed_ = snd_sml_ = snd_una_;
      forget_samples();
    }
  }
}

void Sender::update_persist(TimePoint now) {
  const bool blocked = snd_una_ == snd_nxt_ && unsent() > 0 && window_blocks();
  if (!probe_outstanding_ && !blocked) {
    timers_.stop(Timer::kPersist);
    probe_wanted_ = false;
    persist_backoff_ = 0;
  } else if (!timers_.is_set(Timer::kPersist) && !probe_wanted_) {
    timers_.set(Timer::kPersist, now + persist_interval());
  }
}

Duration Sender::persist_interval() const {
  Duration interval = rtt_.rto();
  for (unsigned i = 0; i < persist_backoff_ && interval < config_.max_rto; ++i) interval *= 2;
  return std::min(interval, config_.max_rto);
}

void Sender::on_sent(std::uint32_t tag, TimePoint departed) {
  const auto known =
      std::find_if(queue_.begin(), queue_.end(), [tag](const Queued& entry) { return entry.tag == tag; });
  if (known == queue_.end()) return;
  const auto end = known + 1;
  for (auto entry = queue_.begin(); entry != end; ++entry) take_sent(*entry, departed);
  queue_.erase(queue_.begin(), end);
}

void Sender::on_all_sent(TimePoint now) {
  forget_samples();
  for (const Queued& entry : queue_) take_sent(entry, now);
  queue_.clear();
}

void Sender::take_sent(const Queued& entry, TimePoint departed) {
  last_departed_ = departed;
  departed_ = seq_max(departed_, entry.end);
  if (entry.end <= snd_una_) return;
  if (entry.timed) timed_.push_back({entry.end, departed});
  if (probe_outstanding_) return;  // the persist timer runs instead
  // RFC 6298 5.1; and 5.6: sent again, it has its full time again.
  const bool head_again = entry.retransmission && entry.seq <= snd_una_;
  if (head_again || !timers_.is_set(Timer::kRetransmit)) timers_.set(Timer::kRetransmit, departed + rtt_.rto());
}

bool Sender::on_retransmit_timeout() {
  if (flight() == 0 || queued(snd_una_, false)) return true;  // on_sent() starts the timer again
  const bool syn = !syn_acked();
  const unsigned limit = syn ? config_.max_syn_retransmissions : config_.max_retransmissions;
  if (timeouts_in_row_ >= limit) return false;
  ++timeouts_;
  rtt_.back_off();
  forget_samples();
  if (syn) {
    // RFC 5681 3.1: after a lost SYN the initial window is one segment; RFC 6928 2 keeps it so.
    congestion_.on_timeout(0, snd_nxt_, false);
    syn_wanted_ = true;
  } else {
    congestion_.on_timeout(flight(), snd_nxt_, timeouts_in_row_ == 0);
    fast_retransmit_ = false;
    resend_nxt_ = snd_una_;
    resend_end_ = snd_nxt_;
    // What is still queued on the card is on its way already.
    for (const Queued& entry : queue_) {
      if (entry.end > snd_una_) resend_end_ = seq_min(resend_end_, entry.seq);
    }
  }
  ++timeouts_in_row_;
  return true;
}

bool Sender::on_persist_timeout() {
  if (probes_in_row_ >= config_.max_retransmissions) return false;
  ++probes_in_row_;
  probe_wanted_ = true;
  return true;
}

bool Sender::queued(SeqNum seq, bool retransmissions_only) const {
  return std::any_of(queue_.begin(), queue_.end(), [&](const Queued& entry) {
    return entry.seq <= seq && seq < entry.end && (entry.retransmission || !retransmissions_only);
  });
}

void Sender::forget_samples() {
  timed_.clear();
  for (Queued& entry : queue_) entry.timed = false;
}

void Sender::fill(Info& info) const {
  info.srtt = rtt_.srtt();
  info.rttvar = rtt_.rttvar();
  info.min_rtt = rtt_.min_rtt();
  info.rto = rtt_.rto();
  info.backoff = timeouts_in_row_;
  info.mss = mss_;
  info.cwnd_bytes = congestion_.cwnd();
  info.ssthresh_bytes = congestion_.ssthresh();
  info.in_recovery = congestion_.in_recovery();
  info.snd_una = snd_una_;
  info.snd_nxt = snd_nxt_;
  info.snd_wnd_bytes = snd_wnd_;
  info.snd_wscale = peer_shift_;
  info.send_queue_bytes = buffer_.size();
  info.unsent_bytes = unsent();
  info.undeparted_bytes = 0;
  for (const Queued& entry : queue_) info.undeparted_bytes += entry.end - entry.seq;
  info.bytes_acked = bytes_acked_;
  info.bytes_retransmitted = bytes_retransmitted_;
  info.segments_out = segments_out_;
  info.retransmissions = retransmissions_;
  info.fast_retransmits = fast_retransmits_;
  info.timeouts = timeouts_;
  info.zero_window_probes = zero_window_probes_;
  info.dup_acks_in = dup_acks_in_;
}

}  // namespace sockwire::tcp
