// SPDX-License-Identifier: Apache-2.0
#include "host/stack/slaac.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "hls/wire/icmpv6.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {

using std::chrono::seconds;

/// RFC 4861 10.
constexpr unsigned kMaxRtrSolicitations = 3;
constexpr Duration kRtrSolicitationInterval = seconds(4);
constexpr Duration kMaxRtrSolicitationDelay = seconds(1);
/// RFC 7217 6, IDGEN_RETRIES.
constexpr unsigned kMaxDadFailures = 3;
/// RFC 4862 5.5.3 (e): a lifetime is not cut to less than this by a message that anybody may have sent.
constexpr Duration kTwoHours = std::chrono::hours(2);
constexpr std::size_t kMaxRouters = 8;
constexpr std::size_t kMaxPrefixes = 16;
constexpr std::size_t kMaxAutomatic = 16;
/// Routes that a router advertised come behind those that the user configured.
constexpr unsigned kAdvertisedMetric = 100;
constexpr unsigned kUnreachableMetric = 200;
constexpr std::uint32_t kForever = 0xffffffff;

const IpPrefix kLinkLocal(IpAddress({0xfe, 0x80}), 64);

TimePoint after(TimePoint now, Duration lifetime) { return lifetime == Duration::max() ? kNever : now + lifetime; }

Duration lifetime_of(std::uint32_t in_seconds) {
  return in_seconds == kForever ? Duration::max() : Duration(seconds(in_seconds));
}

}  // namespace

Slaac::Slaac(const Config& config, Interface& interface, RoutingTable& routes, Ndp& ndp, AddressOwner& owner,
             Jitter& jitter, Counters& counters)
    : config_(config),
      interface_(interface),
      routes_(routes),
      ndp_(ndp),
      owner_(owner),
      jitter_(jitter),
      counters_(counters),
      hop_limit_(config.ipv6.hop_limit) {}

void Slaac::start(TimePoint now) {
  if (config_.ipv6.link_local) make_address(now, kLinkLocal, kNever, kNever);
  if (config_.ipv6.router_advertisements) next_solicitation_ = now + jitter_.below(kMaxRtrSolicitationDelay);
}

void Slaac::make_address(TimePoint now, const IpPrefix& prefix, TimePoint preferred_until, TimePoint valid_until) {
  InterfaceAddress made;
  const InterfaceId id = config_.ipv6.identifier == InterfaceIdentifier::kEui64
                             ? eui64_identifier(interface_.mac())
                             : opaque_identifier(config_.secret, prefix, interface_.mac(), dad_failures_);
  made.prefix = IpPrefix(join(prefix, id), prefix.bits);
  made.automatic = true;
  made.preferred_until = preferred_until;
  made.valid_until = valid_until;
  if (preferred_until <= now) made.state = AddressState::kDeprecated;
  if (owner_.take_address(now, made)) ++counters_.slaac_addresses;
}

void Slaac::on_advertisement(TimePoint now, const IpPacket& packet) {
  // RFC 4861 6.1.2.
  bool good = packet.payload.size() >= wire::kRaOptions && packet.source.is_link_local();
  if (good) {
    NdpOptions options(packet.payload.subspan(wire::kRaOptions));
    while (options.next()) {
    }
    good = !options.malformed();
  }
  if (!good) {
    ++counters_.ndp_malformed;
    return;
  }
  ++counters_.router_advertisements_in;
  if (!config_.ipv6.router_advertisements) return;
  next_solicitation_ = kNever;
  take_router(now, packet.source, load_be16(&packet.payload[wire::kRaLifetime]));
  take_parameters(packet);
  NdpOptions options(packet.payload.subspan(wire::kRaOptions));
  while (const auto option = options.next()) {
    switch ((*option)[wire::kNdpOptionType]) {
      case wire::kNdpSourceMac: {
        const auto mac = MacAddress::from_bytes(&(*option)[wire::kNdpOptionMac]);
        if (!mac.is_group() && !mac.is_zero()) ndp_.cache().heard(now, packet.source, mac);
        break;
      }
      case wire::kNdpMtu:
        interface_.set_ipv6_mtu(load_be32(&(*option)[wire::kNdpMtuValue]));
        break;
      case wire::kNdpPrefix:
        if (option->size() == wire::kPrefixOptionBytes) take_prefix(now, *option);
        break;
      default:
        break;  // RFC 4861 4.6: ignored
    }
  }
}

void Slaac::take_router(TimePoint now, const IpAddress& router, std::uint16_t lifetime_s) {
  on_no_router(router);
  if (lifetime_s == 0) return;
  if (routers_.size() >= kMaxRouters) {
    ++counters_.advertised_too_many;
    return;
  }
  routers_.push_back({router, now + seconds(lifetime_s)});
  add_default_route(routers_.back(), kAdvertisedMetric);
}

void Slaac::add_default_route(const Router& router, unsigned metric) {
  Route route;
  route.destination = IpPrefix(IpAddress(), 0);
  route.gateway = router.address;
  route.metric = metric;
  route.expires = router.expires;
  if (!routes_.add(route)) ++counters_.advertised_too_many;
}

void Slaac::on_no_router(const IpAddress& neighbour) {
  const auto removed = std::erase_if(routers_, [&](const Router& router) { return router.address == neighbour; });
  if (removed > 0) routes_.remove(IpPrefix(IpAddress(), 0), neighbour);
}

void Slaac::on_unreachable(TimePoint now, const IpAddress& neighbour) {
  for (const Router& router : routers_) {
    if (router.address == neighbour && router.expires > now) add_default_route(router, kUnreachableMetric);
  }
}

/// RFC 4861 6.3.4; zero says nothing.
void Slaac::take_parameters(const IpPacket& packet) {
  const std::uint8_t hop_limit = packet.payload[wire::kRaHopLimit];
  // RFC 8504 5.8 and CVE-2015-2922 and its like: a hop limit is not lowered on a stranger's word.
  if (hop_limit > hop_limit_) hop_limit_ = hop_limit;
  const std::uint32_t reachable_ms = load_be32(&packet.payload[wire::kRaReachableTime]);
  const std::uint32_t retransmit_ms = load_be32(&packet.payload[wire::kRaRetransmitTimer]);
  // Within bounds: neither a flood of questions nor an answer that is never asked for again.
  constexpr std::uint32_t kHourMs = 3'600'000;
  if (reachable_ms != 0) {
    ndp_.cache().set_fresh(std::chrono::milliseconds(std::clamp<std::uint32_t>(reachable_ms, 1000, kHourMs)));
  }
  if (retransmit_ms != 0) {
    ndp_.cache().set_request_interval(std::chrono::milliseconds(std::clamp<std::uint32_t>(retransmit_ms, 100, 60'000)));
  }
}

void Slaac::take_prefix(TimePoint now, std::span<const std::uint8_t> option) {
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(option.begin() + wire::kPrefixAddress, bytes.size(), bytes.begin());
  const int bits = option[wire::kPrefixBits];
  if (bits > 128) return;
  const IpPrefix prefix = IpPrefix(IpAddress(bytes), bits).network();
  if (prefix.address.is_link_local() || prefix.address.is_multicast()) return;
  const Duration valid = lifetime_of(load_be32(&option[wire::kPrefixValidLifetime]));
  const Duration preferred = lifetime_of(load_be32(&option[wire::kPrefixPreferredLifetime]));
  const std::uint8_t flags = option[wire::kPrefixFlags];
  if ((flags & wire::kPrefixOnLink) != 0) take_on_link(prefix, after(now, valid), now);
  if ((flags & wire::kPrefixAutonomous) != 0) take_autonomous(now, prefix, valid, preferred);
}

void Slaac::take_on_link(const IpPrefix& prefix, TimePoint valid_until, TimePoint now) {
  std::erase_if(on_link_, [&](const Prefix& known) { return known.prefix == prefix || known.valid_until <= now; });
  if (valid_until <= now) {
    routes_.remove(prefix, std::nullopt);
    return;
  }
  Route route;
  route.destination = prefix;
  route.metric = kAdvertisedMetric;
  route.expires = valid_until;
  if (on_link_.size() >= kMaxPrefixes || !routes_.add(route)) {
    ++counters_.advertised_too_many;
    return;
  }
  on_link_.push_back({prefix, valid_until});
}

InterfaceAddress* Slaac::automatic_in(const IpPrefix& prefix) {
  for (const InterfaceAddress& own : interface_.addresses()) {
    if (own.automatic && own.prefix.network() == prefix) return interface_.find(own.prefix.address);
  }
  return nullptr;
}

/// RFC 4862 5.5.3.
void Slaac::take_autonomous(TimePoint now, const IpPrefix& prefix, Duration valid, Duration preferred) {
  if (preferred > valid) return;
  if (InterfaceAddress* known = automatic_in(prefix)) {
    renew(now, *known, valid, preferred);
    return;
  }
  if (valid == Duration::zero() || prefix.bits != 64) return;  // our identifiers have 64 bits
  const auto automatic = std::count_if(interface_.addresses().begin(), interface_.addresses().end(),
                                       [](const InterfaceAddress& own) { return own.automatic; });
  if (static_cast<std::size_t>(automatic) >= kMaxAutomatic) {
    ++counters_.advertised_too_many;
    return;
  }
  make_address(now, prefix, after(now, preferred), after(now, valid));
}

/// RFC 4862 5.5.3 (e).
void Slaac::renew(TimePoint now, InterfaceAddress& address, Duration valid, Duration preferred) {
  const Duration remaining = address.valid_until == kNever ? Duration::max() : address.valid_until - now;
  if (valid > kTwoHours || valid > remaining) {
    address.valid_until = after(now, valid);
  } else if (remaining > kTwoHours) {
    address.valid_until = now + kTwoHours;
  }
  address.preferred_until = std::min(after(now, preferred), address.valid_until);
  if (address.state == AddressState::kTentative) return;
  address.state = address.preferred_until > now ? AddressState::kPreferred : AddressState::kDeprecated;
}

void Slaac::on_duplicate(TimePoint now, const IpAddress& address) {
  const InterfaceAddress* known = interface_.find(address);
  if (known == nullptr || !known->automatic) return;
  const InterfaceAddress taken = *known;
  owner_.drop_address(now, address);
  // An EUI-64 identifier has no second choice (RFC 4862 5.4.5).
  if (config_.ipv6.identifier == InterfaceIdentifier::kEui64 || ++dad_failures_ > kMaxDadFailures) return;
  make_address(now, taken.prefix.network(), taken.preferred_until, taken.valid_until);
}

void Slaac::on_timeout(TimePoint now) {
  std::erase_if(routers_, [&](const Router& router) { return router.expires <= now; });
  if (next_solicitation_ <= now) {
    ndp_.solicit_routers();
    next_solicitation_ = ++solicitations_ < kMaxRtrSolicitations ? now + kRtrSolicitationInterval : kNever;
  }
  std::vector<IpAddress> over;
  for (const InterfaceAddress& own : interface_.addresses()) {
    if (own.valid_until <= now) {
      over.push_back(own.prefix.address);
    } else if (own.preferred_until <= now && own.state == AddressState::kPreferred) {
      interface_.find(own.prefix.address)->state = AddressState::kDeprecated;
    }
  }
  for (const IpAddress& address : over) owner_.drop_address(now, address);
}

TimePoint Slaac::next_deadline() const {
  TimePoint deadline = next_solicitation_;
  for (const InterfaceAddress& own : interface_.addresses()) {
    deadline = std::min(deadline, own.valid_until);
    if (own.state == AddressState::kPreferred) deadline = std::min(deadline, own.preferred_until);
  }
  return deadline;
}

}  // namespace sockwire::stack
