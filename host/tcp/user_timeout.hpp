// SPDX-License-Identifier: Apache-2.0
// The user timeout option (RFC 5482): how long each end means to wait for acknowledgements, so that neither gives up
// before the other would.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "host/base/time.hpp"

namespace sockwire::tcp {

/// The option's 16 bits (RFC 5482 3.2): a granularity, minutes if set, else seconds; and 15 bits of time.
class UserTimeoutOption {
 public:
  static constexpr std::uint16_t kMinutes = 0x8000;
  static constexpr std::uint16_t kMost = 0x7fff;

  /// A time as the option can hold it: rounded up.
  static std::uint16_t encode(Duration time) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
    if (seconds <= kMost) return static_cast<std::uint16_t>(std::max<std::int64_t>(seconds, 1));
    const auto minutes = std::min<std::int64_t>(std::chrono::ceil<std::chrono::minutes>(time).count(), kMost);
    return static_cast<std::uint16_t>(kMinutes | minutes);
  }
  static Duration decode(std::uint16_t field) {
    const std::int64_t time = field & kMost;
    return (field & kMinutes) != 0 ? Duration(std::chrono::minutes(time)) : Duration(std::chrono::seconds(time));
  }
};

/// Section 3.1: the larger of what both want, within bounds.
inline Duration agreed_user_timeout(Duration ours, Duration theirs) {
  constexpr Duration kLeast = std::chrono::seconds(100);  // L_LIMIT: RFC 9293 3.8.3, R2 as RFC 1122 has it
  constexpr Duration kLongest = std::chrono::hours(24);   // U_LIMIT: a peer cannot make us keep a connection for ever
  return std::min(kLongest, std::max({ours, theirs, kLeast}));
}

}  // namespace sockwire::tcp
