// SPDX-License-Identifier: Apache-2.0
// The line codes: what they have in common, and the types of their symbols.
//
//   MAC --Line--> line_CODE_tx --symbol--> wire --symbol--> line_CODE_rx --Line--> MAC
//       <-enable-                                                        -enable->
//
// A code's two kernels run in the clock of `kClockPs`, the engine beside them, and neither ever waits: a symbol comes
// and goes every clock. `enable` says in which of these clocks the MAC moves: one in `kClocksPerByte` on the way out,
// so that the MAC's gap is a gap of the line; on the way in, each byte as it has been put together, and at least one
// clock of no carrier after a frame.
//
//   code        clock         MAC        clocks a cycle   symbol, one a clock           IEEE 802.3
//   10BASE-T    80 MHz        1 byte     64               a level; 8 samples a bit      clauses 7, 14
//   100BASE-TX  125 MHz       1 byte     10               a level of MLT-3              clauses 24, 25 (ANSI X3.263)
//   1000BASE-X  125 MHz       1 byte     1                a code-group of 10 bits       clauses 36, 37
//   10GBASE-R   156.25 MHz    8 bytes    1                a block of 66 bits            clause 49
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// A differential pair as its driver or two comparators show it: bit 0 positive, bit 1 negative, neither: about zero.
typedef ap_uint<2> LineLevel;
constexpr unsigned kLevelZero = 0;
constexpr unsigned kLevelPositive = 1;
constexpr unsigned kLevelNegative = 2;

/// What the data recovery of 100BASE-TX hands over in a clock: the far end's clock is not ours (100 ppm), so now and
/// then there is no symbol, or there are two. `first` is the older one.
struct RecoveredLevels {
  ap_uint<2> count = 0;  ///< 0 to 2
  LineLevel first = 0;
  LineLevel second = 0;
};

/// Ten bits of 8b/10b, bit 0 is `a`, the first on the wire (IEEE 802.3 figure 36-3).
typedef ap_uint<10> CodeGroup;

/// 66 bits of 64b/66b in the order of the wire: bit 0 is the first bit of the sync header (figure 49-5).
struct Block66 {
  ap_uint<2> sync = 0;
  ap_uint<64> data = 0;
};

/// What a receiver says of its line, as long as it is so.
struct LineStatus {
  bool signal = false;    ///< there is something on the line (loss of signal is its end)
  bool locked = false;    ///< symbols, code-groups or blocks are being recognised
  bool link = false;      ///< link_status=OK or its like: frames may be received
  bool inverted = false;  ///< 10BASE-T: the pair's polarity is reversed, and corrected
};

/// Bits of a receiver's `counters`: what happened in this clock.
enum class LineCounter : unsigned char {
  kCodeViolation = 0,  ///< a symbol that the code does not have, or not here
  kFalseCarrier = 1,   ///< a carrier that did not begin as a frame does
  kLockLost = 2,
  kLinkLost = 3,
  kFrameCut = 4,  ///< a frame whose end was no end of frame: it reaches the MAC with an error
};
constexpr int kLineCounters = 5;
constexpr const char* kLineCounterNames[kLineCounters] = {"code_violation", "false_carrier", "lock_lost", "link_lost",
                                                          "frame_cut"};

}  // namespace sockwire
