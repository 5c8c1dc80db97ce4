// SPDX-License-Identifier: Apache-2.0
// UART transmit, 8N1, the lowest bit first.
#pragma once

#include "hls/base/stream.hpp"
#include "hls/link/link_types.hpp"

namespace sockwire {

struct UartTxState {
  ap_uint<10> shift = 0x3FF;  ///< what is still to be sent, ones behind it
  ap_uint<4> left = 0;        ///< bits
  ap_uint<8> wait = 0;        ///< clocks that the bit still lasts, less one
};

/// tx: the pin, one at rest, the complement so that reset gives a one. divisor: clocks a bit. busy: a byte is on its
/// way.
inline void uart_tx(UartTxState& state, stream<ap_uint<8>>& bytes, wire<ap_uint<8>>& divisor, wire<bool>& tx_low,
                    wire<bool>& busy) {
  if (state.wait != 0) {
    state.wait -= 1;
  } else if (state.left > 1) {
    state.shift = ap_uint<10>(state.shift >> 1) | ap_uint<10>(0x200);
    state.left -= 1;
    state.wait = divisor.read() - 1u;
  } else if (!bytes.empty()) {
    state.shift = ap_uint<10>(0x200) | (ap_uint<10>(bytes.read()) << 1);
    state.left = 10;
    state.wait = divisor.read() - 1u;
  } else {
    state.left = 0;
    state.shift = 0x3FF;
  }
  tx_low.write(!state.shift[0]);
  busy.write(state.left != 0);
}

}  // namespace sockwire
