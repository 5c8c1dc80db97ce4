// SPDX-License-Identifier: Apache-2.0
// Messages of the contract as bytes, written with layout.hpp's offsets only: an independent reading of it for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "hls/base/beat.hpp"
#include "hls/card/layout.hpp"

namespace sockwire::sim {

using Message = std::vector<std::uint8_t>;

inline void put_le(Message& message, int offset, int bytes, std::uint64_t value) {
  for (int i = 0; i < bytes; ++i)
    message[static_cast<std::size_t>(offset + i)] = static_cast<std::uint8_t>(value >> (8 * i));
}

inline std::uint64_t get_le(const Message& message, int offset, int bytes) {
  std::uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; --i) value = (value << 8) | message.at(static_cast<std::size_t>(offset + i));
  return value;
}

struct CommandHeader {
  card::Command type = card::Command::kHello;
  unsigned epoch = 0;
  unsigned slot = 0;
  unsigned flags = 0;
  unsigned tag = 0;
  std::uint32_t seq = 0;
  std::uint32_t arg = 0;
};

inline Message command(const CommandHeader& header, const Message& body = {}) {
  namespace layout = card::command;
  Message message(card::kHeaderBytes + body.size());
  put_le(message, layout::kType, layout::kTypeBytes, static_cast<unsigned>(header.type));
  put_le(message, layout::kEpoch, layout::kEpochBytes, header.epoch);
  put_le(message, layout::kBodyBytes, layout::kBodyBytesBytes, body.size());
  put_le(message, layout::kSlot, layout::kSlotBytes, header.slot);
  put_le(message, layout::kFlags, layout::kFlagsBytes, header.flags);
  put_le(message, layout::kTag, layout::kTagBytes, header.tag);
  put_le(message, layout::kSeq, layout::kSeqBytes, header.seq);
  put_le(message, layout::kArg, layout::kArgBytes, header.arg);
  std::copy(body.begin(), body.end(), message.begin() + card::kHeaderBytes);
  return message;
}

struct SendParameters {
  unsigned l3_offset = 14;
  unsigned l4_offset = 34;
  unsigned tsecr_offset = 0;
  unsigned pseudo_sum = 0;
  unsigned ip_id = 0;
  unsigned first_flags = 0;
  unsigned last_flags = 0;
  std::uint32_t pacing_gap_ns = 0;
};

inline Message send_body(const SendParameters& parameters, const Message& header_template) {
  namespace layout = card::send;
  Message body(layout::kBytes + header_template.size());
  put_le(body, layout::kTemplateBytes, layout::kTemplateBytesBytes, header_template.size());
  put_le(body, layout::kL3Offset, layout::kL3OffsetBytes, parameters.l3_offset);
  put_le(body, layout::kL4Offset, layout::kL4OffsetBytes, parameters.l4_offset);
  put_le(body, layout::kTsecrOffset, layout::kTsecrOffsetBytes, parameters.tsecr_offset);
  put_le(body, layout::kPseudoSum, layout::kPseudoSumBytes, parameters.pseudo_sum);
  put_le(body, layout::kIpId, layout::kIpIdBytes, parameters.ip_id);
  put_le(body, layout::kFirstFlags, layout::kFirstFlagsBytes, parameters.first_flags);
  put_le(body, layout::kLastFlags, layout::kLastFlagsBytes, parameters.last_flags);
  put_le(body, layout::kPacingGapNs, layout::kPacingGapNsBytes, parameters.pacing_gap_ns);
  std::copy(header_template.begin(), header_template.end(), body.begin() + layout::kBytes);
  return body;
}

/// Ethernet, IPv4 and TCP headers without what the card fills in (lengths, id, checksums, seq), from 10.0.0.1 to
/// 10.0.0.2; `options` bytes of TCP options (NOP). RFC 791 3.1, RFC 9293 3.1.
inline Message tcp_template(unsigned flags, unsigned options = 0) {
  Message bytes = {0x02, 0,    0,    0,    0, 2, 0x02, 0, 0,  0, 0, 1, 0x08, 0x00,                      // Ethernet
                   0x45, 0,    0,    0,    0, 0, 0x40, 0, 64, 6, 0, 0, 10,   0,    0, 1, 10, 0, 0, 2,   // IPv4
                   0x30, 0x39, 0x00, 0x50, 0, 0, 0,    0, 0,  0, 0, 0, 0,    0,    0, 0, 0,  0, 0, 0};  // TCP
  bytes[46] = static_cast<std::uint8_t>((5 + options / 4) << 4);
  bytes[47] = static_cast<std::uint8_t>(flags);
  bytes.insert(bytes.end(), options, 1);
  return bytes;
}

/// One's-complement sum, not inverted (RFC 1071).
inline std::uint32_t ones_sum(const Message& bytes, std::size_t from, std::size_t to, std::uint32_t sum = 0) {
  for (std::size_t i = from; i < to; ++i) sum += (i - from) % 2 == 0 ? bytes[i] << 8 : bytes[i];
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

/// The pseudo header of tcp_template() without its length.
inline std::uint32_t template_pseudo_sum(const Message& frame, unsigned protocol = 6) {
  return ones_sum(frame, 26, 34, protocol);
}

/// A message's beats.
template <int kBytes>
std::vector<Beat<kBytes>> beats_of(const Message& message) {
  std::vector<Beat<kBytes>> beats;
  for (std::size_t at = 0; at < message.size(); at += kBytes) {
    std::uint64_t data = 0;
    unsigned keep = 0;
    for (std::size_t i = 0; i < kBytes && at + i < message.size(); ++i) {
      data |= static_cast<std::uint64_t>(message[at + i]) << (8 * i);
      keep |= 1u << i;
    }
    Beat<kBytes> beat;
    beat.data = data;
    beat.keep = keep;
    beat.last = at + kBytes >= message.size();
    beats.push_back(beat);
  }
  return beats;
}

/// Appends a beat's bytes. Returns whether the message is complete.
template <int kBytes>
bool append_beat(Message& message, const Beat<kBytes>& beat) {
  for (int i = 0; i < kBytes; ++i) {
    if ((static_cast<unsigned>(beat.keep) >> i) & 1) {
      message.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(beat.data) >> (8 * i)));
    }
  }
  return beat.last;
}

}  // namespace sockwire::sim
