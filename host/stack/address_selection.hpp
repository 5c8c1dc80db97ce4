// SPDX-License-Identifier: Apache-2.0
// Which of several addresses to send from: RFC 6724 section 5, those of its rules that mean something to a host with
// one interface and no mobility.
#pragma once

#include <optional>
#include <span>

#include "host/base/ip_address.hpp"
#include "host/stack/interface.hpp"

namespace sockwire::stack {

/// How far an address reaches: RFC 4291 2.7 and RFC 6724 3.1 and 3.2. 2 is the link, 14 the world.
int scope_of(const IpAddress& address);
/// RFC 6724 2.1, the default policy table: addresses with equal labels go together.
int label_of(const IpAddress& address);

/// Nothing if there is no address of the destination's version that may be used.
std::optional<IpAddress> select_source(std::span<const InterfaceAddress> candidates, const IpAddress& destination);

}  // namespace sockwire::stack
