// SPDX-License-Identifier: Apache-2.0
// The UART: bytes to two pins and back.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/link/uart_rx.hpp"
#include "hls/link/uart_tx.hpp"

namespace sockwire {

struct UartParts {
  Process<UartRxState> rx;
  Process<UartTxState> tx;

#if !defined(__SYNTHESIS__)
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit();
  }
#endif
};

inline void uart(UartParts& p, wire<bool>& rxd, stream<ap_uint<8>>& line_tx, wire<ap_uint<8>>& divisor,
                 stream<SerialByte>& line_rx, wire<bool>& txd_low, wire<bool>& line_busy) {
#pragma HLS dataflow
  p.rx.run(uart_rx, rxd, divisor, line_rx);
  p.tx.run(uart_tx, line_tx, divisor, txd_low, line_busy);
}

}  // namespace sockwire
