// SPDX-License-Identifier: Apache-2.0
#include "host/stack/stack.hpp"

#include <algorithm>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/icmp.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/tcp.hpp"
#include "hls/wire/udp.hpp"
#include "hls/wire/vlan.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/internet_checksum.hpp"

namespace sockwire::stack {

namespace {

bool l4_checksum_holds(const ReceivedFrame& frame, const IpPacket& packet) {
  if (frame.l4 != Verdict::kUnverified) return frame.l4 == Verdict::kGood;
  return checksum_holds(packet.payload,
                        pseudo_header_sum(packet.source, packet.destination, packet.protocol, packet.payload.size()));
}

dns::ResolverConfig resolver_config(const Config& config) {
  dns::ResolverConfig made = config.dns;
  made.secret = config.secret;
  return made;
}

}  // namespace

Stack::Stack(const Config& config)
    : network_(config, counters_),
      reassembly_(counters_),
      icmp_(network_),
      tcp_(network_),
      udp_(network_),
      dhcp_(udp_, counters_, *this),
      dns_(udp_, tcp_, resolver_config(config), counters_) {}

void Stack::on_frame(TimePoint now, const ReceivedFrame& frame) {
  ++counters_.frames_in;
  if (frame.bytes.size() < wire::kEthernetHeaderBytes) {
    ++counters_.frame_short;
    return;
  }
  const auto to = MacAddress::from_bytes(frame.bytes.data() + wire::kEthernetDestination);
  if (to != network_.config().mac && !to.is_group()) {
    ++counters_.frame_not_ours;  // a promiscuous card's
    return;
  }
  std::uint16_t type = load_be16(frame.bytes.data() + wire::kEthernetType);
  std::size_t offset = wire::kEthernetHeaderBytes;
  // VID 0 tags a priority, not a VLAN (IEEE 802.1Q table 9-2).
  std::uint16_t vlan = 0;
  if (type == wire::kEtherTypeVlan) {
    offset += wire::kVlanTagBytes;
    if (frame.bytes.size() < offset) {
      ++counters_.frame_short;
      return;
    }
    vlan = load_be16(frame.bytes.data() + wire::kVlanTagControl) & wire::kVlanIdMask;
    type = load_be16(frame.bytes.data() + wire::kVlanInnerType);
  }
  if (vlan != network_.config().vlan.value_or(0)) {
    ++counters_.frame_vlan;
    return;
  }
  const auto bytes = frame.bytes.subspan(offset);
  if (type == wire::kEtherTypeIpv4) {
    on_ipv4(now, frame, bytes);
  } else if (type == wire::kEtherTypeArp) {
    network_.on_arp(now, bytes);
  } else if (type == wire::kEtherTypeIpv6 && network_.config().ipv6.enabled) {
    on_ipv6(now, frame, bytes);
  } else {
    ++(type == wire::kEtherTypeIpv6 ? counters_.frame_ipv6 : counters_.frame_type_unknown);
  }
  settle_neighbours(now);
  settle_lease(now);
}

void Stack::on_tcp(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet) {
  ++counters_.tcp_in;
  if (!l4_checksum_holds(frame, packet)) {
    ++counters_.tcp_checksum;
  } else if (network_.is_group(packet.destination)) {
    ++counters_.tcp_group_address;
  } else {
    tcp_.on_segment(now, packet);
    dns_.turn(now);
  }
}

void Stack::on_udp(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet) {
  ++counters_.udp_in;
  if (packet.payload.size() < wire::kUdpHeaderBytes) {
    ++counters_.udp_malformed;
    return;
  }
  const std::size_t bytes = load_be16(packet.payload.data() + wire::kUdpLength);
  if (bytes < wire::kUdpHeaderBytes || bytes > packet.payload.size()) {
    ++counters_.udp_malformed;
    return;
  }
  // RFC 768: a checksum of zero says that the sender made none, which IPv6 does not allow (RFC 8200 8.1).
  const bool has_checksum = load_be16(packet.payload.data() + wire::kUdpChecksum) != 0 || !packet.source.is_ipv4();
  IpPacket datagram = packet;
  datagram.payload = packet.payload.first(bytes);
  if (has_checksum && !l4_checksum_holds(frame, datagram)) {
    ++counters_.udp_checksum;
    return;
  }
  UdpArrival arrival;
  arrival.source = {packet.source, load_be16(packet.payload.data() + wire::kUdpSourcePort)};
  arrival.destination = {packet.destination, load_be16(packet.payload.data() + wire::kUdpDestinationPort)};
  arrival.to_group = network_.is_group(packet.destination);
  arrival.payload = datagram.payload.subspan(wire::kUdpHeaderBytes);
  if (udp_.on_datagram(arrival)) {
    dhcp_.turn(now);
    dns_.turn(now);
    return;
  }
  icmp_.send_unreachable(now, wire::kIcmpPortUnreachable, packet);  // RFC 1122 4.1.3.1
}

void Stack::on_icmp(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet) {
  const auto error = icmp_.on_message(now, frame.arrived, packet);
  if (!error) return;
  if (error->original.protocol == wire::kIpProtocolTcp) {
    tcp_.on_icmp_error(now, *error);
  } else if (error->original.protocol == wire::kIpProtocolUdp) {
    udp_.on_icmp_error(now, *error);
    dns_.turn(now);
  } else {
    ++counters_.icmp_errors_unmatched;
  }
}

void Stack::on_sent(TimePoint now, const DepartureKey& key, TimePoint departed) {
  if (key.connection == kNoConnection) {
    icmp_.on_sent(key.tag, departed);
  } else {
    tcp_.on_sent(now, key, departed);
  }
}

void Stack::on_timeout(TimePoint now) {
  network_.on_timeout(now);
  settle_neighbours(now);
  settle_lease(now);
  reassembly_.on_timeout(now);
  while (const auto expired = reassembly_.poll_expired()) icmp_.send_reassembly_timeout(now, *expired);
  tcp_.on_timeout(now);
  dhcp_.on_timeout(now);
  dns_.turn(now);  // neighbours that were not found, connections that were given up
  dns_.on_timeout(now);
}

TimePoint Stack::next_deadline() const {
  // One by one: it is asked several times in a turn, and a list of them is made in memory first.
  TimePoint next = std::min(network_.next_deadline(), reassembly_.next_deadline());
  next = std::min(next, tcp_.next_deadline());
  next = std::min(next, dhcp_.next_deadline());
  return std::min(next, dns_.next_deadline());
}

void Stack::settle_neighbours(TimePoint now) {
  while (const auto outcome = network_.poll_neighbour(now)) {
    tcp_.on_neighbour(now, *outcome);
    if (outcome->found) continue;
    icmp_.on_no_neighbour(outcome->neighbour);
    udp_.on_no_neighbour(outcome->neighbour);
  }
}

void Stack::check_address(TimePoint now, const dhcp::Lease& lease) {
  leased_ = lease.interface;
  // RFC 2131 4.4.1: before it is used. Should it be no host's or find no room, it is as good as taken.
  checking_ = network_.add_address(now, *leased_, true);
  if (!checking_) dhcp_.on_checked(now, true);
}

void Stack::settle_lease(TimePoint now) {
  if (!leased_) return;
  const InterfaceAddress* own = network_.interface().find(leased_->address);
  if (!checking_) {
    if (own != nullptr && own->contested) dhcp_.on_conflict(now);
    return;
  }
  if (own != nullptr && own->state == AddressState::kTentative) return;
  checking_ = false;
  if (own == nullptr) leased_.reset();
  dhcp_.on_checked(now, own == nullptr);
}

void Stack::apply(TimePoint now, const std::optional<dhcp::Lease>& lease) {
  // What was sent so far leaves from the address that it was sent from.
  while (udp_.has_output()) udp_.pass_one(now);
  checking_ = false;
  if (lease_route_) network_.routes().remove(lease_route_->destination, lease_route_->gateway);
  lease_route_.reset();
  const std::optional<IpPrefix> before = leased_;
  leased_.reset();
  if (lease) leased_ = lease->interface;
  if (before && before != leased_) network_.remove_address(before->address);
  if (lease) {
    // A renewal may tell of another subnet; the address is ours already.
    if (before != leased_) static_cast<void>(network_.add_address(now, *leased_));
    use_routes_of(*lease);
    use_servers_of(*lease);
  }
  settle_neighbours(now);
}

void Stack::use_routes_of(const dhcp::Lease& lease) {
  const std::uint16_t mtu = std::min(lease.mtu.value_or(0), network_.config().mtu);
  static_cast<void>(network_.routes().add({.destination = leased_->network(), .gateway = {}, .mtu = mtu}));
  if (!lease.router) return;
  lease_route_ = Route{.destination = {Ipv4Address(), 0}, .gateway = IpAddress(*lease.router), .mtu = mtu};
  static_cast<void>(network_.routes().add(*lease_route_));
}

void Stack::use_servers_of(const dhcp::Lease& lease) {
  // What the configuration says goes before what a server says.
  const dns::ResolverConfig& configured = network_.config().dns;
  std::vector<tcp::Endpoint> servers = configured.servers;
  std::vector<dns::Name> search = configured.search;
  if (servers.empty()) {
    for (const Ipv4Address server : lease.dns_servers) servers.push_back({server, dns::kServerPort});
  }
  const auto domain = dns::Name::parse(lease.domain);
  if (search.empty() && domain) search.push_back(*domain);
  dns_.set_servers(std::move(servers), std::move(search));
}

std::optional<Output> Stack::poll_transports(TimePoint now, Room& room) {
  const auto udp = [&]() -> std::optional<Output> {
    // What comes of a datagram is itself, or a question for its neighbour, or nothing while the answer is awaited.
    while (udp_.has_output() && !network_.has_frames() && room.frame()) udp_.pass_one(now);
    return network_.poll_frame();
  };
  udp_turn_ = !udp_turn_;
  auto output = udp_turn_ ? udp() : tcp_.poll_transmit(now, room);
  if (!output) output = udp_turn_ ? tcp_.poll_transmit(now, room) : udp();
  return output;
}

std::optional<Output> Stack::poll_transmit(TimePoint now, Room& room) {
  if (network_.has_frames()) {
    if (!room.frame()) return std::nullopt;
    ++counters_.frames_out;
    return network_.poll_frame();
  }
  auto output = poll_transports(now, room);
  settle_neighbours(now);
  if (!output) {
    // A transport's turn may have begun to ask for its neighbour.
    if (!network_.has_frames() || !room.frame()) return std::nullopt;
    output = network_.poll_frame();
    if (!output) return std::nullopt;
  }
  if (std::holds_alternative<TxFrame>(*output)) {
    ++counters_.frames_out;
  } else if (const auto* send = std::get_if<TxSend>(&*output)) {
    ++counters_.sends_out;
    counters_.send_payload_bytes_out += send->payload_bytes;
  }
  return output;
}

}  // namespace sockwire::stack
