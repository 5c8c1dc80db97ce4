// SPDX-License-Identifier: Apache-2.0
// How far the newest TCP connection of a card is, by the frames on its line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "sim/phy/cable.hpp"

namespace sockwire::bench {

enum class TcpPhase : std::uint8_t {
  kNone,       ///< no SYN yet
  kHandshake,  ///< the card has sent a SYN, and not the ACK of the other side's
  kOpen,
  kEnding,  ///< one of them has sent its FIN, and not both are acknowledged
  kOver,
};

/// Connections are told apart by the port on the card's side. IPv4 alone.
class TcpWatch final : public sim::FrameObserver {
 public:
  void on_frame(bool from_card, const sim::ReceivedFrame& frame) override;

  /// The next connection is another one.
  void forget() { *this = TcpWatch(); }
  TcpPhase phase() const;
  /// Payload that was on the line, each byte once, of the direction that has more.
  std::uint32_t payload_bytes() const { return std::max(sides_[0].payload_bytes(), sides_[1].payload_bytes()); }

 private:
  /// One that sends.
  struct Side {
    std::uint32_t payload_bytes() const { return begun ? highest - first : 0; }
    bool begun = false;         // its SYN was seen
    std::uint32_t first = 0;    // sequence number of the first byte
    std::uint32_t highest = 0;  // behind the last byte
    bool fin = false;
    bool fin_acknowledged = false;
  };

  void on_segment(bool from_card, std::span<const std::uint8_t> tcp);

  Side sides_[2];  // the card's, the other
  bool known_ = false;
  std::uint16_t card_port_ = 0;
  bool established_ = false;
};

}  // namespace sockwire::bench
