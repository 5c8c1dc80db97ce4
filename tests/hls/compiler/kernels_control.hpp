// SPDX-License-Identifier: Apache-2.0
// Kernels about control: machines, conditional ports, loops, functions.
#pragma once

#include "tests/hls/compiler/kernel_types.hpp"

namespace sockwire {

enum class Phase : std::uint8_t { kIdle, kRun, kMerge, kDone };

struct MachineState {
  Phase phase = Phase::kRun;
  ap_uint<7> count = 3;
  ap_uint<64> sum = 77;
  Level shown;
};

/// A machine with conditional reads and writes, early returns, and a wire that keeps what it was told.
inline void machine(MachineState& state, TEST_PORTS) {
  events.write(ap_uint<4>(state.count & 15));
  const Setting now = setting.read();
  if (!now.enable) {
    events.write(8);
    return;
  }
  switch (state.phase) {
    case Phase::kIdle:
      if (now.amount == 9) state.phase = Phase::kRun;
      state.count += 1;
      if (state.count == 100) state.phase = Phase::kDone;
      break;
    case Phase::kRun: {
      const Item item = x.read();
      state.sum += item.wide;
      if (item.flag) state.phase = Phase::kMerge;
      if (item.color == Color::kBlue) w.write(item.bytes[1]);
      break;
    }
    case Phase::kMerge: {
      const Item item = z.read();
      Result result;
      result.value = state.sum;
      result.sum = item.odd + item.pair.low;
      result.color = item.color;
      y.write(result);
      state.shown.value = ap_uint<16>(item.odd);
      state.shown.seen = !state.shown.seen;
      level.write(state.shown);
      state.phase = item.flag ? Phase::kDone : Phase::kIdle;
      break;
    }
    case Phase::kDone:
      state.count -= 5;
      state.phase = state.count[3] ? Phase::kIdle : Phase::kRun;
      break;
  }
}

struct ArbiterState {
  bool turn = false;
  ap_uint<20> served = 0;
};

/// An arbiter: looks at what is there and where there is room, and writes one stream from exclusive branches.
inline void arbiter(ArbiterState& state, TEST_PORTS) {
  const bool can_x = !x.empty() && !w.full();
  const bool can_z = !z.empty();
  const bool take_x = can_x && (state.turn || !can_z);
  Result result;
  if (take_x) {
    const Item item = x.read();
    result.value = item.wide;
    result.color = Color::kRed;
    y.write(result);
    w.write(item.bytes[0]);
    state.turn = false;
  }
  if (!take_x && can_z) {
    const Item item = z.read();
    result.value = ~item.wide;
    result.color = Color::kBlue;
    result.big = item.big;
    y.write(result);
    state.turn = true;
  }
  if (take_x || can_z) state.served += 1;
  events.write(ap_uint<4>((can_x ? 1 : 0) | (can_z ? 2 : 0) | (y.full() ? 4 : 0)));
  Level shown;
  shown.value = ap_uint<16>(state.served >> setting.read().amount);
  shown.seen = state.turn;
  level.write(shown);
}

struct LoopState {
  ap_uint<32> crc = 0xFFFFFFFF;
  ap_uint<16> sum = 0;
  ap_uint<8> last[3] = {1, 2, 3};
};

template <int kBytes>
inline ap_uint<32> crc_of(ap_uint<32> crc, const ap_uint<8 * kBytes>& data) {
  for (int byte = 0; byte < kBytes; ++byte) {
    crc ^= data.range(8 * byte + 7, 8 * byte);
    for (int bit = 0; bit < 8; ++bit) crc = ap_uint<32>((crc >> 1) ^ (crc[0] ? 0xEDB88320u : 0u));
  }
  return crc;
}

inline void shift_in(ap_uint<8> (&history)[3], const ap_uint<8>& byte) {
  history[2] = history[1];
  history[1] = history[0];
  history[0] = byte;
}

inline ap_uint<16> folded(const ap_uint<64>& data) {
  std::uint64_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += data.range(16 * i + 15, 16 * i);
  sum = (sum & 0xFFFF) + (sum >> 16);
  return ap_uint<16>((sum & 0xFFFF) + (sum >> 16));
}

/// Loops with a constant bound, with break and continue, nested, in templates; arrays by reference.
inline void loops(LoopState& state, TEST_PORTS) {
  const Item item = x.read();
  state.crc = item.flag ? crc_of<8>(state.crc, item.wide) : crc_of<1>(state.crc, item.bytes[0]);
  state.sum = folded(item.wide);
  shift_in(state.last, item.bytes[2]);
  int first = 64;
  int odd_ones = 0;
  for (int i = 0; i < 64; ++i) {
    if (item.wide[i]) {
      first = i;
      break;
    }
  }
  for (int i = 0; i < 19; ++i) {
    if ((i & 1) == 0) continue;
    odd_ones += item.odd[i] ? 1 : 0;
  }
  Result result;
  result.value = (static_cast<std::uint64_t>(state.crc) << 32) | state.sum;
  result.sum = static_cast<std::uint64_t>(first);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j <= i; ++j) result.big = ap_uint<100>((result.big << 7) ^ state.last[j]);
  }
  y.write(result);
  if (item.pair.high == 3) w.write(z.read().bytes[2]);
  Level shown;
  shown.value = static_cast<unsigned>(odd_ones);
  if (setting.read().enable) level.write(shown);
  events.write(state.last[2].range(3, 0));
}

struct CorrelatedState {
  ap_uint<3> step = 0;
  bool busy = false;
};

/// The same port in branches whose conditions exclude each other without being one if; a pulse that is written twice.
inline void correlated(CorrelatedState& state, TEST_PORTS) {
  const ap_uint<3> step = state.step;
  if (step == 1) w.write(1);
  if (step == 2) w.write(2);
  if (step == 5 && setting.read().enable) w.write(ap_uint<8>(setting.read().amount));
  const bool left = step < 4;
  if (left) {
    state.busy = x.read().flag;
    events.write(1);
  }
  Result result;
  if (!left) {
    const Item item = x.read();
    result.value = item.wide;
    result.big = item.big;
    result.color = item.color;
  } else if (state.busy) {
    result.sum = z.read().odd;
  } else {
    result.sum = step;
  }
  y.write(result);
  if (state.busy) events.write(6);
  Level shown;
  shown.seen = state.busy;
  level.write(shown);
  state.step += 1;
}

struct DeepState {
  ap_uint<64> unused = 5;  // never written: a constant
  ap_uint<8> unseen = 0;   // never looked at: no register
  ap_uint<12> sequence = 0;
};

/// Output FIFOs deeper than two; state that is constant or never seen; names that SystemVerilog keeps for itself.
template <int kStep>
inline void deep(DeepState& state, TEST_PORTS) {
  const Setting logic = setting.read();
  state.unseen += 1;
  state.sequence += kStep;
  const Item always = x.read();
  Result wire;
  wire.value = always.wide + state.unused;
  wire.sum = state.sequence;
  if (state.sequence[0] || always.flag) y.write(wire);
  if (logic.enable) w.write(z.read().bytes[0]);
  Level begin;
  begin.value = state.sequence;
  level.write(begin);
  events.write(ap_uint<4>(state.sequence));
}

}  // namespace sockwire
