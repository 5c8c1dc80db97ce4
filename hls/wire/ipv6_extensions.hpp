// SPDX-License-Identifier: Apache-2.0
// The layouts of IPv6's extension headers (RFC 8200 4) as constants: byte offsets from a header's first byte.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kExtensionNextHeader = 0;
constexpr int kExtensionLength = 1;  ///< In units of 8 bytes, without the first 8. Not that of a fragment header.

/// Values of a next header field.
constexpr std::uint8_t kNextHopByHop = 0;
constexpr std::uint8_t kNextRouting = 43;
constexpr std::uint8_t kNextFragment = 44;
constexpr std::uint8_t kNextNone = 59;
constexpr std::uint8_t kNextDestinationOptions = 60;

constexpr int kRoutingType = 2;
constexpr int kRoutingSegmentsLeft = 3;

constexpr int kFragmentOffset = 2;  ///< 13 bits of offset in units of 8 bytes, 2 reserved, 1 for more fragments.
constexpr int kFragmentId = 4;
constexpr int kFragmentHeaderBytes = 8;
constexpr std::uint16_t kFragmentOffsetMask = 0xfff8;
constexpr std::uint16_t kFragmentMore = 0x0001;

/// Options in hop-by-hop and destination options headers (RFC 8200 4.2).
constexpr std::uint8_t kOptionPad1 = 0;
constexpr std::uint8_t kOptionPadN = 1;
constexpr std::uint8_t kOptionRouterAlert = 5;  // RFC 2711
constexpr std::uint8_t kOptionActionMask = 0xc0;
constexpr std::uint8_t kOptionSkip = 0x00;
constexpr std::uint8_t kOptionDiscard = 0x40;
constexpr std::uint8_t kOptionReport = 0x80;
constexpr std::uint8_t kOptionReportUnicast = 0xc0;

}  // namespace wire
}  // namespace sockwire
