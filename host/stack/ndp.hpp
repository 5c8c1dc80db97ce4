// SPDX-License-Identifier: Apache-2.0
// Neighbour discovery (RFC 4861): questions and answers about who has an IPv6 address. What routers say is slaac.hpp's.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "host/base/ip_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/interface.hpp"
#include "host/stack/ip_packet.hpp"
#include "host/stack/neighbour_cache.hpp"

namespace sockwire::stack {

/// ff02::1 and ff02::2 (RFC 4291 2.7.1).
extern const IpAddress kAllNodes;
extern const IpAddress kAllRouters;
/// ff02::1:ffXX:XXXX: the group that a question about `address` goes to (RFC 4291 2.7.1).
IpAddress solicited_node(const IpAddress& address);

/// Reads the options of a message one after the other (RFC 4861 4.6).
class NdpOptions {
 public:
  explicit NdpOptions(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  /// The next option, type and length included. Nothing: the end, or what cannot be an option.
  std::optional<std::span<const std::uint8_t>> next();
  bool malformed() const { return malformed_; }

 private:
  std::span<const std::uint8_t> rest_;
  bool malformed_ = false;
};

class Ndp final : private NeighbourCache::Solicitor {
 public:
  /// interface, frames and counters outlive it.
  Ndp(const NeighbourConfig& config, const Interface& interface, FrameQueue& frames, Counters& counters);
  Ndp(const Ndp&) = delete;
  Ndp& operator=(const Ndp&) = delete;

  NeighbourCache& cache() { return cache_; }
  const NeighbourCache& cache() const { return cache_; }

  /// A neighbour solicitation with a good checksum, hop limit 255 and code 0.
  void on_solicitation(TimePoint now, const IpPacket& packet);
  /// As above, an advertisement. Returns who says that it is no router.
  std::optional<IpAddress> on_advertisement(TimePoint now, const IpPacket& packet);

  /// Does anybody have this address? (RFC 4862 5.4.2)
  void probe(const IpAddress& address);
  /// We have it, unasked (RFC 4861 7.2.6).
  void announce(const IpAddress& address);
  /// Asks for router advertisements (RFC 4861 6.3.7).
  void solicit_routers();
  /// An address of ours, or one that we are about to use, that another station claims.
  [[nodiscard]] std::optional<IpAddress> poll_conflict();

 private:
  void solicit(const IpAddress& target, const std::optional<MacAddress>& known) override;
  void update(TimePoint now, const IpAddress& target, const std::optional<MacAddress>& mac, std::uint8_t flags);
  void note_conflict(const IpAddress& address);
  void write_solicitation(const IpAddress& source, const IpAddress& destination, const MacAddress& to,
                          const IpAddress& target);
  TxFrame make_advertisement(const IpAddress& destination, const MacAddress& to, const IpAddress& target,
                             std::uint8_t flags) const;

  const Interface& interface_;
  FrameQueue& frames_;
  Counters& counters_;
  NeighbourCache cache_;
  std::deque<IpAddress> conflicts_;
};

}  // namespace sockwire::stack
