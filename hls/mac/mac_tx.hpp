// SPDX-License-Identifier: Apache-2.0
// MAC transmit: padding, FCS, preamble and start of frame, the gap, PAUSE. An edge kernel: it drives the line every
// clock, so it looks at empty() and full() and never blocks.
//
// Width 1 (mac_tx_gmii.hpp): exactly 12 byte times between frames when there is more to send. Width 8
// (mac_tx_xgmii.hpp): start in lane 0 or 4, deficit idle count (IEEE 802.3 clause 46.3.1.4).
//
// Frames come at a beat a cycle once begun: a missing beat cuts the frame off (kTxUnderflow). A frame starts when its
// first beat and its info are there, no PAUSE holds and `departure` has room.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// Bits of mac_tx's `counters`: card::Counter kTxFrames to kTxPaused, in that order.
constexpr int kMacTxCounters = 3;

template <int kBytes>
struct MacTxState;

/// frame, info: what to send; `info` is taken when the frame's last bit leaves.
/// pause: from mac_rx, in quanta of 512 bit times; the latest one counts (IEEE 802.3 annex 31B).
/// now_ns: card time. enable: the line steps only when true (a byte time of MII); constant true otherwise.
/// busy: a frame, a gap or a PAUSE is in progress.
template <int kBytes>
void mac_tx(MacTxState<kBytes>& state, stream<Beat<kBytes>>& frame, stream<FrameInfo>& info,
            stream<PauseRequest>& pause, wire<ap_uint<64>>& now_ns, wire<bool>& enable, wire<Line<kBytes>>& line,
            stream<Departure>& departure, pulse<kMacTxCounters>& counters, wire<bool>& busy);

}  // namespace sockwire

#include "hls/mac/mac_tx_gmii.hpp"
#include "hls/mac/mac_tx_xgmii.hpp"
