// SPDX-License-Identifier: Apache-2.0
// mac_tx at eight bytes a cycle (see mac_tx.hpp): IEEE 802.3 clause 46. A pipeline of three stages:
//
//   0  what comes next: idle, preamble, data or padding           beat[0], crc
//   1  take back what the last beat's padding did to the CRC      beat[1], fcs
//   2  put the FCS, /T/ and idle behind the data; move by half a beat if the frame starts in lane 4
#pragma once

#include "hls/card/layout.hpp"
#include "hls/mac/crc32.hpp"
#include "hls/mac/mac_tx.hpp"

namespace sockwire {

namespace xgmii {

// Control characters, IEEE 802.3 table 46-3.
constexpr std::uint8_t kIdle = 0x07;
constexpr std::uint8_t kStart = 0xFB;
constexpr std::uint8_t kTerminate = 0xFD;
constexpr std::uint8_t kError = 0xFE;
constexpr std::uint64_t kIdleBeat = 0x0707070707070707ULL;
constexpr std::uint64_t kPreambleBeat = 0xD5555555555555FBULL;
constexpr std::uint64_t kErrorBeat = 0xFDFEFEFEFEFEFEFEULL;

}  // namespace xgmii

enum class XgmiiTxStep : std::uint8_t { kIdle, kData, kPad, kWait };
enum class XgmiiTxKind : std::uint8_t { kIdle, kPreamble, kData, kError };

/// A beat on its way through the pipeline, in the frame's own alignment.
struct XgmiiTxBeat {
  XgmiiTxKind kind = XgmiiTxKind::kIdle;
  ap_uint<64> data = 0;
  ap_uint<8> keep = 0;  ///< bytes of data in it, from the first on; to count them is the next stage's
  bool last = false;
};

template <>
struct MacTxState<8> {
  XgmiiTxStep step = XgmiiTxStep::kIdle;
  ap_uint<4> beats = 0;  ///< of data so far, up to 8
  ap_uint<2> wait = 0;   ///< beats until the next frame may start
  bool leave = false;    ///< the frame is over but not yet reported
  bool cut = false;
  bool drain = false;      ///< the rest of a frame that was cut off is still to come
  bool waited = false;     ///< the next frame was held back by a PAUSE
  bool lane4 = false;      ///< the current frame, or the next one, starts in lane 4
  ap_uint<2> deficit = 0;  ///< clause 46.3.1.4: idle characters saved, 0 to 3
  ap_uint<16> pause_quanta = 0;
  ap_uint<3> pause_beats = 0;
  XgmiiTxBeat beat[2];
  ap_uint<4> bytes = 0;  ///< in beat[1], 1 to 8
  ap_uint<32> crc = 0;
  ap_uint<32> fcs = 0;
  bool spill = false;          ///< FCS bytes or /T/ did not fit the last beat
  ap_uint<3> spill_bytes = 0;  ///< of the FCS, 0 to 4
  bool out_lane4 = false;
  bool trailing = false;               ///< the upper half of the previous beat is still to be sent
  ap_uint<32> held_data = 0x07070707;  ///< upper half of the previous beat
  ap_uint<4> held_control = 0xF;
};

namespace detail {

inline void xgmii_tx_pause(MacTxState<8>& state, stream<PauseRequest>& pause) {
  if (!pause.empty()) {
    state.pause_quanta = pause.read().quanta;
    state.pause_beats = 0;
  } else if (state.pause_quanta != 0) {
    state.pause_beats += 1;
    if (state.pause_beats == 0) state.pause_quanta -= 1;
  }
}

/// What the gap behind a frame does, by its last beat's bytes modulo 8, the deficit and whether it starts in lane 4: a
/// table, since each of its bits is a LUT.
struct XgmiiGaps {
  std::uint8_t wait[64];     // beats
  std::uint8_t deficit[64];  // afterwards
  bool lane4[64];            // of the next frame
};

/// Where does the next frame start? The gap, /T/ included, makes it fall in lane 0 or 4: 12 octets less what the
/// deficit still allows, or more (clause 46.3.1.4).
constexpr XgmiiGaps xgmii_gaps() {
  XgmiiGaps gaps{};
  for (unsigned i = 0; i < 64; ++i) {
    const unsigned bytes = i % 8 == 0 ? 8 : i % 8;
    const unsigned saved = (i / 8) % 4 + bytes % 4;  // /T/ lies so far in its half beat
    const unsigned gap = (saved <= 3 ? 12 : 16) - bytes % 4;
    const unsigned next = (bytes + 4) % 8 + gap;  // from the beat of /T/, a multiple of 4
    gaps.wait[i] = static_cast<std::uint8_t>((bytes >= 4 ? 1 : 0) + (next + (i >= 32 ? 4 : 0)) / 8 - 2);
    gaps.deficit[i] = static_cast<std::uint8_t>(saved % 4);  // what exceeds 3 was paid back
    gaps.lane4[i] = (i >= 32) != (next % 8 == 4);
  }
  return gaps;
}

/// The frame's last beat has `bytes` bytes.
inline void xgmii_tx_gap(MacTxState<8>& state, const ap_uint<4>& bytes) {
  static constexpr XgmiiGaps kGaps = xgmii_gaps();
  const ap_uint<6> at =
      ap_uint<6>((ap_uint<6>(state.lane4) << 5) | (ap_uint<6>(state.deficit) << 3) | bytes.range(2, 0));
  state.wait = kGaps.wait[at];
  state.deficit = kGaps.deficit[at];
  state.lane4 = kGaps.lane4[at];
}

inline ap_uint<4> xgmii_tx_bytes(const ap_uint<8>& keep) {
  ap_uint<4> bytes = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (keep[static_cast<int>(i)]) bytes = i + 1;
  }
  return bytes;
}

/// Stage 0 inside a frame: a beat of it, or of its padding.
inline void xgmii_tx_data(MacTxState<8>& state, stream<Beat<8>>& frame, XgmiiTxBeat& next,
                          ap_uint<kMacTxCounters>& counted) {
  if (state.step == XgmiiTxStep::kData && frame.empty()) {
    counted[1] = 1;
    state.cut = true;
    state.drain = true;
    state.leave = true;
    state.wait = 2;
    state.step = XgmiiTxStep::kWait;
    next.kind = XgmiiTxKind::kError;
    return;
  }
  next.kind = XgmiiTxKind::kData;
  bool last = true;
  if (state.step == XgmiiTxStep::kData) {
    const Beat<8> beat = frame.read();
    last = beat.last;
    next.keep = beat.keep;
    for (unsigned i = 0; i < 8; ++i) {
      if (beat.keep[i]) next.data.range(8 * i + 7, 8 * i) = beat.data.range(8 * i + 7, 8 * i);
    }
  }
  // 60 bytes are seven beats and four bytes.
  if (last && state.beats < 7) {
    next.keep = 0xFF;
    last = false;
    state.step = XgmiiTxStep::kPad;
  } else if (last && state.beats == 7) {
    next.keep = next.keep | 0x0F;
  }
  next.last = last;
  if (state.beats != 8) state.beats += 1;
  if (last) {
    state.leave = true;
    state.step = XgmiiTxStep::kWait;
  }
}

/// A frame's bits have left, but for the pipeline's two or three beats.
inline void xgmii_tx_leave(MacTxState<8>& state, stream<FrameInfo>& info, const ap_uint<64>& now,
                           stream<Departure>& departure, ap_uint<kMacTxCounters>& counted) {
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
  state.leave = false;
}

/// Stage 2: the line's beat in the frame's own alignment.
inline Line<8> xgmii_tx_line(MacTxState<8>& state) {
  const XgmiiTxBeat& beat = state.beat[1];
  Line<8> out;
  // A last beat with b bytes is followed by four of the FCS; a spilled one goes on where its predecessor stopped.
  const bool ends = beat.kind == XgmiiTxKind::kData && beat.last;
  const ap_uint<4> data_bytes = ends ? ap_uint<4>(state.bytes) : ap_uint<4>(0);
  const ap_uint<4> fcs_end = ends ? ap_uint<4>(state.bytes + 4) : ap_uint<4>(state.spill_bytes);
  for (unsigned i = 0; i < 8; ++i) {
    const ap_uint<2> fcs_byte = i - fcs_end;  // modulo 4: byte 3 is the one before fcs_end
    ap_uint<8> data = xgmii::kIdle;
    bool control = true;
    if (ends && i < data_bytes) {
      data = beat.data.range(8 * i + 7, 8 * i);
      control = false;
    } else if (i < fcs_end) {
      data = state.fcs >> (8 * fcs_byte);
      control = false;
    } else if (i == fcs_end) {
      data = xgmii::kTerminate;
    }
    if (ends || state.spill) {
      out.data.range(8 * i + 7, 8 * i) = data;
      out.control[i] = control;
    }
  }
  if (beat.kind == XgmiiTxKind::kPreamble) {
    out.data = xgmii::kPreambleBeat;
    out.control = 0x01;
    state.out_lane4 = state.lane4;
  } else if (beat.kind == XgmiiTxKind::kError) {
    out.data = xgmii::kErrorBeat;
  } else if (beat.kind == XgmiiTxKind::kData && !beat.last) {
    out.data = beat.data;
    out.control = 0;
  }
  state.spill = ends && state.bytes >= 4;
  state.spill_bytes = state.bytes - 4;
  return out;
}

}  // namespace detail

template <>
inline void mac_tx<8>(MacTxState<8>& state, stream<Beat<8>>& frame, stream<FrameInfo>& info,
                      stream<PauseRequest>& pause, wire<ap_uint<64>>& now_ns, wire<bool>& enable, wire<Line<8>>& line,
                      stream<Departure>& departure, pulse<kMacTxCounters>& counters, wire<bool>& busy) {
  if (!enable.read()) return;

  // Stage 2: by half a beat, if the frame started in lane 4.
  state.trailing = state.beat[1].kind != XgmiiTxKind::kIdle || state.spill;
  const Line<8> aligned = detail::xgmii_tx_line(state);
  Line<8> out = aligned;
  if (state.out_lane4) {
    out.data = (ap_uint<64>(aligned.data) << 32) | state.held_data;
    out.control = (ap_uint<8>(aligned.control) << 4) | state.held_control;
  }
  state.held_data = aligned.data >> 32;
  state.held_control = aligned.control >> 4;
  line.write(out);

  // Stage 1.
  const bool ended = state.beat[0].kind == XgmiiTxKind::kData && state.beat[0].last;
  const ap_uint<4> ended_bytes = detail::xgmii_tx_bytes(state.beat[0].keep);
  if (state.beat[0].last) {
    state.fcs = ~crc32_rewind(static_cast<std::uint32_t>(state.crc), static_cast<unsigned>(8 - ended_bytes));
  }
  state.beat[1] = state.beat[0];
  state.bytes = ended_bytes;

  // Stage 0.
  ap_uint<kMacTxCounters> counted = 0;
  const bool ready = !state.drain && !frame.empty() && !info.empty() && !departure.full();
  const bool paused = state.pause_quanta != 0;
  if (state.drain && state.step != XgmiiTxStep::kData && !frame.empty()) {  // one read a step, visibly
    if (frame.read().last) state.drain = false;
  }
  detail::xgmii_tx_pause(state, pause);
  XgmiiTxBeat next;
  switch (state.step) {
    case XgmiiTxStep::kIdle:
      if (ready && !paused) {
        counted[2] = state.waited;
        state.waited = false;
        next.kind = XgmiiTxKind::kPreamble;
        state.beats = 0;
        state.step = XgmiiTxStep::kData;
      } else {
        state.waited = state.waited || ready;
        state.deficit = 0;
      }
      break;
    case XgmiiTxStep::kData:
    case XgmiiTxStep::kPad:
      detail::xgmii_tx_data(state, frame, next, counted);
      break;
    case XgmiiTxStep::kWait:
      if (ended) detail::xgmii_tx_gap(state, ended_bytes);
      if (state.leave) detail::xgmii_tx_leave(state, info, now_ns.read(), departure, counted);
      if (state.wait == 0) state.step = XgmiiTxStep::kIdle;
      state.wait -= 1;
      break;
  }
  state.crc =
      next.kind == XgmiiTxKind::kData ? crc32_beat<8>(static_cast<std::uint32_t>(state.crc), next.data) : kCrc32Initial;
  const bool draining_pipeline = state.beat[1].kind != XgmiiTxKind::kIdle || state.spill || state.trailing;
  state.beat[0] = next;
  counters.write(counted);
  busy.write(state.step != XgmiiTxStep::kIdle || state.pause_quanta != 0 || state.drain || draining_pipeline ||
             next.kind != XgmiiTxKind::kIdle);
}

}  // namespace sockwire
