// SPDX-License-Identifier: Apache-2.0
// The link between host and card: whole messages of the contract (hls/card/layout.hpp), commands one way and events the
// other. Cosimulation, USB and PCIe are transports. Nothing here blocks, and nothing here lets time pass.
#pragma once

#include <cstdint>
#include <span>

namespace sockwire::transport {

class Transport {
 public:
  virtual ~Transport() = default;

  /// Whether the link takes another command now. It holds one or two at most, so that an urgent one never waits for
  /// long. After a "no" the link wakes its host (as for an event) when it has room.
  virtual bool can_send() = 0;
  /// Hands over one whole command message; copied. Precondition: can_send().
  virtual void send(std::span<const std::uint8_t> command) = 0;
  /// The oldest event message that has come, or an empty span. Valid until the next call, or until time passes.
  virtual std::span<const std::uint8_t> poll_event() = 0;
  /// The card is gone (unplugged, reset): what was under way is lost. Driver::on_card_lost() wants to know.
  virtual bool lost() const { return false; }
};

}  // namespace sockwire::transport
