// SPDX-License-Identifier: Apache-2.0
// What makes a command well formed (hls/card/layout.hpp). No process: functions of the command parser.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/card/layout.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

/// A command's header. Each field is a register of its own: comparing a slice of a wide one would compare all of it.
struct CommandHeader {
  ap_uint<8> type = 0;
  ap_uint<8> epoch = 0;
  ap_uint<16> body_bytes = 0;
  ap_uint<8> slot = 0;
  ap_uint<8> flags = 0;
  ap_uint<16> tag = 0;
  ap_uint<32> seq = 0;
  ap_uint<32> arg = 0;

  // FRAME
  ap_uint<8> l3_offset() const { return seq.range(7, 0); }
  ap_uint<8> l4_offset() const { return seq.range(15, 8); }
  ap_uint<8> checksum_offset() const { return seq.range(23, 16); }
  ap_uint<16> pseudo_sum() const { return arg.range(15, 0); }
};

/// Bytes 0 to 7 of a header, and 8 to 15.
inline ap_uint<64> low_word(const CommandHeader& header) {
  return ap_uint<64>((ap_uint<64>(header.tag) << 48) | (ap_uint<64>(header.flags) << 40) |
                     (ap_uint<64>(header.slot) << 32) | (ap_uint<64>(header.body_bytes) << 16) |
                     (ap_uint<64>(header.epoch) << 8) | header.type);
}
inline ap_uint<64> high_word(const CommandHeader& header) {
  return ap_uint<64>((ap_uint<64>(header.arg) << 32) | header.seq);
}
inline CommandHeader header_of(const ap_uint<64>& low, const ap_uint<64>& high) {
  CommandHeader header;
  header.type = low.range(7, 0);
  header.epoch = low.range(15, 8);
  header.body_bytes = low.range(31, 16);
  header.slot = low.range(39, 32);
  header.flags = low.range(47, 40);
  header.tag = low.range(63, 48);
  header.seq = high.range(31, 0);
  header.arg = high.range(63, 32);
  return header;
}

/// Shifts a beat into the header's registers, from above.
inline void shift_in(CommandHeader& header, const ap_uint<64>& data) { header = header_of(high_word(header), data); }
inline void shift_in(CommandHeader& header, const ap_uint<8>& data) {
  const ap_uint<64> low = low_word(header);
  const ap_uint<64> high = high_word(header);
  header = header_of((ap_uint<64>(high.range(7, 0)) << 56) | (low >> 8), (ap_uint<64>(data) << 56) | (high >> 8));
}

/// SEND's parameters, which are shifted through the same registers.
struct SendParameters {
  ap_uint<8> template_bytes = 0;
  ap_uint<8> l3_offset = 0;
  ap_uint<8> l4_offset = 0;
  ap_uint<8> tsecr_offset = 0;
};

inline SendParameters send_parameters(const CommandHeader& shifted) {
  SendParameters parameters;
  parameters.template_bytes = shifted.type;
  parameters.l3_offset = shifted.epoch;
  parameters.l4_offset = shifted.body_bytes.range(7, 0);
  parameters.tsecr_offset = shifted.body_bytes.range(15, 8);
  return parameters;
}

constexpr unsigned command_of(card::Command command) { return static_cast<unsigned>(command); }

inline bool is_known(const ap_uint<8>& type) {
  return type >= command_of(card::Command::kHello) && type <= command_of(card::Command::kWriteRegister);
}

inline bool has_body(const ap_uint<8>& type) {
  return type == command_of(card::Command::kWrite) || type == command_of(card::Command::kSend) ||
         type == command_of(card::Command::kFrame);
}

/// Whether the command names a slot, and whether that one must be open.
inline bool names_slot(const ap_uint<8>& type) {
  return type == command_of(card::Command::kWrite) || type == command_of(card::Command::kSend) ||
         type == command_of(card::Command::kUpdate) || type == command_of(card::Command::kSlot) ||
         type == command_of(card::Command::kRelease);
}

inline bool has_flag(const ap_uint<8>& flags, unsigned flag) { return (flags & flag) != 0; }

inline bool is_odd(const ap_uint<8>& offset) { return offset[0]; }

// What a header says is looked at in one step, and in the next what that means: a comparison is as much as fits into
// one.

/// A SLOT's ring: a power of two of bytes, aligned to the smallest ring, inside the send buffer.
struct RingFacts {
  bool size = false;
  bool base = false;
  bool end = false;
};

template <int kBytes>
inline RingFacts ring_facts(const CommandHeader& header) {
  const Ring<kBytes> ring = ring_of<kBytes>(header.tag, header.arg);
  const ap_uint<unit_bits(kBytes) + 1> end = ap_uint<unit_bits(kBytes) + 1>(ring.base + ring.mask);
  RingFacts facts;
  facts.size = header.tag >= card::kRingLog2Min && header.tag <= card::ring_log2_max(kBytes);
  facts.base = header.arg.range(31, offset_bits(kBytes)) == 0 && header.arg.range(card::kRingLog2Min - 1, 0) == 0;
  facts.end = end[unit_bits(kBytes)] == 0;
  return facts;
}

inline bool is_valid(const RingFacts& ring) { return ring.size && ring.base && ring.end; }

/// A SEND's sizes: the first segment fits a frame, whatever the template's length; see also send_is_valid().
struct SendFacts {
  bool body = false;   ///< as long as a template may be
  bool bytes = false;  ///< there are some
  bool mss = false;
  bool bytes_fit = false;  ///< beside the template
  bool mss_fits = false;
};

inline SendFacts send_facts(const CommandHeader& header) {
  const ap_uint<16> body = header.body_bytes;
  const ap_uint<16> room = ap_uint<16>(card::kFrameBytesMax + card::send::kBytes - body);  // beside the template
  const ap_uint<16> bytes = header.arg.range(15, 0);
  const ap_uint<16> mss = header.arg.range(31, 16);
  SendFacts facts;
  facts.body = body >= card::send::kBytes + 14 && body <= card::send::kBytes + card::kTemplateBytesMax;
  facts.bytes = bytes != 0;
  facts.mss = mss != 0;
  facts.bytes_fit = bytes <= room;
  facts.mss_fits = mss <= room;
  return facts;
}

inline bool is_valid(const SendFacts& send, const ap_uint<8>& flags) {
  const bool udp = has_flag(flags, static_cast<unsigned>(card::SendFlag::kUdp));
  return send.body && (send.bytes_fit ? (udp || send.mss || !send.bytes) : (!udp && send.mss && send.mss_fits));
}

/// A FRAME's size, and which of its fields lie inside.
struct FrameFacts {
  bool size = false;
  bool l3 = false;
  bool l4 = false;
  bool checksum = false;
};

inline FrameFacts frame_facts(const CommandHeader& header) {
  const ap_uint<16> bytes = header.body_bytes;
  const bool ack = has_flag(header.flags, static_cast<unsigned>(card::FrameFlag::kAck));
  FrameFacts facts;
  facts.size = bytes >= 14 && bytes <= (ack ? unsigned(card::kAckFrameBytesMax) : unsigned(card::kFrameBytesMax));
  facts.l3 = !is_odd(header.l3_offset()) && ap_uint<9>(header.l3_offset() + 20u) <= bytes;
  facts.l4 = !is_odd(header.l4_offset()) && header.l4_offset() < bytes;
  facts.checksum = !is_odd(header.checksum_offset()) && ap_uint<9>(header.checksum_offset() + 2u) <= bytes;
  return facts;
}

inline bool is_valid(const FrameFacts& frame, const ap_uint<8>& flags) {
  const bool l3 = has_flag(flags, static_cast<unsigned>(card::FrameFlag::kInsertL3));
  const bool l4 = has_flag(flags, static_cast<unsigned>(card::FrameFlag::kInsertL4));
  return frame.size && (!l3 || frame.l3) && (!l4 || (frame.l4 && frame.checksum));
}

/// The parameters agree with the body's length and with one another.
inline bool send_is_valid(const SendParameters& parameters, const ap_uint<8>& template_bytes, bool ipv6, bool udp) {
  const ap_uint<8> l3 = parameters.l3_offset;
  const ap_uint<8> l4 = parameters.l4_offset;
  const ap_uint<8> tsecr = parameters.tsecr_offset;
  const bool even = !is_odd(l3) && !is_odd(l4) && !is_odd(tsecr);
  const bool ordered =
      l3 >= 14 && ap_uint<9>(l3 + (ipv6 ? 40u : 20u)) <= l4 && ap_uint<9>(l4 + (udp ? 8u : 20u)) <= template_bytes;
  const bool echo = tsecr == 0 || (tsecr >= 14 && ap_uint<9>(tsecr + 4u) <= template_bytes);
  return parameters.template_bytes == template_bytes && even && ordered && echo;
}

}  // namespace sockwire
