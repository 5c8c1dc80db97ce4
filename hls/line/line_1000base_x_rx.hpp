// SPDX-License-Identifier: Apache-2.0
// 1000BASE-X receive (IEEE 802.3 clauses 36 and 37): ten bits of any alignment to GMII. Each step of the pipeline is a
// clock; the receiver looks two code-groups ahead:
//
//   line -> align -> decode -> synchronise -> after_next -> next -> current -> receive -> mac
//                                                                                 |
//                                                                                 +--> auto-negotiation -> negotiation
#pragma once

#include "hls/line/autoneg_1000base_x.hpp"
#include "hls/line/receive_1000base_x.hpp"
#include "hls/line/sync_1000base_x.hpp"

namespace sockwire {

struct Line1000BaseXRxState {
  BaseXSync sync;
  BaseXReceive receive;
  BaseXAutoneg autoneg;
  ReceivedSet set;
  Xmit xmit = Xmit::kConfiguration;
  bool was_synced = false;
  bool was_linked = false;
};

/// line: ten bits as they come. mac: GMII, an octet each clock. negotiation: to the transmitter. short_timers: see
/// base_x_autoneg().
inline void line_1000base_x_rx(Line1000BaseXRxState& state, wire<CodeGroup>& line, wire<bool>& short_timers,
                               wire<Line<1>>& mac, wire<bool>& mac_enable, wire<LineStatus>& status,
                               wire<Negotiation>& negotiation, pulse<kLineCounters>& counters) {
  const bool synced = state.receive.current.synced;
  const Negotiation order = base_x_autoneg(state.autoneg, state.set, synced, short_timers.read());
  negotiation.write(order);

  ap_uint<kLineCounters> counted = 0;
  const bool data_mode = state.xmit == Xmit::kData;
  state.set = ReceivedSet();
  mac.write(detail::base_x_receive(state.receive, data_mode, state.set, counted));
  mac_enable.write(true);
  state.xmit = order.xmit;

  const bool link = synced && data_mode && (state.autoneg.ability & kAnFullDuplex) != 0;
  counted[unsigned(LineCounter::kCodeViolation)] = synced && !state.receive.current.valid;
  counted[unsigned(LineCounter::kLockLost)] = state.was_synced && !synced;
  counted[unsigned(LineCounter::kLinkLost)] = state.was_linked && !link;
  counters.write(counted);
  state.was_synced = synced;
  state.was_linked = link;
  LineStatus shown;
  shown.signal = state.sync.signal;
  shown.locked = synced;
  shown.link = link;
  status.write(shown);

  state.receive.current = state.receive.next;
  state.receive.next = state.receive.after_next;
  const bool seek = state.sync.state == BaseXSyncState::kLoss;
  state.receive.after_next = detail::base_x_sync(state.sync);
  state.sync.decoded = detail::base_x_decode(state.sync.aligned, state.sync.positive);
  const CodeGroup in = line.read();
  state.sync.signal = in != 0 && in != 0x3FF;
  state.sync.aligned = detail::base_x_align(state.sync, seek, in);
}

}  // namespace sockwire
