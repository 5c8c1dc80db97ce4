// SPDX-License-Identifier: Apache-2.0
// Holds received frames until their last beat has said whether they are good: commits them, or rolls back. An edge
// kernel: its write side never waits for its read side, and what finds no room is dropped and counted (kRxOverflow).
//
//        read_at           committed    frame_at    write_at
//   ........|=================|-----------|~~~~~~~~~~~|........
//            committed         whole and   of the frame that
//                              good, waits is coming in
//                              for its
//                              descriptor
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

/// Bits of packet_buffer's `counters`: card::Counter kRxFrames to kRxUnknown, in that order.
constexpr int kPacketBufferCounters = 6;
/// log2 of the beats that it holds: 4 KiB at width 1, 8 KiB at width 8; two frames of the maximum size at least.
constexpr int packet_buffer_log2(int bytes_per_beat) { return bytes_per_beat == 1 ? 12 : 10; }
constexpr int packet_buffer_beats(int bytes_per_beat) { return 1 << packet_buffer_log2(bytes_per_beat); }
/// Frames that it holds.
constexpr int kPacketBufferFrames = 32;

/// A beat at rest, made to fit a block RAM's 9 or 72 bits.
template <int kBytes>
struct StoredBeat;

template <>
struct StoredBeat<1> {
  ap_uint<8> data = 0;
  bool last = false;
};

template <>
struct StoredBeat<8> {
  ap_uint<64> data = 0;
  ap_uint<3> bytes = 0;  ///< that are valid, less one
  bool last = false;
};

template <int kBytes>
struct PacketBufferState {
  static constexpr int kLog2 = packet_buffer_log2(kBytes);
  ap_uint<kLog2> read_at = 0;
  ap_uint<kLog2> committed = 0;
  ap_uint<kLog2> frame_at = 0;
  ap_uint<kLog2> write_at = 0;
  bool room = true;       ///< for a beat and a descriptor more, whatever the last step has added
  bool dropping = false;  ///< the frame that is coming in found no room
  bool waiting = false;   ///< for the descriptor of a good frame
  bool overflow = false;  ///< which found no room
  bool ready = false;     ///< the memory's output is the beat at read_at
  bool first = true;      ///< that beat begins a frame
  ap_uint<6> descriptors_in = 0;
  ap_uint<6> descriptors_out = 0;
};

namespace detail {

inline StoredBeat<1> packet_buffer_store(const RxBeat<1>& beat) {
  StoredBeat<1> stored;
  stored.data = beat.data;
  stored.last = beat.last;
  return stored;
}

inline StoredBeat<8> packet_buffer_store(const RxBeat<8>& beat) {
  StoredBeat<8> stored;
  stored.data = beat.data;
  for (unsigned i = 0; i < 8; ++i) {
    if (beat.keep[static_cast<int>(i)]) stored.bytes = i;
  }
  stored.last = beat.last;
  return stored;
}

inline Beat<1> packet_buffer_load(const StoredBeat<1>& stored) {
  Beat<1> beat;
  beat.data = stored.data;
  beat.keep = 1;
  beat.last = stored.last;
  return beat;
}

inline Beat<8> packet_buffer_load(const StoredBeat<8>& stored) {
  Beat<8> beat;
  beat.data = stored.data;
  beat.keep = 0xFF >> static_cast<unsigned>(7 - stored.bytes);
  beat.last = stored.last;
  return beat;
}

/// What a committed frame's status adds to: kRxFrames, and what was passed up so marked.
inline ap_uint<kPacketBufferCounters> packet_buffer_count(const ap_uint<8>& status) {
  const bool l3_bad = (status & static_cast<unsigned>(card::ReceiveStatus::kL3Bad)) != 0;
  const bool fragment = (status & static_cast<unsigned>(card::ReceiveStatus::kFragment)) != 0;
  const bool transport = (status & (static_cast<unsigned>(card::ReceiveStatus::kTcp) |
                                    static_cast<unsigned>(card::ReceiveStatus::kUdp))) != 0;
  ap_uint<kPacketBufferCounters> counted = 0;
  counted[0] = 1;
  counted[2] = l3_bad;
  counted[3] = (status & static_cast<unsigned>(card::ReceiveStatus::kL4Bad)) != 0;
  counted[4] = fragment;
  counted[5] = !l3_bad && !fragment && !transport;
  return counted;
}

}  // namespace detail

/// frame_in, descriptor_in: from receive_parser; a good frame's descriptor is there before the next one's last beat.
/// frame_out, descriptor_out: committed frames; a descriptor leaves no later than its frame's first beat.
/// busy: it holds something.
template <int kBytes>
void packet_buffer(PacketBufferState<kBytes>& state, bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)>& beats,
                   mem<RxDescriptor, kPacketBufferFrames>& descriptors, stream<RxBeat<kBytes>>& frame_in,
                   stream<RxDescriptor>& descriptor_in, stream<Beat<kBytes>>& frame_out,
                   stream<RxDescriptor>& descriptor_out, pulse<kPacketBufferCounters>& counters, wire<bool>& busy) {
  typedef ap_uint<PacketBufferState<kBytes>::kLog2> Address;
  const PacketBufferState<kBytes> before = state;

  // The read side: the beat that the memory shows goes out, and the next is asked for.
  bool taken = false;
  if (before.ready && !frame_out.full() && !(before.first && descriptor_out.full())) {
    const Beat<kBytes> beat = detail::packet_buffer_load(beats.data());
    frame_out.write(beat);
    if (before.first) {
      descriptor_out.write(descriptors.read(before.descriptors_out.range(4, 0)));
      state.descriptors_out += 1;
    }
    state.first = beat.last;
    state.read_at += 1;
    taken = true;
  }
  if (taken || !before.ready) {
    beats.request(state.read_at);
  }
  state.ready = (before.ready && !taken) || state.read_at != before.committed;

  // The write side. A frame's descriptor comes a few cycles after its last beat, and before the next frame's.
  if (before.waiting && !descriptor_in.empty()) {
    const RxDescriptor descriptor = descriptor_in.read();
    state.waiting = false;
    if (before.overflow) {
      counters.write(ap_uint<kPacketBufferCounters>(1u << 1));
    } else {
      state.committed = before.frame_at;
      state.descriptors_in += 1;
      descriptors.write(before.descriptors_in.range(4, 0), descriptor);
      counters.write(detail::packet_buffer_count(descriptor.status));
    }
  }
  if (!frame_in.empty()) {
    const RxBeat<kBytes> beat = frame_in.read();
    const Address next = before.write_at + 1;
    const bool room = before.room && !before.dropping;
    if (room) beats.write(before.write_at, detail::packet_buffer_store(beat));
    state.dropping = !room && !beat.last;
    if (beat.last && !beat.bad) {
      state.waiting = true;
      state.overflow = !room;
    }
    if (beat.last && !beat.bad && room) {
      state.frame_at = next;
      state.write_at = next;
    } else if (beat.last) {
      state.write_at = before.frame_at;
    } else if (room) {
      state.write_at = next;
    }
  }
  // In a register, as the memory's enable depends on it.
  const Address left = before.read_at - before.write_at;  // beats, and one more; 0 is all of them
  const ap_uint<6> held = before.descriptors_in - before.descriptors_out;
  state.room = (left.range(1, 0) == 0 || left.range(PacketBufferState<kBytes>::kLog2 - 1, 2) != 0) &&
               held < kPacketBufferFrames - 1;
  busy.write(state.ready || state.waiting || before.waiting);
}

}  // namespace sockwire
