// SPDX-License-Identifier: Apache-2.0
// Writes commands as a host would, and says which frames a SEND must become: a plain reading of hls/card/layout.hpp and
// the RFCs, which shares nothing with the kernels but the contract's offsets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hls/card/layout.hpp"

namespace sockwire::test {

using Bytes = std::vector<std::uint8_t>;

/// A command's header, fields as in layout.hpp.
struct Command {
  card::Command type = card::Command::kHello;
  std::uint8_t epoch = 1;
  std::uint8_t slot = 0;
  std::uint8_t flags = 0;
  std::uint16_t tag = 0;
  std::uint32_t seq = 0;
  std::uint32_t arg = 0;
};

Bytes message(const Command& command, const Bytes& body = {});

Bytes hello(std::uint8_t epoch);
Bytes open_slot(int slot, std::uint32_t base, int log2_bytes, std::uint32_t seq);
Bytes write_payload(int slot, std::uint32_t seq, const Bytes& payload, std::uint8_t flags = 0);
Bytes update(int slot, std::uint32_t rcv_nxt, std::uint16_t window, std::uint32_t tsecr);
Bytes release(int slot, std::uint32_t seq);

/// What a header template is made of.
struct HeaderShape {
  bool vlan = false;
  bool ipv6 = false;
  bool udp = false;
  bool timestamps = false;
  bool syn_options = false;  ///< TCP: MSS and others, 20 bytes of options in all
  int ip_option_words = 0;   ///< IPv4 only
  std::uint8_t tcp_flags = 0x10;
  std::uint16_t port = 4660;
};

/// A SEND and all that it depends on.
struct Send {
  int slot = 0;
  std::uint16_t tag = 0;
  std::uint32_t seq = 0;
  std::uint16_t mss = 1460;
  Bytes payload;  ///< as the WRITEs brought it
  bool stamp = true;
  bool report = true;
  std::uint16_t ip_id = 0;
  std::uint8_t first_flags = 0;
  std::uint8_t last_flags = 0;
  std::uint32_t pacing_gap_ns = 0;
  std::uint32_t tsval = 0x01020304;
  HeaderShape shape;
  // Soft state of the slot.
  std::uint32_t rcv_nxt = 0;
  std::uint16_t window = 0;
  std::uint32_t tsecr = 0;
};

Bytes send_command(const Send& send);
Bytes header_template(const Send& send);
/// The frames that the SEND becomes, as they lie on the wire without FCS.
std::vector<Bytes> expected_frames(const Send& send);

/// RFC 1071's checksum of bytes [from, to), over 16-bit words, odd byte padded, on top of `sum`.
std::uint16_t internet_checksum(const Bytes& bytes, std::size_t from, std::size_t to, std::uint32_t sum = 0);

/// A FRAME: whole, with zero (or garbage) checksums, and what the card shall insert.
struct Frame {
  Bytes bytes;
  std::uint8_t flags = 0;
  std::uint16_t tag = 0;
  std::uint8_t l3_offset = 0;
  std::uint8_t l4_offset = 0;
  std::uint8_t checksum_offset = 0;
  std::uint16_t pseudo_sum = 0;
};

Bytes frame_command(const Frame& frame);
Bytes expected_frame(const Frame& frame);

/// Checks a frame as its receiver would: lengths, IPv4 header checksum, TCP or UDP checksum. Empty if all is right.
std::string receiver_complaint(const Bytes& frame);

}  // namespace sockwire::test
