// SPDX-License-Identifier: Apache-2.0
// The layout of an IPv6 header (RFC 8200 3) as constants: byte offsets from its first byte.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kIpv6VersionClassFlow = 0;  ///< 4 bits of version (6), 8 of traffic class, 20 of flow label.
constexpr int kIpv6PayloadLength = 4;     ///< What follows this header, extension headers included.
constexpr int kIpv6NextHeader = 6;
constexpr int kIpv6HopLimit = 7;
constexpr int kIpv6Source = 8;
constexpr int kIpv6Destination = 24;
constexpr int kIpv6HeaderBytes = 40;
constexpr int kIpv6AddressBytes = 16;

constexpr std::uint8_t kIpProtocolIcmpv6 = 58;  // RFC 4443

}  // namespace wire
}  // namespace sockwire
