// SPDX-License-Identifier: Apache-2.0
// The layout of a TCP header (RFC 9293 3.1) as constants: byte offsets from its first byte, flag bits, option kinds.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kTcpSourcePort = 0;
constexpr int kTcpDestinationPort = 2;
constexpr int kTcpSequence = 4;
constexpr int kTcpAck = 8;
constexpr int kTcpDataOffset = 12;  ///< High nibble: header length in 32-bit words.
constexpr int kTcpFlags = 13;
constexpr int kTcpWindow = 14;
constexpr int kTcpChecksum = 16;
constexpr int kTcpUrgent = 18;
constexpr int kTcpMinHeaderBytes = 20;
constexpr int kTcpMaxHeaderBytes = 60;

/// Bits of the byte at kTcpFlags.
constexpr std::uint8_t kTcpFin = 0x01;
constexpr std::uint8_t kTcpSyn = 0x02;
constexpr std::uint8_t kTcpRst = 0x04;
constexpr std::uint8_t kTcpPsh = 0x08;
constexpr std::uint8_t kTcpAckFlag = 0x10;
constexpr std::uint8_t kTcpUrg = 0x20;
constexpr std::uint8_t kTcpEce = 0x40;
constexpr std::uint8_t kTcpCwr = 0x80;

/// Option kinds and their lengths in bytes, kind and length bytes included.
constexpr std::uint8_t kTcpOptionEnd = 0;            // RFC 9293 3.2
constexpr std::uint8_t kTcpOptionNop = 1;            // RFC 9293 3.2
constexpr std::uint8_t kTcpOptionMss = 2;            // RFC 9293 3.2
constexpr std::uint8_t kTcpOptionWindowScale = 3;    // RFC 7323 2.2
constexpr std::uint8_t kTcpOptionSackPermitted = 4;  // RFC 2018 2
constexpr std::uint8_t kTcpOptionSack = 5;           // RFC 2018 3
constexpr std::uint8_t kTcpOptionTimestamps = 8;     // RFC 7323 3.2
constexpr int kTcpOptionMssBytes = 4;
constexpr int kTcpOptionWindowScaleBytes = 3;
constexpr int kTcpOptionSackPermittedBytes = 2;
constexpr int kTcpOptionSackBlockBytes = 8;
constexpr int kTcpOptionTimestampsBytes = 10;

/// The protocol number of TCP in an IP header.
constexpr std::uint8_t kIpProtocolTcp = 6;

}  // namespace wire
}  // namespace sockwire
