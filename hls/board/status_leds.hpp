// SPDX-License-Identifier: Apache-2.0
// The board's four LEDs: link, activity, error, heartbeat. What lasts a clock is shown long enough to be seen.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

/// kLog2: the heartbeat is 2^kLog2 clocks dark and as many lit; 26 is 0.56 s at 120 MHz.
template <int kLog2>
struct StatusLedsState {
  ap_uint<kLog2 + 1> clocks = 0;
  ap_uint<2> activity = 0;  ///< ticks that it is still shown; there are 16 in half a beat
  ap_uint<5> error = 0;
};

/// Ticks that an event is shown: 35 to 70 ms and 1.05 to 1.1 s at kLog2 = 26.
constexpr unsigned kActivityTicks = 2;
constexpr unsigned kErrorTicks = 31;

/// link: shown as it is. activity, error: something happened in this clock. leds: link in bit 0, activity, error,
/// heartbeat.
template <int kLog2>
void status_leds(StatusLedsState<kLog2>& state, wire<bool>& link, wire<bool>& activity, wire<bool>& error,
                 wire<ap_uint<4>>& leds) {
  const bool tick = ap_uint<kLog2 - 4>(state.clocks.range(kLog2 - 5, 0)) == 0;
  if (activity.read()) {
    state.activity = kActivityTicks;
  } else if (tick && state.activity != 0) {
    state.activity -= 1;
  }
  if (error.read()) {
    state.error = kErrorTicks;
  } else if (tick && state.error != 0) {
    state.error -= 1;
  }
  state.clocks += 1;
  ap_uint<4> out = 0;
  out[0] = link.read();
  out[1] = state.activity != 0;
  out[2] = state.error != 0;
  out[3] = state.clocks[kLog2];
  leds.write(out);
}

}  // namespace sockwire
