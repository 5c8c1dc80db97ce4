// SPDX-License-Identifier: Apache-2.0
// The layout of a UDP header (RFC 768) as constants: byte offsets from its first byte.
#pragma once

namespace sockwire {
namespace wire {

constexpr int kUdpSourcePort = 0;
constexpr int kUdpDestinationPort = 2;
constexpr int kUdpLength = 4;    ///< Header and data.
constexpr int kUdpChecksum = 6;  ///< Zero: none was made (IPv4 only).
constexpr int kUdpHeaderBytes = 8;

}  // namespace wire
}  // namespace sockwire
