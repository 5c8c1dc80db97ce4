// SPDX-License-Identifier: Apache-2.0
// Takes the zeros out of a frame on its way to the host, a block's code after the block, and ends it with a delimiter.
#pragma once

#include "hls/base/stream.hpp"
#include "hls/link/link_types.hpp"

namespace sockwire {

enum class StuffStep : std::uint8_t { kData = 0, kFull = 1, kEnd = 2, kDelimiter = 3 };

struct LinkStufferState {
  StuffStep step = StuffStep::kData;
  ap_uint<8> code = 1;  ///< of the block so far
  bool last = false;    ///< the byte that filled the block was the frame's last
};

inline void link_stuffer(LinkStufferState& state, stream<LinkByte>& frame, stream<ap_uint<8>>& line) {
  switch (state.step) {
    case StuffStep::kData: {
      const LinkByte byte = frame.read();
      const ap_uint<8> code = state.code;
      const bool zero = byte.data == 0;
      line.write(zero ? code : byte.data);
      state.code = zero ? ap_uint<8>(1) : ap_uint<8>(code + 1u);
      state.last = byte.last;
      if (!zero && code == kLinkFullBlock - 1) {
        state.step = StuffStep::kFull;
      } else if (byte.last) {
        state.step = StuffStep::kEnd;
      }
      break;
    }
    case StuffStep::kFull:
      line.write(kLinkFullBlock);
      state.code = 1;
      state.step = state.last ? StuffStep::kEnd : StuffStep::kData;
      break;
    case StuffStep::kEnd:
      line.write(state.code);
      state.code = 1;
      state.step = StuffStep::kDelimiter;
      break;
    case StuffStep::kDelimiter:
      line.write(kLinkDelimiter);
      state.step = StuffStep::kData;
      break;
  }
}

}  // namespace sockwire
