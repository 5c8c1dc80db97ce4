// SPDX-License-Identifier: Apache-2.0
// Station management (IEEE 802.3 clause 22.2.4): holds the PHY in reset after the card's own, then reads its status
// registers in turn, for ever. Reads only: the PHY negotiates by itself what its straps tell it to.
//
//   lap 0           lap 1           lap 2           lap 3
//   PHY in reset    it wakes up     BMSR ........   PHYSTS ......   BMSR ...
//   |<-- 1.6 ms -->|               |#|             |#|               # a frame of 64 bits, 25.6 us; then MDC rests
//
// BMSR is every PHY's register 1, PHYSTS the DP83848's register 16.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/link/phy_status.hpp"

namespace sockwire {

namespace detail {

constexpr unsigned kMdcClocks = 48;  ///< 2.5 MHz at 120 MHz, the fastest that clause 22.2.2.13 lets a PHY count on
constexpr unsigned kMdcRise = kMdcClocks / 2;
constexpr int kMdioLapLog2 = 12;  ///< bit times from one frame to the next
constexpr unsigned kMdioFrame = 64;
constexpr unsigned kMdioPreamble = 32;
constexpr unsigned kMdioDriven = 46;  ///< preamble, start, operation, PHY's and register's addresses
constexpr unsigned kBmsr = 1;
constexpr unsigned kPhysts = 16;

}  // namespace detail

struct MdioState {
  ap_uint<6> clock = 0;                    ///< of the bit time
  ap_uint<detail::kMdioLapLog2> slot = 0;  ///< bit time of the lap
  ap_uint<2> lap = 0;                      ///< stops at 2
  bool physts = false;                     ///< this lap's register is PHYSTS
  ap_uint<14> header = 0;                  ///< what is still to be sent after the preamble, the next bit highest
  bool silent = false;                     ///< nobody pulled the turnaround low
  ap_uint<16> data = 0;
  bool mdc = false;
  bool mdio = false;
  bool drives = false;
  bool link = false;  ///< as BMSR had it last
  PhyStatus status;
};

namespace detail {

/// Clause 22.2.4.5: start 01, read 10, PHY's address, register.
inline ap_uint<14> mdio_read(unsigned phy, const ap_uint<5>& address) {
  return ap_uint<14>(0b0110u << 10 | phy << 5) | ap_uint<14>(address);
}

/// A link is shown together with its speed and duplex, never with those of the one before.
inline void mdio_take(MdioState& state) {
  if (state.silent) {
    state.link = false;
    state.status = PhyStatus();
  } else if (!state.physts) {
    state.link = state.data[2];  // BMSR, table 22-8: low once for each loss
  } else {
    state.status.present = true;
    state.status.link = state.link;
    state.status.hundred = !state.data[1];  // PHYSTS: 1 is 10 Mb/s
    state.status.full_duplex = state.data[2];
  }
}

/// The middle of a bit time, just before MDC rises: what the PHY put there after the last rise (clause 22.3.4: 0 to
/// 300 ns).
inline void mdio_sample(MdioState& state, bool pin) {
  if (state.slot == kMdioDriven + 1) state.silent = pin;  // the turnaround's second bit
  ap_uint<16> data = state.data << 1;
  data[0] = pin;
  state.data = data;
  if (state.slot == kMdioFrame - 1) mdio_take(state);
}

/// The start of a bit time, where MDC falls: the PHY takes the bit as MDC rises.
inline void mdio_drive(MdioState& state) {
  const bool preamble = state.slot < kMdioPreamble;
  state.drives = state.slot < kMdioDriven;
  state.mdio = preamble || state.header[13];
  if (preamble) {
    state.header = mdio_read(1, state.physts ? ap_uint<5>(kPhysts) : ap_uint<5>(kBmsr));
  } else {
    state.header = state.header << 1;
  }
}

}  // namespace detail

/// pin: MDIO, through synchronising registers. mdc, mdio, drives: MDC, and MDIO while `drives`. running: the PHY's
/// reset, active low. status: as last read. The PHY's address is 1, the DP83848's by its straps.
inline void mdio(MdioState& state, wire<bool>& pin, wire<bool>& mdc, wire<bool>& mdio_bit, wire<bool>& drives,
                 wire<bool>& running, wire<PhyStatus>& status) {
  const bool framed = state.lap == 2 && state.slot < detail::kMdioFrame;
  const bool bit = pin.read();
  if (framed && state.clock == 0) detail::mdio_drive(state);
  if (framed && state.clock == detail::kMdcRise - 1) detail::mdio_sample(state, bit);
  if (!framed) state.drives = false;
  state.mdc = framed && state.clock >= detail::kMdcRise;

  if (state.clock != detail::kMdcClocks - 1) {
    state.clock += 1;
  } else {
    state.clock = 0;
    state.slot += 1;
    if (state.slot == 0) {
      if (state.lap == 2) {
        state.physts = !state.physts;
      } else {
        state.lap += 1;
      }
    }
  }
  mdc.write(state.mdc);
  mdio_bit.write(state.mdio);
  drives.write(state.drives);
  running.write(state.lap != 0);
  status.write(state.status);
}

}  // namespace sockwire
