// SPDX-License-Identifier: Apache-2.0
#include "hls/wire/tcp.hpp"
#include "sim/journey/layers.hpp"

namespace sockwire::journey {

namespace {

std::string relative(const Surroundings& run, const Packet& packet, SeqNum seq, bool of_sender) {
  const auto iss = initial_sequence_number(run.packets, packet, of_sender);
  return iss ? std::to_string(seq - *iss) + " from the initial one" : "";
}

void add_ports(const Surroundings& run, const Packet& packet, std::size_t l4, LayerWriter& layer) {
  const bool client = run.recording.bursts[packet.sent].end == 0;
  layer.add(l4, 2, "Source port", std::to_string(packet.headers.source_port), "the socket that sends",
            client ? "socket row: chosen by connect() (RFC 6056)" : "socket row: of the listening socket");
  layer.add(l4 + 2, 2, "Destination port", std::to_string(packet.headers.destination_port),
            "the socket that is to take it",
            client ? "socket row: given to connect()" : "socket row: the source port of the SYN");
}

void add_option(const Surroundings& run, const Packet& packet, std::span<const std::uint8_t> frame, std::size_t at,
                std::size_t bytes, LayerWriter& layer) {
  const Maker maker = maker_of(run, packet);
  const std::string kind = std::to_string(frame[at]);
  if (frame[at] == wire::kTcpOptionMss && bytes == wire::kTcpOptionMssBytes) {
    layer.add(at, bytes, "MSS", std::to_string(read16(frame, at + 2)), "the largest piece that we take",
              packet.headers.ipv6 ? "the MTU less 60 bytes of headers" : "the MTU less 40 bytes of headers");
  } else if (frame[at] == wire::kTcpOptionWindowScale && bytes == wire::kTcpOptionWindowScaleBytes) {
    layer.add(at, bytes, "Window scale", std::to_string(frame[at + 2]), "our windows count in units of 2 to this power",
              "the size of the receive buffer (RFC 7323 2)");
  } else if (frame[at] == wire::kTcpOptionSackPermitted) {
    layer.add(at, bytes, "SACK permitted", "yes", "ranges may be acknowledged", "the socket's settings (RFC 2018)");
  } else if (frame[at] == wire::kTcpOptionTimestamps && bytes == wire::kTcpOptionTimestampsBytes) {
    layer.add(at, 2, "Timestamps", "kind 8, 10 bytes", "", "the socket's settings (RFC 7323 3)");
    layer.add(at + 2, 4, "TSval", std::to_string(read32(frame, at + 2)), "our clock, in ms",
              "the host's clock and the connection's offset");
    layer.add(at + 6, 4, "TSecr", std::to_string(read32(frame, at + 6)), "the peer's clock as we saw it last",
              maker.stamped ? "stamped by the card as the segment leaves" : "socket row: TS.Recent");
  } else if (frame[at] == wire::kTcpOptionSack) {
    std::string ranges;
    for (std::size_t block = at + 2; block + 8 <= at + bytes; block += 8) {
      ranges += (ranges.empty() ? "" : ", ") + std::to_string(read32(frame, block)) + " to " +
                std::to_string(read32(frame, block + 4));
    }
    layer.add(at, bytes, "SACK", ranges, "what has come beyond the hole",
              "socket row: the receiver's reassembly queue");
  } else {
    layer.add(at, bytes, "Option " + kind, std::to_string(bytes) + " bytes", "", "");
  }
}

void add_options(const Surroundings& run, const Packet& packet, std::span<const std::uint8_t> frame,
                 LayerWriter& layer) {
  const std::size_t end = packet.headers.payload;
  for (std::size_t at = packet.headers.l4 + wire::kTcpMinHeaderBytes; at < end;) {
    if (frame[at] == wire::kTcpOptionEnd || frame[at] == wire::kTcpOptionNop) {
      layer.add(at, 1, frame[at] == wire::kTcpOptionNop ? "NOP" : "End of options", hex_text(frame[at], 2),
                "aligns what follows", "");
      ++at;
      continue;
    }
    if (at + 1 >= end || frame[at + 1] < 2 || at + frame[at + 1] > end) return;
    add_option(run, packet, frame, at, frame[at + 1], layer);
    at += frame[at + 1];
  }
}

}  // namespace

Layer dissect_tcp(const Surroundings& run, const Packet& packet) {
  const auto frame = frame_of(run.recording.bursts[packet.sent]);
  const Headers& headers = packet.headers;
  const std::size_t l4 = headers.l4;
  const Maker maker = maker_of(run, packet);
  const bool syn = headers.has(wire::kTcpSyn);
  const bool ack = headers.has(wire::kTcpAckFlag);
  LayerWriter layer("TCP", l4, headers.payload - l4);
  add_ports(run, packet, l4, layer);
  layer.add(l4 + wire::kTcpSequence, 4, "Sequence number", std::to_string(headers.seq.value()),
            relative(run, packet, headers.seq, true),
            syn ? "the initial one: keyed with a secret, so that nobody can guess it (RFC 6528)"
            : maker.from_template
                ? "socket row: snd_nxt when the SEND was given; counted on by the card for each segment"
                : "socket row: snd_nxt");
  layer.add(l4 + wire::kTcpAck, 4, "ACK number", std::to_string(headers.ack.value()),
            ack ? "the next byte that is expected; " + relative(run, packet, headers.ack, false) : "means nothing yet",
            !ack            ? "zero"
            : maker.stamped ? "rcv_nxt, stamped by the card as the segment leaves"
                            : "socket row: rcv_nxt");
  layer.add(l4 + wire::kTcpDataOffset, 1, "Data offset", std::to_string(headers.payload - l4) + " bytes",
            "the header's length", "worked out by the stack");
  layer.add(l4 + wire::kTcpFlags, 1, "Flags", flag_names(headers.flags), "",
            maker.from_template ? "the SEND; PSH and FIN only on the last segment that the card cuts"
                                : "the state of the connection");
  layer.add(l4 + wire::kTcpWindow, 2, "Window", std::to_string(headers.window),
            syn ? "room in the receive buffer, in bytes" : "room in the receive buffer, in units of the window scale",
            maker.stamped ? "rcv_wnd, stamped by the card as the segment leaves" : "socket row: rcv_wnd");
  layer.add(l4 + wire::kTcpChecksum, 2, "Checksum", hex_text(read16(frame, l4 + wire::kTcpChecksum), 4),
            "over pseudo header, header and data",
            maker.inserts_l4 ? "inserted by the card" : "worked out by the stack");
  layer.add(l4 + wire::kTcpUrgent, 2, "Urgent pointer", std::to_string(read16(frame, l4 + wire::kTcpUrgent)),
            "not used", "zero");
  add_options(run, packet, frame, layer);
  const auto pseudo = pseudo_header(frame, headers);
  layer.work(work_checksum(frame.subspan(l4, headers.end - l4), wire::kTcpChecksum,
                           "the pseudo header (addresses, protocol, length), the header and the data", pseudo));
  return layer.take();
}

}  // namespace sockwire::journey
