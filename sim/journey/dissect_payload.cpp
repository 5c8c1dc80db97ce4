// SPDX-License-Identifier: Apache-2.0
// What the application's bytes are: those of DNS field by field, all others as they stand.
#include <algorithm>

#include "sim/journey/layers.hpp"

namespace sockwire::journey {

namespace {

std::span<const std::uint8_t> frame_in(const Surroundings& run, const Packet& packet) {
  return frame_of(run.recording.bursts[packet.sent]);
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

constexpr std::uint16_t kTypeAaaa = 28;  // RFC 3596

std::string type_text(std::uint16_t type) {
  return type == kTypeAaaa ? "AAAA: an IPv6 address (RFC 3596)" : "A: an IPv4 address";
}

/// A resource record with an address (RFC 1035 4.1.3), at that offset of the frame.
void add_record(std::span<const std::uint8_t> frame, std::size_t at, LayerWriter& layer) {
  const std::uint16_t type = read16(frame, at + 2);
  layer.add(at, 2, "Name", hex_text(read16(frame, at), 4), "points back to the question's", "the server");
  layer.add(at + 2, 4, "Type, class", std::to_string(type) + ", " + std::to_string(read16(frame, at + 4)),
            type == kTypeAaaa ? "AAAA, IN" : "A, IN", "the server");
  layer.add(at + 6, 4, "Time to live", std::to_string(read32(frame, at + 6)) + " s", "how long it may be remembered",
            "the server");
  layer.add(at + 10, 2, "Length", std::to_string(read16(frame, at + 10)), "of the address", "the server");
  if (type == kTypeAaaa) {
    layer.add(at + 12, 16, "Address", to_string(ipv6_at(frame, at + 12)), "the answer", "the server");
  } else {
    layer.add(at + 12, 4, "Address", ipv4_text(read32(frame, at + 12)), "the answer", "the server");
  }
}

/// RFC 1035 4.1.
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
  layer.add(at + 12, end + 1 - 12, "Name", dns_name(message, kDnsHeaderBytes), "what is asked for",
            "the application's URL");
  if (end + 5 > message.size()) return layer.take();
  layer.add(at + end + 1, 2, "Type", std::to_string(read16(message, end + 1)), type_text(read16(message, end + 1)),
            "the resolver: the family that the application wants");
  layer.add(at + end + 3, 2, "Class", std::to_string(read16(message, end + 3)), "IN", "the resolver");
  const std::size_t record_bytes = read16(message, end + 1) == kTypeAaaa ? 28 : 16;
  if (answer && end + 5 + record_bytes <= message.size()) add_record(frame_in(run, packet), at + end + 5, layer);
  return layer.take();
}

}  // namespace

Layer dissect_payload(const Surroundings& run, const Packet& packet) {
  const Headers& headers = packet.headers;
  if (headers.udp && headers.payload_bytes > kDnsHeaderBytes) return dissect_dns(run, packet);
  const auto bytes = frame_in(run, packet).subspan(headers.payload, headers.payload_bytes);
  LayerWriter layer("Application", headers.payload, bytes.size());
  layer.add(headers.payload, bytes.size(), "Data", text_of(bytes), "the stack does not look into it",
            run.recording.errand == Errand::kSend        ? "the application's send(): the message"
            : run.recording.bursts[packet.sent].end == 0 ? "the application's send(): the request"
                                                         : "the application's send(): the response");
  return layer.take();
}

}  // namespace sockwire::journey
