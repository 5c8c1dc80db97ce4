// SPDX-License-Identifier: Apache-2.0
// Messages between driver and card, read by the contract (hls/card/layout.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hls/card/layout.hpp"
#include "sim/journey/recording.hpp"

namespace sockwire::journey {

/// The fields that most commands share, and those of SEND's body.
struct Command {
  card::Command type{};
  std::uint8_t slot = 0;
  std::uint8_t flags = 0;
  std::uint16_t tag = 0;
  std::uint32_t seq = 0;
  std::uint32_t arg = 0;
  std::span<const std::uint8_t> body;

  std::uint32_t send_bytes() const { return arg & 0xFFFF; }
  std::uint32_t send_mss() const { return arg >> 16; }
  bool has(card::SendFlag flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
  bool has(card::FrameFlag flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
  /// SEND: the header template.
  std::span<const std::uint8_t> header_template() const;
};

/// Precondition: a command of at least a header.
Command read_command(const CardMessage& message);

struct CardEvent {
  card::Event type{};
  std::uint64_t time_ns = 0;  ///< Card time of what it tells, modulo 2^40.
  std::uint8_t status = 0;
  std::span<const std::uint8_t> body;
};

/// Precondition: an event of at least a header.
CardEvent read_event(const CardMessage& message);

/// A field of a message with its value and what the contract says of it.
struct MessageField {
  std::string name;
  std::uint64_t value = 0;
  std::string meaning;
};

/// "SEND", "RECEIVE"
std::string message_name(const CardMessage& message);
/// In a few words: "SEND slot 0: 77 bytes from seq 1, MSS 1448, report".
std::string message_text(const CardMessage& message);
/// Header and, as far as it has named fields, body.
std::vector<MessageField> message_fields(const CardMessage& message);

}  // namespace sockwire::journey
