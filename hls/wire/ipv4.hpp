// SPDX-License-Identifier: Apache-2.0
// The layout of an IPv4 header (RFC 791 3.1) as constants: byte offsets from its first byte.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kIpv4VersionIhl = 0;  ///< High nibble 4, low nibble the header's length in 32-bit words.
constexpr int kIpv4Tos = 1;
constexpr int kIpv4TotalLength = 2;
constexpr int kIpv4Id = 4;
constexpr int kIpv4Fragment = 6;  ///< Flags (3 bits) and offset in units of 8 bytes (13 bits).
constexpr int kIpv4Ttl = 8;
constexpr int kIpv4Protocol = 9;
constexpr int kIpv4Checksum = 10;
constexpr int kIpv4Source = 12;
constexpr int kIpv4Destination = 16;
constexpr int kIpv4MinHeaderBytes = 20;
constexpr int kIpv4MaxHeaderBytes = 60;

/// Bits of the 16-bit word at kIpv4Fragment.
constexpr std::uint16_t kIpv4DontFragment = 0x4000;
constexpr std::uint16_t kIpv4MoreFragments = 0x2000;
constexpr std::uint16_t kIpv4FragmentOffsetMask = 0x1fff;

/// Protocol numbers. kIpProtocolTcp is in tcp.hpp.
constexpr std::uint8_t kIpProtocolIcmp = 1;
constexpr std::uint8_t kIpProtocolUdp = 17;

}  // namespace wire
}  // namespace sockwire
