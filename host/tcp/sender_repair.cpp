// SPDX-License-Identifier: Apache-2.0
// Loss recovery: what is taken for lost, how it ends, and the timers that wait for ACKs which do not come.
//
//                losses found (RACK, duplicates)            recover_ acknowledged
//      kNone  -------------------------------->  kFast  -------------------------->  kNone
//        |                                         |
//        |              RTO                        |  RTO
//        +------------------------------------->  kTimeout  ---- recover_ acknowledged, or F-RTO: it was a mistake -->
//        kNone
#include <algorithm>

#include "host/tcp/sender.hpp"

namespace sockwire::tcp {

namespace {
constexpr unsigned kDupThresh = 3;  // RFC 5681 3.2
/// RFC 4821 7.7: so many time-outs of the same large segment mean that the path does not take its size.
constexpr unsigned kBlackHoleTimeouts = 3;
}  // namespace

std::uint32_t Sender::in_flight() const {
  // RFC 6675 4, SetPipe; without SACK, duplicate ACKs say how much has arrived.
  const std::uint32_t gone = scoreboard_.sacked_bytes() + scoreboard_.lost_bytes() + duplicate_bytes_;
  return flight() > gone ? flight() - gone : 0;
}

std::uint32_t Sender::congestion_window() const {
  return repair_ == Repair::kFast ? repair_window_ : congestion_->cwnd();
}

std::uint32_t Sender::congestion_room() const {
  const std::uint32_t window = congestion_window();
  return window > in_flight() ? window - in_flight() : 0;
}

void Sender::repair(const Delivered& delivered, std::uint32_t flight_before) {
  const TimePoint now = delivered.now;
  const bool was_fast = repair_ == Repair::kFast;
  if (repair_ != Repair::kNone && snd_una_ >= recover_) end_repair();
  if (delivered.needless) take_back_recovery();
  if (tail_.on_ack({snd_una_, delivered.dsack, delivered.duplicate && delivered.bytes == 0}) &&
      repair_ == Repair::kNone) {
    // RFC 8985 7.4.2: the probe hid a loss from the congestion control.
    spurious_.stop();
    congestion_->on_congestion(now, std::min(flight_before, congestion_->cwnd()));
    congestion_->on_recovered(congestion_->ssthresh());
  }
  check_timeout(delivered);
  const std::uint32_t lost_before = scoreboard_.lost_bytes();
  find_losses(delivered);
  const bool more_lost = scoreboard_.lost_bytes() > lost_before && !only_mtu_probe_lost(lost_before);
  if (repair_ == Repair::kNone && more_lost) begin_fast_recovery(now);
  if (repair_ == Repair::kFast) {
    repair_window_ = prr_.on_ack(delivered.bytes, in_flight(), delivered.advanced > 0 && !more_lost, mss_);
  } else if (delivered.advanced > 0 && !was_fast && !delivered.marked) {
    AckSample sample;
    sample.now = now;
    sample.acked = delivered.advanced;
    sample.flight_before = flight_before;
    sample.rtt = delivered.rtt.value_or(Duration(-1));
    sample.srtt = rtt_.srtt();
    congestion_->on_ack(sample);
  }
  if (delivered.bytes == 0) return;
  RateSample sample = rate_.sample(delivered.rate, now, delivered.bytes, in_flight(), rtt_.min_rtt());
  sample.rtt = delivered.rtt.value_or(Duration(-1));
  congestion_->on_rate_sample(sample, rtt_.srtt());
}

// RFC 3168 6.1.2: as for a lost packet, but nothing is to be sent again; once a window.
void Sender::take_ecn_echo(Delivered& delivered) {
  if (snd_una_ < ecn_recover_ || repair_ != Repair::kNone) return;
  delivered.marked = true;
  ecn_recover_ = snd_nxt_;
  spurious_.stop();
  cwr_due_ = true;
  ++ecn_reductions_;
  // The least window is used once a time-out then.
  if (congestion_->cwnd() <= mss_) timers_.set(Timer::kMarked, delivered.now + rtt_.rto());
  congestion_->on_mark(delivered.now, std::min(flight() + delivered.advanced, congestion_->cwnd()));
}

void Sender::find_losses(const Delivered& delivered) {
  if (!sack_) {
    find_losses_by_duplicates(delivered);
    return;
  }
  const TimePoint again = rack_.detect(rack_ack(delivered.now), rtt_.min_rtt(), rtt_.srtt(), scoreboard_);
  timers_.set(Timer::kReordering, again);
  // RFC 8985 8: one of the timers runs, and this one goes before the retransmission timer.
  if (again != kNever && timers_.deadline(Timer::kRetransmit) <= again) {
    timers_.set(Timer::kRetransmit, again + rtt_.rto());
  }
}

Rack::Ack Sender::rack_ack(TimePoint now) const {
  return {now, snd_una_, snd_nxt_, repair_ != Repair::kNone, scoreboard_.sacked_bytes() / mss_};
}

void Sender::find_losses_by_duplicates(const Delivered& delivered) {
  if (repair_ == Repair::kFast) {
    // RFC 6582 3.2 step 3: a partial acknowledgment names the next hole.
    if (delivered.advanced > 0) {
      mark_head_lost();
      force_retransmission_ = true;
    }
  } else if (repair_ == Repair::kNone && dup_acks_ == kDupThresh && snd_una_ >= recover_) {
    // Step 2: duplicates of what a time-out or the last recovery sent again are no new loss.
    mark_head_lost();
  }
}

void Sender::mark_head_lost() {
  scoreboard_.mark_lost(snd_una_, seq_min(snd_una_ + mss_, snd_nxt_), [](const Scoreboard::Range&) { return true; });
}

// What the card still holds is on its way already, and so is not lost.
void Sender::mark_lost_by_timeout(TimePoint now) {
  // RFC 2018 8: the first segment goes again even if the peer said that it had it.
  if (!scoreboard_.empty() && scoreboard_.ranges().front().sacked) scoreboard_.forget_sacks();
  mark_head_lost();
  // RFC 5681 3.1, RFC 6675 5.1; but what left only lately may still arrive (RFC 8985 6.3).
  const Rack::Ack ack = rack_ack(now);
  scoreboard_.mark_lost(snd_una_, snd_nxt_, [&](const Scoreboard::Range& range) {
    return !sack_ || rack_.old_enough(ack, range, rtt_.min_rtt(), rtt_.srtt());
  });
}

void Sender::begin_fast_recovery(TimePoint now) {
  ++fast_retransmits_;
  repair_ = Repair::kFast;
  recover_ = snd_nxt_;
  tail_.cancel();
  // RFC 5681 3.2 step 2: what limited transmit added does not count.
  congestion_->on_congestion(now, std::min(flight(), congestion_->cwnd()));
  prr_.start(flight(), congestion_->ssthresh());
  spurious_.start();
  force_retransmission_ = true;
}

/// What was found lost since `lost_before` is a probe of the path's MTU. It is sent again in segments that pass.
bool Sender::only_mtu_probe_lost(std::uint32_t lost_before) {
  if (!mtu_ || lost_before != 0) return false;
  const Scoreboard::Run run = scoreboard_.first_lost();
  if (scoreboard_.lost_bytes() != run.bytes() || !mtu_->is_probe(run.begin, run.end)) return false;
  mtu_->on_probe_lost();
  return true;
}

void Sender::shrink_segments() {
  if (mss_ <= MtuSearch::kFloor || scoreboard_.empty() || flight() <= MtuSearch::kFloor) return;
  if (!mtu_) mtu_ = std::make_unique<MtuSearch>(mss_);
  set_mss(mtu_->on_black_hole(mss_));
}

void Sender::end_repair() {
  if (repair_ == Repair::kFast) {
    congestion_->on_recovered(in_flight());
    rack_.on_recovery_end();
  } else {
    congestion_->on_timeout_repaired();
  }
  repair_ = Repair::kNone;
  force_retransmission_ = false;
  frto_.stop();
  duplicate_bytes_ = 0;
}

/// Packets had overtaken one another: RACK waits longer from now on, and the window is as if nothing had happened.
void Sender::take_back_recovery() {
  ++spurious_recoveries_;
  if (repair_ == Repair::kFast) end_repair();
  scoreboard_.forgive();
  congestion_->on_spurious();
}

void Sender::check_timeout(const Delivered& delivered) {
  if (repair_ != Repair::kTimeout) return;
  if (delivered.advanced == 0 && delivered.bytes == 0 && !delivered.duplicate) return;
  Frto::Ack ack;
  ack.advanced = delivered.advanced > 0;
  ack.covers_all = snd_una_ >= recover_;
  ack.sack = sack_;
  ack.original = delivered.original;
  ack.has_new_data = unsent() > 0 && usable_window() > 0;
  if (frto_.on_ack(ack) != Frto::Verdict::kSpurious) return;
  ++spurious_timeouts_;
  congestion_->on_spurious();
  scoreboard_.forgive();
  rtt_.reset_backoff();
  end_repair();
}

bool Sender::on_retransmit_timeout(TimePoint now) {
  if (flight() == 0 || queued(snd_una_, false)) return true;  // on_sent() starts the timer again
  const bool syn = !syn_acked();
  const unsigned limit = syn ? config_.max_syn_retransmissions : config_.max_retransmissions;
  if (timeouts_in_row_ >= limit) return false;
  ++timeouts_;
  rtt_.back_off();
  const bool first = timeouts_in_row_++ == 0;
  if (mtu_) mtu_->on_probe_lost();
  if (syn) {
    congestion_->on_syn_lost();
    syn_wanted_ = true;
    return true;
  }
  if (timeouts_in_row_ % kBlackHoleTimeouts == 0) shrink_segments();
  const bool repairing = repair_ != Repair::kNone;
  congestion_->on_timeout(now, std::min(flight(), congestion_->cwnd()), first);
  mark_lost_by_timeout(now);
  repair_ = Repair::kTimeout;
  recover_ = snd_nxt_;
  spurious_.stop();
  duplicate_bytes_ = 0;
  dup_acks_ = 0;
  tail_.cancel();
  tail_probe_wanted_ = false;
  force_retransmission_ = true;
  timers_.stop(Timer::kReordering);
  timers_.stop(Timer::kTailLoss);
  if (first && !repairing) {
    frto_.start();
  } else {
    frto_.stop();
  }
  return true;
}

void Sender::on_reordering_timeout(TimePoint now) {
  Delivered nothing;
  nothing.now = now;
  const std::uint32_t lost_before = scoreboard_.lost_bytes();
  find_losses(nothing);
  if (scoreboard_.lost_bytes() == lost_before || only_mtu_probe_lost(lost_before)) return;
  if (repair_ == Repair::kNone) begin_fast_recovery(now);
  if (repair_ == Repair::kFast) repair_window_ = prr_.on_ack(0, in_flight(), false, mss_);
}

void Sender::on_tail_loss_timeout(TimePoint now) {
  if (repair_ != Repair::kNone || flight() == 0) return;
  tail_probe_wanted_ = true;
  // RFC 8985 7.3: the retransmission timer has its full time again.
  timers_.set(Timer::kRetransmit, now + rtt_.rto());
}

void Sender::arm_timers(TimePoint now, bool advanced) {
  // RFC 6298 5.2 and 5.3. What has not left yet starts the timer when it does, in take_departure().
  const bool left = !scoreboard_.empty() && !scoreboard_.ranges().front().waits && !window_probe_outstanding_;
  if (!left) {
    timers_.stop(Timer::kRetransmit);
  } else if (advanced) {
    timers_.set(Timer::kRetransmit, now + rtt_.rto());
  }
  if (flight() == 0) timers_.stop(Timer::kReordering);
  arm_tail_loss_probe(now);
}

void Sender::arm_tail_loss_probe(TimePoint now) {
  const bool useful = sack_ && repair_ == Repair::kNone && syn_acked() && flight() > 0 && queue_.empty() &&
                      tail_.allowed() && !window_probe_outstanding_ && scoreboard_.sacked_bytes() == 0;
  if (!useful) {
    timers_.stop(Timer::kTailLoss);
    return;
  }
  const Duration timeout = TailLossProbe::timeout(rtt_.srtt(), rtt_.has_sample(), flight() <= mss_);
  // 7.2: not later than the retransmission timer, whose place it takes.
  timers_.set(Timer::kTailLoss, std::min(now + timeout, timers_.deadline(Timer::kRetransmit)));
}

}  // namespace sockwire::tcp
