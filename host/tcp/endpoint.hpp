// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "host/base/ip_address.hpp"

namespace sockwire::tcp {

/// One end of a connection (a "socket" in the words of RFC 9293 3.3.1): an address and a port in host byte order.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace sockwire::tcp
