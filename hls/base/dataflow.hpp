// SPDX-License-Identifier: Apache-2.0
// Whole designs: a dataflow function runs kernels and says which streams and wires join them. It has the shape of a
// kernel: first what it owns, then its ports.
//
//   struct EchoParts {
//     Process<ParserState> parser;
//     stream<Word> words{16};                            // a FIFO of sixteen entries between the two kernels
//     Process<WriterState> writer;
//     busy_wire writer_busy;
//   };
//
//   inline void echo(EchoParts& e, stream<Word>& in, stream<Word>& out) {
//   #pragma HLS dataflow
//     e.parser.run(parser, in, e.words);                 // void parser(ParserState&, stream<Word>&, stream<Word>&)
//     e.writer.run(writer, e.words, out, e.writer_busy);
//   }
//
// All kernels step at once, in whatever order they are called (see stream.hpp). hlsc makes a module of the function,
// with an instance for each call. Natively one call of it is the first half of a clock, and to tick every net is the
// second.
//
// A design is idle when no stream holds anything, no pulse is set and no busy_wire: without an input, and without a
// time that a kernel waits for, nothing will happen any more.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/process.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

namespace detail {

template <typename Net>
struct WidthOf;
template <int kBits>
struct WidthOf<pulse<kBits>> {
  static constexpr int kWidth = kBits;
};
template <int kBits>
struct WidthOf<wire<ap_uint<kBits>>> {
  static constexpr int kWidth = kBits;
};
template <>
struct WidthOf<wire<bool>> {
  static constexpr int kWidth = 1;
};
template <>
struct WidthOf<busy_wire> {
  static constexpr int kWidth = 1;
};

template <typename... Nets>
struct WidthsOf {
  static constexpr int kWidth = 0;
};
template <typename First, typename... Rest>
struct WidthsOf<First, Rest...> {
  static constexpr int kWidth = WidthOf<First>::kWidth + WidthsOf<Rest...>::kWidth;
};

#if !defined(__SYNTHESIS__)

inline std::uint64_t side_by_side(std::uint64_t value, int /*place*/) { return value; }
template <typename First, typename... Rest>
std::uint64_t side_by_side(std::uint64_t value, int place, const First& first, const Rest&... rest) {
  return side_by_side(value | static_cast<std::uint64_t>(first.read()) << place, place + WidthOf<First>::kWidth,
                      rest...);
}

#endif

}  // namespace detail

/// In a dataflow function: `whole` is these pulses and wires side by side, the first in the lowest bits. Nothing else
/// writes it. Comes before the kernels that read it.
template <int kBits, typename... Nets>
void join(wire<ap_uint<kBits>>& whole, Nets&... nets) {
  static_assert(detail::WidthsOf<Nets...>::kWidth == kBits, "the parts of a join make up the whole");
  static_assert(kBits <= 64, "of at most 64 bits");
#if defined(__SYNTHESIS__)
#pragma HLS inline
  static_cast<void>(whole);  // known to hlsc by its name
  static_cast<void>(sizeof...(nets));
#else
  whole.drive(detail::side_by_side(0, 0, nets...));
#endif
}

}  // namespace sockwire
