// SPDX-License-Identifier: Apache-2.0
// A name server's answer in its simplest form: one name, one address.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/base/ipv4_address.hpp"

namespace sockwire::apps {

/// The answer to a DNS query (RFC 1035 4): `address` to whatever name an A record is asked of, no record to any other
/// question. Empty if it is no query with one question.
std::vector<std::uint8_t> dns_answer(std::span<const std::uint8_t> query, const Ipv4Address& address);

}  // namespace sockwire::apps
