// SPDX-License-Identifier: Apache-2.0
#include "host/socket/text.hpp"

namespace sockwire {

SocketError unreachable_error(stack::Unreachable reason, const tcp::Endpoint& remote) {
  const std::string host = to_string(remote.address);
  switch (reason) {
    case stack::Unreachable::kNoNeighbour:
      return {SocketErrc::kHostUnreachable, std::string("no answer to ") +
                                                (remote.address.is_ipv4() ? "ARP" : "neighbour solicitations") +
                                                " on the way to " + host + ": is it on, and on this network?"};
    case stack::Unreachable::kNetwork:
      return {SocketErrc::kNetworkUnreachable, "a router has no route to " + host};
    case stack::Unreachable::kPort:
    case stack::Unreachable::kProtocol:
      return {SocketErrc::kRefused, "connection refused by " + to_string(remote)};
    default:
      return {SocketErrc::kHostUnreachable, host + " is unreachable, says a router"};
  }
}

SocketError reset_error(const tcp::Endpoint& remote) {
  return {SocketErrc::kReset, "connection reset by " + to_string(remote)};
}

SocketError open_error(stack::OpenError reason, const tcp::Endpoint& local, const tcp::Endpoint& remote) {
  switch (reason) {
    case stack::OpenError::kNoRoute:
      return {SocketErrc::kNetworkUnreachable,
              "no route to " + to_string(remote.address) + ": it is outside our subnets, and there is no gateway"};
    case stack::OpenError::kGroupAddress:
      return {SocketErrc::kInvalid, to_string(remote.address) + " stands for several hosts; TCP talks to one"};
    case stack::OpenError::kInvalidPort:
      return {SocketErrc::kInvalid, "port 0 cannot be connected to"};
    case stack::OpenError::kAddressInUse:
      return {SocketErrc::kAddressInUse, "port " + std::to_string(local.port) + " is in use"};
    case stack::OpenError::kAddressNotLocal:
      return {SocketErrc::kAddressNotLocal, to_string(local.address) + " is not an address of this host"};
    case stack::OpenError::kNoPorts:
      return {SocketErrc::kNoPorts, "every local port is in use"};
  }
  return {SocketErrc::kInvalid, "cannot open"};
}

}  // namespace sockwire
