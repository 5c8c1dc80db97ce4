// SPDX-License-Identifier: Apache-2.0
// The line, Ethernet and ARP.
#include "hls/wire/arp.hpp"
#include "hls/wire/ethernet.hpp"
#include "sim/journey/layers.hpp"

namespace sockwire::journey {

namespace {

const LineBurst& burst_of(const Surroundings& run, const Packet& packet) { return run.recording.bursts[packet.sent]; }

std::string neighbour_origin(const Surroundings& run, const Packet& packet, std::span<const std::uint8_t> frame) {
  if (packet.headers.ipv6 && (frame[0] & 1) != 0) {
    return "33:33 and the last 32 bits of the group's address: who listens to it takes it (RFC 2464 7)";
  }
  if ((frame[0] & 1) != 0) return "Ethernet's broadcast address: everybody is asked";
  const End end = burst_of(run, packet).end;
  // What was heard of the neighbour last, in a packet that has come to this end.
  const PacketNumber heard = latest_before(run, packet, [&](const Packet& other) {
    return other.headers.tells_mac(frame_of(burst_of(run, other))) && burst_of(run, other).end != end &&
           other.received.has_value();
  });
  const std::string cache = packet.headers.ipv6 ? "the neighbour cache" : "the ARP cache";
  return heard == 0 ? cache : cache + ", which has it from #" + std::to_string(heard);
}

}  // namespace

Layer dissect_line(const Surroundings& run, const Packet& packet) {
  const LineBurst& burst = burst_of(run, packet);
  const auto frame = frame_of(burst);
  Layer layer;
  layer.name = "Line";
  layer.bytes = burst.octets.size();
  layer.fields.push_back(
      {0, 7, "Preamble", "7 octets 0x55", "lets the receiver find the beat of the bits", "the card's MAC"});
  layer.fields.push_back({7, 1, "Start of frame", hex_text(burst.octets.size() > 7 ? burst.octets[7] : 0, 2),
                          "the preamble's pattern is broken: the next bit is the frame's first", "the card's MAC"});
  const std::size_t at = kFrameOffset + frame.size();
  if (!frame.empty()) {
    std::uint32_t fcs = 0;
    for (std::size_t i = 0; i < kFcsBytes; ++i) fcs |= static_cast<std::uint32_t>(burst.octets[at + i]) << (8 * i);
    layer.fields.push_back({at, kFcsBytes, "FCS", hex_text(fcs, 8), "tells the receiver that no bit has changed",
                            "worked out by the card's MAC while the frame leaves"});
    layer.workings.push_back(work_fcs(frame, fcs));
  }
  const std::string gap =
      burst.gap_octets ? std::to_string(*burst.gap_octets) + " octet times" : "the line was silent before";
  layer.fields.push_back({0, 0, "Gap before it", gap, "at least 12 octet times of silence", "the card's MAC"});
  return layer;
}

Layer dissect_ethernet(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_of(burst_of(run, packet));
  const Headers& headers = packet.headers;
  LayerWriter layer("Ethernet", 0, wire::kEthernetHeaderBytes);
  layer.add(wire::kEthernetDestination, 6, "Destination", mac_text(frame), "the adapter that is to take it",
            neighbour_origin(run, packet, frame));
  layer.add(wire::kEthernetSource, 6, "Source", mac_text(frame.subspan(6)), "the adapter that sends it",
            "the host's own address, of its configuration");
  layer.add(wire::kEthernetType, 2, "EtherType", hex_text(headers.ethertype, 4),
            headers.arp    ? "ARP follows"
            : headers.ipv4 ? "IPv4 follows"
            : headers.ipv6 ? "IPv6 follows"
                           : "what follows",
            headers.arp ? "ARP" : "the IP part of the stack");
  if (headers.end < frame.size()) {
    layer.add(headers.end, frame.size() - headers.end, "Padding",
              std::to_string(frame.size() - headers.end) + " octets 0",
              "the least frame has 60 octets before its FCS (IEEE 802.3 4A.2.3.2.4)", "the card's MAC");
  }
  return layer.take();
}

Layer dissect_arp(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_of(burst_of(run, packet));
  const std::size_t l3 = packet.headers.l3;
  const std::uint16_t operation = read16(frame, l3 + wire::kArpOperation);
  const bool request = operation == wire::kArpRequest;
  LayerWriter layer("ARP", l3, wire::kArpBytes);
  layer.add(l3, 2, "Hardware type", std::to_string(read16(frame, l3)), "Ethernet", "RFC 826");
  layer.add(l3 + 2, 2, "Protocol type", hex_text(read16(frame, l3 + 2), 4), "IPv4", "RFC 826");
  layer.add(l3 + 4, 1, "Hardware size", std::to_string(frame[l3 + 4]), "octets of a MAC address", "RFC 826");
  layer.add(l3 + 5, 1, "Protocol size", std::to_string(frame[l3 + 5]), "octets of an IPv4 address", "RFC 826");
  layer.add(l3 + wire::kArpOperation, 2, "Operation", std::to_string(operation), request ? "request" : "reply",
            request ? "the cache has no entry" : "#" + std::to_string(packet.answers) + " asked");
  layer.add(l3 + wire::kArpSenderMac, 6, "Sender MAC", mac_text(frame.subspan(l3 + wire::kArpSenderMac)),
            request ? "where to answer" : "the answer", "the host's own address");
  layer.add(l3 + wire::kArpSenderIp, 4, "Sender IP", ipv4_text(read32(frame, l3 + wire::kArpSenderIp)), "who says so",
            "the interface's address");
  layer.add(l3 + wire::kArpTargetMac, 6, "Target MAC", mac_text(frame.subspan(l3 + wire::kArpTargetMac)),
            request ? "not known: this is what is asked" : "who asked", request ? "zero" : "the request");
  layer.add(l3 + wire::kArpTargetIp, 4, "Target IP", ipv4_text(read32(frame, l3 + wire::kArpTargetIp)),
            request ? "whose MAC address is wanted" : "who asked",
            request ? "the next hop of the route" : "the request");
  return layer.take();
}

}  // namespace sockwire::journey
