// SPDX-License-Identifier: Apache-2.0
// getaddrinfo(3) over the instance's own resolver.
#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "host/api/instance.hpp"
#include "host/api/socket_address.hpp"

using sockwire::Endpoint;
using sockwire::IpAddress;

namespace {

/// As long as a resolver with three servers and two attempts may take.
constexpr sockwire::Duration kPatience = std::chrono::seconds(30);

/// One result and its address in one piece of memory, so that it is freed as one.
struct Entry {
  addrinfo info;
  sockaddr_storage address;
};

/// Sets `port`; a service is a number, or a name that the machine knows. Returns 0 or an EAI_ code.
int port_of(const char* service, const addrinfo& hints, std::uint16_t& port) {
  if (service == nullptr) return 0;
  const char* const end = service + std::strlen(service);
  const auto number = std::from_chars(service, end, port);
  if (number.ec == std::errc() && number.ptr == end) return 0;
  if ((hints.ai_flags & AI_NUMERICSERV) != 0) return EAI_NONAME;
  servent entry{};
  servent* found = nullptr;
  char buffer[1024];
  const char* protocol = hints.ai_socktype == SOCK_DGRAM ? "udp" : "tcp";
  if (getservbyname_r(service, protocol, &entry, buffer, sizeof buffer, &found) != 0 || found == nullptr) {
    return EAI_SERVICE;
  }
  port = ntohs(static_cast<std::uint16_t>(found->s_port));
  return 0;
}

int addresses_of(sockwire_t& self, const char* node, const addrinfo& hints, std::vector<IpAddress>& addresses) {
  const bool ipv4 = hints.ai_family != AF_INET6 || (hints.ai_flags & AI_V4MAPPED) != 0;
  const bool ipv6 = hints.ai_family != AF_INET;
  if (node == nullptr) {
    // Nobody: the wildcard, or this host itself, which has no loopback here.
    if ((hints.ai_flags & AI_PASSIVE) == 0) return EAI_NONAME;
    if (hints.ai_family != AF_INET6) addresses.push_back(IpAddress::from_ipv4(0));
    if (ipv6) addresses.push_back(IpAddress());
    return 0;
  }
  if ((hints.ai_flags & AI_NUMERICHOST) != 0) {
    const auto address = IpAddress::parse(node);
    if (!address) return EAI_NONAME;
    addresses.push_back(*address);
  } else {
    const auto found = self.host().resolve(node, {.ipv4 = ipv4, .ipv6 = ipv6}, kPatience);
    if (!found) return sockwire::api::eai_of(found.error().code);
    addresses = found->addresses;
  }
  std::erase_if(addresses, [&](const IpAddress& address) { return address.is_ipv4() ? !ipv4 : !ipv6; });
  return addresses.empty() ? EAI_NONAME : 0;
}

/// Appends one result. Returns where the next belongs; nullptr: no memory.
addrinfo** append(addrinfo** at, const addrinfo& hints, const Endpoint& endpoint, int type) {
  auto* entry = static_cast<Entry*>(std::calloc(1, sizeof(Entry)));
  if (entry == nullptr) return nullptr;
  const bool plain = hints.ai_family != AF_INET6 && (endpoint.address.is_ipv4());
  entry->info.ai_family = plain ? AF_INET : AF_INET6;
  entry->info.ai_socktype = type;
  entry->info.ai_protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
  entry->info.ai_addrlen = sizeof entry->address;
  entry->info.ai_addr = reinterpret_cast<sockaddr*>(&entry->address);
  sockwire::api::write_address(entry->info.ai_family, endpoint, entry->info.ai_addr, &entry->info.ai_addrlen);
  *at = &entry->info;
  return &entry->info.ai_next;
}

int look_up(sockwire_t& self, const char* node, const char* service, const addrinfo& hints, addrinfo** result) {
  const bool family = hints.ai_family == AF_UNSPEC || hints.ai_family == AF_INET || hints.ai_family == AF_INET6;
  if (!family) return EAI_FAMILY;
  const int type = hints.ai_socktype;
  if (type != 0 && type != SOCK_STREAM && type != SOCK_DGRAM) return EAI_SOCKTYPE;
  if (node == nullptr && service == nullptr) return EAI_NONAME;
  std::uint16_t port = 0;
  if (const int error = port_of(service, hints, port); error != 0) return error;
  std::vector<IpAddress> addresses;
  if (const int error = addresses_of(self, node, hints, addresses); error != 0) return error;
  addrinfo** at = result;
  for (const IpAddress& address : addresses) {
    for (const int kind : {SOCK_STREAM, SOCK_DGRAM}) {
      if (type != 0 && type != kind) continue;
      at = append(at, hints, {address, port}, kind);
      if (at == nullptr) return EAI_MEMORY;
    }
  }
  return 0;
}

}  // namespace

int sockwire_getaddrinfo(sockwire_t* instance, const char* node, const char* service, const struct addrinfo* hints,
                         struct addrinfo** result) {
  if (instance == nullptr || result == nullptr) return EAI_SYSTEM;
  addrinfo wanted{};
  if (hints != nullptr) wanted = *hints;
  addrinfo* list = nullptr;
  const sockwire_instance::Turn turn(*instance);
  int error = EAI_MEMORY;
  try {
    error = look_up(*instance, node, service, wanted, &list);
    instance->settle();
  } catch (const std::bad_alloc&) {
  }
  if (error != 0) {
    sockwire_freeaddrinfo(list);
    return error;
  }
  *result = list;
  return 0;
}

void sockwire_freeaddrinfo(struct addrinfo* list) {
  while (list != nullptr) {
    addrinfo* const next = list->ai_next;
    std::free(list);  // the Entry begins with it
    list = next;
  }
}
