// SPDX-License-Identifier: Apache-2.0
#include "host/stack/interface.hpp"

#include <algorithm>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/vlan.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/address_selection.hpp"
#include "host/stack/path_mtu.hpp"

namespace sockwire::stack {

namespace {

/// Routers may advertise prefixes without end; configured addresses are few.
constexpr std::size_t kMaxAddresses = 64;

}  // namespace

Interface::Interface(const MacAddress& mac, std::uint16_t mtu, std::optional<std::uint16_t> vlan)
    : mac_(mac), mtu_(mtu), ipv6_mtu_(mtu), vlan_(vlan) {}

void Interface::set_ipv6_mtu(std::uint32_t mtu) {
  if (mtu >= kMinIpv6PathMtu && mtu <= mtu_) ipv6_mtu_ = static_cast<std::uint16_t>(mtu);
}

InterfaceAddress* Interface::find(const IpAddress& address) {
  const auto found = std::find_if(addresses_.begin(), addresses_.end(),
                                  [&](const InterfaceAddress& own) { return own.prefix.address == address; });
  return found == addresses_.end() ? nullptr : &*found;
}

const InterfaceAddress* Interface::find(const IpAddress& address) const {
  return const_cast<Interface*>(this)->find(address);
}

bool Interface::add(const InterfaceAddress& address) {
  if (InterfaceAddress* known = find(address.prefix.address)) {
    *known = address;
    return true;
  }
  if (addresses_.size() >= kMaxAddresses) return false;
  addresses_.push_back(address);
  return true;
}

bool Interface::remove(const IpAddress& address) {
  return std::erase_if(addresses_, [&](const InterfaceAddress& own) { return own.prefix.address == address; }) > 0;
}

bool Interface::owns(const IpAddress& address) const {
  const InterfaceAddress* own = find(address);
  return own != nullptr && own->state != AddressState::kTentative;
}

bool Interface::is_group(const IpAddress& address) const {
  if (address.is_multicast()) return true;
  if (!address.is_ipv4()) return false;
  const Ipv4Address ipv4(address);
  if (ipv4.is_limited_broadcast()) return true;
  return std::any_of(addresses_.begin(), addresses_.end(), [&](const InterfaceAddress& own) {
    return own.prefix.is_ipv4() &&
           Ipv4Interface{Ipv4Address(own.prefix.address), own.prefix.bits}.is_subnet_broadcast(ipv4);
  });
}

std::optional<IpAddress> Interface::source_for(const IpAddress& destination) const {
  return select_source(addresses_, destination);
}

IpAddress Interface::first_address(bool ipv4) const {
  for (const InterfaceAddress& own : addresses_) {
    if (own.prefix.is_ipv4() == ipv4 && own.state != AddressState::kTentative) return own.prefix.address;
  }
  return ipv4 ? IpAddress(Ipv4Address()) : IpAddress();
}

void Interface::write_link_header(const MacAddress& to, std::uint16_t ether_type, std::uint8_t* out) const {
  to.copy_to(out + wire::kEthernetDestination);
  mac_.copy_to(out + wire::kEthernetSource);
  if (vlan_) {
    store_be16(out + wire::kVlanTagProtocol, wire::kEtherTypeVlan);
    store_be16(out + wire::kVlanTagControl, *vlan_);
    store_be16(out + wire::kVlanInnerType, ether_type);
  } else {
    store_be16(out + wire::kEthernetType, ether_type);
  }
}

MacAddress group_mac(const IpAddress& group) {
  const auto& bytes = group.bytes();
  if (!group.is_multicast()) return MacAddress::broadcast();
  if (!group.is_ipv4()) return MacAddress({0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]});
  return MacAddress({0x01, 0x00, 0x5e, static_cast<std::uint8_t>(bytes[13] & 0x7f), bytes[14], bytes[15]});
}

}  // namespace sockwire::stack
