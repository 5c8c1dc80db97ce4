// SPDX-License-Identifier: Apache-2.0
#include "host/stack/path_mtu.hpp"

#include <algorithm>
#include <array>

namespace sockwire::stack {

std::uint16_t next_plateau_below(std::uint16_t packet_bytes) {
  // RFC 1191 table 7-1.
  constexpr std::array<std::uint16_t, 10> kPlateaus = {65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296};
  for (const std::uint16_t plateau : kPlateaus) {
    if (plateau < packet_bytes) return plateau;
  }
  return 68;
}

std::uint16_t PathMtuCache::get(TimePoint now, const IpAddress& destination, std::uint16_t link_mtu) const {
  const auto found = entries_.find(destination);
  if (found == entries_.end() || found->second.expires <= now) return link_mtu;
  return std::min(found->second.mtu, link_mtu);
}

std::uint16_t PathMtuCache::lower(TimePoint now, const IpAddress& destination, std::uint16_t mtu,
                                  std::uint16_t link_mtu) {
  mtu = std::max(mtu, destination.is_ipv4() ? kMinIpv4PathMtu : kMinIpv6PathMtu);
  if (mtu >= get(now, destination, link_mtu)) return 0;
  if (entries_.size() >= max_entries_ && !entries_.contains(destination)) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; }));
  }
  entries_[destination] = {mtu, now + lifetime_};
  return mtu;
}

}  // namespace sockwire::stack
