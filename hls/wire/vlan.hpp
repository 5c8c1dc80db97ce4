// SPDX-License-Identifier: Apache-2.0
// The layout of a VLAN tag (IEEE 802.1Q clause 9.6), which stands between the source address and the type.
#pragma once

#include <cstdint>

namespace sockwire {
namespace wire {

constexpr int kVlanTagProtocol = 12;  ///< Offset in the frame: kEtherTypeVlan.
constexpr int kVlanTagControl = 14;   ///< Offset in the frame: PCP (3 bits), DEI (1), VID (12).
constexpr int kVlanInnerType = 16;    ///< Offset in the frame: the EtherType of what follows.
constexpr int kVlanTagBytes = 4;
constexpr std::uint16_t kVlanIdMask = 0x0fff;
constexpr int kVlanPriorityShift = 13;

}  // namespace wire
}  // namespace sockwire
