// SPDX-License-Identifier: Apache-2.0
// Where a host's frames go out and come in: a card behind its driver (card_port.hpp), or something simpler in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "host/base/time.hpp"
#include "host/stack/descriptor.hpp"

namespace sockwire {

/// Gives the bytes of a TxSend as long as they are not acknowledged.
class PayloadSource {
 public:
  virtual ~PayloadSource() = default;
  /// Puts the byte at seq + i to out[i]. Returns how many there were: less than asked for if the front was acknowledged
  /// since, which is left as it is in `out`.
  virtual std::size_t copy_payload(stack::ConnectionId connection, SeqNum seq, std::span<std::uint8_t> out) const = 0;
};

/// What a port tells its host. The host implements it.
class PortEvents {
 public:
  virtual ~PortEvents() = default;
  virtual void on_frame(const stack::ReceivedFrame& frame) = 0;
  virtual void on_sent(const stack::DepartureKey& key, TimePoint departed) = 0;
  /// Everything that was handed over and not reported is gone.
  virtual void on_card_lost() = 0;
};

/// One end of a wire. Everything runs on one thread; nothing here blocks.
class Port : public stack::Room {
 public:
  /// Delivers what has come since. Returns whether there was anything.
  virtual bool poll(TimePoint now, PortEvents& events) = 0;

  virtual void transmit(TimePoint now, stack::TxFrame frame) = 0;
  virtual void transmit(TimePoint now, const stack::TxSend& send, const PayloadSource& source) = 0;
  virtual void update(TimePoint now, const stack::SoftState& state) = 0;
  virtual void release(TimePoint now, const stack::Release& release) = 0;
  virtual void close(TimePoint now, stack::ConnectionId connection) = 0;

  /// The card is gone: nothing leaves, and nothing comes, before it is back.
  virtual bool away() const { return false; }
  /// Payload that peers may have under way to this port at once; 0: as much as they like.
  virtual std::uint32_t receive_bytes() const { return 0; }
  /// Lets frames to all group addresses pass, or only broadcasts.
  virtual void accept_groups(bool /*accept*/) {}
  /// Passes on what was queued here and may go now. Called when the stack has nothing more to hand over. Returns
  /// whether poll() should be called again at once.
  virtual bool flush(TimePoint /*now*/, const PayloadSource& /*source*/) { return false; }
  /// When poll() or flush() wants to be called although nothing arrives.
  virtual TimePoint next_deadline() const { return kNever; }
};

}  // namespace sockwire
