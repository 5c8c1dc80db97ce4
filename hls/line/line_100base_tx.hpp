// SPDX-License-Identifier: Apache-2.0
// 100BASE-TX: its transmitter and its receiver side by side, which have nothing to say to one another.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/line/line_100base_tx_rx.hpp"
#include "hls/line/line_100base_tx_tx.hpp"

namespace sockwire {

struct Line100BaseTxParts {
  Process<Line100BaseTxTxState> tx;
  Process<Line100BaseTxRxState> rx;
  busy_wire tx_busy;

#if !defined(__SYNTHESIS__)
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit(tx_busy);
  }
#endif
};

/// short_timers: for tests, see line_100base_tx_rx.
inline void line_100base_tx(Line100BaseTxParts& p, wire<Line<1>>& mac_tx, wire<bool>& tx_enable,
                            wire<RecoveredLevels>& line_rx, wire<LineLevel>& line_tx, wire<Line<1>>& mac_rx,
                            wire<bool>& rx_enable, wire<LineStatus>& status, pulse<kLineCounters>& counters,
                            wire<bool>& short_timers) {
#pragma HLS dataflow
  p.tx.run(line_100base_tx_tx, mac_tx, tx_enable, line_tx, p.tx_busy);
  p.rx.run(line_100base_tx_rx, line_rx, mac_rx, rx_enable, status, counters, short_timers);
}

}  // namespace sockwire
