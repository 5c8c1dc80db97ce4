// SPDX-License-Identifier: Apache-2.0
// Inserts the IPv4 header and transport checksums (RFC 791 3.1, RFC 9293 3.1, RFC 768). Store and forward: a frame is
// summed while it is stored, and leaves, a beat per cycle, when its sums are known. A named arbiter: both sides share
// the packet memory, so neither may block the step.
//
//   in   frame_in, checksum   frames and where their checksums are
//   out  frame_out            to mac_tx
//   out  busy                 a frame is stored or being stored
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kPacketBytes = 4096;  ///< two frames of card::kFrameBytesMax
constexpr int kPacketQueue = 4;     ///< frames stored

/// A frame that waits: its checksums and where they go.
struct SummedFrame {
  bool insert_l3 = false;
  bool insert_l4 = false;
  ap_uint<10> l3_checksum_word = 0;
  ap_uint<10> l4_checksum_word = 0;
  ap_uint<16> l3_checksum = 0;
  ap_uint<16> l4_checksum = 0;
  ap_uint<11> bytes = 0;
};

template <int kBytes>
struct ChecksumInsertState;

template <int kBytes>
void checksum_insert(ChecksumInsertState<kBytes>& state, bram<ap_uint<8 * kBytes>, kPacketBytes / kBytes>& packets,
                     mem<SummedFrame, kPacketQueue>& queue, stream<Beat<kBytes>>& frame_in,
                     stream<ChecksumPlan>& checksum, stream<Beat<kBytes>>& frame_out, wire<bool>& busy);

}  // namespace sockwire
