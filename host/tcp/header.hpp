// SPDX-License-Identifier: Apache-2.0
// TCP headers as bytes: what the card's header template is filled from, and what its events are read with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "host/tcp/segment.hpp"

namespace sockwire::tcp {

struct Ports {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;
};

/// Bytes of the header that write_header() makes: 20 plus options.
std::size_t header_bytes(const Transmit& transmit);

/// Writes the header of the (first cut) segment of `transmit` with flags() and a zero checksum. Returns the bytes
/// written. Precondition: out has header_bytes() bytes.
std::size_t write_header(const Transmit& transmit, Ports ports, std::span<std::uint8_t> out);

struct ParsedHeader {
  Ports ports;
  Segment segment;  ///< Its payload is a view into the bytes that were parsed.
};

/// Reads a TCP segment (header and payload, without padding of the frame). Nothing if the header is shorter than 20
/// bytes, longer than the segment, or has impossible options. The checksum is not looked at.
std::optional<ParsedHeader> parse_header(std::span<const std::uint8_t> bytes);

}  // namespace sockwire::tcp
