// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/segment/commands.hpp"

#include <algorithm>

namespace sockwire::test {
namespace {

void put_le(Bytes& bytes, std::size_t offset, int width, std::uint64_t value) {
  for (int i = 0; i < width; ++i)
    bytes[offset + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (8 * i));
}

void put_be(Bytes& bytes, std::size_t offset, int width, std::uint64_t value) {
  for (int i = 0; i < width; ++i) {
    bytes[offset + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (8 * (width - 1 - i)));
  }
}

std::uint32_t get_be(const Bytes& bytes, std::size_t offset, int width) {
  std::uint32_t value = 0;
  for (int i = 0; i < width; ++i) value = (value << 8) | bytes[offset + static_cast<std::size_t>(i)];
  return value;
}

std::size_t l3_offset(const HeaderShape& shape) { return shape.vlan ? 18 : 14; }
std::size_t l4_offset(const HeaderShape& shape) {
  return l3_offset(shape) + (shape.ipv6 ? 40 : 20 + 4 * static_cast<std::size_t>(shape.ip_option_words));
}
std::size_t tcp_option_bytes(const HeaderShape& shape) { return shape.syn_options ? 20 : shape.timestamps ? 12 : 0; }
std::size_t template_bytes(const HeaderShape& shape) {
  return l4_offset(shape) + (shape.udp ? 8 : 20 + tcp_option_bytes(shape));
}
/// TSecr: after NOP NOP kind length TSval, or after MSS SACK-permitted kind length TSval (RFC 7323 3.2).
std::size_t tsecr_offset(const HeaderShape& shape) {
  if (shape.udp || (!shape.timestamps && !shape.syn_options)) return 0;
  return l4_offset(shape) + 20 + (shape.syn_options ? 12 : 8);
}

/// Sum of the addresses and the protocol, which is the pseudo header without its length (RFC 9293 3.1, RFC 8200 8.1).
std::uint32_t pseudo_sum(const Bytes& header, const HeaderShape& shape) {
  const std::size_t from = l3_offset(shape) + (shape.ipv6 ? 8 : 12);
  const std::size_t to = from + (shape.ipv6 ? 32 : 8);
  std::uint32_t sum = shape.udp ? 17 : 6;
  for (std::size_t i = from; i < to; i += 2) sum += get_be(header, i, 2);
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

}  // namespace

std::uint16_t internet_checksum(const Bytes& bytes, std::size_t from, std::size_t to, std::uint32_t sum) {
  for (std::size_t i = from; i < to; i += 2) {
    sum += static_cast<std::uint32_t>(bytes[i] << 8);
    if (i + 1 < to) sum += bytes[i + 1];
  }
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

Bytes message(const Command& command, const Bytes& body) {
  Bytes out(card::kHeaderBytes);
  out[card::command::kType] = static_cast<std::uint8_t>(command.type);
  out[card::command::kEpoch] = command.epoch;
  put_le(out, card::command::kBodyBytes, 2, body.size());
  out[card::command::kSlot] = command.slot;
  out[card::command::kFlags] = command.flags;
  put_le(out, card::command::kTag, 2, command.tag);
  put_le(out, card::command::kSeq, 4, command.seq);
  put_le(out, card::command::kArg, 4, command.arg);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

Bytes hello(std::uint8_t epoch) {
  Command c;
  c.type = card::Command::kHello;
  c.epoch = epoch;
  c.arg = card::layout_hash();
  return message(c);
}

Bytes open_slot(int slot, std::uint32_t base, int log2_bytes, std::uint32_t seq) {
  Command c;
  c.type = card::Command::kSlot;
  c.slot = static_cast<std::uint8_t>(slot);
  c.tag = static_cast<std::uint16_t>(log2_bytes);
  c.seq = seq;
  c.arg = base;
  return message(c);
}

Bytes write_payload(int slot, std::uint32_t seq, const Bytes& payload, std::uint8_t flags) {
  Command c;
  c.type = card::Command::kWrite;
  c.slot = static_cast<std::uint8_t>(slot);
  c.flags = flags;
  c.seq = seq;
  return message(c, payload);
}

Bytes update(int slot, std::uint32_t rcv_nxt, std::uint16_t window, std::uint32_t tsecr) {
  Command c;
  c.type = card::Command::kUpdate;
  c.slot = static_cast<std::uint8_t>(slot);
  c.tag = window;
  c.seq = rcv_nxt;
  c.arg = tsecr;
  return message(c);
}

Bytes release(int slot, std::uint32_t seq) {
  Command c;
  c.type = card::Command::kRelease;
  c.slot = static_cast<std::uint8_t>(slot);
  c.seq = seq;
  return message(c);
}

Bytes header_template(const Send& send) {
  const HeaderShape& shape = send.shape;
  Bytes h(template_bytes(shape));
  for (std::size_t i = 0; i < 12; ++i) h[i] = static_cast<std::uint8_t>(0x20 + i);
  if (shape.vlan) {
    put_be(h, 12, 4, 0x81006007);
  }
  const std::size_t l3 = l3_offset(shape);
  put_be(h, l3 - 2, 2, shape.ipv6 ? 0x86DD : 0x0800);
  if (shape.ipv6) {
    put_be(h, l3, 4, 0x60012345);
    put_be(h, l3 + 6, 2, shape.udp ? 0x1140 : 0x0640);
    for (std::size_t i = 0; i < 32; ++i) h[l3 + 8 + i] = static_cast<std::uint8_t>(0xF0 - 7 * i);
  } else {
    h[l3] = static_cast<std::uint8_t>(0x45 + shape.ip_option_words);
    h[l3 + 6] = 0x40;
    h[l3 + 8] = 64;
    h[l3 + 9] = shape.udp ? 17 : 6;
    put_be(h, l3 + 12, 4, 0x0A000001);
    put_be(h, l3 + 16, 4, 0xC0A8FE63);
    for (int i = 0; i < shape.ip_option_words; ++i) put_be(h, l3 + 20 + 4 * static_cast<std::size_t>(i), 4, 0x01010101);
  }
  const std::size_t l4 = l4_offset(shape);
  put_be(h, l4, 2, shape.port);
  put_be(h, l4 + 2, 2, 80);
  if (shape.udp) return h;
  put_be(h, l4 + 8, 4, 0xDEADBEEF);  // what stays without kStamp
  h[l4 + 12] = static_cast<std::uint8_t>((20 + tcp_option_bytes(shape)) / 4 << 4);
  h[l4 + 13] = static_cast<std::uint8_t>(shape.tcp_flags | send.first_flags | send.last_flags);
  put_be(h, l4 + 14, 2, 0x7777);
  if (shape.syn_options) {
    put_be(h, l4 + 20, 4, 0x020405B4);
    put_be(h, l4 + 24, 4, 0x0402080A);
    put_be(h, l4 + 28, 4, send.tsval);
    put_be(h, l4 + 36, 4, 0x01030307);
  } else if (shape.timestamps) {
    put_be(h, l4 + 20, 4, 0x0101080A);
    put_be(h, l4 + 24, 4, send.tsval);
  }
  return h;
}

Bytes send_command(const Send& send) {
  const Bytes header = header_template(send);
  Bytes body(card::send::kBytes);
  body[card::send::kTemplateBytes] = static_cast<std::uint8_t>(header.size());
  body[card::send::kL3Offset] = static_cast<std::uint8_t>(l3_offset(send.shape));
  body[card::send::kL4Offset] = static_cast<std::uint8_t>(l4_offset(send.shape));
  body[card::send::kTsecrOffset] = static_cast<std::uint8_t>(tsecr_offset(send.shape));
  put_le(body, card::send::kPseudoSum, 2, pseudo_sum(header, send.shape));
  put_le(body, card::send::kIpId, 2, send.ip_id);
  body[card::send::kFirstFlags] = send.first_flags;
  body[card::send::kLastFlags] = send.last_flags;
  put_le(body, card::send::kPacingGapNs, 4, send.pacing_gap_ns);
  body.insert(body.end(), header.begin(), header.end());
  Command c;
  c.type = card::Command::kSend;
  c.slot = static_cast<std::uint8_t>(send.slot);
  c.tag = send.tag;
  c.seq = send.seq;
  c.arg = static_cast<std::uint32_t>(send.payload.size()) | (static_cast<std::uint32_t>(send.mss) << 16);
  c.flags = static_cast<std::uint8_t>((send.shape.ipv6 ? 1 : 0) | (send.shape.udp ? 2 : 0) | (send.stamp ? 4 : 0) |
                                      (send.report ? 8 : 0));
  return message(c, body);
}

std::vector<Bytes> expected_frames(const Send& send) {
  const HeaderShape& shape = send.shape;
  const std::size_t l3 = l3_offset(shape);
  const std::size_t l4 = l4_offset(shape);
  const Bytes header = header_template(send);
  const std::size_t mss = shape.udp ? std::max<std::size_t>(send.payload.size(), 1) : send.mss;
  std::vector<Bytes> out;
  std::size_t at = 0;
  do {
    const std::size_t n = std::min(mss, send.payload.size() - at);
    const bool first = at == 0;
    const bool last = at + n == send.payload.size();
    Bytes f = header;
    f.insert(f.end(), send.payload.begin() + static_cast<std::ptrdiff_t>(at),
             send.payload.begin() + static_cast<std::ptrdiff_t>(at + n));
    if (shape.ipv6) {
      put_be(f, l3 + 4, 2, f.size() - l3 - 40);
    } else {
      put_be(f, l3 + 2, 2, f.size() - l3);
      put_be(f, l3 + 4, 2, static_cast<std::uint16_t>(send.ip_id + out.size()));
      put_be(f, l3 + 10, 2, internet_checksum(f, l3, l4));
    }
    std::size_t checksum_at = l4 + 6;
    if (shape.udp) {
      put_be(f, l4 + 4, 2, f.size() - l4);
    } else {
      checksum_at = l4 + 16;
      put_be(f, l4 + 4, 4, send.seq + at);
      if (!first) f[l4 + 13] = static_cast<std::uint8_t>(f[l4 + 13] & ~send.first_flags);
      if (!last) f[l4 + 13] = static_cast<std::uint8_t>(f[l4 + 13] & ~send.last_flags);
      if (send.stamp) {
        put_be(f, l4 + 8, 4, send.rcv_nxt);
        put_be(f, l4 + 14, 2, send.window);
        if (tsecr_offset(shape) != 0) put_be(f, tsecr_offset(shape), 4, send.tsecr);
      }
    }
    std::uint16_t sum =
        internet_checksum(f, l4, f.size(), pseudo_sum(header, shape) + static_cast<std::uint32_t>(f.size() - l4));
    if (shape.udp && sum == 0) sum = 0xFFFF;
    put_be(f, checksum_at, 2, sum);
    out.push_back(f);
    at += n;
  } while (at < send.payload.size());
  return out;
}

Bytes frame_command(const Frame& frame) {
  Command c;
  c.type = card::Command::kFrame;
  c.flags = frame.flags;
  c.tag = frame.tag;
  Bytes out = message(c, frame.bytes);
  out[card::frame::kL3Offset] = frame.l3_offset;
  out[card::frame::kL4Offset] = frame.l4_offset;
  out[card::frame::kChecksumOffset] = frame.checksum_offset;
  put_le(out, card::frame::kPseudoSum, 2, frame.pseudo_sum);
  return out;
}

Bytes expected_frame(const Frame& frame) {
  Bytes f = frame.bytes;
  if (frame.flags & static_cast<unsigned>(card::FrameFlag::kInsertL3)) {
    put_be(f, frame.l3_offset + 10u, 2, 0);
    put_be(f, frame.l3_offset + 10u, 2,
           internet_checksum(f, frame.l3_offset, frame.l3_offset + 4u * (f[frame.l3_offset] & 15u)));
  }
  if (frame.flags & static_cast<unsigned>(card::FrameFlag::kInsertL4)) {
    put_be(f, frame.checksum_offset, 2, 0);
    std::uint16_t sum = internet_checksum(f, frame.l4_offset, f.size(), frame.pseudo_sum);
    if ((frame.flags & static_cast<unsigned>(card::FrameFlag::kUdpZero)) && sum == 0) sum = 0xFFFF;
    put_be(f, frame.checksum_offset, 2, sum);
  }
  return f;
}

std::string receiver_complaint(const Bytes& f) {
  const std::size_t l3 = get_be(f, 12, 2) == 0x8100 ? 18 : 14;
  const bool ipv6 = get_be(f, l3 - 2, 2) == 0x86DD;
  const std::size_t l4 = l3 + (ipv6 ? 40 : 4u * (f[l3] & 15u));
  if (ipv6 ? get_be(f, l3 + 4, 2) != f.size() - l4 : get_be(f, l3 + 2, 2) != f.size() - l3) return "IP length";
  if (!ipv6 && internet_checksum(f, l3, l4) != 0) return "IPv4 header checksum";
  const std::uint32_t protocol = ipv6 ? f[l3 + 6] : f[l3 + 9];
  std::uint32_t sum = protocol + static_cast<std::uint32_t>(f.size() - l4);
  const std::size_t addresses = l3 + (ipv6 ? 8 : 12);
  for (std::size_t i = addresses; i < addresses + (ipv6 ? 32 : 8); i += 2) sum += get_be(f, i, 2);
  if (protocol == 17 && get_be(f, l4 + 4, 2) != f.size() - l4) return "UDP length";
  if (protocol == 17 && get_be(f, l4 + 6, 2) == 0) return "UDP checksum missing";
  if (internet_checksum(f, l4, f.size(), sum) != 0) return "transport checksum";
  return "";
}

}  // namespace sockwire::test
