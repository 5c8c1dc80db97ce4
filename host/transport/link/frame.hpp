// SPDX-License-Identifier: Apache-2.0
// A frame of the serial link as the host writes and reads it (hls/link/link_frame.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hls/link/link_frame.hpp"
#include "hls/link/phy_status.hpp"

namespace sockwire::transport {

/// What an end has of the other's frames, as each of its frames says.
struct Held {
  std::uint8_t ack = 0;    ///< First frame that has not come.
  std::uint16_t bits = 0;  ///< By number modulo 16, of ack to limit-1: those that have.
  std::uint8_t limit = 0;  ///< First frame that finds no room.

  bool holds(std::uint8_t number) const {
    return static_cast<std::uint8_t>(limit - number - 1) < kLinkSlots && ((bits >> (number % kLinkSlots)) & 1) != 0;
  }
  friend bool operator==(const Held&, const Held&) = default;
};

struct LinkFrame {
  LinkType type = LinkType::kStatus;
  std::uint8_t session = 0;
  std::uint8_t number = 0;
  Held held;
  std::span<const std::uint8_t> payload;  ///< Of DATA; at most link_frame::kPayloadMax bytes.
};

/// A STATUS of the card says it with its number.
constexpr PhyStatus phy_status_of(std::uint8_t number) {
  const auto bit = [number](PhyBit which) { return ((number >> static_cast<unsigned>(which)) & 1) != 0; };
  return {bit(PhyBit::kPresent), bit(PhyBit::kLink), bit(PhyBit::kHundred), bit(PhyBit::kFullDuplex)};
}

/// Appends it to `line`, stuffed and with its delimiter. `scratch`: any content, which is lost.
void write_frame(const LinkFrame& frame, std::vector<std::uint8_t>& scratch, std::vector<std::uint8_t>& line);

/// The frame that came between two delimiters, if it is whole and its CRC right. Its payload is in `scratch`.
std::optional<LinkFrame> read_frame(std::span<const std::uint8_t> line, std::vector<std::uint8_t>& scratch);

}  // namespace sockwire::transport
