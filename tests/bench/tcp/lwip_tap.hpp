// SPDX-License-Identifier: Apache-2.0
// Debian's liblwip behind a TAP of this namespace: what there is to compare with. (PBUF_RAM only: its pool of buffers
// overflows on large frames.)
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/base/ipv4_address.hpp"
#include "sim/net/tap.hpp"

namespace sockwire::bench {

inline constexpr Ipv4Address kLwipAddress{10, 20, 0, 2};
inline constexpr Ipv4Address kLwipPeer{10, 20, 0, 1};  ///< Linux.

/// Brings the TAP up, starts lwIP's thread with an interface on it, and another thread that takes in what comes. Once
/// in a process. The error is one line for people.
std::string start_lwip(std::unique_ptr<sim::TapDevice> tap);

/// Connects to Linux's port and sends so many bytes; waits until lwIP has taken them all and has closed. What went
/// wrong, if anything.
std::string lwip_send(std::uint16_t port, std::uint64_t bytes);

}  // namespace sockwire::bench
