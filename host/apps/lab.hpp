// SPDX-License-Identifier: Apache-2.0
// A lab: a network namespace in which ordinary programs run on Linux's own TCP, and into which the cards of other
// invocations of sockwire are plugged.
//
//   10.18.0.1        Linux, in every lab
//   10.18.0.2, .3 …  the cards, one per running sockwire, behind fpga0, fpga1, …
//   fd18::1, ::2, …  the same over IPv6, where the kernel has it
#pragma once

#include <sys/types.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/result.hpp"
#include "sim/net/tap.hpp"

namespace sockwire::apps {

inline constexpr Ipv4Address kLabAddress{10, 18, 0, 1};

/// The lab's IPv6 address (RFC 4193) that ends like an IPv4 address of it.
constexpr IpAddress lab_ipv6(Ipv4Address like) {
  std::array<std::uint8_t, 16> bytes{0xfd, 0x18};
  bytes[15] = static_cast<std::uint8_t>(like.value());
  return IpAddress(bytes);
}

/// Moves this process into a new lab's namespace. The error is one line for people, as in all of this file.
Result<void, std::string> enter_new_lab();

/// Moves this process into the newest lab that runs, or into that of `pid`.
Result<void, std::string> join_lab(std::optional<pid_t> pid);

/// A card's place in the lab.
struct LabPort {
  std::unique_ptr<sim::TapDevice> tap;
  Ipv4Address address;  ///< the card's
  bool ipv6 = false;    ///< It has lab_ipv6(address), too.
  MacAddress mac;       ///< the card's
};

/// Plugs another card into the lab that this process is in.
Result<LabPort, std::string> plug_in();

/// Starts a program in the namespace that this process is in; it is told to end when this process does. The error says
/// why it could not be started.
Result<pid_t, std::string> start_program(const std::vector<std::string>& command, bool quiet = false);

/// Ends a program and waits until it is gone: SIGTERM, and SIGKILL after two seconds.
void stop_program(pid_t pid);

/// `sockwire lab -- CMD…`: a new lab with CMD in it; returns CMD's exit code when it ends. Nothing that it started is
/// left behind.
int run_lab(const std::vector<std::string>& command);

}  // namespace sockwire::apps
