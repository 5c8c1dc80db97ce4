// SPDX-License-Identifier: Apache-2.0
// Receives asynchronous serial characters: a start bit, eight data bits with the least significant first, a stop bit.
// An edge kernel: the line does not wait, so a byte that finds no room is lost and counted.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

struct UartReceiverState {
  bool starting = false;  ///< in the start bit
  bool inside = false;    ///< in the bits after it
  ap_uint<2> line = 3;    ///< the last two levels of the line, against metastability; the older in bit 1
  ap_uint<13> timer = 0;  ///< counts up to the next sample, which its top bit announces
  ap_uint<9> bits = 0;    ///< the data bits so far, from the top; the one ahead of them is in bit 0 when all are in
};

constexpr unsigned kUartFrameError = 0;  ///< bits of `errors`: no stop bit
constexpr unsigned kUartLost = 1;        ///< a byte found no room

/// line: high when idle. cycles_per_bit: less one; constant while a character comes in.
/// Each bit is looked at once, in its middle.
inline void uart_receiver(UartReceiverState& state, wire<bool>& line, wire<ap_uint<12>>& cycles_per_bit,
                          stream<ap_uint<8>>& received, pulse<2>& errors) {
#pragma HLS reset variable = state.timer off
#pragma HLS reset variable = state.bits off
  const bool level = state.line[1];
  const bool sample = state.timer[12];
  const bool stop = state.inside && sample && state.bits[0];
  const ap_uint<12> whole_bit = cycles_per_bit.read();
  state.line = ap_uint<2>((state.line << 1) | (line.read() ? 1 : 0));

  ap_uint<12> cycles_so_far = ap_uint<12>(state.timer);
  if (!state.starting && !state.inside) {
    cycles_so_far = ~ap_uint<12>(whole_bit >> 1);
  } else if (sample) {
    cycles_so_far = ~whole_bit;
  }
  state.timer = cycles_so_far + 1;

  if (stop) {
    ap_uint<2> wrong = 0;
    if (!level) {
      wrong[kUartFrameError] = 1;
    } else if (received.full()) {
      wrong[kUartLost] = 1;
    } else {
      received.write(ap_uint<8>(state.bits >> 1));
    }
    errors.write(wrong);
  }

  if (!state.inside) {
    state.bits = 0x100;
  } else if (sample) {
    state.bits = ap_uint<9>((state.bits >> 1) | (level ? 0x100 : 0));
  }

  if (state.inside) {
    state.inside = !stop;
  } else if (!state.starting) {
    state.starting = !level;
  } else if (sample) {
    state.starting = false;
    state.inside = !level;  // high: it was a spike
  }
}

}  // namespace sockwire
