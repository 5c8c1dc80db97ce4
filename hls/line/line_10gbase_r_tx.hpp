// SPDX-License-Identifier: Apache-2.0
// 10GBASE-R transmit (IEEE 802.3 clause 49.2): XGMII to blocks, the transmit state machine of figure 49-14, the
// scrambler. The bits leave at 10.3125 Gb/s, 66 in a clock of 156.25 MHz.
#pragma once

#include "hls/line/code_64b66b.hpp"

namespace sockwire {

/// The states of figure 49-14: what the last block was.
enum class BaseRTxState : std::uint8_t { kInit, kControl, kData, kTerminate, kError };

struct Line10GBaseRTxState {
  BaseRTxState state = BaseRTxState::kInit;
  ap_uint<58> history =
      (std::uint64_t(1) << 58) - 1;  ///< of the scrambler: any value but the same for all ports will do
};

namespace detail {

/// Where figure 49-14 goes with a beat of this type.
inline BaseRTxState base_r_tx_next(BaseRTxState state, BlockType type) {
  const bool in_frame = state == BaseRTxState::kData;
  const bool error = state == BaseRTxState::kError;
  switch (type) {
    case BlockType::kControl:
      return in_frame ? BaseRTxState::kError : BaseRTxState::kControl;
    case BlockType::kStart:
      return in_frame || error ? BaseRTxState::kError : BaseRTxState::kData;
    case BlockType::kData:
      return in_frame || error ? BaseRTxState::kData : BaseRTxState::kError;
    case BlockType::kTerminate:
      return in_frame || error ? BaseRTxState::kTerminate : BaseRTxState::kError;
    case BlockType::kError:
      break;
  }
  return BaseRTxState::kError;
}

}  // namespace detail

/// mac: XGMII, a beat each clock; mac_enable: always, from the first clock on.
inline void line_10gbase_r_tx(Line10GBaseRTxState& state, wire<Line<8>>& mac, wire<bool>& mac_enable,
                              wire<Block66>& line) {
  const EncodedBlock encoded = encode_block(mac.read());
  state.state = detail::base_r_tx_next(state.state, encoded.type);
  Block66 block = encoded.block;
  if (state.state == BaseRTxState::kError) {
    block.sync = kSyncControl;
    block.data = kErrorPayload;
  }
  block.data = scramble(state.history, block.data);
  line.write(block);
  mac_enable.write(true);
}

}  // namespace sockwire
