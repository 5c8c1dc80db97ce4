// SPDX-License-Identifier: Apache-2.0
// The interface: its link, and the addresses of both versions that it has just now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/base/ip_prefix.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"

namespace sockwire::stack {

/// RFC 4862 2. A tentative address is not ours yet: nothing is sent from it, and nothing to it is taken.
enum class AddressState : std::uint8_t { kTentative, kPreferred, kDeprecated };

struct InterfaceAddress {
  IpPrefix prefix;  ///< The address, and how many bits of it name its subnet.
  AddressState state = AddressState::kPreferred;
  bool automatic = false;  ///< SLAAC made it.
  bool contested = false;  ///< Another station uses it, and did not give way (AddressEvent::Kind::kContested).
  TimePoint preferred_until = kNever;
  TimePoint valid_until = kNever;
};

class Interface {
 public:
  /// mtu: what the link takes, in bytes after the Ethernet header. vlan: tags every frame, and is asked of every frame.
  Interface(const MacAddress& mac, std::uint16_t mtu, std::optional<std::uint16_t> vlan = {});

  const MacAddress& mac() const { return mac_; }
  std::optional<std::uint16_t> vlan() const { return vlan_; }
  std::uint16_t mtu(bool ipv4) const { return ipv4 ? mtu_ : ipv6_mtu_; }
  /// RFC 4861 6.3.4: what a router says of IPv6 packets on this link. Ignored if the link takes no such packets, or if
  /// it is less than IPv6 asks of any link.
  void set_ipv6_mtu(std::uint32_t mtu);

  /// Adds an address, in the place of an equal one. Returns false if there are too many.
  bool add(const InterfaceAddress& address);
  bool remove(const IpAddress& address);
  InterfaceAddress* find(const IpAddress& address);
  const InterfaceAddress* find(const IpAddress& address) const;
  /// An address of ours that may be used.
  bool owns(const IpAddress& address) const;
  std::span<const InterfaceAddress> addresses() const { return addresses_; }

  /// A destination that stands for several hosts (RFC 1122 3.2.1.3, RFC 4291 2.7), broadcasts of our subnets included.
  bool is_group(const IpAddress& address) const;
  /// The address to send from to `destination` (address_selection.hpp).
  std::optional<IpAddress> source_for(const IpAddress& destination) const;
  /// The first address that may be used of the version; the unspecified one if there is none.
  IpAddress first_address(bool ipv4) const;

  /// Bytes of the Ethernet header that write_link_header() makes: 14, or 18 with a VLAN tag.
  std::size_t link_header_bytes() const { return vlan_ ? 18 : 14; }
  /// Writes link_header_bytes() (RFC 894, IEEE 802.1Q clause 9).
  void write_link_header(const MacAddress& to, std::uint16_t ether_type, std::uint8_t* out) const;

 private:
  MacAddress mac_;
  std::uint16_t mtu_;
  std::uint16_t ipv6_mtu_;
  std::optional<std::uint16_t> vlan_;
  std::vector<InterfaceAddress> addresses_;
};

/// The MAC address that a group is sent to: RFC 1112 6.4, RFC 2464 7; broadcast for a broadcast address.
MacAddress group_mac(const IpAddress& group);

}  // namespace sockwire::stack
