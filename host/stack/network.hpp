// SPDX-License-Identifier: Apache-2.0
// The way down for ICMP, UDP and TCP: route, neighbour, IPv4 and Ethernet headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "host/stack/arp.hpp"
#include "host/stack/config.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/descriptor.hpp"

namespace sockwire::stack {

/// Where the headers of a frame lie that Network makes.
inline constexpr std::size_t kL3Offset = 14;
inline constexpr std::size_t kL4Offset = 34;

class Network {
 public:
  Network(const Config& config, Counters& counters);

  /// The neighbour that a packet goes to: the destination itself, or the gateway. Nothing: no route.
  std::optional<Ipv4Address> next_hop(Ipv4Address destination) const;
  /// A destination that stands for several hosts (RFC 1122 3.2.1.3).
  bool is_group(Ipv4Address address) const;

  /// Changes the interface's address and gateway. mtu: at most that of the link; nothing: the link's.
  void set_ipv4(const Ipv4Interface& ipv4, std::optional<Ipv4Address> gateway, std::optional<std::uint16_t> mtu);

  ArpCache& arp() { return arp_; }
  const ArpCache& arp() const { return arp_; }
  const Config& config() const { return config_; }
  Ipv4Address own_address() const { return config_.ipv4.address; }
  Counters& counters() { return counters_; }

  /// Takes `count` IPv4 identifications and returns the first. Atomic datagrams may have any (RFC 6864 4.1); counting
  /// makes captures easy to read.
  std::uint16_t take_ip_ids(std::size_t count = 1);

  /// Ethernet and IPv4 header of a packet with `l4_bytes` behind them, which are zero. Checksums are left to the card;
  /// where the L4 checksum lies within the L4 header: checksum_at. pseudo: it covers the pseudo header.
  TxFrame make_frame(const MacAddress& to, Ipv4Address destination, std::uint8_t protocol, std::size_t l4_bytes,
                     std::size_t checksum_at, bool pseudo);
  /// Writes Ethernet and IPv4 header, kL4Offset bytes.
  void write_headers(const MacAddress& to, Ipv4Address destination, std::uint8_t protocol, std::size_t l4_bytes,
                     std::uint16_t ip_id, std::uint8_t* out) const;

  /// Sends a frame that make_frame() made with a blank MAC address: to a group at once, else as soon as the neighbour
  /// is known. Returns whether there is a route.
  bool send(TimePoint now, Ipv4Address destination, TxFrame frame);

 private:
  Config config_;
  std::uint16_t link_mtu_;
  Counters& counters_;
  ArpCache arp_;
  std::uint16_t next_ip_id_;
};

}  // namespace sockwire::stack
