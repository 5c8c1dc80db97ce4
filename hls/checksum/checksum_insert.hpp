// SPDX-License-Identifier: Apache-2.0
// Inserts the IPv4 header and transport checksums (RFC 791 3.1, RFC 9293 3.1, RFC 768). Store and forward: a frame is
// summed while it is stored, and leaves, a beat per cycle, when its sums are known. A named arbiter: both sides share
// the packet memory, so neither may block the step.
//
//   in   frame_in, checksum   frames and where their checksums are; `checksum` before the first beat
//   out  frame_out            to mac_tx
//   out  busy                 a frame is stored or being stored
//
// From the last beat in to the first beat out: sum, add and fold, fold, show, 4 cycles.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/checksum/internet_sum.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kPacketBytes = 4096;  ///< two frames of card::kFrameBytesMax
constexpr int kPacketQueue = 4;     ///< frames stored

/// A frame that waits: its checksums and the words where they go.
struct SummedFrame {
  bool insert_l3 = false;
  bool insert_l4 = false;
  ap_uint<8> l3_checksum_word = 0;
  ap_uint<8> l4_checksum_word = 0;
  ap_uint<16> l3_checksum = 0;
  ap_uint<16> l4_checksum = 0;
};

/// A frame's sums, folded once.
struct FoldedSums {
  bool valid = false;
  ChecksumPlan plan;
  ap_uint<17> l3 = 0;
  ap_uint<17> l4 = 0;
};

template <int kBytes>
struct ChecksumInsertState {
  // Store.
  bool storing = false;
  ChecksumPlan plan;
  ap_uint<10> l3_end = 0;  ///< first word after the IPv4 header, once its length is known
  ap_uint<3> entered = 0;  ///< frames, like `tail`, whose checksums are known, and `head`, which have left
  ap_uint<11> beat_in = 0;
  ap_uint<12> write_row = 0;
  bool room = true;  ///< for a beat more, whatever the last step has added
  // Sum: this beat's, then the frame's, folded at its end.
  ap_uint<18> l3_part = 0;
  ap_uint<18> l4_part = 0;
  bool part_last = false;
  InternetSum l3_sum = 0;
  InternetSum l4_sum = 0;
  FoldedSums folded;
  ap_uint<3> tail = 0;
  // Send.
  ap_uint<3> head = 0;
  ap_uint<12> read_row = 0;
  ap_uint<11> beat_out = 0;
};

/// Which bytes of a beat belong to the IPv4 header and to the transport segment, without the checksum fields.
template <int kBytes>
struct SumMasks {
  ap_uint<kBytes> l3 = 0;
  ap_uint<kBytes> l4 = 0;
};

template <int kBytes>
inline SumMasks<kBytes> masks_of(const ChecksumPlan& plan, const ap_uint<10>& l3_end, const ap_uint<11>& beat,
                                 const ap_uint<kBytes>& keep) {
  SumMasks<kBytes> masks;
  for (int i = 0; i < kBytes; ++i) {
    const ap_uint<10> word =
        kBytes == 1 ? ap_uint<10>(beat >> 1) : ap_uint<10>(beat * (kBytes / 2) + static_cast<unsigned>(i / 2));
    const bool in_l3 = word >= plan.l3_word && word < l3_end && word != ap_uint<8>(plan.l3_word + 5u);
    const bool in_l4 = word >= plan.l4_word && word != plan.checksum_word;
    masks.l3[i] = keep[i] && in_l3 ? 1 : 0;
    masks.l4[i] = keep[i] && in_l4 ? 1 : 0;
  }
  return masks;
}

/// The end of the IPv4 header as its first byte tells, if it is in this beat (RFC 791: IHL counts 32-bit words).
template <int kBytes>
inline ap_uint<10> l3_end_of(const ChecksumPlan& plan, const ap_uint<10>& known, const ap_uint<11>& beat,
                             const ap_uint<8 * kBytes>& data) {
  ap_uint<10> end = known;
  for (int i = 0; i < kBytes; i += 2) {
    const ap_uint<10> word =
        kBytes == 1 ? ap_uint<10>(beat >> 1) : ap_uint<10>(beat * (kBytes / 2) + static_cast<unsigned>(i / 2));
    const bool first = kBytes != 1 || !beat[0];
    if (first && word == plan.l3_word) end = ap_uint<10>(plan.l3_word + 2u * data.range(8 * i + 3, 8 * i));
  }
  return end;
}

template <int kBytes>
inline ap_uint<12> next_row(const ap_uint<12>& row) {
  return ap_uint<12>((row + 1u) & (kPacketBytes / kBytes - 1));
}

/// Takes a frame's plan, or a beat of it.
template <int kBytes>
inline void store_beat(ChecksumInsertState<kBytes>& state, bram<PacketWord<kBytes>, kPacketBytes / kBytes>& packets,
                       stream<Beat<kBytes>>& frame_in, stream<ChecksumPlan>& checksum) {
  state.l3_part = 0;
  state.l4_part = 0;
  state.part_last = false;
  if (!state.storing) {
    if (!checksum.empty() && ap_uint<3>(state.entered - state.head) != kPacketQueue) {
      state.plan = checksum.read();
      state.l4_part = state.plan.pseudo_sum;
      state.l3_end = 0x3FF;  // the shortest header is longer than the rest of the beat that tells
      state.beat_in = 0;
      state.storing = true;
      state.entered += 1;
    }
  } else if (!frame_in.empty() && state.room) {
    const Beat<kBytes> beat = frame_in.read();
    packets.write(state.write_row, pack_beat(beat.data, beat.keep, beat.last));
    const SumMasks<kBytes> masks = masks_of<kBytes>(state.plan, state.l3_end, state.beat_in, beat.keep);
    state.l3_part = beat_sum<kBytes>(beat.data, masks.l3, state.beat_in[0]);
    state.l4_part = beat_sum<kBytes>(beat.data, masks.l4, state.beat_in[0]);
    state.l3_end = l3_end_of<kBytes>(state.plan, state.l3_end, state.beat_in, beat.data);
    state.part_last = beat.last;
    state.beat_in += 1;
    state.write_row = next_row<kBytes>(state.write_row);
    if (beat.last) state.storing = false;
  }
}

/// The sums of a frame, folded: it may leave.
inline SummedFrame summed_frame(const FoldedSums& folded) {
  SummedFrame out;
  const ap_uint<16> l4 = checksum_of(fold_again(folded.l4));
  out.insert_l3 = folded.plan.insert_l3;
  out.insert_l4 = folded.plan.insert_l4;
  out.l3_checksum_word = folded.plan.l3_word + 5u;
  out.l4_checksum_word = folded.plan.checksum_word;
  out.l3_checksum = checksum_of(fold_again(folded.l3));
  out.l4_checksum = folded.plan.udp_zero && l4 == 0 ? ap_uint<16>(0xFFFF) : l4;
  return out;
}

/// Moves the sums one stage on.
template <int kBytes>
inline void advance_sums(ChecksumInsertState<kBytes>& state, mem<SummedFrame, kPacketQueue>& queue) {
  if (state.folded.valid) {
    queue.write(ap_uint<2>(state.tail), summed_frame(state.folded));
    state.tail += 1;
  }
  const InternetSum l3 = InternetSum(state.l3_sum + state.l3_part);
  const InternetSum l4 = InternetSum(state.l4_sum + state.l4_part);
  state.folded.valid = state.part_last;
  state.folded.plan = state.plan;
  state.folded.l3 = fold_once(l3);
  state.folded.l4 = fold_once(l4);
  state.l3_sum = state.part_last ? InternetSum(0) : l3;
  state.l4_sum = state.part_last ? InternetSum(0) : l4;
}

/// Puts the checksums into a beat that leaves.
template <int kBytes>
inline ap_uint<8 * kBytes> patched(const ap_uint<8 * kBytes>& data, const SummedFrame& frame, const ap_uint<11>& beat) {
  ap_uint<8 * kBytes> out = data;
  for (int i = 0; i < kBytes; ++i) {
    const ap_uint<10> word =
        kBytes == 1 ? ap_uint<10>(beat >> 1) : ap_uint<10>(beat * (kBytes / 2) + static_cast<unsigned>(i / 2));
    const bool low = kBytes == 1 ? beat[0] : (i & 1) != 0;
    const ap_uint<8> l3 = low ? frame.l3_checksum.range(7, 0) : frame.l3_checksum.range(15, 8);
    const ap_uint<8> l4 = low ? frame.l4_checksum.range(7, 0) : frame.l4_checksum.range(15, 8);
    if (frame.insert_l3 && word == frame.l3_checksum_word) out.range(8 * i + 7, 8 * i) = l3;
    if (frame.insert_l4 && word == frame.l4_checksum_word) out.range(8 * i + 7, 8 * i) = l4;
  }
  return out;
}

template <int kBytes>
void checksum_insert(ChecksumInsertState<kBytes>& state, bram<PacketWord<kBytes>, kPacketBytes / kBytes>& packets,
                     mem<SummedFrame, kPacketQueue>& queue, stream<Beat<kBytes>>& frame_in,
                     stream<ChecksumPlan>& checksum, stream<Beat<kBytes>>& frame_out, wire<bool>& busy) {
  const bool ready = state.head != state.tail;
  const SummedFrame leaving = queue.read(ap_uint<2>(state.head));
  const bool sends = ready && !frame_out.full();
  const ap_uint<12> left = ap_uint<12>((state.read_row - state.write_row) & (kPacketBytes / kBytes - 1));

  advance_sums<kBytes>(state, queue);
  store_beat<kBytes>(state, packets, frame_in, checksum);

  if (sends) {
    Beat<kBytes> beat = unpack_beat(packets.data());
    beat.data = patched<kBytes>(beat.data, leaving, state.beat_out);
    frame_out.write(beat);
    state.beat_out = beat.last ? ap_uint<11>(0) : ap_uint<11>(state.beat_out + 1u);
    state.read_row = next_row<kBytes>(state.read_row);
    if (beat.last) state.head += 1;
  }
  packets.request(state.read_row);
  state.room = left.range(1, 0) == 0 || left.range(11, 2) != 0;  // rows, and one more; 0 is all of them
  busy.write(state.entered != state.head);
}

}  // namespace sockwire
