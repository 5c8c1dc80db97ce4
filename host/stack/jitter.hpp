// SPDX-License-Identifier: Apache-2.0
// Waits that stations are to choose at random, so that they do not all speak at once: from a keyed hash and a counter.
#pragma once

#include <array>
#include <cstdint>

#include "host/base/time.hpp"
#include "host/tcp/isn.hpp"

namespace sockwire::stack {

class Jitter {
 public:
  explicit Jitter(const tcp::SipHashKey& key) : key_(key) {}

  /// Evenly distributed from zero to `limit`, which is not reached unless it is zero.
  Duration below(Duration limit) {
    if (limit <= Duration::zero()) return Duration::zero();
    // The leading byte keeps this use of the key apart from others.
    std::array<std::uint8_t, 9> message{'j'};
    for (std::size_t i = 0; i < 8; ++i) message[1 + i] = static_cast<std::uint8_t>(drawn_ >> (8 * i));
    ++drawn_;
    return Duration(
        static_cast<Duration::rep>(tcp::siphash24(key_, message) % static_cast<std::uint64_t>(limit.count())));
  }
  Duration between(Duration least, Duration limit) { return least + below(limit - least); }

 private:
  tcp::SipHashKey key_;
  std::uint64_t drawn_ = 0;
};

}  // namespace sockwire::stack
