// SPDX-License-Identifier: Apache-2.0
// The sending half of a connection on which nothing happens: what is kept of it, and how it goes on.
#include <algorithm>

#include "host/tcp/sender.hpp"

namespace sockwire::tcp {

bool Sender::may_rest(TimePoint now) const {
  const bool nothing_wanted = !syn_wanted_ && !tail_probe_wanted_ && !window_probe_wanted_;
  return !mtu_ && buffer_.completions() == 0 && syn_acked() && all_acked() && snd_max_ == snd_nxt_ && queue_.empty() &&
         nothing_wanted && repair_ == Repair::kNone && now - last_departed_ > rtt_.rto();
}

Sender::AtRest Sender::rest() const {
  AtRest resting;
  resting.srtt = rtt_.srtt();
  resting.rttvar = rtt_.rttvar();
  resting.min_rtt = rtt_.min_rtt();
  resting.measured = rtt_.has_sample();
  resting.bytes_acked = bytes_acked_;
  resting.bytes_retransmitted = bytes_retransmitted_;
  resting.segments_out = segments_out_;
  resting.iss = iss_;
  resting.snd_una = snd_una_;
  resting.snd_wl1 = snd_wl1_;
  resting.snd_wl2 = snd_wl2_;
  resting.snd_wnd = snd_wnd_;
  resting.max_snd_wnd = max_snd_wnd_;
  resting.next_tag = next_tag_;
  resting.cwnd = congestion_->cwnd();
  resting.ssthresh = congestion_->ssthresh();
  resting.retransmissions = retransmissions_;
  resting.fast_retransmits = fast_retransmits_;
  resting.timeouts = timeouts_;
  resting.spurious_timeouts = spurious_timeouts_;
  resting.spurious_recoveries = spurious_recoveries_;
  resting.tail_loss_probes = tail_loss_probes_;
  resting.ecn_reductions = ecn_reductions_;
  resting.zero_window_probes = zero_window_probes_;
  resting.dup_acks_in = dup_acks_in_;
  resting.mss = mss_;
  resting.peer_shift = peer_shift_;
  resting.sack = sack_;
  resting.ecn = ecn_;
  resting.cwr_due = cwr_due_;
  resting.nodelay = nodelay_;
  resting.cork = cork_;
  resting.fin_sent = fin_sent_;
  return resting;
}

void Sender::resume(const AtRest& resting) {
  iss_ = resting.iss;
  snd_una_ = snd_nxt_ = snd_max_ = snd_sml_ = recover_ = ecn_recover_ = resting.snd_una;
  snd_wl1_ = resting.snd_wl1;
  snd_wl2_ = resting.snd_wl2;
  snd_wnd_ = resting.snd_wnd;
  max_snd_wnd_ = resting.max_snd_wnd;
  next_tag_ = resting.next_tag;
  mss_ = resting.mss;
  peer_shift_ = resting.peer_shift;
  sack_ = resting.sack;
  ecn_ = resting.ecn;
  cwr_due_ = resting.cwr_due;
  nodelay_ = resting.nodelay;
  cork_ = resting.cork;
  fin_queued_ = fin_sent_ = resting.fin_sent;
  fin_seq_ = fin_sent_ ? snd_una_ - 1 : iss_;
  buffer_ = SendBuffer(config_.send_buffer_bytes, fin_sent_ ? fin_seq_ : snd_una_);
  if (resting.measured) rtt_.resume(resting.srtt, resting.rttvar, resting.min_rtt);
  congestion_->set_mss(mss_);
  congestion_->resume(resting.cwnd, resting.ssthresh);
  bytes_acked_ = resting.bytes_acked;
  bytes_retransmitted_ = resting.bytes_retransmitted;
  segments_out_ = resting.segments_out;
  retransmissions_ = resting.retransmissions;
  fast_retransmits_ = resting.fast_retransmits;
  timeouts_ = resting.timeouts;
  spurious_timeouts_ = resting.spurious_timeouts;
  spurious_recoveries_ = resting.spurious_recoveries;
  tail_loss_probes_ = resting.tail_loss_probes;
  ecn_reductions_ = resting.ecn_reductions;
  zero_window_probes_ = resting.zero_window_probes;
  dup_acks_in_ = resting.dup_acks_in;
}

}  // namespace sockwire::tcp
