// SPDX-License-Identifier: Apache-2.0
// struct sockaddr and our endpoints.
#pragma once

#include <sys/socket.h>

#include "host/base/result.hpp"
#include "host/tcp/endpoint.hpp"

namespace sockwire::api {

/// Reads the address of a socket of `domain` (AF_INET, AF_INET6). An AF_INET wildcard is 0.0.0.0, an AF_INET6 one is
/// ::. The error is an errno: EINVAL (too short), EAFNOSUPPORT (another family).
Result<tcp::Endpoint, int> read_address(int domain, const sockaddr* address, socklen_t length);

/// Writes an endpoint as a socket of `domain` sees it, as far as *length allows, and its whole length into *length.
/// Does nothing if there is nowhere to write to.
void write_address(int domain, const tcp::Endpoint& endpoint, sockaddr* address, socklen_t* length);

}  // namespace sockwire::api
