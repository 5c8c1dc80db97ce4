// SPDX-License-Identifier: Apache-2.0
// mac_rx at eight bytes a cycle (see mac_rx.hpp): IEEE 802.3 clause 46. A pipeline:
//
//   align     frames that start in lane 4 move by half a beat: every frame starts in byte 0      raw -> beat
//   classify  start, data, end (/T/) or error; CRC over the beat, zeros in place of what is none  beat -> current
//   emit      a beat is its frame's last if the next one holds nothing but FCS; the verdict       current, previous ->
//   frame
//
// The FCS is not cut out before the CRC is checked: what it leaves in the register is known for each length of the last
// beat (crc32_residue).
#pragma once

#include "hls/card/layout.hpp"
#include "hls/mac/crc32.hpp"
#include "hls/mac/mac_rx.hpp"
#include "hls/mac/mac_rx_gmii.hpp"
#include "hls/mac/mac_tx_xgmii.hpp"

namespace sockwire {

enum class XgmiiRxKind : std::uint8_t { kNone, kStart, kData, kEnd, kSymbol, kGiant };

template <>
struct MacRxState<8> {
  Line<8> raw;           ///< the previous beat of the line
  bool shifted = false;  ///< the frame started in lane 4
  Line<8> beat;          ///< aligned
  bool start = false;    ///< /S/ is in its lane 0

  bool inside = false;   ///< a frame
  bool skip = false;     ///< what comes without a start was counted already
  ap_uint<8> beats = 0;  ///< full ones of the frame
  RxMatch match;
  ap_uint<32> crc = 0;

  XgmiiRxKind kind = XgmiiRxKind::kNone;  ///< of `data`
  ap_uint<64> data = 0;
  ap_uint<3> bytes = 0;      ///< of the frame in an end beat, FCS included
  ap_uint<64> previous = 0;  ///< the beat before
  bool has_previous = false;
  bool short_frame = false;
  bool long_frame = false;

  ap_uint<3> tail = 0;  ///< bytes of `previous`, if it is the last beat of a frame that is over
  bool tail_bad = false;
  ap_uint<kMacRxCounters> tail_verdict = 0;
  bool lost = false;  ///< no more of this frame goes out
  bool open = false;  ///< beats of this frame are out, its last is not
  bool owed = false;  ///< a lost frame's bad last beat has to go out first
};

namespace detail {

inline ap_uint<8> lane(const Line<8>& line, unsigned index) { return line.data >> (8 * index); }

/// The stage `align`.
inline void xgmii_rx_align(MacRxState<8>& state, const Line<8>& in) {
  const bool start0 = state.raw.control[0] && lane(state.raw, 0) == xgmii::kStart;
  const bool start4 = state.raw.control[4] && lane(state.raw, 4) == xgmii::kStart;
  if (start0) {
    state.shifted = false;
  } else if (start4) {
    state.shifted = true;
  }
  state.start = start0 || start4;
  state.beat = state.raw;
  if (state.shifted) {
    state.beat.data = (ap_uint<64>(in.data) << 32) | (state.raw.data >> 32);
    state.beat.control = (ap_uint<8>(in.control) << 4) | (state.raw.control >> 4);
  }
  state.raw = in;
}

/// Full beat `state.beats` of a frame: addresses, type, quanta.
inline void xgmii_rx_match(MacRxState<8>& state, const MacConfig& config) {
  const ap_uint<48> address = state.beat.data;
  if (state.beats == 0) {
    state.match.own = address == config.address;
    state.match.broadcast = address == 0xFFFFFFFFFFFFULL;
    state.match.group = state.beat.data.range(0, 0) != 0;
    state.match.pause_address = address == 0x010000C28001ULL;
  } else if (state.beats == 1) {
    state.match.pause_type = state.beat.data.range(63, 32) == 0x01000888ULL;
  } else if (state.beats == 2) {
    state.match.quanta = (ap_uint<16>(state.beat.data.range(7, 0)) << 8) | state.beat.data.range(15, 8);
  }
}

/// The stage `classify`: of state.beat.
inline void xgmii_rx_classify(MacRxState<8>& state, const MacConfig& config, ap_uint<kMacRxCounters>& counted) {
  constexpr unsigned kFullBeatsMax = (card::kFrameBytesMax + 4) / 8;
  constexpr unsigned kLastBytesMax = (card::kFrameBytesMax + 4) % 8;
  ap_uint<4> bytes = 8;  // before the first control character
  bool terminate = false;
  for (unsigned i = 8; i > 0; --i) {
    if (state.beat.control[static_cast<int>(i - 1)]) {
      bytes = i - 1;
      terminate = lane(state.beat, i - 1) == xgmii::kTerminate;
    }
  }
  ap_uint<64> data = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (i < bytes) data.range(8 * i + 7, 8 * i) = state.beat.data.range(8 * i + 7, 8 * i);
  }

  XgmiiRxKind kind = XgmiiRxKind::kNone;
  if (state.start) {
    const bool whole = state.beat.control == 0x01 && lane(state.beat, 7) == 0xD5;
    if (state.inside) {
      kind = XgmiiRxKind::kSymbol;
    } else if (!whole) {
      counted[kCountNoSfd] = 1;
    }
    state.inside = whole;
    state.skip = !whole;
    state.beats = 0;
  } else if (state.inside) {
    const bool full = bytes == 8;
    xgmii_rx_match(state, config);
    kind = full ? XgmiiRxKind::kData : XgmiiRxKind::kEnd;
    if (full && state.beats == kFullBeatsMax) kind = XgmiiRxKind::kGiant;
    if (!full && !terminate) kind = XgmiiRxKind::kSymbol;
    state.inside = kind == XgmiiRxKind::kData;
    state.skip = kind == XgmiiRxKind::kGiant || kind == XgmiiRxKind::kSymbol;
    state.short_frame = state.beats < (card::kFrameBytesMin + 4) / 8;
    state.long_frame = state.beats == kFullBeatsMax && bytes > kLastBytesMax;
    if (full) state.beats += 1;
  } else {
    // Data without a start, where a half beat begins: the upper half may belong to the next start.
    const bool carrier = state.beat.control.range(3, 0) != 0xF;
    if (carrier && !terminate && !state.skip) counted[kCountNoSfd] = 1;
    state.skip = carrier;
  }
  state.crc = state.start ? ap_uint<32>(kCrc32Initial)
                          : ap_uint<32>(crc32_beat<8>(static_cast<std::uint32_t>(state.crc), data));
  state.previous = state.data;
  state.has_previous = state.kind == XgmiiRxKind::kData;
  state.data = data;
  state.kind = kind;
  state.bytes = bytes;
}

/// Which counter the frame whose end beat was classified belongs to, or none (zero) if it is for the host.
inline ap_uint<kMacRxCounters> xgmii_rx_verdict(const MacRxState<8>& state, const MacConfig& config) {
  ap_uint<32> residue = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (state.bytes == i) residue = crc32_residue(8 - i);
  }
  ap_uint<kMacRxCounters> verdict = 0;
  if (state.kind == XgmiiRxKind::kSymbol) {
    verdict[kCountSymbol] = 1;
  } else if (state.kind == XgmiiRxKind::kGiant || state.long_frame) {
    verdict[kCountGiant] = 1;
  } else if (state.short_frame) {
    verdict[kCountRunt] = 1;
  } else if (state.crc != residue) {
    verdict[kCountFcs] = 1;
  } else if (rx_is_pause(state.match)) {
    verdict[kCountPause] = 1;
  } else if (!rx_accepts(state.match, config)) {
    verdict[kCountFiltered] = 1;
  }
  return verdict;
}

/// What the stage `emit` has to say this cycle.
struct XgmiiRxOut {
  bool write = false;
  RxBeat<8> beat;
  bool over = false;  ///< the frame ends here, with or without a beat
  ap_uint<kMacRxCounters> verdict = 0;
};

/// Beats are cut to `bytes`.
inline RxBeat<8> xgmii_rx_last(const ap_uint<64>& data, const ap_uint<4>& bytes, bool bad) {
  RxBeat<8> beat;
  beat.data = data;
  beat.keep = 0xFF >> static_cast<unsigned>(8 - bytes);
  beat.last = true;
  beat.bad = bad;
  return beat;
}

inline XgmiiRxOut xgmii_rx_emit(MacRxState<8>& state, const MacConfig& config) {
  XgmiiRxOut out;
  const bool ends =
      state.kind == XgmiiRxKind::kEnd || state.kind == XgmiiRxKind::kSymbol || state.kind == XgmiiRxKind::kGiant;
  const ap_uint<kMacRxCounters> verdict = xgmii_rx_verdict(state, config);
  const bool bad = verdict != 0;
  out.beat.data = state.previous;
  out.beat.keep = 0xFF;
  if (state.tail != 0) {  // the cycle after an end beat with more than the FCS
    out.write = true;
    out.over = true;
    out.beat = xgmii_rx_last(state.previous, state.tail, state.tail_bad);
    out.verdict = state.tail_verdict;
    state.tail = 0;
  } else if (ends && state.kind == XgmiiRxKind::kEnd && state.bytes > 4) {
    out.write = state.has_previous;
    state.tail = state.bytes - 4;
    state.tail_bad = bad;
    state.tail_verdict = verdict;
  } else if (ends) {
    out.write = state.has_previous;
    out.over = true;
    out.beat = xgmii_rx_last(state.previous,
                             state.kind == XgmiiRxKind::kEnd ? ap_uint<4>(4 + state.bytes) : ap_uint<4>(8), bad);
    out.verdict = verdict;
  } else {
    out.write = state.kind == XgmiiRxKind::kData && state.has_previous;
  }
  return out;
}

}  // namespace detail

template <>
inline void mac_rx<8>(MacRxState<8>& state, wire<Line<8>>& line, wire<bool>& enable, wire<MacConfig>& config,
                      stream<RxBeat<8>>& frame, stream<PauseRequest>& pause, pulse<kMacRxCounters>& counters,
                      wire<bool>& busy) {
  if (!enable.read()) return;
  const Line<8> in = line.read();
  const MacConfig settings = config.read();
  const bool room = !frame.full() && !state.owed;
  ap_uint<kMacRxCounters> counted = 0;

  const detail::XgmiiRxOut out = detail::xgmii_rx_emit(state, settings);
  // A beat that finds no room costs its frame, whose last beat is owed if earlier ones are out.
  const bool write = out.write && !state.lost;
  const bool lost = write && !room;
  if (lost) {
    counted[detail::kCountLost] = 1;
  } else if (out.over && !state.lost) {
    counted = out.verdict;
    if (out.verdict[detail::kCountPause] && settings.pause && !pause.full()) {
      PauseRequest request;
      request.quanta = state.match.quanta;
      pause.write(request);
    }
  }
  if (state.owed && !frame.full()) {
    frame.write(detail::xgmii_rx_last(0, 1, true));
    state.owed = false;
  } else if (write && room) {
    frame.write(out.beat);
  }
  if (lost && state.open) state.owed = true;
  state.open = write && room ? !out.over : state.open && !lost;
  state.lost = (state.lost || lost) && !out.over;

  detail::xgmii_rx_classify(state, settings, counted);
  detail::xgmii_rx_align(state, in);
  counters.write(counted);
  busy.write(state.inside || state.start || state.kind != XgmiiRxKind::kNone || state.tail != 0 || state.owed ||
             state.skip || in.control != 0xFF || state.beat.control != 0xFF);
}

}  // namespace sockwire
