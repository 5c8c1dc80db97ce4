// SPDX-License-Identifier: Apache-2.0
// The link between host and card: whole messages of the contract (hls/card/layout.hpp), commands one way and events the
// other, and a notion of time. Cosimulation, USB and PCIe are transports.
#pragma once

#include <cstdint>
#include <span>

#include "host/base/time.hpp"

namespace sockwire::transport {

class Transport {
 public:
  virtual ~Transport() = default;

  /// The card's time, which is the host's too: a simulation's virtual time, or the machine's monotonic clock.
  virtual TimePoint now() const = 0;
  /// The link takes another command now. It holds one or two at most, so that an urgent one never waits for long.
  virtual bool can_send() const = 0;
  /// Hands over one whole command message; copied. Precondition: can_send().
  virtual void send(std::span<const std::uint8_t> command) = 0;
  /// The oldest event message that has come, or an empty span. Valid until the next call to poll_event() or run().
  virtual std::span<const std::uint8_t> poll_event() = 0;
  /// Lets time pass: returns when an event is there, when can_send() has become true (unless `sending` is false: the
  /// caller has nothing to send), or when `until` has come.
  virtual void run(TimePoint until, bool sending) = 0;
};

}  // namespace sockwire::transport
