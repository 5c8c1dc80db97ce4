// SPDX-License-Identifier: Apache-2.0
// Kernels of bit-level logic, each written with whole words, as kernels are. bit_serial/NAME.sv does the same to one
// bit after the other, written from the standard's text, and equivalence_test.cpp proves that hlsc's module is equal to
// it. Every argument is a wire, so a step fires in every cycle.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/checksum/internet_sum.hpp"
#include "hls/mac/crc32.hpp"

namespace sockwire {

struct Crc32State {
  ap_uint<32> crc = kCrc32Initial;
};

/// IEEE 802.3 clause 3.2.9: the register after a byte.
inline void crc32_byte(Crc32State& state, wire<bool>& start, wire<ap_uint<8>>& data, wire<ap_uint<32>>& crc) {
  const ap_uint<32> before = start.read() ? ap_uint<32>(kCrc32Initial) : state.crc;
  state.crc = crc32_beat<1>(static_cast<std::uint32_t>(before), data.read());
  crc.write(state.crc);
}

struct NoState {};

/// The register after eight bytes.
inline void crc32_beat8(NoState& state, wire<ap_uint<32>>& crc, wire<ap_uint<64>>& data, wire<ap_uint<32>>& next) {
  static_cast<void>(state);
  next.write(crc32_beat<8>(static_cast<std::uint32_t>(crc.read()), data.read()));
}

/// The register as it was before seven zero bytes: all three maps of crc32_rewind.
inline void crc32_back(NoState& state, wire<ap_uint<32>>& crc, wire<ap_uint<32>>& earlier) {
  static_cast<void>(state);
  earlier.write(crc32_rewind(static_cast<std::uint32_t>(crc.read()), 7));
}

/// The register after a frame and some zero bytes.
inline void crc32_after(NoState& state, wire<ap_uint<3>>& zero_bytes, wire<ap_uint<32>>& residue) {
  static_cast<void>(state);
  residue.write(crc32_residue(static_cast<unsigned>(zero_bytes.read())));
}

/// RFC 1071: the checksum of one byte and a sum that was carried over.
inline void internet_checksum(NoState& state, wire<ap_uint<25>>& sum, wire<ap_uint<8>>& data, wire<bool>& odd,
                              wire<ap_uint<16>>& checksum) {
  static_cast<void>(state);
  const InternetSum total = sum.read() + beat_sum<1>(data.read(), 1, odd.read());
  checksum.write(checksum_of(fold_again(fold_once(total))));
}

/// The sum of a beat's words, which is not folded yet.
inline void word_sum(NoState& state, wire<ap_uint<64>>& data, wire<ap_uint<8>>& keep, wire<ap_uint<18>>& sum) {
  static_cast<void>(state);
  sum.write(beat_sum<8>(data.read(), keep.read(), false));
}

struct Scrambler58State {
  ap_uint<58> past = detail::low_mask<58>();  ///< the bits sent last, the latest one highest
};

/// IEEE 802.3 clause 49.2.6: s(n) = d(n) + s(n-39) + s(n-58), 64 bits a step, bit 0 first.
inline void scrambler58(Scrambler58State& state, wire<ap_uint<64>>& data, wire<ap_uint<64>>& line) {
  const ap_uint<64> d = data.read();
  const ap_uint<58> past = state.past;
  const ap_uint<39> low = d.range(38, 0) ^ past.range(57, 19) ^ past.range(38, 0);
  const ap_uint<25> from_58_ago = (ap_uint<25>(low.range(5, 0)) << 19) | past.range(57, 39);
  const ap_uint<25> high = d.range(63, 39) ^ low.range(24, 0) ^ from_58_ago;
  const ap_uint<64> sent = (ap_uint<64>(high) << 39) | low;
  state.past = sent >> 6;
  line.write(sent);
}

/// Clause 49.2.10: d(n) = s(n) + s(n-39) + s(n-58).
inline void descrambler58(Scrambler58State& state, wire<ap_uint<64>>& line, wire<ap_uint<64>>& data) {
  const ap_uint<64> s = line.read();
  const ap_uint<122> all = (ap_uint<122>(s) << 58) | state.past;
  data.write(s ^ ap_uint<64>(all.range(82, 19)) ^ ap_uint<64>(all.range(63, 0)));
  state.past = s >> 6;
}

struct StreamCipherState {
  ap_uint<11> past = 0x7FF;  ///< the key's last bits, the latest one highest
};

/// The side-stream scrambler of 100BASE-TX (clause 25, ANSI X3.263): k(n) = k(n-9) + k(n-11), 16 bits a step.
inline void stream_cipher(StreamCipherState& state, wire<ap_uint<16>>& plain, wire<ap_uint<16>>& coded) {
  const ap_uint<11> past = state.past;
  const ap_uint<9> first = past.range(10, 2) ^ past.range(8, 0);
  const ap_uint<20> known = (ap_uint<20>(first) << 11) | past;
  const ap_uint<7> second = known.range(17, 11) ^ known.range(15, 9);
  const ap_uint<16> key = (ap_uint<16>(second) << 9) | first;
  state.past = key >> 5;
  coded.write(plain.read() ^ key);
}

struct ToeplitzState {
  ap_uint<128> key = 0;
  ap_uint<32> hash = 0;
};

/// The hash of receive side scaling, four bits a step. `load` takes a key, whose first bit is the highest.
inline void toeplitz(ToeplitzState& state, wire<bool>& load, wire<ap_uint<128>>& key, wire<ap_uint<4>>& data,
                     wire<ap_uint<32>>& hash, wire<ap_uint<128>>& next_key) {
  const ap_uint<4> nibble = data.read();
  ap_uint<32> next = state.hash;
  for (int i = 0; i < 4; ++i) next ^= nibble[3 - i] ? ap_uint<32>(state.key.range(127 - i, 96 - i)) : ap_uint<32>(0);
  state.hash = load.read() ? ap_uint<32>(0) : next;
  state.key = load.read() ? key.read() : ap_uint<128>((state.key << 4) | state.key.range(127, 124));
  hash.write(state.hash);
  next_key.write(state.key);
}

/// IEEE 802.3 table 36-1: the code groups abcdei of D0 to D31 and of K28, and fghj of Dx.0 to Dx.7 and of A7, for a
/// negative and a positive running disparity; the first letter is the highest bit.
constexpr std::uint8_t kSixBits[33][2] = {
    {0b100111, 0b011000}, {0b011101, 0b100010}, {0b101101, 0b010010}, {0b110001, 0b110001}, {0b110101, 0b001010},
    {0b101001, 0b101001}, {0b011001, 0b011001}, {0b111000, 0b000111}, {0b111001, 0b000110}, {0b100101, 0b100101},
    {0b010101, 0b010101}, {0b110100, 0b110100}, {0b001101, 0b001101}, {0b101100, 0b101100}, {0b011100, 0b011100},
    {0b010111, 0b101000}, {0b011011, 0b100100}, {0b100011, 0b100011}, {0b010011, 0b010011}, {0b110010, 0b110010},
    {0b001011, 0b001011}, {0b101010, 0b101010}, {0b011010, 0b011010}, {0b111010, 0b000101}, {0b110011, 0b001100},
    {0b100110, 0b100110}, {0b010110, 0b010110}, {0b110110, 0b001001}, {0b001110, 0b001110}, {0b101110, 0b010001},
    {0b011110, 0b100001}, {0b101011, 0b010100}, {0b001111, 0b110000}};
constexpr std::uint8_t kFourBits[9][2] = {{0b1011, 0b0100}, {0b1001, 0b1001}, {0b0101, 0b0101},
                                          {0b1100, 0b0011}, {0b1101, 0b0010}, {0b1010, 0b1010},
                                          {0b0110, 0b0110}, {0b1110, 0b0001}, {0b0111, 0b1000}};

struct Encoder8b10bState {
  bool positive = false;  ///< the running disparity
};

/// Clause 36.2.4: a byte HGFEDCBA, or K28.y if `control`, as abcdeifghj.
inline void encoder_8b10b(Encoder8b10bState& state, wire<ap_uint<8>>& data, wire<bool>& control,
                          wire<ap_uint<10>>& code, wire<bool>& positive) {
  const ap_uint<5> x = data.read().range(4, 0);
  const ap_uint<3> y = data.read().range(7, 5);
  const bool k = control.read();
  const ap_uint<6> number = k ? ap_uint<6>(32) : ap_uint<6>(x);
  const std::uint8_t six = kSixBits[number][state.positive ? 1 : 0];
  const bool six_is_even = kSixBits[number][0] == kSixBits[number][1] || number == 7;
  const bool between = six_is_even ? state.positive : !state.positive;
  const bool alternate =
      y == 7 && (k || (!between && (x == 17 || x == 18 || x == 20)) || (between && (x == 11 || x == 13 || x == 14)));
  const ap_uint<4> four_number = alternate ? ap_uint<4>(8) : ap_uint<4>(y);
  // After K28 the four bits are those of the other disparity if they have none of their own.
  const bool turned = k && (y == 1 || y == 2 || y == 5 || y == 6);
  std::uint8_t four = kFourBits[four_number][between ? 1 : 0];
  if (turned && !between) four ^= 0xF;
  const bool four_is_even = y == 1 || y == 2 || y == 3 || y == 5 || y == 6;
  state.positive = four_is_even ? between : !between;
  code.write((ap_uint<10>(six) << 4) | four);
  positive.write(state.positive);
}

/// Words to and from Gray code, and some questions about a word's bits.
inline void bit_questions(NoState& state, wire<ap_uint<16>>& word, wire<ap_uint<16>>& gray, wire<ap_uint<16>>& binary,
                          wire<bool>& parity, wire<ap_uint<5>>& ones, wire<ap_uint<5>>& leading_zeros,
                          wire<ap_uint<5>>& trailing_zeros, wire<ap_uint<16>>& reversed) {
  static_cast<void>(state);
  const ap_uint<16> w = word.read();
  gray.write(w ^ (w >> 1));
  ap_uint<16> b = w;
  for (int step = 1; step < 16; step *= 2) b ^= b >> step;
  binary.write(b);
  const auto bits = static_cast<unsigned>(w.value());
  parity.write(__builtin_parity(bits) != 0);
  ones.write(static_cast<unsigned>(__builtin_popcount(bits)));
  leading_zeros.write(bits == 0 ? 16u : static_cast<unsigned>(__builtin_clz(bits)) - 16u);
  trailing_zeros.write(bits == 0 ? 16u : static_cast<unsigned>(__builtin_ctz(bits)));
  reversed.write(__builtin_bitreverse16(static_cast<std::uint16_t>(bits)));
}

/// Comparisons, sums and shifts of signed and unsigned words.
inline void word_questions(NoState& state, wire<ap_uint<24>>& a, wire<ap_uint<24>>& b, wire<ap_uint<25>>& sum,
                           wire<ap_uint<24>>& difference, wire<bool>& below, wire<bool>& signed_below,
                           wire<ap_uint<24>>& rotated, wire<ap_uint<24>>& shifted) {
  static_cast<void>(state);
  const ap_uint<24> x = a.read();
  const ap_uint<24> y = b.read();
  sum.write(x + y);
  difference.write(x - y);
  below.write(x < y);
  const auto as_signed = [](const ap_uint<24>& word) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(word.value()) << 8) >> 8;
  };
  signed_below.write(as_signed(x) < as_signed(y));
  const int amount = static_cast<int>(y.range(4, 0));
  rotated.write(amount < 24 ? (x << amount) | (x >> (24 - amount)) : x.value());
  shifted.write(static_cast<std::uint64_t>(as_signed(x) >> amount));
}

}  // namespace sockwire
