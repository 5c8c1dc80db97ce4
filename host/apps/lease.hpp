// SPDX-License-Identifier: Apache-2.0
// An address from a DHCP server.
#pragma once

#include <array>
#include <cstdint>

#include "host/apps/setup.hpp"

namespace sockwire::apps {

/// Waits for a lease, as long as the options have patience. secret: of the client's random numbers. The error is one
/// line for people.
Result<void, std::string> obtain_lease(Setup& setup, const std::array<std::uint8_t, 16>& secret);

}  // namespace sockwire::apps
