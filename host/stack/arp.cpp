// SPDX-License-Identifier: Apache-2.0
#include "host/stack/arp.hpp"

#include "hls/wire/arp.hpp"
#include "hls/wire/ethernet.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {

/// Conflicts that nobody has asked about yet.
constexpr std::size_t kMaxConflicts = 16;

/// What an ARP packet of IPv4 over Ethernet says.
struct ArpPacket {
  std::uint16_t operation = 0;
  MacAddress sender_mac;
  Ipv4Address sender;
  Ipv4Address target;
};

std::optional<ArpPacket> parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < wire::kArpBytes) return std::nullopt;
  const std::uint8_t* at = bytes.data();
  ArpPacket packet;
  packet.operation = load_be16(at + wire::kArpOperation);
  packet.sender_mac = MacAddress::from_bytes(at + wire::kArpSenderMac);
  packet.sender = Ipv4Address(load_be32(at + wire::kArpSenderIp));
  packet.target = Ipv4Address(load_be32(at + wire::kArpTargetIp));
  if (load_be16(at + wire::kArpHardwareType) != wire::kArpHardwareEthernet ||
      load_be16(at + wire::kArpProtocolType) != wire::kEtherTypeIpv4 ||
      at[wire::kArpHardwareBytes] != wire::kMacAddressBytes || at[wire::kArpProtocolBytes] != 4 ||
      (packet.operation != wire::kArpRequest && packet.operation != wire::kArpReply) || packet.sender_mac.is_group() ||
      packet.sender_mac.is_zero()) {
    return std::nullopt;
  }
  return packet;
}

}  // namespace

Arp::Arp(const NeighbourConfig& config, const Interface& interface, FrameQueue& frames, Counters& counters)
    : interface_(interface), frames_(frames), counters_(counters), cache_(config, *this, frames, counters) {}

void Arp::on_packet(TimePoint now, std::span<const std::uint8_t> bytes) {
  const auto packet = parse(bytes);
  if (!packet) {
    ++counters_.arp_malformed;
    return;
  }
  if (is_conflict(packet->sender, packet->sender_mac, packet->target)) {
    ++counters_.arp_conflict;
    return;
  }
  if (interface_.owns(packet->sender)) return;  // ours, come back by some loop of the network
  // RFC 826, packet reception: an entry that exists is brought up to date by whatever its owner sends (the merge flag);
  // a new one is made only if the packet is for us. A probe (RFC 5227 2.1.1) has no sender address to learn.
  const bool known = cache_.view(packet->sender).has_value();
  if (known) cache_.confirm(now, packet->sender, packet->sender_mac);
  if (!interface_.owns(packet->target)) {
    ++counters_.arp_not_for_us;
    return;
  }
  if (packet->operation == wire::kArpReply) {
    // An answer that nobody asked for makes no entry.
    ++counters_.arp_replies_in;
    return;
  }
  ++counters_.arp_requests_in;
  if (!known && !packet->sender.is_unspecified()) cache_.confirm(now, packet->sender, packet->sender_mac);
  write_packet(wire::kArpReply, packet->sender_mac, packet->target, packet->sender_mac, packet->sender);
  ++counters_.arp_replies_out;
}

/// RFC 5227 2.1.1 and 2.4: somebody sends from an address of ours, or asks for one that we ask for, too.
bool Arp::is_conflict(Ipv4Address sender, const MacAddress& sender_mac, Ipv4Address target) {
  if (sender_mac == interface_.mac()) return false;
  const InterfaceAddress* claimed = interface_.find(sender);
  if (claimed == nullptr && sender.is_unspecified()) {
    const InterfaceAddress* wanted = interface_.find(target);
    if (wanted != nullptr && wanted->state == AddressState::kTentative) claimed = wanted;
  }
  if (claimed == nullptr) return false;
  if (conflicts_.size() < kMaxConflicts) conflicts_.push_back(claimed->prefix.address);
  return true;
}

std::optional<IpAddress> Arp::poll_conflict() {
  if (conflicts_.empty()) return std::nullopt;
  const IpAddress address = conflicts_.front();
  conflicts_.pop_front();
  return address;
}

void Arp::solicit(const IpAddress& target, const std::optional<MacAddress>& known) {
  const IpAddress source = interface_.source_for(target).value_or(IpAddress(Ipv4Address()));
  write_packet(wire::kArpRequest, known.value_or(MacAddress::broadcast()), Ipv4Address(source), MacAddress(),
               Ipv4Address(target));
  ++counters_.arp_requests_out;
}

void Arp::probe(Ipv4Address address) {
  write_packet(wire::kArpRequest, MacAddress::broadcast(), Ipv4Address(), MacAddress(), address);
  ++counters_.address_probes_out;
}

void Arp::announce(Ipv4Address address) {
  write_packet(wire::kArpRequest, MacAddress::broadcast(), address, MacAddress(), address);
  ++counters_.address_announcements_out;
}

void Arp::write_packet(std::uint16_t operation, const MacAddress& frame_to, Ipv4Address sender,
                       const MacAddress& target_mac, Ipv4Address target) {
  TxFrame frame;
  frame.bytes.resize(interface_.link_header_bytes() + wire::kArpBytes);
  interface_.write_link_header(frame_to, wire::kEtherTypeArp, frame.bytes.data());
  std::uint8_t* at = frame.bytes.data() + interface_.link_header_bytes();
  store_be16(at + wire::kArpHardwareType, wire::kArpHardwareEthernet);
  store_be16(at + wire::kArpProtocolType, wire::kEtherTypeIpv4);
  at[wire::kArpHardwareBytes] = wire::kMacAddressBytes;
  at[wire::kArpProtocolBytes] = 4;
  store_be16(at + wire::kArpOperation, operation);
  interface_.mac().copy_to(at + wire::kArpSenderMac);
  store_be32(at + wire::kArpSenderIp, sender.value());
  target_mac.copy_to(at + wire::kArpTargetMac);
  store_be32(at + wire::kArpTargetIp, target.value());
  frames_.push(std::move(frame));
}

}  // namespace sockwire::stack
