// SPDX-License-Identifier: Apache-2.0
// The low 64 bits of IPv6 addresses that a host makes itself.
#pragma once

#include <array>
#include <cstdint>

#include "host/base/ip_prefix.hpp"
#include "host/base/mac_address.hpp"
#include "host/tcp/isn.hpp"

namespace sockwire::stack {

using InterfaceId = std::array<std::uint8_t, 8>;

/// Modified EUI-64 (RFC 4291 appendix A, RFC 2464 4).
InterfaceId eui64_identifier(const MacAddress& mac);

/// RFC 7217 5: F(prefix, interface, DAD counter, key), F is SipHash-2-4. dad_counter: how many were found to be taken.
/// Never one that is reserved (RFC 5453).
InterfaceId opaque_identifier(const tcp::SipHashKey& key, const IpPrefix& prefix, const MacAddress& mac,
                              std::uint8_t dad_counter);

/// The first 64 bits of `prefix` before `identifier`.
IpAddress join(const IpPrefix& prefix, const InterfaceId& identifier);

}  // namespace sockwire::stack
