// SPDX-License-Identifier: Apache-2.0
// The layout of ICMPv6 messages (RFC 4443), with those of neighbour discovery (RFC 4861) and of multicast listener
// discovery (RFC 2710), as constants: byte offsets from a message's first byte. Type, code, checksum and echo are where
// ICMP has them (icmp.hpp).
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr std::uint8_t kIcmpv6DestinationUnreachable = 1;
constexpr std::uint8_t kIcmpv6PacketTooBig = 2;
constexpr std::uint8_t kIcmpv6TimeExceeded = 3;
constexpr std::uint8_t kIcmpv6ParameterProblem = 4;
constexpr std::uint8_t kIcmpv6EchoRequest = 128;
constexpr std::uint8_t kIcmpv6EchoReply = 129;
constexpr std::uint8_t kMldQuery = 130;
constexpr std::uint8_t kMldReport = 131;
constexpr std::uint8_t kMldDone = 132;
constexpr std::uint8_t kRouterSolicitation = 133;
constexpr std::uint8_t kRouterAdvertisement = 134;
constexpr std::uint8_t kNeighbourSolicitation = 135;
constexpr std::uint8_t kNeighbourAdvertisement = 136;
constexpr std::uint8_t kNdpRedirect = 137;

constexpr int kIcmpv6Mtu = 4;      ///< 32 bits, of packet too big.
constexpr int kIcmpv6Pointer = 4;  ///< 32 bits, of a parameter problem.

/// Codes of kIcmpv6DestinationUnreachable.
constexpr std::uint8_t kIcmpv6NoRoute = 0;
constexpr std::uint8_t kIcmpv6Prohibited = 1;
constexpr std::uint8_t kIcmpv6BeyondScope = 2;
constexpr std::uint8_t kIcmpv6AddressUnreachable = 3;
constexpr std::uint8_t kIcmpv6PortUnreachable = 4;
/// Codes of kIcmpv6TimeExceeded.
constexpr std::uint8_t kIcmpv6ReassemblyTimeExceeded = 1;
/// Codes of kIcmpv6ParameterProblem.
constexpr std::uint8_t kIcmpv6ErroneousField = 0;
constexpr std::uint8_t kIcmpv6UnknownNextHeader = 1;
constexpr std::uint8_t kIcmpv6UnknownOption = 2;

/// Neighbour solicitations and advertisements.
constexpr int kNdpFlags = 4;
constexpr int kNdpTarget = 8;
constexpr int kNdpOptions = 24;
constexpr std::uint8_t kNdpFlagRouter = 0x80;
constexpr std::uint8_t kNdpFlagSolicited = 0x40;
constexpr std::uint8_t kNdpFlagOverride = 0x20;

constexpr int kRouterSolicitationOptions = 8;

/// Router advertisements.
constexpr int kRaHopLimit = 4;
constexpr int kRaFlags = 5;
constexpr int kRaLifetime = 6;          ///< Seconds, 16 bits.
constexpr int kRaReachableTime = 8;     ///< Milliseconds, 32 bits.
constexpr int kRaRetransmitTimer = 12;  ///< Milliseconds, 32 bits.
constexpr int kRaOptions = 16;

/// Options of neighbour discovery (RFC 4861 4.6).
constexpr int kNdpOptionType = 0;
constexpr int kNdpOptionLength = 1;  ///< In units of 8 bytes, all of it.
constexpr int kNdpOptionMac = 2;
constexpr std::uint8_t kNdpSourceMac = 1;
constexpr std::uint8_t kNdpTargetMac = 2;
constexpr std::uint8_t kNdpPrefix = 3;
constexpr std::uint8_t kNdpMtu = 5;
constexpr int kNdpMacOptionBytes = 8;
constexpr int kNdpMtuValue = 4;
constexpr int kPrefixBits = 2;
constexpr int kPrefixFlags = 3;
constexpr int kPrefixValidLifetime = 4;      ///< Seconds, 32 bits.
constexpr int kPrefixPreferredLifetime = 8;  ///< Seconds, 32 bits.
constexpr int kPrefixAddress = 16;
constexpr int kPrefixOptionBytes = 32;
constexpr std::uint8_t kPrefixOnLink = 0x80;
constexpr std::uint8_t kPrefixAutonomous = 0x40;

/// Multicast listener discovery.
constexpr int kMldMaxResponse = 4;  ///< Milliseconds, 16 bits.
constexpr int kMldGroup = 8;
constexpr int kMldBytes = 24;

}  // namespace wire
}  // namespace sockwire
