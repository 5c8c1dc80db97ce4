// SPDX-License-Identifier: Apache-2.0
// The world of a host whose card is real: the machine's monotonic clock, and a link that wakes it.
#pragma once

#include <chrono>

#include "host/socket/loop.hpp"
#include "host/transport/link/serial_transport.hpp"

namespace sockwire {

class LinkWorld final : public World {
 public:
  /// link: outlives the world. Time begins now.
  explicit LinkWorld(transport::SerialTransport& link) : link_(link), start_(std::chrono::steady_clock::now()) {}

  TimePoint now() const override {
    return TimePoint(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_));
  }
  /// Also returns on a signal.
  bool advance(TimePoint deadline) override;

 private:
  transport::SerialTransport& link_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace sockwire
