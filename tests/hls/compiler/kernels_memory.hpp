// SPDX-License-Identifier: Apache-2.0
// Kernels about memories.
#pragma once

#include "tests/hls/compiler/kernel_types.hpp"

namespace sockwire {

struct MemoryState {
  ap_uint<4> at = 0;
};

/// Memories with asynchronous reads: of words and of structs, several reads in a step, writes under conditions.
inline void memories(MemoryState& state, mem<Item, 16>& items, mem<ap_uint<7>, 32>& words, TEST_PORTS) {
  const Item a = x.read();
  const Item old = items.read(state.at);
  if (a.flag) items.write(a.pair.low, a);
  const ap_uint<7> one = words.read(a.bytes[0]);
  const ap_uint<7> two = words.read(a.bytes[1] & 31);
  if (a.color == Color::kRed) {
    words.write(a.bytes[0], one + 1);
  } else if (a.color == Color::kGreen) {
    words.write(a.bytes[1], two ^ a.bytes[2]);
  }
  Result result;
  result.value = old.wide;
  result.big = old.big;
  result.color = old.color;
  result.sum = one + two + (a.flag ? words.read(3) : words.read(old.pair.high));
  y.write(result);
  if (old.flag) w.write(z.read().bytes[1]);
  state.at += 1;
  Level shown;
  shown.value = old.odd;
  if (setting.read().enable) level.write(shown);
  events.write(ap_uint<4>(one));
}

struct BlockState {
  ap_uint<7> next = 0;
  bool asked = false;
  ap_uint<2> bank = 0;
};

/// Block RAMs: what was asked for in a fired step is there in the next one, and stays; a read beside a write of the
/// same entry gives the old value; banks with addresses of their own.
inline void blocks(BlockState& state, bram<Item, 128>& items, banked<ap_uint<8>, 64, 4>& lanes, TEST_PORTS) {
  const Setting now = setting.read();
  Result result;
  const Item old = items.data();
  for (int i = 0; i < 4; ++i) result.value.range(8 * i + 7, 8 * i) = lanes.bank[i].data();
  result.sum = old.odd;
  result.big = old.big;
  result.color = old.color;
  if (state.asked) y.write(result);
  const Item a = x.read();
  state.asked = a.flag;
  if (a.flag) items.request(a.bytes[0] & 15);
  if (a.color != Color::kBlue) items.write(a.bytes[1] & 15, a);
  for (int i = 0; i < 4; ++i) {
    const unsigned lane = (static_cast<unsigned>(i) + static_cast<unsigned>(state.bank)) & 3;
    if (now.enable) lanes.bank[i].request((a.pair.low + lane) & 7);
    if (a.bytes[2][i]) lanes.bank[i].write((a.pair.low + i) & 7, ap_uint<8>(a.wide >> (8 * lane)));
  }
  state.bank += 1;
  state.next += 1;
  if (a.bytes[2] == 7) w.write(z.read().bytes[0]);
  Level shown;
  shown.value = state.next;
  level.write(shown);
  events.write(ap_uint<4>(now.amount));
}

/// Squares, as what a memory starts with.
struct Squares {
  static constexpr ap_uint<32> at(int index) { return static_cast<unsigned>(index * index); }
};

struct CounterState {
  ap_uint<8> steps = 0;
};

/// Counters in a memory that starts with other than zeros and is large enough to be block RAM, each read and written in
/// a step that may follow the one that wrote it at once; in one of block RAM by its pragma, that is read at one address
/// and written at another; and two words that are registers.
inline void counters(CounterState& state, mem<ap_uint<32>, 512, Squares>& totals, mem<Item, 16>& items,
                     mem<ap_uint<9>, 2>& pair, TEST_PORTS) {
#pragma HLS bind_storage variable = items type = ram_2p impl = bram
  const Item a = x.read();
  const ap_uint<9> at = ap_uint<9>((a.bytes[0] & 3) | (a.bytes[1] << 7));
  const ap_uint<32> total = totals.read(at);
  if (a.flag) totals.write(at, total + a.odd);
  const Item old = items.read(a.bytes[2] & 3);
  if (a.color != Color::kRed) items.write(a.pair.high & 3, a);
  const ap_uint<9> word = pair.read(a.pair.low[0]);
  pair.write(a.pair.low[1], word + 1);
  Result result;
  result.value = old.wide;
  result.big = old.big;
  result.color = old.color;
  result.sum = total;
  y.write(result);
  if (a.bytes[2] == 1) w.write(z.read().bytes[1]);
  state.steps += 1;
  Level shown;
  shown.value = word;
  if (setting.read().enable) level.write(shown);
  events.write(ap_uint<4>(state.steps));
}

}  // namespace sockwire
