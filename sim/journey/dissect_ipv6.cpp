// SPDX-License-Identifier: Apache-2.0
// IPv6 (RFC 8200), and what ICMPv6 says of neighbours (RFC 4861) and of groups (RFC 2710).
#include <utility>

#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/ipv6_extensions.hpp"
#include "sim/journey/layers.hpp"

namespace sockwire::journey {

namespace {

std::span<const std::uint8_t> frame_in(const Surroundings& run, const Packet& packet) {
  return frame_of(run.recording.bursts[packet.sent]);
}

const char* next_header_text(std::uint8_t value) {
  switch (value) {
    case wire::kIpProtocolTcp:
      return "TCP follows";
    case wire::kIpProtocolUdp:
      return "UDP follows";
    case wire::kIpProtocolIcmpv6:
      return "ICMPv6 follows";
    case wire::kNextHopByHop:
      return "options for every router follow";
    default:
      return "";
  }
}

std::string hop_limit_origin(const Headers& headers, std::uint8_t hop_limit) {
  constexpr std::uint8_t kLocal = 255;
  if (!headers.icmpv6) return "the stack's default (RFC 1700)";
  return hop_limit == kLocal ? "RFC 4861 7.1: no router can have passed it on" : "RFC 2710 3: it stays on the link";
}

void add_options(std::span<const std::uint8_t> frame, std::size_t at, std::size_t end, LayerWriter& layer) {
  layer.add(at, 1, "Next header", std::to_string(frame[at]), next_header_text(frame[at]), "the options' header");
  layer.add(at + 1, 1, "Length", std::to_string(frame[at + 1]), "in units of 8 bytes, the first not counted",
            "the stack");
  layer.add(at + 2, end - at - 2, "Options", "router alert", "routers are to look at it (RFC 2711)", "the stack");
}

/// The MAC address that an option tells, as all neighbour messages of the stack have at most one.
void add_mac_option(std::span<const std::uint8_t> frame, std::size_t at, std::size_t end, LayerWriter& layer) {
  if (at + wire::kNdpMacOptionBytes > end) return;
  const bool source = frame[at] == wire::kNdpSourceMac;
  layer.add(at, 2, "Option", std::to_string(frame[at]) + ", " + std::to_string(frame[at + 1]),
            source ? "source link-layer address, 8 bytes" : "target link-layer address, 8 bytes", "RFC 4861 4.6.1");
  layer.add(at + wire::kNdpOptionMac, 6, "MAC", mac_text(frame.subspan(at + wire::kNdpOptionMac)),
            source ? "where to answer" : "the answer", "the host's own address");
}

void add_neighbour_fields(const Surroundings& run, const Packet& packet, LayerWriter& layer) {
  const auto frame = frame_in(run, packet);
  const std::size_t l4 = packet.headers.l4;
  const bool question = packet.headers.neighbour_solicitation(frame);
  const std::uint8_t flags = frame[l4 + wire::kNdpFlags];
  std::string names;
  const std::pair<std::uint8_t, const char*> known[] = {
      {wire::kNdpFlagRouter, "router"}, {wire::kNdpFlagSolicited, "solicited"}, {wire::kNdpFlagOverride, "override"}};
  for (const auto& [flag, name] : known) {
    if ((flags & flag) != 0) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  layer.add(l4 + wire::kNdpFlags, 4, question ? "Reserved" : "Flags", hex_text(read32(frame, l4 + wire::kNdpFlags), 8),
            names, question || packet.answers == 0 ? "" : "it answers #" + std::to_string(packet.answers));
  layer.add(l4 + wire::kNdpTarget, 16, "Target", to_string(ipv6_at(frame, l4 + wire::kNdpTarget)),
            question ? "whose MAC address is wanted" : "whose MAC address this is",
            question ? "the next hop of the route" : "the solicitation");
  add_mac_option(frame, l4 + wire::kNdpOptions, packet.headers.end, layer);
}

}  // namespace

Layer dissect_ipv6(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_in(run, packet);
  const Headers& headers = packet.headers;
  const std::size_t l3 = headers.l3;
  const Maker maker = maker_of(run, packet);
  const std::uint32_t first = read32(frame, l3);
  LayerWriter layer("IPv6", l3, headers.l4 - l3);
  // Version and traffic class share the first two bytes with the flow label: the word is one field.
  layer.add(l3, 4, "Version, class, flow", hex_text(first, 8),
            "version 6, traffic class " + std::to_string(first >> 20 & 255) + ", flow label " +
                std::to_string(first & 0xFFFFF),
            "RFC 8200 3; the class is of the socket's settings, the flow is not labelled");
  layer.add(l3 + wire::kIpv6PayloadLength, 2, "Payload length",
            std::to_string(read16(frame, l3 + wire::kIpv6PayloadLength)), "bytes after these 40",
            maker.from_template ? "worked out by the card for each segment that it cuts" : "worked out by the stack");
  layer.add(l3 + wire::kIpv6NextHeader, 1, "Next header", std::to_string(frame[l3 + wire::kIpv6NextHeader]),
            next_header_text(frame[l3 + wire::kIpv6NextHeader]), "who asked IP to send it");
  layer.add(l3 + wire::kIpv6HopLimit, 1, "Hop limit", std::to_string(frame[l3 + wire::kIpv6HopLimit]),
            "routers that it may pass", hop_limit_origin(headers, frame[l3 + wire::kIpv6HopLimit]));
  layer.add(l3 + wire::kIpv6Source, 16, "Source", to_string(headers.source), "where it comes from",
            "the address of the interface that the route leads through");
  layer.add(l3 + wire::kIpv6Destination, 16, "Destination", to_string(headers.destination), "where it goes",
            destination_origin(run, packet));
  const std::size_t options = l3 + wire::kIpv6HeaderBytes;
  if (options < headers.l4) add_options(frame, options, headers.l4, layer);
  return layer.take();
}

Layer dissect_icmpv6(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_in(run, packet);
  const Headers& headers = packet.headers;
  const std::size_t l4 = headers.l4;
  const Maker maker = maker_of(run, packet);
  const std::uint8_t type = frame[l4 + wire::kIcmpType];
  const bool question = headers.neighbour_solicitation(frame);
  const bool neighbour = question || headers.neighbour_advertisement(frame);
  LayerWriter layer("ICMPv6", l4, headers.end - l4);
  layer.add(l4 + wire::kIcmpType, 1, "Type", std::to_string(type),
            question                   ? "neighbour solicitation: who has this address?"
            : neighbour                ? "neighbour advertisement: I have it"
            : type == wire::kMldReport ? "multicast listener report: send us the group's packets"
                                       : "",
            question                   ? "the neighbour cache has no entry"
            : type == wire::kMldReport ? "an address was given to the interface: it listens to that address's group"
                                       : "the stack");
  layer.add(l4 + 1, 1, "Code", std::to_string(frame[l4 + 1]), "", "the stack");
  layer.add(l4 + wire::kIcmpChecksum, 2, "Checksum", hex_text(read16(frame, l4 + wire::kIcmpChecksum), 4),
            "over pseudo header and message", maker.inserts_l4 ? "inserted by the card" : "worked out by the stack");
  if (neighbour) {
    add_neighbour_fields(run, packet, layer);
  } else if (type == wire::kMldReport && headers.end - l4 >= wire::kMldBytes) {
    layer.add(l4 + wire::kMldMaxResponse, 4, "Maximum response, reserved", "0", "of queries only", "zero");
    layer.add(l4 + wire::kMldGroup, 16, "Group", to_string(ipv6_at(frame, l4 + wire::kMldGroup)),
              "whose packets are wanted", "the last 24 bits of the interface's address (RFC 4291 2.7.1)");
  } else if (headers.end > l4 + 4) {
    layer.add(l4 + 4, headers.end - l4 - 4, "Message", std::to_string(headers.end - l4 - 4) + " bytes", "",
              "the stack");
  }
  layer.work(work_checksum(frame.subspan(l4, headers.end - l4), wire::kIcmpChecksum,
                           "the pseudo header (addresses, length, next header) and the message",
                           pseudo_header(frame, headers)));
  return layer.take();
}

}  // namespace sockwire::journey
