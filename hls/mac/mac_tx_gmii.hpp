// SPDX-License-Identifier: Apache-2.0
// mac_tx at a byte a cycle (see mac_tx.hpp): IEEE 802.3 clauses 4.2 and 35. Each step of the line sends one byte:
//
//   idle -> preamble (8, with SFD) -> data -> pad (to 60) -> FCS (4) -> gap (12) -> idle
#pragma once

#include "hls/card/layout.hpp"
#include "hls/mac/crc32.hpp"
#include "hls/mac/mac_tx.hpp"

namespace sockwire {

enum class GmiiTxStep : std::uint8_t { kIdle, kPreamble, kData, kPad, kFcs, kGap };

template <>
struct MacTxState<1> {
  GmiiTxStep step = GmiiTxStep::kIdle;
  ap_uint<6> count = 0;  ///< bytes of the step so far; of data and padding, up to 60
  ap_uint<32> crc = 0;
  bool cut = false;            ///< the frame was cut off: its FCS is made wrong
  bool drain = false;          ///< the rest of a frame that was cut off is still to come
  bool waited = false;         ///< the next frame was held back by a PAUSE
  ap_uint<22> pause_left = 0;  ///< byte times of a PAUSE that are still to come
};

namespace detail {

/// Counts a PAUSE down, a byte time a call; a quantum is 512 bit times. Returns whether there is more of it.
inline bool gmii_tx_pause(MacTxState<1>& state, stream<PauseRequest>& pause) {
  constexpr int kQuantumBytesLog2 = 6;
  if (!pause.empty()) {
    const ap_uint<16> quanta = pause.read().quanta;
    state.pause_left = ap_uint<22>(quanta) << kQuantumBytesLog2;
    return quanta != 0;
  }
  const bool more = state.pause_left > 1;
  if (state.pause_left != 0) state.pause_left -= 1;
  return more;
}

/// A byte of data, or the first of the wrong FCS if there is none in time.
inline void gmii_tx_data(MacTxState<1>& state, stream<Beat<1>>& frame, Line<1>& out, ap_uint<kMacTxCounters>& counted) {
  if (frame.empty()) {
    counted[1] = 1;
    state.cut = true;
    state.drain = true;
    out.error = true;
    out.data = state.crc;
    state.crc >>= 8;
    state.count = 1;
    state.step = GmiiTxStep::kFcs;
    return;
  }
  const Beat<1> beat = frame.read();
  out.data = beat.data;
  state.crc = crc32_beat<1>(static_cast<std::uint32_t>(state.crc), beat.data);
  if (state.count != card::kFrameBytesMin) state.count += 1;
  if (beat.last) {
    const bool enough = state.count == card::kFrameBytesMin;
    state.step = enough ? GmiiTxStep::kFcs : GmiiTxStep::kPad;
    if (enough) state.count = 0;
  }
}

/// A byte of the FCS; with the last one the frame has left.
inline void gmii_tx_fcs(MacTxState<1>& state, stream<FrameInfo>& info, const ap_uint<64>& now,
                        stream<Departure>& departure, Line<1>& out, ap_uint<kMacTxCounters>& counted) {
  out.data = state.cut ? state.crc : ap_uint<32>(~state.crc);
  out.error = state.cut;
  state.crc >>= 8;
  state.count += 1;
  if (state.count != 4) return;
  const FrameInfo left = info.read();
  if (left.report) {
    Departure report;
    report.time_ns = now;
    report.tag = left.tag;
    report.seq_end = left.seq_end;
    report.segments = left.segments;
    report.slot = left.slot;
    departure.write(report);
  }
  if (!state.cut) counted[0] = 1;
  state.cut = false;
  state.count = 0;
  state.step = GmiiTxStep::kGap;
}

}  // namespace detail

template <>
inline void mac_tx<1>(MacTxState<1>& state, stream<Beat<1>>& frame, stream<FrameInfo>& info,
                      stream<PauseRequest>& pause, wire<ap_uint<64>>& now_ns, wire<bool>& enable, wire<Line<1>>& line,
                      stream<Departure>& departure, pulse<kMacTxCounters>& counters, wire<bool>& busy) {
  constexpr int kPreambleBytes = 8;
  constexpr int kGapBytes = 12;  // clause 4.4.2: 96 bit times
  if (!enable.read()) return;

  Line<1> out;
  ap_uint<kMacTxCounters> counted = 0;
  const bool ready = !state.drain && !frame.empty() && !info.empty() && !departure.full();
  const bool paused = state.pause_left != 0;
  if (state.drain && state.step != GmiiTxStep::kData && !frame.empty()) {  // one read a step, visibly
    if (frame.read().last) state.drain = false;
  }
  const bool pausing = detail::gmii_tx_pause(state, pause);

  out.valid = state.step != GmiiTxStep::kIdle && state.step != GmiiTxStep::kGap;
  switch (state.step) {
    case GmiiTxStep::kIdle:
      if (ready && paused) {
        state.waited = true;
      } else if (ready) {
        counted[2] = state.waited;
        state.waited = false;
        out.valid = true;
        out.data = 0x55;
        state.count = 1;
        state.step = GmiiTxStep::kPreamble;
      }
      break;
    case GmiiTxStep::kPreamble:
      out.data = state.count == kPreambleBytes - 1 ? 0xD5 : 0x55;
      state.count += 1;
      state.crc = kCrc32Initial;
      if (state.count == kPreambleBytes) {
        state.count = 0;
        state.step = GmiiTxStep::kData;
      }
      break;
    case GmiiTxStep::kData:
      detail::gmii_tx_data(state, frame, out, counted);
      break;
    case GmiiTxStep::kPad:
      state.crc = crc32_beat<1>(static_cast<std::uint32_t>(state.crc), 0);
      state.count += 1;
      if (state.count == card::kFrameBytesMin) {
        state.count = 0;
        state.step = GmiiTxStep::kFcs;
      }
      break;
    case GmiiTxStep::kFcs:
      detail::gmii_tx_fcs(state, info, now_ns.read(), departure, out, counted);
      break;
    case GmiiTxStep::kGap:
      state.count += 1;
      if (state.count == kGapBytes) state.step = GmiiTxStep::kIdle;
      break;
  }
  line.write(out);
  counters.write(counted);
  busy.write(state.step != GmiiTxStep::kIdle || pausing || state.drain);
}

}  // namespace sockwire
