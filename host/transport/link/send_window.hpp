// SPDX-License-Identifier: Apache-2.0
// The host's frames to the card until it has them: numbers, room, and which are lost (hls/link/link_frame.hpp).
//
// The wires keep order: as soon as the card has a frame that was sent later than one that it has not, that one is lost.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/transport/link/frame.hpp"

namespace sockwire::transport {

class SendWindow {
 public:
  /// A frame to be sent now. Its payload stays until the card has it.
  struct Outgoing {
    std::uint8_t number = 0;
    std::span<const std::uint8_t> payload;
    bool again = false;
  };

  SendWindow();

  /// Whether a new frame finds room, here and on the card.
  bool room() const;
  /// A new frame of at most link_frame::kPayloadMax bytes, which is to be sent at once. Precondition: room().
  Outgoing add(std::span<const std::uint8_t> payload);
  /// A frame that is to be sent again now, if there is one.
  std::optional<Outgoing> next_lost();
  /// What the card says. Returns how many frames it has more than before.
  unsigned on_held(const Held& held);
  /// Nothing was heard of the oldest frame for too long: it is to be sent again.
  void on_timeout();

  bool under_way() const { return una_ != next_; }
  std::uint64_t lost_frames() const { return lost_frames_; }
  /// A new session.
  void restart();

 private:
  struct Slot {
    std::vector<std::uint8_t> payload;
    std::uint64_t stamp = 0;  ///< Of its last transmission.
    bool acked = false;
    bool lost = false;
  };

  Slot& slot(std::uint8_t number) { return slots_[number % kLinkSlots]; }

  std::array<Slot, kLinkSlots> slots_;
  std::uint8_t una_ = 0;
  std::uint8_t next_ = 0;
  std::uint8_t limit_ = kLinkSlots;
  std::uint64_t stamp_ = 0;   ///< Of the latest transmission.
  std::uint64_t newest_ = 0;  ///< Of those that the card has.
  std::uint64_t lost_frames_ = 0;
};

}  // namespace sockwire::transport
