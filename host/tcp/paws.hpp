// SPDX-License-Identifier: Apache-2.0
// The peer's timestamps: what we echo, and what we take for a segment of the past.
#pragma once

#include <cstdint>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"
#include "host/tcp/segment.hpp"

namespace sockwire::tcp {

/// TS.Recent of RFC 7323 4.3 and PAWS, RFC 7323 5.
class Paws {
 public:
  /// The handshake carried the option both ways. Also: it did long ago, and TS.Recent is of the time `now`.
  void enable(TimePoint now, std::uint32_t tsval) {
    enabled_ = true;
    ts_recent_ = tsval;
    recent_since_ = now;
  }
  bool enabled() const { return enabled_; }
  TimePoint recent_since() const { return recent_since_; }
  std::uint32_t ts_recent() const { return ts_recent_; }

  /// RFC 7323 5.3 R1. Precondition: enabled, and the segment has the option.
  bool is_old(TimePoint now, std::uint32_t tsval) const {
    // RFC 7323 5.5: after 24 idle days TS.Recent says nothing any more.
    return precedes(tsval, ts_recent_) && now - recent_since_ < std::chrono::hours(24 * 24);
  }
  /// RFC 7323 4.3 (2): takes the value of a segment that reaches back to what we acknowledged last.
  void update(TimePoint now, const Segment& segment, SeqNum last_ack_sent) {
    if (!segment.options.timestamps || segment.seq > last_ack_sent) return;
    const std::uint32_t tsval = segment.options.timestamps->tsval;
    if (precedes(tsval, ts_recent_)) return;
    ts_recent_ = tsval;
    recent_since_ = now;
  }

 private:
  static bool precedes(std::uint32_t a, std::uint32_t b) { return ((a - b) >> 31) != 0; }

  bool enabled_ = false;
  std::uint32_t ts_recent_ = 0;
  TimePoint recent_since_;
};

}  // namespace sockwire::tcp
