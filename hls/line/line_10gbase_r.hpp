// SPDX-License-Identifier: Apache-2.0
// 10GBASE-R: its transmitter and its receiver side by side, which have nothing to say to one another.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/line/line_10gbase_r_rx.hpp"
#include "hls/line/line_10gbase_r_tx.hpp"

namespace sockwire {

struct Line10GBaseRParts {
  Process<Line10GBaseRTxState> tx;
  Process<Line10GBaseRRxState> rx;

#if !defined(__SYNTHESIS__)
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit();
  }
#endif
};

inline void line_10gbase_r(Line10GBaseRParts& p, wire<Line<8>>& mac_tx, wire<bool>& tx_enable, wire<Block66>& line_rx,
                           wire<Block66>& line_tx, wire<Line<8>>& mac_rx, wire<bool>& rx_enable,
                           wire<LineStatus>& status, pulse<kLineCounters>& counters) {
#pragma HLS dataflow
  p.tx.run(line_10gbase_r_tx, mac_tx, tx_enable, line_tx);
  p.rx.run(line_10gbase_r_rx, line_rx, mac_rx, rx_enable, status, counters);
}

}  // namespace sockwire
