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

bool l4_checksum_holds(const ReceivedFrame& frame, const Ipv4Packet& packet) {
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
  if (type == wire::kEtherTypeVlan) {
    offset += wire::kVlanTagBytes;
    if (frame.bytes.size() < offset) {
      ++counters_.frame_short;
      return;
    }
    // VID 0 tags a priority, not a VLAN (IEEE 802.1Q table 9-2).
    if ((load_be16(frame.bytes.data() + wire::kVlanTagControl) & wire::kVlanIdMask) != 0) {
      ++counters_.frame_vlan;
      return;
    }
    type = load_be16(frame.bytes.data() + wire::kVlanInnerType);
  }
  const auto bytes = frame.bytes.subspan(offset);
  if (type == wire::kEtherTypeIpv4) {
    on_ipv4(now, frame, bytes);
  } else if (type == wire::kEtherTypeArp) {
    network_.arp().on_packet(now, bytes);
    settle_neighbours(now);
  } else if (type == wire::kEtherTypeIpv6) {
    ++counters_.frame_ipv6;
  } else {
    ++counters_.frame_type_unknown;
  }
}

void Stack::on_ipv4(TimePoint now, const ReceivedFrame& frame, std::span<const std::uint8_t> bytes) {
  ++counters_.ipv4_in;
  const auto packet = parse_ipv4(bytes);
  if (!packet) {
    ++counters_.ipv4_malformed;
    return;
  }
  if (frame.l3 == Verdict::kBad || (frame.l3 == Verdict::kUnverified && !checksum_holds(packet->header))) {
    ++counters_.ipv4_checksum;
    return;
  }
  if (packet->destination != network_.own_address() && !network_.is_group(packet->destination)) {
    ++counters_.ipv4_not_ours;
    return;
  }
  if (packet->source.is_unspecified() || packet->source.is_loopback() || network_.is_group(packet->source) ||
      packet->source == network_.own_address()) {
    ++counters_.ipv4_source;
    return;
  }
  if (packet->fragment) {
    ++counters_.ipv4_fragment;
    return;
  }
  switch (packet->protocol) {
    case wire::kIpProtocolTcp:
      on_tcp(now, frame, *packet);
      break;
    case wire::kIpProtocolUdp:
      on_udp(now, frame, *packet);
      break;
    case wire::kIpProtocolIcmp:
      on_icmp(now, frame, *packet);
      break;
    default:
      ++counters_.ipv4_protocol;
      icmp_.send_unreachable(now, wire::kIcmpProtocolUnreachable, *packet);  // RFC 1122 3.2.2.1
  }
  settle_neighbours(now);
}

void Stack::on_tcp(TimePoint now, const ReceivedFrame& frame, const Ipv4Packet& packet) {
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

void Stack::on_udp(TimePoint now, const ReceivedFrame& frame, const Ipv4Packet& packet) {
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
  // RFC 768: a checksum of zero says that the sender made none.
  const bool has_checksum = load_be16(packet.payload.data() + wire::kUdpChecksum) != 0;
  Ipv4Packet datagram = packet;
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

void Stack::on_icmp(TimePoint now, const ReceivedFrame& frame, const Ipv4Packet& packet) {
  const auto error = icmp_.on_message(now, frame.arrived, packet);
  if (!error) return;
  if (error->original.protocol == wire::kIpProtocolTcp) {
    tcp_.on_icmp_error(now, *error);
  } else if (error->original.protocol == wire::kIpProtocolUdp) {
    udp_.on_icmp_error(*error);
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
  network_.arp().on_timeout(now);
  settle_neighbours(now);
  tcp_.on_timeout(now);
  dhcp_.on_timeout(now);
  dns_.turn(now);  // neighbours that were not found, connections that were given up
  dns_.on_timeout(now);
}

TimePoint Stack::next_deadline() const {
  return std::min({network_.arp().next_deadline(), tcp_.next_deadline(), dhcp_.next_deadline(), dns_.next_deadline()});
}

void Stack::settle_neighbours(TimePoint now) {
  while (const auto outcome = network_.arp().poll_outcome()) {
    tcp_.on_neighbour(now, *outcome);
    if (checked_ == outcome->neighbour) {
      checked_.reset();
      dhcp_.on_checked(now, outcome->found);
    }
    if (outcome->found) continue;
    icmp_.on_no_neighbour(outcome->neighbour);
    udp_.on_no_neighbour(outcome->neighbour);
  }
}

void Stack::check_address(TimePoint now, Ipv4Address address) {
  // Without an address of its own the interface's question has none in it either: it is a probe (RFC 5227 2.1.1).
  checked_ = address;
  if (!network_.arp().lookup(now, address)) return;
  checked_.reset();
  dhcp_.on_checked(now, true);
}

void Stack::apply(TimePoint now, const std::optional<dhcp::Lease>& lease) {
  // What was sent so far leaves from the address that it was sent from.
  while (udp_.has_output()) udp_.pass_one(now);
  if (lease) {
    network_.set_ipv4(lease->interface, lease->router, lease->mtu);
    use_servers_of(*lease);
  } else {
    network_.set_ipv4({Ipv4Address(), 32}, std::nullopt, std::nullopt);
  }
  settle_neighbours(now);
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
    while (udp_.has_output() && !network_.arp().has_frames() && room.frame()) udp_.pass_one(now);
    return network_.arp().poll_frame();
  };
  udp_turn_ = !udp_turn_;
  auto output = udp_turn_ ? udp() : tcp_.poll_transmit(now, room);
  if (!output) output = udp_turn_ ? tcp_.poll_transmit(now, room) : udp();
  return output;
}

std::optional<Output> Stack::poll_transmit(TimePoint now, Room& room) {
  if (network_.arp().has_frames()) {
    if (!room.frame()) return std::nullopt;
    ++counters_.frames_out;
    return network_.arp().poll_frame();
  }
  auto output = poll_transports(now, room);
  settle_neighbours(now);
  if (!output) {
    // A transport's turn may have begun to ask for its neighbour.
    if (!network_.arp().has_frames() || !room.frame()) return std::nullopt;
    output = network_.arp().poll_frame();
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
