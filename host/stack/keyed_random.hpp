// SPDX-License-Identifier: Apache-2.0
// Numbers that an outsider cannot guess, from a secret: SipHash over a counter. The stack stays pure: equal secrets
// give equal numbers.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>

#include "host/base/byte_order.hpp"
#include "host/base/time.hpp"
#include "host/tcp/isn.hpp"

namespace sockwire::stack {

class KeyedRandom {
 public:
  /// purpose: one letter for each use of the key, so that no two uses give the same numbers.
  KeyedRandom(const tcp::SipHashKey& key, char purpose) : key_(key), purpose_(purpose) {}

  std::uint64_t next() {
    std::array<std::uint8_t, 9> message{static_cast<std::uint8_t>(purpose_)};
    store_le32(&message[1], static_cast<std::uint32_t>(count_));
    store_le32(&message[5], static_cast<std::uint32_t>(count_ >> 32));
    ++count_;
    return tcp::siphash24(key_, message);
  }
  std::uint32_t next32() { return static_cast<std::uint32_t>(next()); }
  std::uint16_t next16() { return static_cast<std::uint16_t>(next()); }
  /// From `least` to `most`, both possible. Precondition: least <= most.
  Duration between(Duration least, Duration most) {
    assert(least <= most);
    const auto span = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + Duration(static_cast<Duration::rep>(next() % span));
  }

 private:
  tcp::SipHashKey key_;
  char purpose_;
  std::uint64_t count_ = 0;
};

}  // namespace sockwire::stack
