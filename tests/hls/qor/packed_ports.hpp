// SPDX-License-Identifier: Apache-2.0
// What the ports of the quality table's kernels carry, as the packed words that hlsc's contract says
// (hls/compiler/README.md): leaves in order, the first lowest.
#pragma once

#include "hls/base/beat.hpp"
#include "hls/top/ports.hpp"
#include "tests/hls/compiler/bits.hpp"
#include "tests/hls/qor/encoder_8b10b.hpp"
#include "tests/hls/qor/scrambler.hpp"
#include "tests/hls/qor/window_check.hpp"

namespace sockwire {

inline Bits packed(bool flag) {
  Bits bits;
  bits.put(flag, 1);
  return bits;
}

template <int kBytes>
Bits packed(const Beat<kBytes>& beat) {
  Bits bits;
  bits.put(beat.data);
  bits.put(beat.keep);
  bits.put(beat.last, 1);
  return bits;
}

inline Bits packed(const Block66& block) {
  Bits bits;
  bits.put(block.header);
  bits.put(block.payload);
  return bits;
}

inline Bits packed(const Character& character) {
  Bits bits;
  bits.put(character.octet);
  bits.put(character.control, 1);
  return bits;
}

inline Bits packed(const SegmentNumbers& segment) {
  Bits bits;
  bits.put(segment.seq);
  bits.put(segment.length);
  bits.put(segment.ack);
  return bits;
}

inline Bits packed(const ConnectionNumbers& connection) {
  Bits bits;
  bits.put(connection.rcv_nxt);
  bits.put(connection.rcv_wnd);
  bits.put(connection.snd_una);
  bits.put(connection.snd_nxt);
  return bits;
}

inline Bits packed(const SegmentVerdict& verdict) {
  Bits bits;
  bits.put(verdict.acceptable, 1);
  bits.put(verdict.new_ack, 1);
  return bits;
}

inline Bits packed(const RxBeat<1>& beat) {
  Bits bits;
  bits.put(beat.data);
  bits.put(beat.keep);
  bits.put(beat.last, 1);
  bits.put(beat.bad, 1);
  return bits;
}

inline Bits packed(const RxDescriptor& descriptor) {
  Bits bits;
  bits.put(descriptor.bytes);
  bits.put(descriptor.time_ns);
  bits.put(descriptor.status);
  bits.put(descriptor.l4_offset);
  bits.put(descriptor.payload_offset);
  return bits;
}

inline Bits packed(const Line<1>& line) {
  Bits bits;
  bits.put(line.data);
  bits.put(line.valid, 1);
  bits.put(line.error, 1);
  bits.put(line.dribble, 1);
  return bits;
}

inline Bits packed(const MacConfig& config) {
  Bits bits;
  bits.put(config.address);
  bits.put(config.promiscuous, 1);
  bits.put(config.all_multicast, 1);
  bits.put(config.broadcast, 1);
  bits.put(config.pause, 1);
  return bits;
}

inline Bits packed(const PauseRequest& pause) { return packed(pause.quanta); }

inline Bits packed(const FrameInfo& info) {
  Bits bits;
  bits.put(info.report, 1);
  bits.put(info.credit);
  bits.put(info.tag);
  bits.put(info.seq_end);
  bits.put(info.segments);
  bits.put(info.slot);
  return bits;
}

inline Bits packed(const Departure& departure) {
  Bits bits;
  bits.put(departure.time_ns);
  bits.put(departure.tag);
  bits.put(departure.seq_end);
  bits.put(departure.segments);
  bits.put(departure.slot);
  return bits;
}

}  // namespace sockwire
