// SPDX-License-Identifier: Apache-2.0
// ARP (RFC 826): questions and answers about who has an IPv4 address, and the conflicts that they show (RFC 5227).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/interface.hpp"
#include "host/stack/neighbour_cache.hpp"

namespace sockwire::stack {

class Arp final : private NeighbourCache::Solicitor {
 public:
  /// interface, frames and counters outlive it.
  Arp(const NeighbourConfig& config, const Interface& interface, FrameQueue& frames, Counters& counters);
  Arp(const Arp&) = delete;
  Arp& operator=(const Arp&) = delete;

  NeighbourCache& cache() { return cache_; }
  const NeighbourCache& cache() const { return cache_; }

  /// An ARP packet came in: what follows the Ethernet header.
  void on_packet(TimePoint now, std::span<const std::uint8_t> packet);

  /// Does anybody have this address? (RFC 5227 2.1.1)
  void probe(Ipv4Address address);
  /// We have it (RFC 5227 2.3).
  void announce(Ipv4Address address);
  /// An address of ours, or one that we are about to use, that another station claims.
  [[nodiscard]] std::optional<IpAddress> poll_conflict();

 private:
  void solicit(const IpAddress& target, const std::optional<MacAddress>& known) override;
  bool is_conflict(Ipv4Address sender, const MacAddress& sender_mac, Ipv4Address target);
  void write_packet(std::uint16_t operation, const MacAddress& frame_to, Ipv4Address sender,
                    const MacAddress& target_mac, Ipv4Address target);

  const Interface& interface_;
  FrameQueue& frames_;
  Counters& counters_;
  NeighbourCache cache_;
  std::deque<IpAddress> conflicts_;
};

}  // namespace sockwire::stack
