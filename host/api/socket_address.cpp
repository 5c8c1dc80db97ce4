// SPDX-License-Identifier: Apache-2.0
#include "host/api/socket_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sockwire::api {

Result<tcp::Endpoint, int> read_address(int domain, const sockaddr* address, socklen_t length) {
  if (address == nullptr) return Failure{EFAULT};
  if (length < sizeof(sa_family_t)) return Failure{EINVAL};
  if (address->sa_family == AF_INET) {
    if (domain != AF_INET) return Failure{EAFNOSUPPORT};
    if (length < sizeof(sockaddr_in)) return Failure{EINVAL};
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    return tcp::Endpoint{IpAddress::from_ipv4(ntohl(in.sin_addr.s_addr)), ntohs(in.sin_port)};
  }
  if (address->sa_family != AF_INET6 || domain != AF_INET6) return Failure{EAFNOSUPPORT};
  // RFC 2133 had it four bytes shorter, without the scope; Linux takes that still.
  if (length < offsetof(sockaddr_in6, sin6_scope_id)) return Failure{EINVAL};
  sockaddr_in6 in{};
  std::memcpy(&in, address, std::min<std::size_t>(length, sizeof in));
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), in.sin6_addr.s6_addr, bytes.size());
  return tcp::Endpoint{IpAddress(bytes), ntohs(in.sin6_port)};
}

void write_address(int domain, const tcp::Endpoint& endpoint, sockaddr* address, socklen_t* length) {
  if (address == nullptr || length == nullptr) return;
  sockaddr_storage storage{};
  socklen_t bytes = 0;
  if (domain == AF_INET) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    in.sin_addr.s_addr = htonl(endpoint.address.is_ipv4() ? endpoint.address.ipv4() : 0);
    std::memcpy(&storage, &in, sizeof in);
    bytes = sizeof in;
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(in.sin6_addr.s6_addr, endpoint.address.bytes().data(), 16);
    std::memcpy(&storage, &in, sizeof in);
    bytes = sizeof in;
  }
  std::memcpy(address, &storage, std::min(*length, bytes));
  *length = bytes;
}

}  // namespace sockwire::api
