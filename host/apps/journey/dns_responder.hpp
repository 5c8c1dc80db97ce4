// SPDX-License-Identifier: Apache-2.0
// A name server's answer in its simplest form: one name, one address.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/base/ip_address.hpp"

namespace sockwire::apps {

/// The answer to a DNS query (RFC 1035 4): `address` to whatever name an A record (or AAAA, RFC 3596, as the address
/// is) is asked of, no record to any other question. Empty if it is no query with one question.
std::vector<std::uint8_t> dns_answer(std::span<const std::uint8_t> query, const IpAddress& address);

}  // namespace sockwire::apps
