// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/dns/dns_resolver.hpp"

namespace sockwire::stack {

/// How neighbours are found (RFC 826, RFC 1122 2.3.2).
struct ArpConfig {
  std::size_t max_entries = 64;
  Duration request_interval = std::chrono::seconds(1);  ///< At most one a second and destination (RFC 1122 2.3.2.1).
  unsigned max_requests = 3;
  Duration fresh = std::chrono::minutes(1);    ///< Then it is asked again, by unicast, while it goes on being used.
  Duration forget = std::chrono::minutes(10);  ///< Not confirmed for this long: asked by broadcast, as if unknown.
  std::size_t max_queued_frames = 4;           ///< Per neighbour that is being asked for (RFC 1122 2.3.2.2).
};

/// One interface, one subnet, one gateway.
struct Config {
  MacAddress mac;
  Ipv4Interface ipv4;
  std::optional<Ipv4Address> gateway;
  std::uint16_t mtu = 1500;
  std::uint8_t ttl = 64;  ///< RFC 1122 3.2.1.7, RFC 1700.
  ArpConfig arp;
  /// From a random source: keys the initial sequence numbers, the port choice and the first IP id.
  std::array<std::uint8_t, 16> secret{};
  /// Without servers those of the DHCP lease are asked. Its secret is not used: this one is.
  dns::ResolverConfig dns;
  /// ICMP errors that we send: a bucket of so many, refilled by so many a second.
  unsigned icmp_error_burst = 10;
  unsigned icmp_errors_per_second = 10;
};

}  // namespace sockwire::stack
