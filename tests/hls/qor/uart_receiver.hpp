// SPDX-License-Identifier: Apache-2.0
// Receives asynchronous serial characters: a start bit, eight data bits with the least significant first, a stop bit.
// An edge kernel: the line does not wait, so a byte that finds no room is lost and counted.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

enum class UartStep : std::uint8_t { kIdle, kStart, kData, kStop };

struct UartReceiverState {
  UartStep step = UartStep::kIdle;
  ap_uint<2> line = 3;    ///< the last two levels of the line, against metastability; the older in bit 1
  ap_uint<12> timer = 0;  ///< cycles until the next sample
  ap_uint<3> bits = 0;    ///< data bits so far
  ap_uint<8> byte = 0;
};

constexpr unsigned kUartFrameError = 0;  ///< bits of `errors`: no stop bit
constexpr unsigned kUartLost = 1;        ///< a byte found no room

/// line: high when idle. cycles_per_bit: less one; constant while a character comes in.
/// Each bit is looked at once, in its middle.
inline void uart_receiver(UartReceiverState& state, wire<bool>& line, wire<ap_uint<12>>& cycles_per_bit,
                          stream<ap_uint<8>>& received, pulse<2>& errors) {
  const bool level = state.line[1];
  state.line = ap_uint<2>((state.line << 1) | (line.read() ? 1 : 0));
  const ap_uint<12> whole_bit = cycles_per_bit.read();

  if (state.step == UartStep::kIdle) {
    if (!level) {
      state.step = UartStep::kStart;
      state.timer = whole_bit >> 1;
    }
    return;
  }
  if (state.timer != 0) {
    state.timer -= 1;
    return;
  }
  state.timer = whole_bit;
  switch (state.step) {
    case UartStep::kIdle:
      break;
    case UartStep::kStart:
      state.step = level ? UartStep::kIdle : UartStep::kData;  // high: it was a spike
      state.bits = 0;
      break;
    case UartStep::kData:
      state.byte = ap_uint<8>((state.byte >> 1) | (level ? 0x80 : 0));
      if (state.bits == 7) state.step = UartStep::kStop;
      state.bits += 1;
      break;
    case UartStep::kStop: {
      ap_uint<2> wrong = 0;
      if (!level) {
        wrong[kUartFrameError] = 1;
      } else if (received.full()) {
        wrong[kUartLost] = 1;
      } else {
        received.write(state.byte);
      }
      errors.write(wrong);
      state.step = UartStep::kIdle;
      break;
    }
  }
}

}  // namespace sockwire
