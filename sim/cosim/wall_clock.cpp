// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/wall_clock.hpp"

#include <poll.h>

#include <cerrno>
#include <ctime>
#include <vector>

#include "sim/phy/line_peer.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

std::uint64_t monotonic_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * kNsPerSecond + static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

WallClock::WallClock() : start_ns_(monotonic_ns()) {}

std::uint64_t WallClock::now_ns() const { return monotonic_ns() - start_ns_; }

bool WallClock::wait(std::uint64_t time_ns, std::span<const int> descriptors) const {
  std::vector<pollfd> polled;
  for (const int descriptor : descriptors) polled.push_back({descriptor, POLLIN, 0});
  timespec timeout{};
  if (time_ns != kNeverNs) {
    const std::uint64_t now = now_ns();
    if (time_ns <= now) return true;
    timeout.tv_sec = static_cast<std::time_t>((time_ns - now) / kNsPerSecond);
    timeout.tv_nsec = static_cast<long>((time_ns - now) % kNsPerSecond);
  }
  const int ready = ppoll(polled.data(), polled.size(), time_ns == kNeverNs ? nullptr : &timeout, nullptr);
  return ready >= 0 || errno != EINTR;
}

}  // namespace sockwire::sim
