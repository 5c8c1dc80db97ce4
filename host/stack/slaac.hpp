// SPDX-License-Identifier: Apache-2.0
// What routers advertise (RFC 4861 6.3), and the addresses that are made of it (RFC 4862): default routes, prefixes on
// the link, the link's MTU, and addresses with their lifetimes. Everything that a router can make grow has a bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/base/time.hpp"
#include "host/stack/address_prober.hpp"
#include "host/stack/config.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/interface.hpp"
#include "host/stack/interface_identifier.hpp"
#include "host/stack/ip_packet.hpp"
#include "host/stack/jitter.hpp"
#include "host/stack/ndp.hpp"
#include "host/stack/routing_table.hpp"

namespace sockwire::stack {

/// Who puts addresses on the interface and takes them off.
class AddressOwner {
 public:
  virtual ~AddressOwner() = default;
  /// Asks for the address first, if duplicate address detection is on.
  virtual bool take_address(TimePoint now, const InterfaceAddress& address) = 0;
  virtual void drop_address(TimePoint now, const IpAddress& address) = 0;
};

class Slaac {
 public:
  /// All but config outlive it.
  Slaac(const Config& config, Interface& interface, RoutingTable& routes, Ndp& ndp, AddressOwner& owner, Jitter& jitter,
        Counters& counters);

  /// Makes the link-local address, and asks for routers.
  void start(TimePoint now);
  /// A router advertisement with a good checksum, hop limit 255 and code 0.
  void on_advertisement(TimePoint now, const IpPacket& packet);
  /// Duplicate address detection has found that an address is taken.
  void on_duplicate(TimePoint now, const IpAddress& address);
  /// A neighbour says that it is no router (RFC 4861 7.2.5).
  void on_no_router(const IpAddress& neighbour);
  /// A router does not answer: another one is preferred until it advertises again (RFC 4861 6.3.6).
  void on_unreachable(TimePoint now, const IpAddress& neighbour);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  /// Hop limit of what we send: the configured one, or what a router said.
  std::uint8_t hop_limit() const { return hop_limit_; }

 private:
  struct Prefix {
    IpPrefix prefix;
    TimePoint valid_until;
  };
  struct Router {
    IpAddress address;
    TimePoint expires;
  };

  void take_router(TimePoint now, const IpAddress& router, std::uint16_t lifetime_s);
  void take_parameters(const IpPacket& packet);
  void take_prefix(TimePoint now, std::span<const std::uint8_t> option);
  void take_on_link(const IpPrefix& prefix, TimePoint valid_until, TimePoint now);
  void take_autonomous(TimePoint now, const IpPrefix& prefix, Duration valid, Duration preferred);
  void renew(TimePoint now, InterfaceAddress& address, Duration valid, Duration preferred);
  void make_address(TimePoint now, const IpPrefix& prefix, TimePoint preferred_until, TimePoint valid_until);
  void add_default_route(const Router& router, unsigned metric);
  InterfaceAddress* automatic_in(const IpPrefix& prefix);

  Config config_;
  Interface& interface_;
  RoutingTable& routes_;
  Ndp& ndp_;
  AddressOwner& owner_;
  Jitter& jitter_;
  Counters& counters_;
  std::uint8_t hop_limit_;
  std::uint8_t dad_failures_ = 0;
  unsigned solicitations_ = 0;
  TimePoint next_solicitation_ = kNever;
  std::vector<Router> routers_;
  std::vector<Prefix> on_link_;
};

}  // namespace sockwire::stack
