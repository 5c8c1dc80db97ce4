// SPDX-License-Identifier: Apache-2.0
// receive_parser at a byte a cycle (see receive_parser.hpp). Positions are counted from the start of the header that is
// passing, so that all fields lie at constant places, and the lengths are counted down.
#pragma once

#include "hls/checksum/receive_parser.hpp"

namespace sockwire {

enum class RxRegion : std::uint8_t { kMac, kL3, kL4, kOther };

template <>
struct ReceiveParserState<1> {
  RxRegion region = RxRegion::kMac;
  ap_uint<6> index = 0;     ///< from the header's start, up to 63
  ap_uint<8> previous = 0;  ///< byte
  ap_uint<4> ihl = 0;
  ap_uint<11> left = 0;      ///< bytes of the datagram, this one included, once its length is known
  ap_uint<11> udp_left = 0;  ///< the same by UDP's own length
  ap_uint<17> l3_sum = 0;    ///< bit 16 is a carry that is still to be added (RFC 1071 section 2)
  ap_uint<17> l4_sum = 0;
  ReceiveFacts facts;
  bool over = false;  ///< the frame's last byte has passed: its descriptor is due
  bool first = true;  ///< the next byte begins a frame
};

namespace detail {

inline ap_uint<17> parser_add(const ap_uint<17>& sum, const ap_uint<16>& word) {
  return ap_uint<17>(sum.range(15, 0) + word + sum.range(16, 16));
}

/// Is the sum, with its carry added, all ones?
inline bool parser_sums_up(const ap_uint<17>& sum) { return sum == 0xFFFF || sum == 0x1FFFE; }

inline void parser_mac_byte(ReceiveParserState<1>& state, const ap_uint<8>& byte) {
  const ap_uint<16> type = (ap_uint<16>(state.previous) << 8) | byte;
  if (state.facts.bytes == 13 && type == 0x8100) {
    state.facts.vlan = true;
  } else if (state.facts.bytes == 13 || state.facts.bytes == 17) {
    state.facts.ip = type == 0x0800;
    state.region = type == 0x0800 ? RxRegion::kL3 : RxRegion::kOther;
    state.index = 0;
  }
}

/// A byte of the IPv4 header (RFC 791 3.1). Returns what it adds to the transport's sum: the pseudo header's addresses,
/// protocol and, in the checksum's place, the length; UDP's own length counts there instead.
inline ap_uint<16> parser_l3_byte(ReceiveParserState<1>& state, const ap_uint<8>& byte, const ap_uint<16>& word) {
  ReceiveFacts& facts = state.facts;
  ap_uint<16> add = 0;
  const ap_uint<6> header_bytes = ap_uint<6>(state.ihl) << 2;
  const bool ends = state.index != 0 && state.index + 1 == header_bytes;
  if (state.index == 0) {
    state.ihl = byte;
    facts.l3_bad = byte.range(7, 4) != 4 || byte.range(3, 0) < 5;
    if (facts.l3_bad) state.region = RxRegion::kOther;
  } else if (state.index == 3) {
    const ap_uint<16> total = (ap_uint<16>(state.previous) << 8) | byte;
    if (total.range(15, 11) != 0 || total < 20) facts.l3_bad = true;
    state.left = total - 4;
  } else if (state.index == 6) {
    facts.fragment = byte.range(5, 0) != 0;
  } else if (state.index == 7) {
    facts.fragment = facts.fragment || byte != 0;
  } else if (state.index == 9) {
    facts.tcp = byte == 6;
    facts.udp = byte == 17;
    add = word;
  } else if (state.index == 10 && !facts.udp) {
    add = state.left;  // total - 10
  } else if (state.index == 11 && !facts.udp) {
    add = 0xFFFF + 10 - header_bytes;  // minus (header_bytes - 10)
  } else if (state.index >= 12 && state.index < 20) {
    add = word;
  }
  if (state.index >= 4 && state.left == 0) facts.l3_bad = true;
  state.index += 1;
  if (ends) {
    state.region = RxRegion::kL4;
    state.index = 0;
    facts.l4_offset = facts.bytes + 1;
    facts.l4_bad = true;  // until its lengths are seen to fit
    state.udp_left = 8;
  }
  return add;
}

/// A byte of the transport header or its payload (RFC 9293 3.1, RFC 768). Returns what it adds to the sum.
inline ap_uint<16> parser_l4_byte(ReceiveParserState<1>& state, const ap_uint<8>& byte, const ap_uint<16>& word) {
  ReceiveFacts& facts = state.facts;
  const bool within = state.left != 0 && !(facts.udp && state.udp_left == 0);
  ap_uint<16> add = within ? word : ap_uint<16>(0);
  if (state.udp_left != 0) state.udp_left -= 1;
  if (facts.tcp && state.index == 12) {
    const ap_uint<6> header_bytes = ap_uint<6>(byte.range(7, 4)) << 2;
    facts.l4_bad = header_bytes < 20 || header_bytes > state.left + 12;
    facts.payload_offset = facts.l4_offset + header_bytes;
  } else if (facts.udp && (state.index == 4 || state.index == 5)) {
    const ap_uint<16> bytes = (ap_uint<16>(state.previous) << 8) | byte;
    add = ap_uint<16>((ap_uint<17>(word) << 1) | word.range(15, 15));  // twice: for the pseudo header, too
    if (state.index == 5) {
      facts.l4_bad = bytes < 8 || bytes > state.left + 5;
      state.udp_left = bytes - 6;
      facts.payload_offset = facts.l4_offset + 8;
    }
  } else if (state.index == 7) {
    facts.unsummed = byte == 0 && state.previous == 0;
  }
  if (state.index != 63) state.index += 1;
  return add;
}

}  // namespace detail

template <>
inline void receive_parser<1>(ReceiveParserState<1>& state, stream<RxBeat<1>>& frame_in, wire<ap_uint<64>>& now_ns,
                              stream<RxBeat<1>>& frame_out, stream<RxDescriptor>& descriptor) {
  if (state.over) {
    descriptor.write(detail::receive_descriptor(state.facts, detail::parser_sums_up(state.l3_sum),
                                                detail::parser_sums_up(state.l4_sum), now_ns.read()));
    state.over = false;
  }
  if (frame_in.empty()) return;
  const RxBeat<1> beat = frame_in.read();
  frame_out.write(beat);
  if (state.first) {
    state.region = RxRegion::kMac;
    state.l3_sum = 0;
    state.l4_sum = 0;
    state.facts = ReceiveFacts();
  }
  state.first = beat.last;

  const ap_uint<8> byte = beat.data;
  const bool low = state.facts.bytes[0];  // headers start at even places: the second byte of a word
  const ap_uint<16> word = low ? ap_uint<16>(byte) : ap_uint<16>(ap_uint<16>(byte) << 8);
  ap_uint<16> l3_add = 0;
  ap_uint<16> l4_add = 0;
  const bool counts = state.region == RxRegion::kL4 || (state.region == RxRegion::kL3 && state.index >= 4);
  switch (state.region) {
    case RxRegion::kMac:
      detail::parser_mac_byte(state, byte);
      break;
    case RxRegion::kL3:
      l3_add = word;
      l4_add = detail::parser_l3_byte(state, byte, word);
      break;
    case RxRegion::kL4:
      l4_add = detail::parser_l4_byte(state, byte, word);
      break;
    case RxRegion::kOther:
      break;
  }
  if (counts && state.left != 0) state.left -= 1;
  state.previous = byte;
  state.l3_sum = detail::parser_add(state.l3_sum, l3_add);
  state.l4_sum = detail::parser_add(state.l4_sum, l4_add);
  state.facts.bytes += 1;
  if (beat.last) {
    if (state.region == RxRegion::kL3 || (state.region == RxRegion::kL4 && state.left != 0)) state.facts.l3_bad = true;
    state.over = !beat.bad;
  }
}

}  // namespace sockwire
