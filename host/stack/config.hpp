// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/base/ip_prefix.hpp"
#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/dns/dns_resolver.hpp"

namespace sockwire::stack {

/// How neighbours are found: ARP (RFC 826, RFC 1122 2.3.2) and neighbour discovery (RFC 4861 7.3, 10).
struct NeighbourConfig {
  std::size_t max_entries = 64;
  Duration request_interval = std::chrono::seconds(1);  ///< At most one a second and destination (RFC 1122 2.3.2.1).
  unsigned max_requests = 3;
  Duration fresh = std::chrono::minutes(1);    ///< Then it is asked again, by unicast, while it goes on being used.
  Duration check_delay{0};                     ///< From that use to the question: others may confirm it meanwhile.
  Duration forget = std::chrono::minutes(10);  ///< Not confirmed for this long: asked by broadcast, as if unknown.
  std::size_t max_queued_frames = 4;           ///< Per neighbour that is being asked for (RFC 1122 2.3.2.2).
};

/// How IPv6 addresses are made (RFC 4862).
enum class InterfaceIdentifier : std::uint8_t {
  kEui64,         ///< Of the MAC address (RFC 4291 appendix A).
  kStableOpaque,  ///< Stable in a subnet and nowhere else, keyed by Config::secret (RFC 7217).
};

struct Ipv6Config {
  bool enabled = false;  ///< Else nothing of IPv6 is sent, and what comes is dropped.
  std::vector<IpPrefix> addresses;
  std::optional<IpAddress> gateway;
  bool link_local = true;             ///< Make a link-local address.
  bool router_advertisements = true;  ///< Ask for them, and believe them: routes, prefixes, MTU.
  InterfaceIdentifier identifier = InterfaceIdentifier::kStableOpaque;
  /// Questions before an address is used (RFC 4862 5.1, DupAddrDetectTransmits); 0 uses it at once.
  unsigned dad_transmits = 1;
  std::uint8_t hop_limit = 64;
  NeighbourConfig neighbours{.fresh = std::chrono::seconds(30), .check_delay = std::chrono::seconds(5)};
};

/// One interface, and what it begins with. Addresses and routes come and go at run time, too: see Network.
struct Config {
  MacAddress mac;
  Ipv4Interface ipv4;  ///< The unspecified address: none yet.
  std::optional<Ipv4Address> gateway;
  bool probe_ipv4 = false;  ///< Ask whether anybody has our address before it is used (RFC 5227 2.1).
  Ipv6Config ipv6;
  /// A link with one neighbour, which takes packets to everybody: no one is asked for, every destination is on it.
  std::optional<MacAddress> point_to_point;
  std::optional<std::uint16_t> vlan;  ///< 1 to 4094 (IEEE 802.1Q): tags all frames; others are not taken.
  std::uint16_t mtu = 1500;
  std::uint8_t ttl = 64;  ///< RFC 1122 3.2.1.7, RFC 1700.
  NeighbourConfig arp;
  /// From a random source: keys the initial sequence numbers, the port choice and the first IP id.
  std::array<std::uint8_t, 16> secret{};
  /// Without servers those of the DHCP lease are asked. Its secret is not used: this one is.
  dns::ResolverConfig dns;
  /// ICMP errors that we send: a bucket of so many, refilled by so many a second.
  unsigned icmp_error_burst = 10;
  unsigned icmp_errors_per_second = 10;
};

}  // namespace sockwire::stack
