// SPDX-License-Identifier: Apache-2.0
// What ICMP has told of the largest packets that pass on the way to a destination (RFC 1191, RFC 8201).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "host/base/ip_address.hpp"
#include "host/base/time.hpp"

namespace sockwire::stack {

/// A smaller IPv4 MTU than this is not believed (an attacker's, or a misconfiguration). IPv6 has 1280 as its least
/// (RFC 8200 5).
inline constexpr std::uint16_t kMinIpv4PathMtu = 552;
inline constexpr std::uint16_t kMinIpv6PathMtu = 1280;

/// What a router means that does not say how much it takes: the next plateau below the packet that it refused
/// (RFC 1191 7.1). packet_bytes: that packet's total length.
std::uint16_t next_plateau_below(std::uint16_t packet_bytes);

class PathMtuCache {
 public:
  explicit PathMtuCache(std::uint64_t hash_seed = 0, std::size_t max_entries = 1024,
                        Duration lifetime = std::chrono::minutes(10))
      : max_entries_(max_entries), lifetime_(lifetime), entries_(16, IpAddressHash{hash_seed}) {}

  /// The path's MTU in bytes: at most link_mtu, and what was told less than `lifetime` ago (RFC 1191 6.3: a larger one
  /// is tried again after ten minutes).
  std::uint16_t get(TimePoint now, const IpAddress& destination, std::uint16_t link_mtu) const;
  /// A router says that the path takes `mtu` bytes. Returns what is made of it: never less than the least that is
  /// believed, never more than what was known; 0 if nothing changes.
  std::uint16_t lower(TimePoint now, const IpAddress& destination, std::uint16_t mtu, std::uint16_t link_mtu);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint16_t mtu = 0;
    TimePoint expires;
  };

  std::size_t max_entries_;
  Duration lifetime_;
  std::unordered_map<IpAddress, Entry, IpAddressHash> entries_;
};

}  // namespace sockwire::stack
