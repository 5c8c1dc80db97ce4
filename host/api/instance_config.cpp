// SPDX-License-Identifier: Apache-2.0
#include "host/api/instance_config.hpp"

namespace sockwire::api {

namespace {

constexpr std::uint32_t kMinMtu = 576;       // RFC 1122 3.3.3
constexpr std::uint32_t kMinIpv6Mtu = 1280;  // RFC 8200 5
constexpr std::uint32_t kMaxMtu = 1500;

}  // namespace

std::optional<stack::Config> addressed(const char* ipv4, const char* ipv6, std::uint32_t mtu) {
  stack::Config config;
  if (mtu < kMinMtu || mtu > kMaxMtu || (ipv4 == nullptr && ipv6 == nullptr)) return std::nullopt;
  config.mtu = static_cast<std::uint16_t>(mtu);
  if (ipv4 != nullptr) {
    const auto address = Ipv4Interface::parse(ipv4);
    if (!address) return std::nullopt;
    config.ipv4 = *address;
  }
  if (ipv6 != nullptr) {
    const auto address = IpPrefix::parse(ipv6);
    if (!address || address->address.is_ipv4() || mtu < kMinIpv6Mtu) return std::nullopt;
    config.ipv6.enabled = true;
    config.ipv6.addresses = {*address};
  }
  return config;
}

}  // namespace sockwire::api
