// SPDX-License-Identifier: Apache-2.0
// The layout of an ICMP message (RFC 792) as constants: byte offsets from its first byte.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kIcmpType = 0;
constexpr int kIcmpCode = 1;
constexpr int kIcmpChecksum = 2;
constexpr int kIcmpEchoId = 4;
constexpr int kIcmpEchoSequence = 6;
constexpr int kIcmpNextHopMtu = 6;  ///< Of kIcmpFragmentationNeeded (RFC 1191 4).
constexpr int kIcmpHeaderBytes = 8;
constexpr int kIcmpOriginal = 8;  ///< Of an error: the IP header, and at least 8 bytes of what followed it.

constexpr std::uint8_t kIcmpEchoReply = 0;
constexpr std::uint8_t kIcmpDestinationUnreachable = 3;
constexpr std::uint8_t kIcmpSourceQuench = 4;  // deprecated by RFC 6633
constexpr std::uint8_t kIcmpRedirect = 5;
constexpr std::uint8_t kIcmpEchoRequest = 8;
constexpr std::uint8_t kIcmpTimeExceeded = 11;
constexpr std::uint8_t kIcmpParameterProblem = 12;

/// Codes of kIcmpDestinationUnreachable.
constexpr std::uint8_t kIcmpNetUnreachable = 0;
constexpr std::uint8_t kIcmpHostUnreachable = 1;
constexpr std::uint8_t kIcmpProtocolUnreachable = 2;
constexpr std::uint8_t kIcmpPortUnreachable = 3;
constexpr std::uint8_t kIcmpFragmentationNeeded = 4;
constexpr std::uint8_t kIcmpSourceRouteFailed = 5;

}  // namespace wire
}  // namespace sockwire
