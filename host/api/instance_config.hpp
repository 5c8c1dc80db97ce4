// SPDX-License-Identifier: Apache-2.0
// What every kind of instance is told of its addresses, as the stack wants it.
#pragma once

#include <cstdint>
#include <optional>

#include "host/stack/config.hpp"

namespace sockwire::api {

/// Texts as in sockwire.h; nullptr: none of that version. Nothing: an address that is none, none at all, or an MTU that
/// no IP network has, or our card.
std::optional<stack::Config> addressed(const char* ipv4, const char* ipv6, std::uint32_t mtu);

}  // namespace sockwire::api
