// SPDX-License-Identifier: Apache-2.0
// IPv4, UDP, and what the application's bytes are.
#include <algorithm>

#include "hls/wire/ipv4.hpp"
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
  return packet.answers == 0 ? "the name server that the host is configured with"
                             : "the source address of #" + std::to_string(packet.answers);
}

std::vector<std::uint8_t> printable(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> text;
  for (const std::uint8_t byte : bytes) text.push_back(byte >= 32 && byte < 127 ? byte : '.');
  return text;
}

std::string text_of(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kShown = 80;
  const auto text = printable(bytes.first(std::min(bytes.size(), kShown)));
  return std::string(text.begin(), text.end()) + (bytes.size() > kShown ? "..." : "");
}

std::string name_in(std::span<const std::uint8_t> message, std::size_t at) {
  std::string name;
  while (at < message.size() && message[at] != 0 && message[at] < 64) {
    const std::size_t length = message[at];
    if (at + 1 + length > message.size()) break;
    name += (name.empty() ? "" : ".") + text_of(message.subspan(at + 1, length));
    at += 1 + length;
  }
  return name;
}

/// RFC 1035 4.1. Of the answer only its last four bytes, an address, are named one by one.
Layer dissect_dns(const Surroundings& run, const Packet& packet) {
  const std::size_t at = packet.headers.payload;
  const auto message = frame_in(run, packet).subspan(at, packet.headers.payload_bytes);
  LayerWriter layer("DNS", at, message.size());
  const bool answer = packet.answers != 0;
  layer.add(at, 2, "ID", hex_text(read16(message, 0), 4), "ties the answer to the question",
            answer ? "#" + std::to_string(packet.answers) : "drawn at random, so that nobody can guess it (RFC 5452)");
  layer.add(at + 2, 2, "Flags", hex_text(read16(message, 2), 4),
            answer ? "response, authoritative" : "query, recursion desired", answer ? "the server" : "the resolver");
  layer.add(at + 4, 2, "Questions", std::to_string(read16(message, 4)), "", "the resolver");
  layer.add(at + 6, 2, "Answers", std::to_string(read16(message, 6)), "", answer ? "the server" : "the resolver");
  layer.add(at + 8, 4, "Authority, additional", "0, 0", "records that are not there", "");
  std::size_t end = 12;
  while (end < message.size() && message[end] != 0) end += 1 + std::size_t{message[end]};
  layer.add(at + 12, end + 1 - 12, "Name", name_in(message, 12), "what is asked for", "the application's URL");
  if (end + 5 > message.size()) return layer.take();
  layer.add(at + end + 1, 2, "Type", std::to_string(read16(message, end + 1)), "A: an IPv4 address", "the resolver");
  layer.add(at + end + 3, 2, "Class", std::to_string(read16(message, end + 3)), "IN", "the resolver");
  constexpr std::size_t kRecordBytes = 16;
  if (answer && end + 5 + kRecordBytes <= message.size()) {
    const std::size_t record = end + 5;
    layer.add(at + record, 2, "Name", hex_text(read16(message, record), 4), "points back to the question's",
              "the server");
    layer.add(at + record + 2, 4, "Type, class", "1, 1", "A, IN", "the server");
    layer.add(at + record + 6, 4, "Time to live", std::to_string(read32(message, record + 6)) + " s",
              "how long it may be remembered", "the server");
    layer.add(at + record + 10, 2, "Length", std::to_string(read16(message, record + 10)), "of the address",
              "the server");
    layer.add(at + record + 12, 4, "Address", ipv4_text(read32(message, record + 12)), "the answer", "the server");
  }
  return layer.take();
}

}  // namespace

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
  layer.add(l3 + 12, 4, "Source", ipv4_text(headers.source), "where it comes from",
            "the address of the interface that the route leads through");
  const auto& routes =
      run.recording.stations.at(static_cast<std::size_t>(run.recording.bursts[packet.sent].end)).routes;
  layer.add(l3 + 16, 4, "Destination", ipv4_text(headers.destination), "where it goes",
            address_origin(run, packet) + (routes.empty() ? "" : "; routing table: " + routes.front()));
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
  // RFC 9293 3.1, RFC 768: source, destination, zero, protocol, length.
  std::vector<std::uint8_t> pseudo(frame.begin() + static_cast<std::ptrdiff_t>(headers.l3 + wire::kIpv4Source),
                                   frame.begin() + static_cast<std::ptrdiff_t>(headers.l3 + wire::kIpv4Source + 8));
  const std::size_t bytes = headers.end - headers.l4;
  pseudo.push_back(0);
  pseudo.push_back(frame[headers.l3 + wire::kIpv4Protocol]);
  pseudo.push_back(static_cast<std::uint8_t>(bytes >> 8));
  pseudo.push_back(static_cast<std::uint8_t>(bytes));
  return pseudo;
}

Layer dissect_payload(const Surroundings& run, const Packet& packet) {
  const Headers& headers = packet.headers;
  constexpr std::size_t kDnsHeaderBytes = 12;
  if (headers.udp && headers.payload_bytes > kDnsHeaderBytes) return dissect_dns(run, packet);
  const auto bytes = frame_in(run, packet).subspan(headers.payload, headers.payload_bytes);
  LayerWriter layer("Application", headers.payload, bytes.size());
  layer.add(headers.payload, bytes.size(), "Data", text_of(bytes), "the stack does not look into it",
            run.recording.errand == Errand::kSend        ? "the application's send(): the message"
            : run.recording.bursts[packet.sent].end == 0 ? "the application's send(): the request"
                                                         : "the application's send(): the response");
  return layer.take();
}

std::vector<Layer> dissect(const Surroundings& run, const Packet& packet) {
  std::vector<Layer> layers;
  const Headers& headers = packet.headers;
  if (headers.payload_bytes > 0) layers.push_back(dissect_payload(run, packet));
  if (headers.tcp) layers.push_back(dissect_tcp(run, packet));
  if (headers.udp) layers.push_back(dissect_udp(run, packet));
  if (headers.ipv4) layers.push_back(dissect_ipv4(run, packet));
  if (headers.arp) layers.push_back(dissect_arp(run, packet));
  if (!frame_in(run, packet).empty()) layers.push_back(dissect_ethernet(run, packet));
  layers.push_back(dissect_line(run, packet));
  return layers;
}

}  // namespace sockwire::journey
