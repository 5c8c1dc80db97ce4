// SPDX-License-Identifier: Apache-2.0
// The layout of an ARP packet for IPv4 over Ethernet (RFC 826): byte offsets from its first byte.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kArpHardwareType = 0;
constexpr int kArpProtocolType = 2;
constexpr int kArpHardwareBytes = 4;
constexpr int kArpProtocolBytes = 5;
constexpr int kArpOperation = 6;
constexpr int kArpSenderMac = 8;
constexpr int kArpSenderIp = 14;
constexpr int kArpTargetMac = 18;
constexpr int kArpTargetIp = 24;
constexpr int kArpBytes = 28;

constexpr std::uint16_t kArpHardwareEthernet = 1;
constexpr std::uint16_t kArpRequest = 1;
constexpr std::uint16_t kArpReply = 2;

}  // namespace wire
}  // namespace sockwire
