// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/usb/tcp_watch.hpp"

#include "host/base/byte_order.hpp"

namespace sockwire::bench {
namespace {

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kTcpBytes = 20;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kAck = 0x10;

}  // namespace

void TcpWatch::on_frame(bool from_card, const sim::ReceivedFrame& frame) {
  const std::span<const std::uint8_t> bytes(frame.bytes);
  if (frame.fault != sim::FrameFault::kNone || bytes.size() < kEthernetBytes + 20 + kTcpBytes) return;
  const auto ip = bytes.subspan(kEthernetBytes);
  const std::size_t header_bytes = std::size_t{4} * (ip[0] & 0x0fu);
  const std::size_t total_bytes = load_be16(ip.data() + 2);
  const bool tcp = load_be16(bytes.data() + 12) == 0x0800 && ip[0] >> 4 == 4 && ip[9] == kTcp;
  if (!tcp || total_bytes > ip.size() || total_bytes < header_bytes + kTcpBytes) return;
  on_segment(from_card, ip.first(total_bytes).subspan(header_bytes));
}

void TcpWatch::on_segment(bool from_card, std::span<const std::uint8_t> tcp) {
  const std::uint16_t card_port = load_be16(tcp.data() + (from_card ? 0 : 2));
  const std::uint8_t flags = tcp[13];
  if (from_card && (flags & (kSyn | kAck)) == kSyn && !known_) {
    known_ = true;
    card_port_ = card_port;
  }
  if (!known_ || card_port != card_port_) return;
  Side& side = sides_[from_card ? 0 : 1];
  Side& other = sides_[from_card ? 1 : 0];
  const std::uint32_t seq = load_be32(tcp.data() + 4);
  const std::size_t payload = tcp.size() - std::min(tcp.size(), std::size_t{4} * (tcp[12] >> 4));
  if ((flags & kAck) != 0 && other.fin && load_be32(tcp.data() + 8) == other.highest + 1) other.fin_acknowledged = true;
  if ((flags & kSyn) != 0) {
    side.begun = true;
    side.first = side.highest = seq + 1;
    return;
  }
  established_ = established_ || (from_card && (flags & kAck) != 0);
  const std::uint32_t end = seq + static_cast<std::uint32_t>(payload);
  if (static_cast<std::int32_t>(end - side.highest) > 0) side.highest = end;
  side.fin = side.fin || (flags & kFin) != 0;
}

TcpPhase TcpWatch::phase() const {
  if (!known_) return TcpPhase::kNone;
  if (!established_) return TcpPhase::kHandshake;
  if (!sides_[0].fin && !sides_[1].fin) return TcpPhase::kOpen;
  return sides_[0].fin_acknowledged && sides_[1].fin_acknowledged ? TcpPhase::kOver : TcpPhase::kEnding;
}

}  // namespace sockwire::bench
