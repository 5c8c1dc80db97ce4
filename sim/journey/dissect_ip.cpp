// SPDX-License-Identifier: Apache-2.0
// IPv4 and UDP.
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/udp.hpp"
#include "sim/journey/layers.hpp"

namespace sockwire::journey {

namespace {

std::span<const std::uint8_t> frame_in(const Surroundings& run, const Packet& packet) {
  return frame_of(run.recording.bursts[packet.sent]);
}

std::string address_origin(const Surroundings& run, const Packet& packet) {
  if (packet.headers.tcp) {
    if (run.recording.bursts[packet.sent].end == 1) return "the socket row: the peer's address, of its SYN";
    const PacketNumber answer =
        latest_before(run, packet, [](const Packet& other) { return other.headers.udp && other.answers != 0; });
    return answer == 0 ? "the socket row: given to connect()"
                       : "the socket row: given to connect(), and found by DNS in #" + std::to_string(answer);
  }
  if (packet.headers.icmpv6 && packet.headers.destination.is_multicast()) {
    return "the group of the address that is meant, by its last 24 bits (RFC 4291 2.7.1)";
  }
  return packet.answers == 0 ? "the name server that the host is configured with"
                             : "the source address of #" + std::to_string(packet.answers);
}

}  // namespace

std::string destination_origin(const Surroundings& run, const Packet& packet) {
  const std::string origin = address_origin(run, packet);
  if (packet.headers.destination.is_multicast()) return origin;
  const End end = run.recording.bursts[packet.sent].end;
  const StationRoute* best = nullptr;
  for (const StationRoute& route : run.recording.stations.at(static_cast<std::size_t>(end)).routes) {
    if (!route.destination.contains(packet.headers.destination)) continue;
    if (best == nullptr || route.destination.bits > best->destination.bits) best = &route;
  }
  return best == nullptr ? origin : origin + "; routing table: " + best->text;
}

Layer dissect_ipv4(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_in(run, packet);
  const Headers& headers = packet.headers;
  const std::size_t l3 = headers.l3;
  const Maker maker = maker_of(run, packet);
  const std::uint16_t fragment = read16(frame, l3 + wire::kIpv4Fragment);
  LayerWriter layer("IPv4", l3, headers.l4 - l3);
  layer.add(l3, 1, "Version, header length", hex_text(frame[l3], 2), "version 4, 20 bytes", "RFC 791");
  layer.add(l3 + 1, 1, "DSCP, ECN", hex_text(frame[l3 + 1], 2), "no special treatment", "the socket's settings");
  layer.add(l3 + 2, 2, "Total length", std::to_string(read16(frame, l3 + 2)), "bytes from here to the end",
            maker.from_template ? "worked out by the card for each segment that it cuts" : "worked out by the stack");
  layer.add(l3 + 4, 2, "Identification", std::to_string(read16(frame, l3 + 4)), "tells packets apart",
            maker.from_template ? "counted on by the card, from the SEND's first" : "the stack's count");
  layer.add(l3 + 6, 2, "Flags, offset", hex_text(fragment, 4),
            (fragment & wire::kIpv4DontFragment) != 0 ? "don't fragment" : "may be cut",
            "path MTU discovery (RFC 1191)");
  layer.add(l3 + 8, 1, "Time to live", std::to_string(frame[l3 + 8]), "routers that it may pass",
            "the stack's default (RFC 1700)");
  layer.add(l3 + 9, 1, "Protocol", std::to_string(frame[l3 + 9]),
            headers.tcp   ? "TCP follows"
            : headers.udp ? "UDP follows"
                          : "",
            "who asked IP to send it");
  layer.add(l3 + 10, 2, "Header checksum", hex_text(read16(frame, l3 + 10), 4), "over the header alone",
            maker.inserts_l3 ? "inserted by the card" : "worked out by the stack");
  layer.add(l3 + 12, 4, "Source", to_string(headers.source), "where it comes from",
            "the address of the interface that the route leads through");
  layer.add(l3 + 16, 4, "Destination", to_string(headers.destination), "where it goes",
            destination_origin(run, packet));
  layer.work(work_checksum(frame.subspan(l3, headers.l4 - l3), wire::kIpv4Checksum, "the header", {}));
  return layer.take();
}

Layer dissect_udp(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_in(run, packet);
  const std::size_t l4 = packet.headers.l4;
  const Maker maker = maker_of(run, packet);
  const bool answer = packet.answers != 0;
  LayerWriter layer("UDP", l4, wire::kUdpHeaderBytes);
  layer.add(l4, 2, "Source port", std::to_string(packet.headers.source_port), "whose answer this is to be",
            answer ? "the server's bind()" : "drawn at random (RFC 6056, RFC 5452)");
  layer.add(l4 + 2, 2, "Destination port", std::to_string(packet.headers.destination_port), "which program takes it",
            answer ? "the source port of the question" : "DNS has port 53");
  layer.add(l4 + wire::kUdpLength, 2, "Length", std::to_string(read16(frame, l4 + wire::kUdpLength)), "header and data",
            "the stack");
  layer.add(l4 + wire::kUdpChecksum, 2, "Checksum", hex_text(read16(frame, l4 + wire::kUdpChecksum), 4),
            "over pseudo header, header and data",
            maker.inserts_l4 ? "inserted by the card" : "worked out by the stack");
  const auto pseudo = pseudo_header(frame, packet.headers);
  layer.work(work_checksum(frame.subspan(l4, packet.headers.end - l4), wire::kUdpChecksum,
                           "the pseudo header (addresses, protocol, length), the header and the data", pseudo));
  return layer.take();
}

std::vector<std::uint8_t> pseudo_header(std::span<const std::uint8_t> frame, const Headers& headers) {
  const auto addresses = headers.ipv4 ? frame.subspan(headers.l3 + wire::kIpv4Source, 8)
                                      : frame.subspan(headers.l3 + wire::kIpv6Source, 32);
  std::vector<std::uint8_t> pseudo(addresses.begin(), addresses.end());
  const std::size_t bytes = headers.end - headers.l4;
  const std::uint8_t length[] = {static_cast<std::uint8_t>(bytes >> 8), static_cast<std::uint8_t>(bytes)};
  if (headers.ipv4) {  // RFC 9293 3.1, RFC 768: source, destination, zero, protocol, length
    pseudo.insert(pseudo.end(), {0, headers.protocol, length[0], length[1]});
  } else {  // RFC 8200 8.1: source, destination, length in 32 bits, zeros, next header
    pseudo.insert(pseudo.end(), {0, 0, length[0], length[1], 0, 0, 0, headers.protocol});
  }
  return pseudo;
}

std::vector<Layer> dissect(const Surroundings& run, const Packet& packet) {
  std::vector<Layer> layers;
  const Headers& headers = packet.headers;
  if (headers.payload_bytes > 0) layers.push_back(dissect_payload(run, packet));
  if (headers.tcp) layers.push_back(dissect_tcp(run, packet));
  if (headers.udp) layers.push_back(dissect_udp(run, packet));
  if (headers.icmpv6) layers.push_back(dissect_icmpv6(run, packet));
  if (headers.ipv4) layers.push_back(dissect_ipv4(run, packet));
  if (headers.ipv6) layers.push_back(dissect_ipv6(run, packet));
  if (headers.arp) layers.push_back(dissect_arp(run, packet));
  if (!frame_in(run, packet).empty()) layers.push_back(dissect_ethernet(run, packet));
  layers.push_back(dissect_line(run, packet));
  return layers;
}

}  // namespace sockwire::journey
