// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/serial_world.hpp"

#include <algorithm>

namespace sockwire::sim {

bool SerialWorld::news() {
  const bool near = link_.pump(now());
  const bool far = far_ != nullptr && far_->take_news();
  return near || far;
}

bool SerialWorld::advance(TimePoint deadline) {
  const auto ns = [](TimePoint time) {
    return time == kNever ? kNeverNs : static_cast<std::uint64_t>(time.time_since_epoch().count());
  };
  const std::uint64_t until_ns = ns(deadline);
  while (!news()) {
    if (usb_.time_ns() >= until_ns) return true;
    const std::uint64_t next_ns = std::min({usb_.next_deadline_ns(), ns(link_.next_deadline()), until_ns});
    if (next_ns == kNeverNs) return false;
    usb_.advance(std::max(next_ns, usb_.time_ns() + 1));
  }
  return true;
}

}  // namespace sockwire::sim
