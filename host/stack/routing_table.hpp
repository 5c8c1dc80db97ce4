// SPDX-License-Identifier: Apache-2.0
// Routes, and which of them is the one for a destination: that with the longest prefix (RFC 1812 5.2.4.3), of equal
// ones that with the lowest metric.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "host/base/ip_prefix.hpp"
#include "host/base/time.hpp"

namespace sockwire::stack {

/// Where packets to `destination` go.
struct Route {
  IpPrefix destination;
  std::optional<IpAddress> gateway;  ///< None: the destination itself is a neighbour.
  std::uint16_t mtu = 0;             ///< In bytes; 0: the interface's.
  unsigned metric = 0;               ///< The lower the better.
  TimePoint expires = kNever;

  friend bool operator==(const Route&, const Route&) = default;
};

class RoutingTable {
 public:
  explicit RoutingTable(std::size_t max_routes = 1024) : max_routes_(max_routes) {}

  /// Adds a route, in the place of one with the same destination and gateway. Returns false if the table is full.
  bool add(const Route& route);
  /// Returns whether there was one.
  bool remove(const IpPrefix& destination, const std::optional<IpAddress>& gateway);
  /// Takes out what has expired. Returns how many.
  std::size_t expire(TimePoint now);
  TimePoint next_deadline() const { return next_expiry_; }

  /// The route for a destination, valid until the next change; nullptr if there is none. Looks into one hash table for
  /// each prefix length that is in use, longest first.
  const Route* find(const IpAddress& destination) const;

  std::size_t size() const { return size_; }
  std::vector<Route> routes() const;

 private:
  /// Routes with prefixes of one length, by network; of one network the best first.
  using Routes = std::unordered_map<IpAddress, std::vector<Route>, IpAddressHash>;
  /// Routes of one IP version.
  struct Family {
    std::array<Routes, 129> by_bits;
    std::vector<int> lengths;  ///< In use, longest first.
  };

  Family& family(bool ipv4) { return ipv4 ? ipv4_ : ipv6_; }
  void note_length(Family& family, int bits);
  void find_next_expiry();

  std::size_t max_routes_;
  std::size_t size_ = 0;
  Family ipv4_;
  Family ipv6_;
  TimePoint next_expiry_ = kNever;
};

}  // namespace sockwire::stack
