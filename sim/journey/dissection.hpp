// SPDX-License-Identifier: Apache-2.0
// A packet taken apart: layers, their fields, where each value came from, and the checksums worked out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/journey/packets.hpp"

namespace sockwire::journey {

/// Bytes [offset, offset + bytes) of the burst, preamble included.
struct PacketField {
  std::size_t offset = 0;
  std::size_t bytes = 0;
  std::string name;
  std::string value;
  std::string meaning;
  std::string origin;  ///< Where the value came from.
};

/// A checksum, step by step.
struct Working {
  std::string rule;                ///< What is summed, and how.
  std::vector<std::string> steps;  ///< One per line.
  std::string result;
  bool holds = false;  ///< It agrees with what is in the packet.
};

struct Layer {
  std::string name;  ///< "TCP"
  std::size_t offset = 0;
  std::size_t bytes = 0;
  std::vector<PacketField> fields;
  std::vector<Working> workings;
};

/// What the fields' origins are told from.
struct Surroundings {
  const Recording& recording;
  const std::vector<Packet>& packets;
};

/// From the application down to the line.
std::vector<Layer> dissect(const Surroundings& run, const Packet& packet);

// Its parts, one per layer.
Layer dissect_line(const Surroundings& run, const Packet& packet);
Layer dissect_ethernet(const Surroundings& run, const Packet& packet);
Layer dissect_arp(const Surroundings& run, const Packet& packet);
Layer dissect_ipv4(const Surroundings& run, const Packet& packet);
Layer dissect_ipv6(const Surroundings& run, const Packet& packet);
Layer dissect_icmpv6(const Surroundings& run, const Packet& packet);
Layer dissect_udp(const Surroundings& run, const Packet& packet);
Layer dissect_tcp(const Surroundings& run, const Packet& packet);
Layer dissect_payload(const Surroundings& run, const Packet& packet);

/// Why an IP packet goes where it goes.
std::string destination_origin(const Surroundings& run, const Packet& packet);
/// Of either IP version. Precondition: headers.ip().
std::vector<std::uint8_t> pseudo_header(std::span<const std::uint8_t> frame, const Headers& headers);

/// The Internet checksum over bytes of which the 16-bit field at `field` counts as 0 (RFC 1071).
Working work_checksum(std::span<const std::uint8_t> bytes, std::size_t field, const std::string& what,
                      std::span<const std::uint8_t> pseudo_header);
/// The frame check sequence (IEEE 802.3 3.2.9), octet by octet at both ends.
Working work_fcs(std::span<const std::uint8_t> frame, std::uint32_t on_the_wire);

}  // namespace sockwire::journey
