// SPDX-License-Identifier: Apache-2.0
// Card time, of which events carry 40 bits, as the host's time.
//
// A simulated card runs on the host's clock. A real one has a clock of its own, which began at another time and is up
// to 100 ppm faster or slower. What an event says is older than the moment at which it comes, by what it has waited:
// the least of these differences, over the last seconds, is taken for the distance of the two clocks. So a round trip,
// whose ends are both card time, is right but for what the distance moves meanwhile; and a card's time is never in the
// future.
//
//   now - card time     .  .      .        .    .
//                         .    .     .  .     .      .
//   ------------------------------------------------------- least of this window and the one before
#pragma once

#include <algorithm>
#include <cstdint>

#include "host/base/time.hpp"

namespace sockwire::card {

class TimeMap {
 public:
  /// own_clock: the card's is not the host's.
  explicit TimeMap(bool own_clock) : own_clock_(own_clock) {}

  /// low: the low 40 bits of the card's time in ns. Precondition: `now` never goes back, and somebody calls at least
  /// every four minutes.
  TimePoint to_host(TimePoint now, std::uint64_t low);
  /// Another card, or the same after it has begun anew.
  void restart() { known_ = false; }

 private:
  /// Of a minimum: the clocks move apart by half a millisecond at most.
  static constexpr Duration kWindow = std::chrono::seconds(5);
  static constexpr std::int64_t kNone = INT64_MAX;

  bool own_clock_;
  bool known_ = false;
  TimePoint seen_{};             ///< the last call
  std::uint64_t card_ns_ = 0;    ///< card time of the last call, whole
  TimePoint window_{};           ///< it began
  std::int64_t least_ = kNone;   ///< now - card time, in this window
  std::int64_t before_ = kNone;  ///< in the one before
};

}  // namespace sockwire::card
