// SPDX-License-Identifier: Apache-2.0
// The send buffer: payload is written once, at any alignment, and read by range, at any alignment. One block RAM per
// byte lane; byte a of the buffer is in bank a mod kBytes. A named arbiter: its two sides share memories, so neither
// may block the step: it looks at empty() and full(), and fires every clock.
//
//   in   write      payload; always taken at once
//   in   read       ranges
//   out  payload    their beats, one after the other, no keep: the reader knows how many bytes it wants
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

template <int kBytes>
struct SendBufferState;

template <int kBytes>
void send_buffer(SendBufferState<kBytes>& state,
                 banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes>& memory,
                 stream<PayloadWrite<kBytes>>& write, stream<PayloadRead>& read, stream<ap_uint<8 * kBytes>>& payload);

}  // namespace sockwire
