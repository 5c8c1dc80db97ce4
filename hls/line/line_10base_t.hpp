// SPDX-License-Identifier: Apache-2.0
// 10BASE-T: its transmitter and its receiver side by side.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/line/line_10base_t_rx.hpp"
#include "hls/line/line_10base_t_tx.hpp"

namespace sockwire {

struct Line10BaseTParts {
  Process<Line10BaseTTxState> tx;
  Process<Line10BaseTRxState> rx;
  wire<bool> link;  ///< the receiver's link test passes

#if !defined(__SYNTHESIS__)
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit(link);
  }
#endif
};

/// short_timers: false, but for tests: see the two kernels.
inline void line_10base_t(Line10BaseTParts& p, wire<Line<1>>& mac_tx, wire<bool>& tx_enable, wire<LineLevel>& line_rx,
                          wire<bool>& short_timers, wire<LineLevel>& line_tx, wire<Line<1>>& mac_rx,
                          wire<bool>& rx_enable, wire<LineStatus>& status, pulse<kLineCounters>& counters) {
#pragma HLS dataflow
  p.tx.run(line_10base_t_tx, mac_tx, p.link, short_timers, tx_enable, line_tx);
  p.rx.run(line_10base_t_rx, line_rx, short_timers, mac_rx, rx_enable, status, p.link, counters);
}

}  // namespace sockwire
