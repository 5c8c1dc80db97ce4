// SPDX-License-Identifier: Apache-2.0
#include "host/transport/usb/ftdi.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sockwire::transport::ftdi {
namespace {

constexpr std::uint64_t kClockHz = 12'000'000;
constexpr std::uint64_t kLowestBaud = 1200;
constexpr std::uint64_t kTolerancePercent = 3;
constexpr unsigned kWholeMax = 0x3fff;
constexpr unsigned kFastClock = 0x0200;  // of wIndex: no further divider of 2.5 before the rate generator

// Bits of the second status byte.
constexpr std::uint8_t kOverrun = 0x02;
constexpr std::uint8_t kFraming = 0x08;
constexpr std::uint8_t kTransmitterEmpty = 0x40;

/// The divisor in eighths. Between 1 and 2 there is only 1 1/2.
std::uint64_t nearest_eighths(std::uint32_t baud) {
  const std::uint64_t eighths = std::max<std::uint64_t>((16 * kClockHz + baud) / (2 * std::uint64_t{baud}), 8);
  if (eighths >= 16) return eighths;
  return eighths < 10 ? 8 : eighths < 14 ? 12 : 16;
}

bool near(std::uint32_t made, std::uint32_t wanted) {
  const std::uint64_t off = made > wanted ? made - wanted : wanted - made;
  return off * 100 <= std::uint64_t{wanted} * kTolerancePercent;
}

}  // namespace

std::optional<Divisor> divisor_for(std::uint32_t baud) {
  if (baud < kLowestBaud) return std::nullopt;
  const std::uint64_t eighths = nearest_eighths(baud);
  const auto made = static_cast<std::uint32_t>(8 * kClockHz / eighths);
  if (!near(made, baud) || eighths / 8 > kWholeMax) return std::nullopt;
  // The eighths' code: its lower two bits are the upper ones of wValue, its third is in wIndex.
  constexpr std::array<unsigned, 8> kCodes{0, 3, 2, 4, 1, 5, 6, 7};
  unsigned whole = static_cast<unsigned>(eighths / 8);
  unsigned code = kCodes[eighths % 8];
  if (eighths == 8) whole = 0;  // 1 and 1 1/2 are written as 0 and 1
  if (eighths == 12) code = 0;
  Divisor divisor;
  divisor.value = static_cast<std::uint16_t>(whole | (code & 3u) << 14);
  divisor.index = static_cast<std::uint16_t>(kUartIndex | kFastClock | (code >> 2) << 8);
  divisor.baud = made;
  return divisor;
}

LineReport strip_status(std::span<std::uint8_t> transfer) {
  LineReport report;
  for (std::size_t at = 0; at + kStatusBytes <= transfer.size(); at += kPacketBytes) {
    const std::uint8_t status = transfer[at + 1];
    report.any = true;
    report.overruns += (status & kOverrun) != 0 ? 1 : 0;
    report.framing_errors += (status & kFraming) != 0 ? 1 : 0;
    report.transmitter_empty = (status & kTransmitterEmpty) != 0;
    const std::size_t bytes = std::min(kPacketBytes, transfer.size() - at) - kStatusBytes;
    std::memmove(transfer.data() + report.payload_bytes, transfer.data() + at + kStatusBytes, bytes);
    report.payload_bytes += bytes;
  }
  return report;
}

}  // namespace sockwire::transport::ftdi
