// SPDX-License-Identifier: Apache-2.0
// receive_parser at eight bytes a cycle (see receive_parser.hpp). Headers start two bytes into a group of four, so a
// beat shows parts of three groups: the end of group 2b-1, group 2b, and the start of group 2b+1.
//
//   bytes of beat b    0   1 | 2   3   4   5 | 6   7
//   words              0     | 1       2     | 3
//   group              2b-1  | 2b            | 2b+1        group g is bytes 4g+2 to 4g+5 of the frame
//
// A pipeline: fields; the beat's two sums; the frame's two sums; folds and the verdict.
#pragma once

#include "hls/checksum/internet_sum.hpp"
#include "hls/checksum/receive_parser.hpp"

namespace sockwire {

/// The fields that the sums and the verdict need.
struct ParsedFields {
  bool vlan = false;
  bool ip = false;
  ap_uint<4> version = 0;
  ap_uint<4> ihl = 0;
  ap_uint<16> total = 0;
  bool fragment = false;
  ap_uint<8> protocol = 0;
  ap_uint<4> data_offset = 0;
  ap_uint<16> udp_bytes = 0;
  bool udp_unsummed = false;
};

template <>
struct ReceiveParserState<8> {
  ap_uint<8> next = 0;  ///< number of the beat that comes next
  ParsedFields fields;

  RxBeat<8> beat;  ///< the beat that the fields were taken from, if `valid`
  ap_uint<8> number = 0;
  bool valid = false;

  ap_uint<18> l3_part = 0;  ///< sums of a beat
  ap_uint<19> l4_part = 0;
  ReceiveFacts facts;
  bool part_last = false;  ///< of a good frame

  InternetSum l3_sum = 0;
  InternetSum l4_sum = 0;
  ReceiveFacts sum_facts;
  bool sum_last = false;
  bool part_first = true;  ///< the sums start anew
};

namespace detail {

/// Word `index` of a beat, as a number.
inline ap_uint<16> parser_word(const ap_uint<64>& data, unsigned index) {
  const ap_uint<8> high = data >> (16 * index);
  const ap_uint<8> low = data >> (16 * index + 8);
  return (ap_uint<16>(high) << 8) | low;
}

/// First group of the transport header, if there is one.
inline ap_uint<6> parser_l4_group(const ParsedFields& fields) { return fields.ihl + (fields.vlan ? 4 : 3); }

/// The stage `fields`, for beat `number`.
inline void parser_fields(ParsedFields& fields, const ap_uint<64>& data, const ap_uint<8>& number) {
  const ap_uint<16> word0 = parser_word(data, 0);
  const ap_uint<16> word1 = parser_word(data, 1);
  const ap_uint<16> word2 = parser_word(data, 2);
  const ap_uint<16> word3 = parser_word(data, 3);
  if (number == 1) {
    fields.vlan = word2 == 0x8100;
    fields.ip = word2 == 0x0800;
    fields.version = word3.range(15, 12);
    fields.ihl = word3.range(11, 8);
  } else if (number == 2 && fields.vlan) {
    fields.ip = word0 == 0x0800;
    fields.version = word1.range(15, 12);
    fields.ihl = word1.range(11, 8);
    fields.total = word2;
  } else if (number == 2) {
    fields.total = word0;
    fields.fragment = word2.range(13, 0) != 0;
    fields.protocol = word3.range(7, 0);
  } else if (number == 3 && fields.vlan) {
    fields.fragment = word0.range(13, 0) != 0;
    fields.protocol = word1.range(7, 0);
  }
  if (number == 2) fields.udp_bytes = 1024;  // until it is known: beyond any beat that comes before it
  const ap_uint<6> l4_group = parser_l4_group(fields);
  const ap_uint<9> group = ap_uint<9>(number) << 1;
  if (number >= 4) {  // no transport header starts before byte 34
    if (group == l4_group + 1) fields.udp_bytes = word1;
    if (group + 1 == l4_group + 1) fields.udp_bytes = word3;
    if (group == l4_group + 1) fields.udp_unsummed = word2 == 0;
    if (group == l4_group + 2) fields.udp_unsummed = word0 == 0;
    if (group == l4_group + 3) fields.data_offset = word1.range(15, 12);
    if (group + 1 == l4_group + 3) fields.data_offset = word3.range(15, 12);
  }
}

/// What the fields say of a frame of `bytes` bytes.
inline ReceiveFacts parser_facts(const ParsedFields& fields, const ap_uint<11>& bytes) {
  const ap_uint<5> l3_offset = fields.vlan ? 18 : 14;
  const ap_uint<6> header_bytes = ap_uint<6>(fields.ihl) << 2;
  const ap_uint<16> l4_bytes = fields.total - header_bytes;
  const ap_uint<6> tcp_bytes = ap_uint<6>(fields.data_offset) << 2;
  ReceiveFacts facts;
  facts.bytes = bytes;
  facts.vlan = fields.vlan;
  facts.ip = fields.ip;
  facts.l3_bad =
      fields.version != 4 || fields.ihl < 5 || fields.total < header_bytes || fields.total + l3_offset > bytes;
  facts.fragment = fields.fragment;
  facts.tcp = fields.protocol == 6;
  facts.udp = fields.protocol == 17;
  facts.l4_bad =
      facts.udp ? fields.udp_bytes < 8 || fields.udp_bytes > l4_bytes : tcp_bytes < 20 || tcp_bytes > l4_bytes;
  facts.unsummed = fields.udp_unsummed;
  facts.l4_offset = l3_offset + header_bytes;
  facts.payload_offset = facts.l4_offset + (facts.udp ? ap_uint<6>(8) : tcp_bytes);
  return facts;
}

/// The stage of a beat's two sums.
inline void parser_parts(ReceiveParserState<8>& state) {
  const ParsedFields& fields = state.fields;
  const bool udp = fields.protocol == 17;
  const ap_uint<6> header_bytes = ap_uint<6>(fields.ihl) << 2;
  const ap_uint<16> l4_bytes = udp ? ap_uint<16>(fields.udp_bytes) : ap_uint<16>(fields.total - header_bytes);
  const ap_uint<6> l3_group = fields.vlan ? 4 : 3;
  const ap_uint<6> l4_group = parser_l4_group(fields);
  const ap_uint<11> end = (ap_uint<8>(l4_group) << 2) + 2 + l4_bytes;
  const ap_uint<9> group = ap_uint<9>(state.number) << 1;
  // Bytes of this beat before the transport's end: all, some or none.
  ap_uint<4> within = 0;
  if (state.number < end.range(10, 3)) within = 8;
  if (state.number == end.range(10, 3)) within = end.range(2, 0);

  ap_uint<18> l3 = 0;
  ap_uint<19> l4 = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const ap_uint<16> word = parser_word(state.beat.data, i);
    // Twice the group's number, less one, plus one: 2b-1 + {0, 1, 1, 2}.
    const ap_uint<9> next = group + (i == 0 ? 0 : i == 3 ? 2 : 1);  // the group's number plus one
    const bool in_l3 = next > l3_group && next <= l4_group;
    const bool address = next == l3_group + 4 || next == l3_group + 5;
    const bool in_l4 = next > l4_group;
    const unsigned byte = 2 * i;
    const ap_uint<16> high = within > byte ? ap_uint<16>(word & 0xFF00) : ap_uint<16>(0);
    const ap_uint<16> low = within > byte + 1 ? ap_uint<16>(word & 0x00FF) : ap_uint<16>(0);
    const ap_uint<16> kept = high | low;
    l3 += in_l3 ? word : ap_uint<16>(0);
    l4 += in_l4 ? kept : address ? word : ap_uint<16>(0);
  }
  if (state.beat.last) l4 += ap_uint<17>(l4_bytes + fields.protocol);  // the rest of the pseudo header
  state.l3_part = l3;
  state.l4_part = l4;
}

}  // namespace detail

template <>
inline void receive_parser<8>(ReceiveParserState<8>& state, stream<RxBeat<8>>& frame_in, wire<ap_uint<64>>& now_ns,
                              stream<RxBeat<8>>& frame_out, stream<RxDescriptor>& descriptor) {
  // Folds and the verdict. A frame has fewer than 2^10 words: after one fold only all ones means that it sums up.
  if (state.sum_last) {
    descriptor.write(detail::receive_descriptor(state.sum_facts, fold_once(state.l3_sum) == 0xFFFF,
                                                fold_once(state.l4_sum) == 0xFFFF, now_ns.read()));
  }
  // The frame's sums.
  state.l3_sum = state.l3_part + (state.part_first ? InternetSum(0) : state.l3_sum);
  state.l4_sum = state.l4_part + (state.part_first ? InternetSum(0) : state.l4_sum);
  state.sum_facts = state.facts;
  state.sum_last = state.part_last;

  // A beat's sums.
  ap_uint<4> kept = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (state.beat.keep[static_cast<int>(i)]) kept = i + 1;
  }
  if (state.valid) {
    detail::parser_parts(state);
  } else {
    state.l3_part = 0;
    state.l4_part = 0;
  }
  state.facts = detail::parser_facts(state.fields, (ap_uint<11>(state.number) << 3) + kept);
  state.part_last = state.valid && state.beat.last && !state.beat.bad;
  state.part_first = state.valid && state.number == 0;

  // Fields.
  state.valid = !frame_in.empty();
  if (frame_in.empty()) return;
  const RxBeat<8> beat = frame_in.read();
  frame_out.write(beat);
  detail::parser_fields(state.fields, beat.data, state.next);
  state.beat = beat;
  state.number = state.next;
  state.next = beat.last ? ap_uint<8>(0) : ap_uint<8>(state.next + 1);
}

}  // namespace sockwire
