// SPDX-License-Identifier: Apache-2.0
// A connection's numbers in the layout that getsockopt(TCP_INFO) gives on Linux.
#pragma once

#include <cstdint>
#include <vector>

#include "host/tcp/config.hpp"
#include "host/tcp/info.hpp"

namespace sockwire::api {

/// The kernel's number of a state (include/net/tcp_states.h).
std::uint8_t linux_state(tcp::State state);

/// struct tcp_info of <linux/tcp.h>, as bytes. What we do not count is 0.
std::vector<std::uint8_t> linux_tcp_info(const tcp::Info& info, const tcp::Config& config);

}  // namespace sockwire::api
