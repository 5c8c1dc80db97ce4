// SPDX-License-Identifier: Apache-2.0
// When to acknowledge.
#pragma once

#include <algorithm>
#include <cstdint>

#include "host/tcp/timers.hpp"

namespace sockwire::tcp {

/// Delayed acknowledgement: at least every second full segment (RFC 9293 3.8.6.3), counted in bytes because a segment
/// may be several that were coalesced; everything out of the ordinary at once (RFC 5681 4.2).
class AckPolicy {
 public:
  AckPolicy(Duration delay, unsigned quick) : delay_(delay), quick_(quick) {}

  /// In-order data came; full_segment: the peer's full size in bytes.
  void on_in_order(TimePoint now, std::uint32_t bytes, std::uint32_t full_segment, Timers& timers) {
    unacked_bytes_ += bytes;
    const bool quick = quick_ > 0;
    if (quick) --quick_;
    if (quick || unacked_bytes_ >= 2 * full_segment || delay_ == Duration(0)) {
      due_ = true;
    } else if (!timers.is_set(Timer::kDelayedAck)) {
      timers.set(Timer::kDelayedAck, now + delay_);
    }
  }
  /// TCP_QUICKACK: that many segments from now on are acknowledged at once.
  void set_quick(unsigned segments) { quick_ = segments; }
  /// An ACK is to be sent as soon as may be; it may ride on data.
  void demand() { due_ = true; }
  /// One ACK of its own for each out-of-order segment, because the peer counts them (RFC 5681 3.2).
  void demand_duplicates(unsigned count) { duplicates_ = std::min(duplicates_ + count, kMaxDuplicates); }

  unsigned quick() const { return quick_; }
  bool due() const { return due_; }
  bool duplicate_due() const { return duplicates_ > 0; }
  /// A pure ACK goes out.
  void on_pure_ack(Timers& timers) {
    if (duplicates_ > 0) --duplicates_;
    on_piggyback(timers);
  }
  /// A segment of ours that will carry the current ACK goes out.
  void on_piggyback(Timers& timers) {
    due_ = false;
    unacked_bytes_ = 0;
    timers.stop(Timer::kDelayedAck);
  }

 private:
  static constexpr unsigned kMaxDuplicates = 64;

  Duration delay_;
  unsigned quick_;  ///< So many more are not delayed.
  std::uint32_t unacked_bytes_ = 0;
  unsigned duplicates_ = 0;
  bool due_ = false;
};

}  // namespace sockwire::tcp
