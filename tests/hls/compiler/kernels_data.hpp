// SPDX-License-Identifier: Apache-2.0
// Kernels about data: arithmetic of every width, shifts, tables, memories, structs.
#pragma once

#include "tests/hls/compiler/kernel_types.hpp"

namespace sockwire {

struct ArithmeticState {
  ap_uint<19> running = 100;
  ap_uint<1> one = 1;
};

constexpr int smaller(int a, int b) { return a < b ? a : b; }

/// Sums, differences, products, comparisons, signed and unsigned, at widths that must be narrowed and must not.
inline void arithmetic(ArithmeticState& state, TEST_PORTS) {
  const Item a = x.read();
  const Item b = z.read();
  state.running += a.odd;
  state.running -= b.pair.low;
  const ap_uint<13> difference = a.pair.low - b.pair.low;
  const int signed_difference = static_cast<int>(a.pair.low) - static_cast<int>(b.pair.low);
  const int limited = smaller(signed_difference < -300 ? -300 : signed_difference, 500);
  Result result;
  result.value = static_cast<std::uint64_t>(limited) * 3 + a.pair.low * b.pair.high + (a.wide - b.wide);
  if (difference > 0x1000) result.value += 1;
  if (a.pair.low - b.pair.low < 17) result.value ^= 0xF0F0;  // wraps in 64 bits, as in C++
  if (static_cast<std::int64_t>(a.wide) < static_cast<std::int64_t>(b.wide)) result.value += 1000;
  result.sum = (a.odd > b.odd ? a.odd : b.odd) + (a.wide < b.wide ? 5u : 6u) + a.odd * b.odd;
  result.color = a.odd == b.odd ? Color::kRed : (a.odd & 0xFF) == (b.odd & 0xFF) ? Color::kGreen : Color::kBlue;
  result.big = a.wide * 10 + static_cast<std::uint64_t>(__builtin_popcountll(b.wide));
  result.sum += static_cast<std::uint64_t>(signed_difference < 0 ? -signed_difference : signed_difference);
  if (a.flag) result.value = __builtin_bswap64(result.value);
  state.one ^= a.flag;
  y.write(result);
  Level shown;
  shown.value = ap_uint<16>(state.running / 8 + state.running % 16);
  shown.seen = state.one == 1;
  level.write(shown);
  const unsigned amount = static_cast<unsigned>(setting.read().amount);
  events.write(ap_uint<4>(amount >= 63 ? 9 : amount > 31 ? 5 : (amount & 1) != 0u ? 2 : 0));
  if (setting.read().enable && shown.value >= 100) w.write(ap_uint<8>(limited >> 2));
}

struct ShiftState {
  ap_uint<100> held = 1;
  ap_uint<24> window = 0;
};

/// Shifts and selections by run-time amounts, on the left side of assignments too.
inline void shifts(ShiftState& state, TEST_PORTS) {
  const Item a = x.read();
  const Setting now = setting.read();
  Result result;
  result.value = (a.wide << now.amount) ^ (a.wide >> (now.amount & 31));
  result.sum = a.odd << (a.pair.high & 15);
  const int lane = static_cast<int>(a.pair.low & 7);
  result.value.range(8 * lane + 7, 8 * lane) = a.bytes[0];
  result.big = (a.big >> now.amount) | (ap_uint<100>(a.bytes[1]) << a.pair.high);
  result.big[now.amount] = a.flag;
  if (a.wide[now.amount]) result.sum += 1;
  result.sum ^= a.wide.range(8 * lane + 7, 8 * lane);
  const int rotation = static_cast<int>(a.pair.low & 63);
  result.value ^= rotation == 0 ? a.wide.value() : (a.wide << rotation) | (a.wide >> (64 - rotation));
  result.value += static_cast<std::uint64_t>(static_cast<std::int64_t>(a.wide) >> now.amount);
  state.window = ap_uint<24>((state.window << 8) | a.bytes[2]);
  state.held = ap_uint<100>(a.flag ? state.held << 3 : state.held ^ a.big);
  result.big ^= state.held;
  y.write(result);
  if (a.color == Color::kGreen) w.write(z.read().bytes[0]);
  Level shown;
  shown.value = ap_uint<16>(state.window >> 8);
  level.write(shown);
  events.write(ap_uint<4>(1u << (now.amount & 3)));
}

struct Entry {
  ap_uint<9> weight;
  bool even;
  std::uint8_t letters[3];
};

constexpr std::uint16_t kPrimes[11] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31};
constexpr std::uint8_t kGrid[4][5] = {{1, 2, 3, 4, 5}, {9, 8, 7, 6, 5}, {0, 255, 0, 255, 128}, {11, 22, 33, 44, 55}};
constexpr std::uint64_t kOffsets[8] = {1, 0x8000000000000000u, 3, 77, 5, 1u << 30, 7, 8};
constexpr Entry kEntries[3] = {{300, true, {1, 2, 3}}, {511, false, {7, 8, 9}}, {5, true, {250, 251, 252}}};

struct TableState {
  ap_uint<4> at = 0;
  Color color = Color::kBlue;
};

/// Tables of constants: of words, of rows, of structs, a choice between two, a shift of the index, pointers into one.
inline void tables(TableState& state, TEST_PORTS) {
  const Item a = x.read();
  const unsigned column = static_cast<unsigned>(a.pair.low % 8) < 5 ? static_cast<unsigned>(a.pair.low % 8) : 4;
  const ap_uint<2> row = ap_uint<2>(a.odd);
  Result result;
  result.value = kGrid[row][column];
  result.sum = kOffsets[a.pair.high & 7];
  result.big = a.flag ? kPrimes[state.at] : kOffsets[7 - (a.pair.high & 7)];
  const ap_uint<2> entry = row == 3 ? ap_uint<2>(1) : row;
  result.value += kEntries[entry].weight;
  if (kEntries[entry].even) result.value += kEntries[entry].letters[column < 3 ? column : 2];
  static constexpr std::int8_t kSigned[4] = {-1, 5, -100, 7};
  result.value += static_cast<std::uint64_t>(static_cast<std::int64_t>(kSigned[row]));
  // A pointer into a table, which may be indexed in both directions.
  const std::uint16_t* prime = &kPrimes[4 + row];
  result.big ^= prime[a.pair.low & 3] * prime[static_cast<int>(column) - 4];
  state.at = state.at == 10 ? ap_uint<4>(0) : ap_uint<4>(state.at + 1);
  switch (a.bytes[0] & 7) {
    case 0:
      state.color = Color::kRed;
      break;
    case 1:
    case 6:
      state.color = Color::kGreen;
      break;
    case 3:
      result.value = 0;
      break;
    case 4:
      result.value = result.sum;
      break;
    default:
      state.color = a.color;
  }
  result.color = state.color;
  y.write(result);
  w.write(a.flag ? z.read().bytes[1] : ap_uint<8>(kGrid[3 - row][2]));
  Level shown;
  shown.value = kPrimes[state.at];
  level.write(shown);
  events.write(ap_uint<4>(setting.read().amount & kGrid[1][row]));
}

struct Holder {
  Item item;
  Pair pairs[3];
  bool full = false;
};

struct StructState {
  Holder holders[2];
  ap_uint<128> wide = 1;
  ap_uint<65> over = 0;
};

inline Pair swapped(const Pair& pair) {
  Pair result;
  result.low = pair.high;
  result.high = pair.low;
  return result;
}

inline Holder& pick(StructState& state, bool second) { return second ? state.holders[1] : state.holders[0]; }

/// Structs in structs, by value and by reference; arrays of them; words of 65 to 128 bits.
inline void structs(StructState& state, TEST_PORTS) {
  const Item a = x.read();
  Holder next = state.holders[0];
  if (state.holders[1].full) next.pairs[1] = swapped(state.holders[1].pairs[2]);
  state.holders[1] = state.holders[0];
  next.item = a;
  next.pairs[0] = a.pair;
  next.pairs[2] = swapped(next.pairs[1]);
  next.full = a.flag;
  state.holders[0] = next;
  state.wide = ap_uint<128>((state.wide << 5) + a.big * 3);
  state.over = ap_uint<65>(state.over + a.wide);
  Result result;
  const Holder chosen = pick(state, a.bytes[0][0]);
  result.value = chosen.item.wide;
  result.sum = chosen.pairs[2].low + (static_cast<std::uint64_t>(chosen.pairs[1].high) << 20);
  result.color = chosen.item.color;
  result.big = (state.wide >> 28) ^ state.over;
  if (a.flag && setting.read().enable) {
    const Item b = z.read();
    result.color = b.color;
    w.write(b.bytes[2]);
  }
  y.write(result);
  Level shown;
  shown.value = state.wide.range(99, 84);
  shown.seen = state.wide < a.big;
  level.write(shown);
  events.write(ap_uint<4>(state.over >> 61));
}

struct ArrayState {
  Pair slots[5];
  ap_uint<16> counts[4] = {9, 8, 7, 6};
  ap_uint<3> at = 0;
};

/// Plain arrays with a run-time index: registers behind a mux and a decoder.
inline void arrays(ArrayState& state, TEST_PORTS) {
  const Item a = x.read();
  const ap_uint<2> which = ap_uint<2>(a.odd);
  state.counts[which] += a.pair.low;
  if (a.flag) state.slots[state.at] = a.pair;
  Result result;
  result.value = state.slots[a.color == Color::kBlue ? 4 : 2].low;
  const ap_uint<3> other = a.bytes[0] < 200 ? ap_uint<3>(a.bytes[0] & 3) : ap_uint<3>(4);
  const Pair seen = state.slots[other];
  result.sum = seen.low + (static_cast<std::uint64_t>(seen.high) << 16);
  ap_uint<8> local[3] = {a.bytes[2], a.bytes[1], a.bytes[0]};
  if (which != 3) local[which] = 0x5A;
  result.big = (static_cast<std::uint64_t>(local[0]) << 16) | (static_cast<std::uint64_t>(local[1]) << 8) | local[2];
  state.at = state.at == 4 ? ap_uint<3>(0) : ap_uint<3>(state.at + 1);
  y.write(result);
  w.write(setting.read().enable ? z.read().bytes[0] : ap_uint<8>(state.at));
  Level shown;
  shown.value = state.counts[which];
  level.write(shown);
  events.write(ap_uint<4>(which));
}

}  // namespace sockwire
