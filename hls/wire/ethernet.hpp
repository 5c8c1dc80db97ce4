// SPDX-License-Identifier: Apache-2.0
// The layout of an Ethernet frame (IEEE 802.3 clause 3.1.1) as constants: byte offsets from the destination address.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kEthernetDestination = 0;
constexpr int kEthernetSource = 6;
constexpr int kEthernetType = 12;  ///< EtherType if at least kEtherTypeMin, else a length.
constexpr int kEthernetHeaderBytes = 14;
constexpr int kMacAddressBytes = 6;
constexpr int kEthernetFcsBytes = 4;
constexpr int kEthernetMtu = 1500;  ///< What the header and the FCS enclose, at most.

constexpr std::uint16_t kEtherTypeMin = 0x0600;
constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;        // RFC 894
constexpr std::uint16_t kEtherTypeArp = 0x0806;         // RFC 826
constexpr std::uint16_t kEtherTypeVlan = 0x8100;        // IEEE 802.1Q
constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;        // RFC 2464 3
constexpr std::uint16_t kEtherTypeMacControl = 0x8808;  // IEEE 802.3 annex 31A

/// What surrounds a frame on the line: preamble (7 bytes of 0x55), start of frame, and at least 12 byte times of gap.
constexpr int kPreambleBytes = 7;
constexpr std::uint8_t kPreambleByte = 0x55;
constexpr std::uint8_t kStartOfFrame = 0xd5;
constexpr int kInterFrameGapBytes = 12;

}  // namespace wire
}  // namespace sockwire
