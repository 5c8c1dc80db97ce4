// SPDX-License-Identifier: Apache-2.0
// Initial sequence numbers that an outsider cannot guess.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "hls/wire/seq_num.hpp"
#include "host/base/time.hpp"
#include "host/tcp/endpoint.hpp"

namespace sockwire::tcp {

/// 128 secret bits, from a random source of the caller's.
using SipHashKey = std::array<std::uint8_t, 16>;

/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash for short inputs.
std::uint64_t siphash24(const SipHashKey& key, std::span<const std::uint8_t> message);

/// ISN = M + F(local, remote, key), RFC 6528 3: M ticks every 4 us, F is SipHash-2-4.
class IsnGenerator {
 public:
  explicit IsnGenerator(const SipHashKey& key) : key_(key) {}

  SeqNum iss(const Endpoint& local, const Endpoint& remote, TimePoint now) const;
  /// A per-peer offset for Config::timestamp_offset, so that timestamps of different connections tell nothing about
  /// each other but grow over the connections of one pair of hosts (RFC 7323 5.4).
  std::uint32_t timestamp_offset(const Endpoint& local, const Endpoint& remote) const;

 private:
  SipHashKey key_;
};

}  // namespace sockwire::tcp
