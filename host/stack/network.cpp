// SPDX-License-Identifier: Apache-2.0
#include "host/stack/network.hpp"

#include <algorithm>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/ipv4.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/internet_checksum.hpp"
#include "host/stack/ipv4.hpp"

namespace sockwire::stack {

namespace {

/// RFC 1112 6.4: the low 23 bits of a multicast group; a broadcast goes to everybody.
MacAddress group_mac(Ipv4Address group) {
  if (!group.is_multicast()) return MacAddress::broadcast();
  const std::uint32_t bits = group.value() & 0x7fffff;
  return MacAddress({0x01, 0x00, 0x5e, static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8),
                     static_cast<std::uint8_t>(bits)});
}

}  // namespace

Network::Network(const Config& config, Counters& counters)
    : config_(config),
      link_mtu_(config.mtu),
      counters_(counters),
      arp_(config.arp, config.mac, config.ipv4.address, counters),
      next_ip_id_(load_be16(config.secret.data())) {}

std::optional<Ipv4Address> Network::next_hop(Ipv4Address destination) const {
  if (destination.is_unspecified() || destination.is_loopback() || destination == own_address()) return std::nullopt;
  if (config_.ipv4.on_link(destination)) return destination;
  return config_.gateway;
}

void Network::set_ipv4(const Ipv4Interface& ipv4, std::optional<Ipv4Address> gateway,
                       std::optional<std::uint16_t> mtu) {
  config_.ipv4 = ipv4;
  config_.gateway = gateway;
  config_.mtu = std::min(mtu.value_or(link_mtu_), link_mtu_);
  arp_.set_own_address(ipv4.address);
}

bool Network::is_group(Ipv4Address address) const {
  return address.is_limited_broadcast() || address.is_multicast() || config_.ipv4.is_subnet_broadcast(address);
}

std::uint16_t Network::take_ip_ids(std::size_t count) {
  const std::uint16_t first = next_ip_id_;
  next_ip_id_ = static_cast<std::uint16_t>(next_ip_id_ + count);
  return first;
}

void Network::write_headers(const MacAddress& to, Ipv4Address destination, std::uint8_t protocol, std::size_t l4_bytes,
                            std::uint16_t ip_id, std::uint8_t* out) const {
  write_ethernet_header(to, config_.mac, wire::kEtherTypeIpv4, out);
  Ipv4Fields fields;
  fields.source = own_address();
  fields.destination = destination;
  fields.protocol = protocol;
  fields.ttl = config_.ttl;
  fields.id = ip_id;
  fields.payload_bytes = l4_bytes;
  write_ipv4_header(fields, out + kL3Offset);
}

TxFrame Network::make_frame(const MacAddress& to, Ipv4Address destination, std::uint8_t protocol, std::size_t l4_bytes,
                            std::size_t checksum_at, bool pseudo) {
  TxFrame frame;
  frame.bytes.resize(kL4Offset + l4_bytes);
  write_headers(to, destination, protocol, l4_bytes, take_ip_ids(), frame.bytes.data());
  frame.insert_l3 = true;
  frame.insert_l4 = true;
  frame.l3_offset = kL3Offset;
  frame.l4_offset = kL4Offset;
  frame.checksum_offset = static_cast<std::uint8_t>(kL4Offset + checksum_at);
  if (pseudo) frame.pseudo_sum = pseudo_header_sum(own_address(), destination, protocol, l4_bytes);
  return frame;
}

bool Network::send(TimePoint now, Ipv4Address destination, TxFrame frame) {
  if (is_group(destination)) {
    group_mac(destination).copy_to(frame.bytes.data() + wire::kEthernetDestination);
    arp_.pass(std::move(frame));
    return true;
  }
  const auto hop = next_hop(destination);
  if (!hop) {
    ++counters_.ipv4_no_route;
    return false;
  }
  arp_.send(now, *hop, std::move(frame));
  return true;
}

}  // namespace sockwire::stack
