// SPDX-License-Identifier: Apache-2.0
// Holds received frames until their last beat has said whether they are good: commits them, or rolls back. An edge
// kernel: its write side never waits for its read side, and what finds no room is dropped and counted (kRxOverflow).
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// Bits of packet_buffer's `counters`: card::Counter kRxFrames to kRxUnknown, in that order.
constexpr int kPacketBufferCounters = 6;
/// Beats that it holds: 4 KiB at width 1, 8 KiB at width 8.
constexpr int packet_buffer_beats(int bytes_per_beat) { return bytes_per_beat == 1 ? 4096 : 1024; }
/// Frames that it holds.
constexpr int kPacketBufferFrames = 32;

/// A beat at rest: `bytes` is the number of valid bytes less one.
template <int kBytes>
struct StoredBeat {
  ap_uint<8 * kBytes> data = 0;
  ap_uint<3> bytes = 0;
  bool last = false;
};

template <int kBytes>
struct PacketBufferState;

/// frame_in, descriptor_in: from receive_parser; a descriptor is there no later than its frame's last beat.
/// frame_out, descriptor_out: committed frames; a descriptor leaves no later than its frame's first beat.
/// busy: it holds something.
template <int kBytes>
void packet_buffer(PacketBufferState<kBytes>& state, bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)>& beats,
                   mem<RxDescriptor, kPacketBufferFrames>& descriptors, stream<RxBeat<kBytes>>& frame_in,
                   stream<RxDescriptor>& descriptor_in, stream<Beat<kBytes>>& frame_out,
                   stream<RxDescriptor>& descriptor_out, pulse<kPacketBufferCounters>& counters, wire<bool>& busy);

}  // namespace sockwire
