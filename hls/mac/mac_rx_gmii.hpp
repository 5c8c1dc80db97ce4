// SPDX-License-Identifier: Apache-2.0
// mac_rx at a byte a cycle (see mac_rx.hpp): IEEE 802.3 clauses 4.2 and 35. Five bytes are held back: four that may be
// the FCS, and one that may be the last before it.
#pragma once

#include "hls/card/layout.hpp"
#include "hls/mac/crc32.hpp"
#include "hls/mac/mac_rx.hpp"

namespace sockwire {

/// kSkip: what is left of a carrier is of no use any more.
enum class GmiiRxStep : std::uint8_t { kIdle, kPreamble, kData, kSkip };

/// How a frame's first bytes compare, so far.
struct RxMatch {
  bool own = false;
  bool broadcast = false;
  bool group = false;
  bool pause_address = false;  ///< 01-80-C2-00-00-01, annex 31B.1
  bool pause_type = false;     ///< MAC control, opcode PAUSE
  ap_uint<16> quanta = 0;
};

template <>
struct MacRxState<1> {
  GmiiRxStep step = GmiiRxStep::kIdle;
  ap_uint<4> preamble = 0;  ///< bytes of it so far
  ap_uint<11> bytes = 0;    ///< of the frame, FCS included
  ap_uint<32> crc = 0;
  ap_uint<40> held = 0;  ///< the last five bytes, the oldest in 7:0
  RxMatch match;
  bool symbol = false;         ///< the PHY signalled an error in this frame
  bool open = false;           ///< beats of this frame are out, its last is not
  bool owed = false;           ///< a lost frame's bad last beat has to go out first
  bool false_carrier = false;  ///< the PHY signals one now
  bool pausing = false;        ///< the frame that ended was a PAUSE to be honoured
};

namespace detail {

/// Bits of `counters`.
constexpr unsigned kCountFcs = 0;
constexpr unsigned kCountAlignment = 1;
constexpr unsigned kCountRunt = 2;
constexpr unsigned kCountGiant = 3;
constexpr unsigned kCountSymbol = 4;
constexpr unsigned kCountFiltered = 5;
constexpr unsigned kCountPause = 6;
constexpr unsigned kCountNoSfd = 7;
constexpr unsigned kCountLost = 8;

/// Is a whole and right frame for the host?
inline bool rx_accepts(const RxMatch& match, const MacConfig& config) {
  return config.promiscuous || match.own || (match.broadcast && config.broadcast) ||
         (match.group && config.all_multicast);
}

inline bool rx_is_pause(const RxMatch& match) { return match.pause_type && (match.pause_address || match.own); }

/// Byte `index` of a frame, up to 17.
inline void gmii_rx_match(RxMatch& match, const ap_uint<11>& index, const ap_uint<8>& byte, const MacConfig& config) {
  if (index == 0) {
    match.own = true;
    match.broadcast = true;
    match.group = byte[0];
    match.pause_address = true;
    match.pause_type = true;
  }
  ap_uint<8> own = 0;
  for (unsigned i = 0; i < 6; ++i) {
    if (index == i) own = config.address >> (8 * i);
  }
  ap_uint<8> pause = 0;
  if (index == 0 || index == 5 || index == 15) pause = 0x01;
  if (index == 1) pause = 0x80;
  if (index == 2) pause = 0xC2;
  if (index == 12) pause = 0x88;
  if (index == 13) pause = 0x08;
  if (index < 6) {
    match.own = match.own && byte == own;
    match.broadcast = match.broadcast && byte == 0xFF;
    match.pause_address = match.pause_address && byte == pause;
  } else if (index >= 12 && index < 16) {
    match.pause_type = match.pause_type && byte == pause;
  } else if (index >= 16) {
    match.quanta = (ap_uint<16>(match.quanta) << 8) | byte;
  }
}

/// Which counter a frame that is over belongs to, or none (zero) if it is for the host.
inline ap_uint<kMacRxCounters> gmii_rx_verdict(const MacRxState<1>& state, bool dribble, const MacConfig& config) {
  ap_uint<kMacRxCounters> verdict = 0;
  if (state.symbol) {
    verdict[kCountSymbol] = 1;
  } else if (state.bytes < card::kFrameBytesMin + 4) {
    verdict[kCountRunt] = 1;
  } else if (state.crc != kCrc32Residue) {
    verdict[kCountAlignment] = dribble;
    verdict[kCountFcs] = !dribble;
  } else if (rx_is_pause(state.match)) {
    verdict[kCountPause] = 1;
  } else if (!rx_accepts(state.match, config)) {
    verdict[kCountFiltered] = 1;
  }
  return verdict;
}

}  // namespace detail

template <>
inline void mac_rx<1>(MacRxState<1>& state, wire<Line<1>>& line, wire<bool>& enable, wire<MacConfig>& config,
                      stream<RxBeat<1>>& frame, stream<PauseRequest>& pause, pulse<kMacRxCounters>& counters,
                      wire<bool>& busy) {
// Nothing of it leaves before five bytes of a frame are in it.
#pragma HLS reset variable = state.held off
  constexpr int kHeldBytes = 5;
  constexpr std::uint8_t kFalseCarrier = 0x0E;  // table 35-2
  const bool enabled = enable.read();
  const Line<1> in = line.read();
  const MacConfig settings = config.read();
  const bool room = !frame.full() && !state.owed;

  ap_uint<kMacRxCounters> counted = 0;
  RxBeat<1> out;
  out.data = state.held;
  out.keep = 1;
  bool write = false;  // a beat of this frame
  bool over = false;   // its last
  if (state.pausing && !pause.full()) {
    PauseRequest request;
    request.quanta = state.match.quanta;
    pause.write(request);
  }
  state.pausing = false;
  const bool was_false_carrier = state.false_carrier;
  if (enabled) {
    state.false_carrier = !in.valid && in.error && in.data == kFalseCarrier;
    if (state.false_carrier && !was_false_carrier) counted[detail::kCountNoSfd] = 1;
  }

  if (enabled && in.valid) {
    switch (state.step) {
      case GmiiRxStep::kIdle:
      case GmiiRxStep::kPreamble:
        // Clause 35.2.3.2.2: the preamble may come shortened, never longer.
        state.bytes = 0;
        state.crc = kCrc32Initial;
        state.symbol = in.error || (state.step == GmiiRxStep::kPreamble && state.symbol);
        if (in.data == 0xD5) {
          state.step = GmiiRxStep::kData;
        } else if (state.step == GmiiRxStep::kPreamble && state.preamble == 15) {
          counted[detail::kCountNoSfd] = 1;
          state.step = GmiiRxStep::kSkip;
        } else {
          state.preamble = state.step == GmiiRxStep::kIdle ? ap_uint<4>(1) : ap_uint<4>(state.preamble + 1);
          state.step = GmiiRxStep::kPreamble;
        }
        break;
      case GmiiRxStep::kData:
        write = state.bytes >= kHeldBytes;
        if (state.bytes < 18) detail::gmii_rx_match(state.match, state.bytes, in.data, settings);
        state.crc = crc32_beat<1>(static_cast<std::uint32_t>(state.crc), in.data);
        state.held = (state.held >> 8) | (ap_uint<40>(in.data) << 32);
        state.symbol = state.symbol || in.error;
        if (state.bytes == card::kFrameBytesMax + 4) {
          over = true;
          out.bad = true;
          counted[state.symbol ? detail::kCountSymbol : detail::kCountGiant] = room;
          state.step = GmiiRxStep::kSkip;
        }
        state.bytes += 1;
        break;
      case GmiiRxStep::kSkip:
        break;
    }
  } else if (enabled) {
    if (state.step == GmiiRxStep::kPreamble) counted[detail::kCountNoSfd] = 1;
    if (state.step == GmiiRxStep::kData) {
      write = state.bytes >= kHeldBytes;
      over = true;
      const ap_uint<kMacRxCounters> verdict = detail::gmii_rx_verdict(state, in.dribble, settings);
      out.bad = verdict != 0;
      if (room || !write) counted = counted | verdict;
      state.pausing = verdict[detail::kCountPause] && room && settings.pause;
    }
    state.step = GmiiRxStep::kIdle;
  }
  out.last = over;

  // A beat that finds no room costs its frame, whose last beat is owed if earlier ones are out.
  const bool lost = write && !room;
  if (lost) {
    counted[detail::kCountLost] = 1;
    if (state.step == GmiiRxStep::kData) state.step = GmiiRxStep::kSkip;
  }
  if (state.owed && !frame.full()) {
    RxBeat<1> end;
    end.keep = 1;
    end.last = true;
    end.bad = true;
    frame.write(end);
    state.owed = false;
  } else if (write && room) {
    frame.write(out);
  }
  if (lost && state.open) state.owed = true;
  state.open = write && room ? !over : state.open && !lost;
  counters.write(counted);
  busy.write(state.step != GmiiRxStep::kIdle || state.owed || state.pausing || in.valid);
}

}  // namespace sockwire
