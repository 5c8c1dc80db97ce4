// SPDX-License-Identifier: Apache-2.0
// The card's registers and counters. An edge kernel: strobes come every clock, so it never blocks. A counter's value
// includes every strobe of the cycles before its read. HELLO (seen as a change of the epoch) sets the settings back to
// their defaults and leaves the counters alone.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

struct RegistersState;

/// strobes: every kernel's `counters`, each at its place: bit i is card::Counter i.
/// busy: strobes that are not yet in `totals`, or a read that is not yet answered.
void registers(RegistersState& state, mem<ap_uint<32>, 32>& totals, stream<RegisterRequest>& request,
               wire<ap_uint<8>>& epoch, wire<ap_uint<card::kCounterCount>>& strobes, stream<RegisterReply>& reply,
               wire<MacConfig>& config, wire<bool>& busy);

}  // namespace sockwire
