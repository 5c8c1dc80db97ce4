// SPDX-License-Identifier: Apache-2.0
// What the parts of 1000BASE-X say to one another (IEEE 802.3 clauses 36.2.5 and 37.3).
#pragma once

#include "hls/line/code_8b10b.hpp"

namespace sockwire {

/// xmit of clause 36.2.5.1.3: what the transmitter sends.
enum class Xmit : std::uint8_t { kConfiguration, kIdle, kData };

/// From auto-negotiation, which hears the receiver, to the transmitter.
struct Negotiation {
  Xmit xmit = Xmit::kConfiguration;
  ap_uint<16> config = 0;  ///< tx_Config_Reg
};

/// A code-group on its way through the receiver.
struct ReceivedGroup {
  Character character;
  bool valid = false;
  bool even = false;     ///< rx_even
  bool carrier = false;  ///< carrier_detect of clause 36.2.5.1.4, if it stands where a K28.5 should
  bool synced = false;   ///< sync_status
};

/// What the receiver found for auto-negotiation in a clock: RUDI of clause 36.2.5.1.6.
struct ReceivedSet {
  bool config = false;  ///< /C/, its value in `value`
  bool idle = false;
  bool invalid = false;
  ap_uint<16> value = 0;
};

inline bool is_control(const ReceivedGroup& group, unsigned octet) {
  return group.valid && group.character.control && group.character.octet == octet;
}
inline bool is_data(const ReceivedGroup& group) { return group.valid && !group.character.control; }
inline bool is_data(const ReceivedGroup& group, unsigned octet) {
  return is_data(group) && group.character.octet == octet;
}

}  // namespace sockwire
