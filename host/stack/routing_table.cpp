// SPDX-License-Identifier: Apache-2.0
#include "host/stack/routing_table.hpp"

#include <algorithm>
#include <functional>

namespace sockwire::stack {

bool RoutingTable::add(const Route& route) {
  remove(route.destination, route.gateway);
  if (size_ >= max_routes_) return false;
  Route added = route;
  added.destination = route.destination.network();
  Family& family = this->family(added.destination.is_ipv4());
  auto& routes = family.by_bits[static_cast<std::size_t>(added.destination.bits)][added.destination.address];
  const auto worse = [&](const Route& other) { return other.metric > added.metric; };
  routes.insert(std::find_if(routes.begin(), routes.end(), worse), added);
  ++size_;
  next_expiry_ = std::min(next_expiry_, added.expires);
  note_length(family, added.destination.bits);
  return true;
}

bool RoutingTable::remove(const IpPrefix& destination, const std::optional<IpAddress>& gateway) {
  const IpPrefix network = destination.network();
  Family& family = this->family(network.is_ipv4());
  Routes& routes = family.by_bits[static_cast<std::size_t>(network.bits)];
  const auto found = routes.find(network.address);
  if (found == routes.end()) return false;
  const auto removed = std::erase_if(found->second, [&](const Route& route) { return route.gateway == gateway; });
  if (found->second.empty()) routes.erase(found);
  note_length(family, network.bits);
  size_ -= removed;
  if (removed > 0) find_next_expiry();
  return removed > 0;
}

std::size_t RoutingTable::expire(TimePoint now) {
  if (next_expiry_ > now) return 0;
  std::size_t count = 0;
  for (const Route& route : routes()) {
    if (route.expires <= now && remove(route.destination, route.gateway)) ++count;
  }
  return count;
}

void RoutingTable::find_next_expiry() {
  next_expiry_ = kNever;
  for (const Route& route : routes()) next_expiry_ = std::min(next_expiry_, route.expires);
}

void RoutingTable::note_length(Family& family, int bits) {
  const auto place = std::lower_bound(family.lengths.begin(), family.lengths.end(), bits, std::greater<>());
  const bool known = place != family.lengths.end() && *place == bits;
  const bool used = !family.by_bits[static_cast<std::size_t>(bits)].empty();
  if (used && !known) family.lengths.insert(place, bits);
  if (!used && known) family.lengths.erase(place);
}

const Route* RoutingTable::find(const IpAddress& destination) const {
  const Family& family = destination.is_ipv4() ? ipv4_ : ipv6_;
  for (const int bits : family.lengths) {
    const Routes& routes = family.by_bits[static_cast<std::size_t>(bits)];
    const auto found = routes.find(IpPrefix(destination, bits).network().address);
    if (found != routes.end()) return &found->second.front();
  }
  return nullptr;
}

std::vector<Route> RoutingTable::routes() const {
  std::vector<Route> all;
  for (const Family* family : {&ipv4_, &ipv6_}) {
    for (const int bits : family->lengths) {
      for (const auto& item : family->by_bits[static_cast<std::size_t>(bits)]) {
        all.insert(all.end(), item.second.begin(), item.second.end());
      }
    }
  }
  return all;
}

}  // namespace sockwire::stack
