// SPDX-License-Identifier: Apache-2.0
// Time as an argument. Nothing in host/tcp or host/stack reads a clock: whoever calls them says what time it is, and
// it may be card time in a simulation or the machine's monotonic clock on a live link.
#pragma once

#include <chrono>

namespace sockwire {

using Duration = std::chrono::nanoseconds;

/// The tag of our time line. It has no now() on purpose.
struct CardClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CardClock, duration>;
  static constexpr bool is_steady = true;
};

/// A point in time; the epoch is the card's (or the process's) start.
using TimePoint = CardClock::time_point;

/// A deadline that never comes.
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace sockwire
