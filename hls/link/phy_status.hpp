// SPDX-License-Identifier: Apache-2.0
// What a card's PHY says of its link: read by hls/board/mdio.hpp, told to the host in the `number` of each STATUS.
#pragma once

#include <cstdint>

namespace sockwire {

struct PhyStatus {
  bool present = false;  ///< it answered
  bool link = false;
  bool hundred = false;  ///< 100 Mb/s, else 10
  bool full_duplex = false;
};

constexpr bool operator==(const PhyStatus& a, const PhyStatus& b) {
  return a.present == b.present && a.link == b.link && a.hundred == b.hundred && a.full_duplex == b.full_duplex;
}

/// Bits of STATUS's `number`, card to host.
enum class PhyBit : std::uint8_t { kPresent = 0, kLink = 1, kHundred = 2, kFullDuplex = 3 };
constexpr int kPhyBits = 4;

}  // namespace sockwire
