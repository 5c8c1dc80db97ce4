// SPDX-License-Identifier: Apache-2.0
// The timers of a connection: a table with one deadline each.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "host/base/time.hpp"

namespace sockwire::tcp {

enum class Timer : std::uint8_t {
  kRetransmit,   ///< RFC 6298 5.
  kReordering,   ///< RACK's, RFC 8985 6.3.
  kTailLoss,     ///< The probe's, RFC 8985 7.
  kPersist,      ///< Zero-window probe, RFC 9293 3.8.6.1.
  kDelayedAck,   ///< RFC 9293 3.8.6.3.
  kMarked,       ///< The window is one segment, and the network marks even that (RFC 3168 6.1.2).
  kCork,         ///< What a cork holds back goes after all.
  kKeepalive,    ///< RFC 9293 3.8.4.
  kUserTimeout,  ///< Nothing was acknowledged for so long (RFC 9293 3.8.3, RFC 5482).
  kTimeWait,     ///< 2 MSL.
  kFinWait2,     ///< Nobody reads any more, and the peer does not close.
  kCount,
};

/// All stopped at first.
class Timers {
 public:
  Timers() { deadlines_.fill(kNever); }

  void set(Timer timer, TimePoint deadline) { at(timer) = deadline; }
  void stop(Timer timer) { at(timer) = kNever; }
  void stop_all() { deadlines_.fill(kNever); }
  bool is_set(Timer timer) const { return deadline(timer) != kNever; }
  TimePoint deadline(Timer timer) const { return deadlines_[static_cast<std::size_t>(timer)]; }
  /// The next one of all; kNever if none is set.
  TimePoint earliest() const { return *std::min_element(deadlines_.begin(), deadlines_.end()); }

  /// None but these is set.
  bool none_but(std::initializer_list<Timer> allowed) const {
    return std::all_of(deadlines_.begin(), deadlines_.end(), [&](const TimePoint& deadline) {
      const auto timer = static_cast<Timer>(&deadline - deadlines_.data());
      return deadline == kNever || std::find(allowed.begin(), allowed.end(), timer) != allowed.end();
    });
  }

  /// Whether the deadline has come; if so the timer is stopped.
  bool take_expired(Timer timer, TimePoint now) {
    if (deadline(timer) > now) return false;
    stop(timer);
    return true;
  }

 private:
  TimePoint& at(Timer timer) { return deadlines_[static_cast<std::size_t>(timer)]; }

  std::array<TimePoint, static_cast<std::size_t>(Timer::kCount)> deadlines_{};
};

}  // namespace sockwire::tcp
