// SPDX-License-Identifier: Apache-2.0
#include "host/socket/link_world.hpp"

#include <poll.h>

#include <algorithm>
#include <ctime>

namespace sockwire {

bool LinkWorld::advance(TimePoint deadline) {
  while (!link_.pump(now())) {
    const TimePoint until = std::min(deadline, link_.next_deadline());
    const Duration wait = until - now();
    if (wait <= Duration(0)) {
      if (deadline <= now()) return true;
      continue;
    }
    pollfd readable{link_.bytes().wait_fd(), POLLIN, 0};
    timespec timeout{};
    timeout.tv_sec = static_cast<time_t>(std::chrono::duration_cast<std::chrono::seconds>(wait).count());
    timeout.tv_nsec = static_cast<long>((wait % std::chrono::seconds(1)).count());
    const int ready = ppoll(&readable, 1, until == kNever ? nullptr : &timeout, nullptr);
    if (ready < 0) return true;  // a signal: the caller looks at its flag
  }
  return true;
}

}  // namespace sockwire
