// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ephemeral_ports.hpp"

#include <algorithm>
#include <array>

#include "host/base/byte_order.hpp"

namespace sockwire::stack {

std::uint32_t EphemeralPorts::hash(const IpAddress& local, const tcp::Endpoint& remote) const {
  // The leading byte keeps this use of the key apart from that for sequence numbers.
  std::array<std::uint8_t, 35> message{'p'};
  std::copy(local.bytes().begin(), local.bytes().end(), message.begin() + 1);
  std::copy(remote.address.bytes().begin(), remote.address.bytes().end(), message.begin() + 17);
  store_be16(&message[33], remote.port);
  return static_cast<std::uint32_t>(tcp::siphash24(key_, message));
}

}  // namespace sockwire::stack
