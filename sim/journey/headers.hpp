// SPDX-License-Identifier: Apache-2.0
// Where the headers of a frame lie, and the fields that tell packets apart. Reads what is there; believes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "hls/wire/seq_num.hpp"

namespace sockwire::journey {

inline std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
inline std::uint32_t read32(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint32_t>(read16(bytes, at)) << 16 | read16(bytes, at + 2);
}

/// Offsets count from the first byte of the frame (its destination address).
struct Headers {
  std::uint16_t ethertype = 0;
  bool arp = false;
  bool ipv4 = false;
  bool tcp = false;
  bool udp = false;
  bool icmp = false;
  std::size_t l3 = 0;
  std::size_t l4 = 0;
  std::size_t payload = 0;  ///< Of TCP or UDP.
  std::size_t payload_bytes = 0;
  std::size_t end = 0;  ///< After the last byte that the headers account for; what follows is padding.
  std::uint32_t source = 0;
  std::uint32_t destination = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  // TCP
  SeqNum seq;
  SeqNum ack;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  /// Sequence numbers that the segment takes.
  std::uint32_t length() const;
  SeqNum seq_end() const { return seq + length(); }
};

/// frame: without FCS.
Headers read_headers(std::span<const std::uint8_t> frame);

/// "SYN+ACK"
std::string flag_names(std::uint8_t flags);

std::string ipv4_text(std::uint32_t address);
std::string mac_text(std::span<const std::uint8_t> bytes);

}  // namespace sockwire::journey
