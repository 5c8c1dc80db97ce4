// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ndp.hpp"

#include <algorithm>
#include <array>

#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv6.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/ip_frame.hpp"

namespace sockwire::stack {

namespace {

constexpr std::size_t kMaxConflicts = 16;

constexpr IpAddress link_group(std::uint8_t last) {
  std::array<std::uint8_t, 16> bytes{0xff, 0x02};
  bytes[15] = last;
  return IpAddress(bytes);
}

IpAddress address_at(const std::uint8_t* at) {
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(at, bytes.size(), bytes.begin());
  return IpAddress(bytes);
}

IpHeader ndp_header(const IpAddress& source, const IpAddress& destination) {
  IpHeader header;
  header.source = source;
  header.destination = destination;
  header.protocol = wire::kIpProtocolIcmpv6;
  header.ttl = 255;
  return header;
}

void write_mac_option(std::uint8_t type, const MacAddress& mac, std::uint8_t* out) {
  out[wire::kNdpOptionType] = type;
  out[wire::kNdpOptionLength] = 1;
  mac.copy_to(out + wire::kNdpOptionMac);
}

/// What solicitations and advertisements have in common.
struct Message {
  IpAddress target;
  std::optional<MacAddress> mac;  ///< The option that was looked for.
};

std::optional<Message> parse(const IpPacket& packet, std::uint8_t mac_option) {
  if (packet.payload.size() < wire::kNdpOptions) return std::nullopt;
  Message message;
  message.target = address_at(&packet.payload[wire::kNdpTarget]);
  if (message.target.is_multicast()) return std::nullopt;
  NdpOptions options(packet.payload.subspan(wire::kNdpOptions));
  while (const auto option = options.next()) {
    if ((*option)[wire::kNdpOptionType] == mac_option) {
      message.mac = MacAddress::from_bytes(&(*option)[wire::kNdpOptionMac]);
    }
  }
  if (options.malformed() || (message.mac && (message.mac->is_group() || message.mac->is_zero()))) return std::nullopt;
  return message;
}

}  // namespace

const IpAddress kAllNodes = link_group(1);
const IpAddress kAllRouters = link_group(2);

IpAddress solicited_node(const IpAddress& address) {
  const auto& own = address.bytes();
  return IpAddress({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, own[13], own[14], own[15]});
}

std::optional<std::span<const std::uint8_t>> NdpOptions::next() {
  if (rest_.empty()) return std::nullopt;
  const std::size_t bytes = rest_.size() < 8 ? 0 : rest_[wire::kNdpOptionLength] * std::size_t{8};
  if (bytes == 0 || bytes > rest_.size()) {
    malformed_ = true;
    return std::nullopt;
  }
  const auto option = rest_.first(bytes);
  rest_ = rest_.subspan(bytes);
  return option;
}

Ndp::Ndp(const NeighbourConfig& config, const Interface& interface, FrameQueue& frames, Counters& counters)
    : interface_(interface), frames_(frames), counters_(counters), cache_(config, *this, frames, counters) {}

void Ndp::on_solicitation(TimePoint now, const IpPacket& packet) {
  const auto message = parse(packet, wire::kNdpSourceMac);
  const bool from_nobody = packet.source.is_unspecified();
  // RFC 4861 7.1.1.
  if (!message || (from_nobody && (message->mac || packet.destination != solicited_node(message->target)))) {
    ++counters_.ndp_malformed;
    return;
  }
  ++counters_.ndp_solicitations_in;
  const InterfaceAddress* own = interface_.find(message->target);
  if (own == nullptr) {
    ++counters_.ndp_not_for_us;
    return;
  }
  if (own->state == AddressState::kTentative) {
    // RFC 4862 5.4.3: another one asks whether it may use what we want to use.
    if (from_nobody) note_conflict(message->target);
    return;
  }
  if (!from_nobody && message->mac) cache_.heard(now, packet.source, *message->mac);
  ++counters_.ndp_advertisements_out;
  if (from_nobody) {
    frames_.push(make_advertisement(kAllNodes, group_mac(kAllNodes), message->target, wire::kNdpFlagOverride));
    return;
  }
  // A unicast question may come without its sender's MAC address: then the answer waits until that is known.
  constexpr std::uint8_t kFlags = wire::kNdpFlagSolicited | wire::kNdpFlagOverride;
  cache_.send(now, packet.source, make_advertisement(packet.source, MacAddress(), message->target, kFlags));
}

std::optional<IpAddress> Ndp::on_advertisement(TimePoint now, const IpPacket& packet) {
  const auto message = parse(packet, wire::kNdpTargetMac);
  const std::uint8_t flags = packet.payload.size() > wire::kNdpFlags ? packet.payload[wire::kNdpFlags] : 0;
  // RFC 4861 7.1.2.
  if (!message || (packet.destination.is_multicast() && (flags & wire::kNdpFlagSolicited) != 0)) {
    ++counters_.ndp_malformed;
    return std::nullopt;
  }
  ++counters_.ndp_advertisements_in;
  if (interface_.find(message->target) != nullptr) {
    if (!message->mac || *message->mac != interface_.mac()) note_conflict(message->target);
    return std::nullopt;
  }
  update(now, message->target, message->mac, flags);
  if ((flags & wire::kNdpFlagRouter) == 0) return message->target;
  return std::nullopt;
}

/// RFC 4861 7.2.5.
void Ndp::update(TimePoint now, const IpAddress& target, const std::optional<MacAddress>& mac, std::uint8_t flags) {
  const auto known = cache_.view(target);
  if (!known) {
    ++counters_.ndp_not_for_us;
    return;
  }
  const bool solicited = (flags & wire::kNdpFlagSolicited) != 0;
  const bool override = (flags & wire::kNdpFlagOverride) != 0;
  const bool incomplete = known->state == NeighbourState::kIncomplete;
  if (incomplete && !mac) return;
  const bool changed = mac && *mac != known->mac;
  if (!incomplete && changed && !override) {
    cache_.doubt(target);
  } else if (solicited) {
    cache_.confirm(now, target, mac.value_or(known->mac));
  } else if (changed) {
    cache_.heard(now, target, *mac);
  }
}

void Ndp::note_conflict(const IpAddress& address) {
  ++counters_.ndp_conflict;
  if (conflicts_.size() < kMaxConflicts) conflicts_.push_back(address);
}

std::optional<IpAddress> Ndp::poll_conflict() {
  if (conflicts_.empty()) return std::nullopt;
  const IpAddress address = conflicts_.front();
  conflicts_.pop_front();
  return address;
}

void Ndp::solicit(const IpAddress& target, const std::optional<MacAddress>& known) {
  const IpAddress source = interface_.source_for(target).value_or(IpAddress());
  const IpAddress destination = known ? target : solicited_node(target);
  write_solicitation(source, destination, known.value_or(group_mac(destination)), target);
  ++counters_.ndp_solicitations_out;
}

void Ndp::probe(const IpAddress& address) {
  const IpAddress destination = solicited_node(address);
  write_solicitation(IpAddress(), destination, group_mac(destination), address);
  ++counters_.address_probes_out;
}

void Ndp::announce(const IpAddress& address) {
  frames_.push(make_advertisement(kAllNodes, group_mac(kAllNodes), address, wire::kNdpFlagOverride));
  ++counters_.address_announcements_out;
}

void Ndp::write_solicitation(const IpAddress& source, const IpAddress& destination, const MacAddress& to,
                             const IpAddress& target) {
  // RFC 4861 4.3: our MAC address is left out only when the source is unspecified.
  const std::size_t bytes = wire::kNdpOptions + (source.is_unspecified() ? 0 : wire::kNdpMacOptionBytes);
  TxFrame frame = make_ip_frame(interface_, to, ndp_header(source, destination), bytes, wire::kIcmpChecksum, true);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  at[wire::kIcmpType] = wire::kNeighbourSolicitation;
  std::copy(target.bytes().begin(), target.bytes().end(), at + wire::kNdpTarget);
  if (!source.is_unspecified()) write_mac_option(wire::kNdpSourceMac, interface_.mac(), at + wire::kNdpOptions);
  frames_.push(std::move(frame));
}

TxFrame Ndp::make_advertisement(const IpAddress& destination, const MacAddress& to, const IpAddress& target,
                                std::uint8_t flags) const {
  TxFrame frame = make_ip_frame(interface_, to, ndp_header(target, destination),
                                wire::kNdpOptions + wire::kNdpMacOptionBytes, wire::kIcmpChecksum, true);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  at[wire::kIcmpType] = wire::kNeighbourAdvertisement;
  at[wire::kNdpFlags] = flags;
  std::copy(target.bytes().begin(), target.bytes().end(), at + wire::kNdpTarget);
  write_mac_option(wire::kNdpTargetMac, interface_.mac(), at + wire::kNdpOptions);
  return frame;
}

void Ndp::solicit_routers() {
  const IpAddress source = interface_.source_for(kAllRouters).value_or(IpAddress());
  const std::size_t options = source.is_unspecified() ? 0 : wire::kNdpMacOptionBytes;
  TxFrame frame = make_ip_frame(interface_, group_mac(kAllRouters), ndp_header(source, kAllRouters),
                                wire::kRouterSolicitationOptions + options, wire::kIcmpChecksum, true);
  std::uint8_t* at = frame.bytes.data() + frame.l4_offset;
  at[wire::kIcmpType] = wire::kRouterSolicitation;
  if (options > 0) write_mac_option(wire::kNdpSourceMac, interface_.mac(), at + wire::kRouterSolicitationOptions);
  frames_.push(std::move(frame));
  ++counters_.router_solicitations_out;
}

}  // namespace sockwire::stack
