// SPDX-License-Identifier: Apache-2.0
// A world in virtual time: a host's USB port with a card behind it, and perhaps a second card at the far end of the
// line.
#pragma once

#include "host/socket/loop.hpp"
#include "host/transport/link/serial_transport.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/usb/host_controller.hpp"

namespace sockwire::sim {

class SerialWorld final : public World {
 public:
  /// All outlive it. far: stepped by the near card's line (far_card.hpp); null if there is none.
  SerialWorld(HostController& usb, transport::SerialTransport& link, CosimCard<1>* far)
      : usb_(usb), link_(link), far_(far) {}

  TimePoint now() const override { return TimePoint(Duration(static_cast<std::int64_t>(usb_.time_ns()))); }
  bool advance(TimePoint deadline) override;

 private:
  bool news();

  HostController& usb_;
  transport::SerialTransport& link_;
  CosimCard<1>* far_;
};

}  // namespace sockwire::sim
