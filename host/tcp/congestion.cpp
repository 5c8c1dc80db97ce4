// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/congestion.hpp"

#include <algorithm>

namespace sockwire::tcp {

namespace {
constexpr std::uint32_t kMaxCwnd = 1u << 30;
constexpr unsigned kDupAckThreshold = 3;
}  // namespace

NewReno::NewReno(std::uint32_t mss, unsigned initial_window_segments, SeqNum iss)
    : mss_(mss),
      initial_window_segments_(initial_window_segments),
      cwnd_(initial_window_segments * mss),
      recover_(iss) {}

void NewReno::set_mss(std::uint32_t mss) {
  mss_ = mss;
  if (!data_acked_) cwnd_ = after_timeout_ ? mss : initial_window();
}

void NewReno::grow(std::uint32_t acked, std::uint32_t flight_before) {
  // A window that is not used is not tried, so it may not grow (RFC 7661 4.3, in its simplest form).
  if (in_slow_start()) {
    if (flight_before < cwnd_ / 2) return;
    // RFC 3465 2.3: after a time-out one ACK may cover what had arrived long ago; it must not release a burst.
    const std::uint32_t limit = after_timeout_ ? 2 * mss_ : acked;
    cwnd_ += std::min(acked, limit);
  } else {
    if (flight_before + 2 * mss_ < cwnd_) return;
    acked_in_avoidance_ += acked;
    if (acked_in_avoidance_ >= cwnd_) {
      acked_in_avoidance_ -= cwnd_;
      cwnd_ += mss_;
    }
  }
  cwnd_ = std::min(cwnd_, kMaxCwnd);
}

bool NewReno::on_ack(std::uint32_t acked, SeqNum snd_una, std::uint32_t flight_before, SeqNum snd_nxt) {
  data_acked_ = true;
  if (!in_recovery_) {
    dup_acks_ = 0;
    if (snd_una >= recover_) after_timeout_ = false;
    grow(acked, flight_before);
    return false;
  }
  if (snd_una >= recover_) {
    // Full acknowledgment, RFC 6582 3.2 step 3, option 1 (no burst).
    const std::uint32_t flight = snd_nxt - snd_una;
    cwnd_ = std::min(ssthresh_, std::max(flight, mss_) + mss_);
    acked_in_avoidance_ = 0;
    in_recovery_ = false;
    dup_acks_ = 0;
    return false;
  }
  // Partial acknowledgment: the next hole. Deflate by what was acknowledged, add back one segment.
  cwnd_ = cwnd_ > acked ? cwnd_ - acked : 0;
  if (acked >= mss_) cwnd_ += mss_;
  cwnd_ = std::max(cwnd_, mss_);
  return true;
}

bool NewReno::on_dup_ack(SeqNum snd_una, SeqNum snd_nxt) {
  if (in_recovery_) {
    // RFC 5681 3.2 step 4: a segment has left the network.
    cwnd_ = std::min(cwnd_ + mss_, kMaxCwnd);
    return false;
  }
  ++dup_acks_;
  if (dup_acks_ == 1) flight_at_first_dup_ = snd_nxt - snd_una;
  // RFC 6582 3.2 step 2: duplicates of what a time-out or the last recovery sent again are no new loss.
  if (dup_acks_ != kDupAckThreshold || snd_una < recover_) return false;
  ssthresh_ = std::max(flight_at_first_dup_ / 2, 2 * mss_);
  cwnd_ = ssthresh_ + kDupAckThreshold * mss_;
  recover_ = snd_nxt;
  in_recovery_ = true;
  after_timeout_ = false;
  return true;
}

void NewReno::on_timeout(std::uint32_t flight, SeqNum snd_nxt, bool first) {
  if (first) ssthresh_ = std::max(flight / 2, 2 * mss_);
  cwnd_ = mss_;
  acked_in_avoidance_ = 0;
  recover_ = snd_nxt;
  in_recovery_ = false;
  after_timeout_ = true;
  dup_acks_ = 0;
}

void NewReno::on_idle() { cwnd_ = std::min(cwnd_, initial_window()); }

}  // namespace sockwire::tcp
