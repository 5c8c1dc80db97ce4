// SPDX-License-Identifier: Apache-2.0
// The card's frames until they are in order, and the event messages in them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "host/transport/link/frame.hpp"

namespace sockwire::transport {

class ReceiveWindow {
 public:
  /// A DATA frame. False if it was there before, or finds no room.
  bool on_data(std::uint8_t number, std::span<const std::uint8_t> payload);
  /// The next whole event message, or an empty span. Valid until the next call.
  std::span<const std::uint8_t> poll_message();
  /// What is here, for the header of the next frame.
  Held held() const;
  void restart();

 private:
  struct Slot {
    std::vector<std::uint8_t> payload;
    bool held = false;
  };

  /// Moves frames that are in order to the end of `bytes_`.
  void take_in_order();

  std::array<Slot, kLinkSlots> slots_;
  std::uint8_t ack_ = 0;
  std::vector<std::uint8_t> bytes_;  ///< of messages, from `at_` on not yet delivered
  std::size_t at_ = 0;
};

}  // namespace sockwire::transport
