// SPDX-License-Identifier: Apache-2.0
// Endpoints and errors in words.
#pragma once

#include <string>

#include "host/base/ip_address.hpp"
#include "host/socket/error.hpp"
#include "host/stack/tcp_layer.hpp"
#include "host/tcp/endpoint.hpp"

namespace sockwire {

namespace tcp {
/// "10.0.0.1:80", "[2001:db8::1]:80"; found by its argument.
inline std::string to_string(const Endpoint& endpoint) {
  const std::string address = sockwire::to_string(endpoint.address);
  const std::string port = std::to_string(endpoint.port);
  return endpoint.address.is_ipv4() ? address + ":" + port : "[" + address + "]:" + port;
}
}  // namespace tcp

inline Failure<SocketError> bad_descriptor(int descriptor) {
  return {SocketError{SocketErrc::kBadDescriptor, "there is no socket " + std::to_string(descriptor)}};
}

/// Why `remote` cannot be reached.
SocketError unreachable_error(stack::Unreachable reason, const tcp::Endpoint& remote);
SocketError reset_error(const tcp::Endpoint& remote);
/// Why a connection to `remote`, or a listener at `local`, could not be opened.
SocketError open_error(stack::OpenError reason, const tcp::Endpoint& local, const tcp::Endpoint& remote);

}  // namespace sockwire
