// SPDX-License-Identifier: Apache-2.0
// MAC receive: start of frame, FCS, lengths, the address filter, PAUSE. An edge kernel: the line does not wait, so a
// frame that finds `frame` full is marked bad and counted (kRxLost).
//
// Frames leave without preamble and FCS. `bad` on the last beat says that the frame is not for the host: each such
// frame is counted once, by the first of these that holds: symbol error, lost, giant, runt, alignment, FCS, PAUSE,
// filtered. What is too short to have a byte before its FCS makes no beats at all.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// Bits of mac_rx's `counters`: card::Counter kRxFcs to kRxLost, in that order.
constexpr int kMacRxCounters = 9;

template <int kBytes>
struct MacRxState;

/// line: one cycle of the wire; at width 1 `enable` is false where it is to be ignored (between MII's bytes).
/// pause: to mac_tx, if config.pause. busy: carrier, or beats to come.
template <int kBytes>
void mac_rx(MacRxState<kBytes>& state, wire<Line<kBytes>>& line, wire<bool>& enable, wire<MacConfig>& config,
            stream<RxBeat<kBytes>>& frame, stream<PauseRequest>& pause, pulse<kMacRxCounters>& counters,
            wire<bool>& busy);

}  // namespace sockwire

#include "hls/mac/mac_rx_gmii.hpp"
#include "hls/mac/mac_rx_xgmii.hpp"
