// SPDX-License-Identifier: Apache-2.0
// The machine's monotonic clock, and waiting on it.
#pragma once

#include <cstdint>
#include <span>

namespace sockwire::sim {

class WallClock {
 public:
  /// Time begins when it is made.
  WallClock();
  std::uint64_t now_ns() const;
  /// Returns at time_ns (kNeverNs: not at all), or as soon as one of the descriptors is readable, or on a signal:
  /// only then false.
  bool wait(std::uint64_t time_ns, std::span<const int> descriptors) const;

 private:
  std::uint64_t start_ns_;
};

}  // namespace sockwire::sim
