// SPDX-License-Identifier: Apache-2.0
#include "host/stack/address_selection.hpp"

#include <algorithm>
#include <array>

namespace sockwire::stack {

namespace {

constexpr int kLinkScope = 2;
constexpr int kGlobalScope = 14;

constexpr IpAddress ipv6(std::uint16_t first, std::uint16_t second = 0) {
  return IpAddress({static_cast<std::uint8_t>(first >> 8), static_cast<std::uint8_t>(first),
                    static_cast<std::uint8_t>(second >> 8), static_cast<std::uint8_t>(second)});
}

/// Whether `a` is the better source; equal ones keep their order.
bool is_better(const InterfaceAddress& a, const InterfaceAddress& b, const IpAddress& destination) {
  const IpAddress& first = a.prefix.address;
  const IpAddress& second = b.prefix.address;
  // Rule 1: the destination itself.
  if ((first == destination) != (second == destination)) return first == destination;
  // Rule 2: the smallest scope that reaches it; else the largest that there is.
  const int wanted = scope_of(destination);
  const int scope_a = scope_of(first);
  const int scope_b = scope_of(second);
  if (scope_a != scope_b) return scope_a < scope_b ? scope_a >= wanted : scope_b < wanted;
  // Rule 3: no deprecated ones.
  const bool preferred_a = a.state == AddressState::kPreferred;
  const bool preferred_b = b.state == AddressState::kPreferred;
  if (preferred_a != preferred_b) return preferred_a;
  // Rule 6: the same label.
  const int label = label_of(destination);
  const bool labelled_a = label_of(first) == label;
  const bool labelled_b = label_of(second) == label;
  if (labelled_a != labelled_b) return labelled_a;
  // Rule 8: the longest prefix in common, as far as that of the source's subnet.
  const auto common = [&](const InterfaceAddress& own) {
    return std::min(common_prefix_bits(own.prefix.address, destination), own.prefix.mapped_bits());
  };
  return common(a) > common(b);
}

}  // namespace

int scope_of(const IpAddress& address) {
  if (address.is_ipv4()) return address.is_link_local() || address.is_loopback() ? kLinkScope : kGlobalScope;
  if (address.is_multicast()) return address.bytes()[1] & 0x0f;
  if (address.is_link_local() || address.is_loopback()) return kLinkScope;
  const bool site_local = address.bytes()[0] == 0xfe && (address.bytes()[1] & 0xc0) == 0xc0;
  return site_local ? 5 : kGlobalScope;
}

int label_of(const IpAddress& address) {
  struct Policy {
    IpPrefix prefix;
    int label;
  };
  static constexpr std::array<Policy, 6> kPolicies = {{
      {{ipv6(0x2001, 0), 32}, 5},
      {{ipv6(0x2002), 16}, 2},
      {{ipv6(0x3ffe), 16}, 12},
      {{ipv6(0xfec0), 10}, 11},
      {{ipv6(0xfc00), 7}, 13},
      {{IpAddress(), 96}, 3},
  }};
  if (address.is_ipv4()) return 4;
  if (address.is_loopback()) return 0;
  for (const Policy& policy : kPolicies) {
    if (policy.prefix.contains(address)) return policy.label;
  }
  return 1;
}

std::optional<IpAddress> select_source(std::span<const InterfaceAddress> candidates, const IpAddress& destination) {
  const InterfaceAddress* best = nullptr;
  for (const InterfaceAddress& own : candidates) {
    if (own.state == AddressState::kTentative || own.prefix.is_ipv4() != destination.is_ipv4()) continue;
    if (best == nullptr || is_better(own, *best, destination)) best = &own;
  }
  return best == nullptr ? std::nullopt : std::optional(best->prefix.address);
}

}  // namespace sockwire::stack
