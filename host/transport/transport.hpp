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
  /// Bytes of events that the card holds while the link is slower than the line; 0: the link is not.
  virtual std::uint32_t receive_bytes() const { return 0; }
  /// The card has a clock of its own: its time is not the host's.
  virtual bool own_clock() const { return false; }
  /// The largest WRITE that suits the link, so that what is urgent waits for no more; 0: whatever suits the card.
  virtual std::uint32_t write_bytes() const { return 0; }
  /// The card is gone (unplugged, reset), or not yet there: what was under way is lost. It may come back.
  virtual bool lost() const { return false; }
  /// Counts up each time a card is there anew: then it knows nothing of what was before, even if lost() was false
  /// whenever somebody looked.
  virtual std::uint32_t session() const { return 0; }
};

}  // namespace sockwire::transport
