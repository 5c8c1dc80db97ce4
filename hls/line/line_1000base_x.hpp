// SPDX-License-Identifier: Apache-2.0
// 1000BASE-X: its transmitter and its receiver, which tells the former what to send until the link is there.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/line/line_1000base_x_rx.hpp"
#include "hls/line/line_1000base_x_tx.hpp"

namespace sockwire {

struct Line1000BaseXParts {
  Process<Line1000BaseXTxState> tx;
  Process<Line1000BaseXRxState> rx;
  wire<Negotiation> negotiation;

#if !defined(__SYNTHESIS__)
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit(negotiation);
  }
#endif
};

inline void line_1000base_x(Line1000BaseXParts& p, wire<Line<1>>& mac_tx, wire<bool>& tx_enable,
                            wire<CodeGroup>& line_rx, wire<bool>& short_timers, wire<CodeGroup>& line_tx,
                            wire<Line<1>>& mac_rx, wire<bool>& rx_enable, wire<LineStatus>& status,
                            pulse<kLineCounters>& counters) {
#pragma HLS dataflow
  p.tx.run(line_1000base_x_tx, mac_tx, tx_enable, p.negotiation, line_tx);
  p.rx.run(line_1000base_x_rx, line_rx, short_timers, mac_rx, rx_enable, status, p.negotiation, counters);
}

}  // namespace sockwire
