// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tcp/lost_segment.hpp"

namespace sockwire::bench {

namespace {

constexpr std::size_t kEthernetBytes = 14;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kAck = 0x10;

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes[at + i];
  return value;
}

}  // namespace

const char* name_of(Lost lost) {
  switch (lost) {
    case Lost::kSyn:
      return "syn";
    case Lost::kSynAck:
      return "synack";
    case Lost::kFirst:
      return "first";
    case Lost::kMiddle:
      return "middle";
    case Lost::kLast:
      return "last";
    case Lost::kFin:
      return "fin";
    case Lost::kLastAck:
      return "lastack";
    default:
      return "nothing";
  }
}

double Moments::stage(Lost lost) const {
  switch (lost) {
    case Lost::kSyn:
    case Lost::kSynAck:
      return connected - connecting;
    case Lost::kFirst:
    case Lost::kMiddle:
    case Lost::kLast:
      return delivered - sending;
    case Lost::kFin:
      return client_done - closing;
    default:
      return server_done - closing;
  }
}

bool LostSegment::is(std::span<const std::uint8_t> frame) {
  // IPv4 with TCP in it; padding behind the datagram does not count.
  if (found_ || frame.size() < kEthernetBytes + 40 || number(frame, 12, 2) != 0x0800) return false;
  const auto ip = frame.subspan(kEthernetBytes);
  const std::size_t ip_header_bytes = 4u * (ip[0] & 0x0F);
  const std::size_t ip_bytes = number(ip, 2, 2);
  if (ip[9] != 6 || ip_bytes > ip.size() || ip_header_bytes + 20 > ip_bytes) return false;
  const auto tcp = ip.subspan(ip_header_bytes, ip_bytes - ip_header_bytes);
  const std::size_t tcp_header_bytes = 4u * (tcp[12] >> 4);
  if (tcp_header_bytes > tcp.size()) return false;
  found_ = wanted(tcp, tcp.size() - tcp_header_bytes, number(tcp, 2, 2) == kRecoveryPort);
  return found_;
}

bool LostSegment::wanted(std::span<const std::uint8_t> tcp, std::size_t payload_bytes, bool from_client) {
  const std::uint8_t flags = tcp[13];
  const std::uint32_t seq = number(tcp, 4, 4);
  const std::uint32_t end = seq + static_cast<std::uint32_t>(payload_bytes);
  if (!from_client) {
    if ((flags & kFin) != 0) after_fin_ = end + 1;
    return lost_ == Lost::kSynAck && (flags & kSyn) != 0;
  }
  if ((flags & kSyn) != 0) {
    first_byte_ = seq + 1;
    return lost_ == Lost::kSyn;
  }
  const std::uint32_t from = seq - first_byte_;
  const std::uint32_t to = end - first_byte_;
  switch (lost_) {
    case Lost::kFirst:
      return payload_bytes > 0 && from == 0;
    case Lost::kMiddle:
      return payload_bytes > 0 && from <= kRecoveryBytes / 2 && kRecoveryBytes / 2 < to;
    case Lost::kLast:
      return payload_bytes > 0 && to == kRecoveryBytes;
    case Lost::kFin:
      return (flags & kFin) != 0;
    case Lost::kLastAck:
      return (flags & kAck) != 0 && (flags & kFin) == 0 && after_fin_ && number(tcp, 8, 4) == *after_fin_;
    default:
      return false;
  }
}

}  // namespace sockwire::bench
