// SPDX-License-Identifier: Apache-2.0
// The number that tells one boot of the card from the next (HELLO's answer carries it): the clocks from reset to the
// first byte of a command. A board without a clock that keeps time or a source of noise has nothing better: the host's
// and the USB cable's timing differ by thousands of clocks from one boot to the next.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct BootIdState {
  ap_uint<32> clocks = 0;
  bool known = false;
};

/// command: a byte of a command waits for the engine. boot_id: constant from the clock after that.
inline void boot_id(BootIdState& state, wire<bool>& command, wire<ap_uint<32>>& id) {
  if (command.read()) state.known = true;
  if (!state.known) state.clocks += 1;
  id.write(state.clocks);
}

}  // namespace sockwire
