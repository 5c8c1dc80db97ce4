// SPDX-License-Identifier: Apache-2.0
// UART receive, 8N1: looks at the middle of each bit, counted from the edge that begins the start bit. With 10 clocks a
// bit (12 Mbaud at 120 MHz) the edge is seen within a clock, and the stop bit is met with a clock error of up to 4 %.
//
//   rx  ‾‾‾\___________/ bit 0 \ bit 1 ...
//           |<- 1/2 ->|<-- 1 -->|
//           edge      start?    bit 0
#pragma once

#include "hls/base/stream.hpp"
#include "hls/link/link_types.hpp"

namespace sockwire {

struct UartRxState {
  bool line = true;  ///< as a clock ago
  bool active = false;
  ap_uint<8> wait = 0;  ///< clocks until the next look, less one
  ap_uint<4> bit = 0;   ///< 0 is the start bit, 9 the stop bit
  ap_uint<8> data = 0;
};

/// rx: the pin, through synchronising registers. divisor: clocks a bit, at least kLinkDivisorMin. An edge: a byte that
/// finds no room is lost, and the frame's CRC tells.
inline void uart_rx(UartRxState& state, wire<bool>& rx, wire<ap_uint<8>>& divisor, stream<SerialByte>& bytes) {
  const bool line = rx.read();
  const ap_uint<8> clocks = divisor.read();
  if (!state.active) {
    if (state.line && !line) {
      state.active = true;
      state.bit = 0;
      state.wait = ap_uint<8>(clocks >> 1) - 1u;
    }
  } else if (state.wait != 0) {
    state.wait -= 1;
  } else {
    state.wait = clocks - 1u;
    if (state.bit == 0) {
      state.active = !line;  // else a glitch
    } else if (state.bit == 9) {
      SerialByte byte;
      byte.data = state.data;
      byte.error = !line;
      if (!bytes.full()) bytes.write(byte);
      state.active = false;
    } else {
      ap_uint<8> data = state.data >> 1;
      data[7] = line;
      state.data = data;
    }
    state.bit += 1;
  }
  state.line = line;
}

}  // namespace sockwire
