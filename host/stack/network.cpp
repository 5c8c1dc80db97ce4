// SPDX-License-Identifier: Apache-2.0
#include "host/stack/network.hpp"

#include <algorithm>

#include "hls/wire/ethernet.hpp"
#include "hls/wire/icmp.hpp"
#include "hls/wire/icmpv6.hpp"
#include "host/base/byte_order.hpp"

namespace sockwire::stack {

namespace {

/// Events that nobody has fetched.
constexpr std::size_t kMaxEvents = 64;

}  // namespace

Network::Network(const Config& config, Counters& counters)
    : config_(config),
      counters_(counters),
      frames_(counters.neighbour_queue_dropped),
      jitter_(config.secret),
      interface_(config.mac, config.mtu, config.vlan),
      path_mtus_(load_le32(config.secret.data())),
      arp_(config.arp, interface_, frames_, counters),
      ndp_(config.ipv6.neighbours, interface_, frames_, counters),
      groups_(interface_, frames_, jitter_, counters),
      prober_(config.ipv6.dad_transmits, jitter_),
      slaac_(config, interface_, routes_, ndp_, *this, jitter_, counters),
      next_ip_id_(load_be16(config.secret.data())) {
  // What needs no asking is there at once; the rest begins with the first on_timeout().
  if (!config.ipv4.address.is_unspecified() && !config.probe_ipv4) {
    static_cast<void>(put_on(TimePoint(), {.prefix = config.ipv4}, false));
  }
  if (config.gateway) {
    static_cast<void>(routes_.add({.destination = {Ipv4Address(), 0}, .gateway = IpAddress(*config.gateway)}));
  }
  if (config.point_to_point) {
    static_cast<void>(routes_.add({.destination = {Ipv4Address(), 0}, .gateway = {}}));
    static_cast<void>(routes_.add({.destination = {IpAddress(), 0}, .gateway = {}}));
  }
  if (!config.ipv6.enabled) return;
  static_cast<void>(routes_.add({.destination = {IpAddress({0xfe, 0x80}), 64}, .gateway = {}}));
  if (config.ipv6.gateway) {
    static_cast<void>(routes_.add({.destination = {IpAddress(), 0}, .gateway = config.ipv6.gateway}));
  }
  if (config.ipv6.dad_transmits > 0) return;
  for (const IpPrefix& address : config.ipv6.addresses) {
    static_cast<void>(put_on(TimePoint(), {.prefix = address}, false));
  }
}

void Network::start(TimePoint now) {
  started_ = true;
  if (config_.probe_ipv4 && !config_.ipv4.address.is_unspecified()) {
    static_cast<void>(add_address(now, config_.ipv4, true));
  }
  if (!config_.ipv6.enabled) return;
  if (config_.ipv6.dad_transmits > 0) {
    for (const IpPrefix& address : config_.ipv6.addresses) static_cast<void>(add_address(now, address, true));
  }
  slaac_.start(now);
}

bool Network::add_address(TimePoint now, const IpPrefix& address, bool probe) {
  return put_on(now, {.prefix = address}, probe);
}

bool Network::take_address(TimePoint now, const InterfaceAddress& address) { return put_on(now, address, true); }

void Network::drop_address(TimePoint /*now*/, const IpAddress& address) { remove_address(address); }

bool Network::put_on(TimePoint now, InterfaceAddress address, bool probe) {
  const IpAddress& own = address.prefix.address;
  if (own.is_unspecified() || own.is_loopback() || own.is_multicast()) return false;
  if (!own.is_ipv4() && !config_.ipv6.enabled) return false;
  const AddressState later = address.state;
  if (probe) address.state = AddressState::kTentative;
  if (!interface_.add(address)) return false;
  // What a router advertises as on the link it says apart (RFC 4861 6.3.4); ours is.
  if (!address.automatic) static_cast<void>(routes_.add({.destination = address.prefix, .gateway = {}}));
  // RFC 4861 7.2.1: before the first question.
  if (!own.is_ipv4() && !config_.point_to_point) static_cast<void>(groups_.join(now, solicited_node(own)));
  if (probe) {
    prober_.start(now, own);
    settle(now);
    if (later == AddressState::kDeprecated && interface_.owns(own)) interface_.find(own)->state = later;
  } else {
    prober_.watch(now, own, false);
  }
  return true;
}

void Network::remove_address(const IpAddress& address) {
  const InterfaceAddress* known = interface_.find(address);
  if (known == nullptr) return;
  const IpPrefix subnet = known->prefix.network();
  const bool automatic = known->automatic;
  prober_.forget(address);
  interface_.remove(address);
  if (!address.is_ipv4()) groups_.leave(solicited_node(address));
  const auto others = interface_.addresses();
  const bool shared = std::any_of(others.begin(), others.end(), [&](const InterfaceAddress& other) {
    return !other.automatic && other.prefix.network() == subnet;
  });
  if (!automatic && !shared) routes_.remove(subnet, std::nullopt);
}

std::optional<AddressEvent> Network::poll_address_event() {
  if (events_.empty()) return std::nullopt;
  const AddressEvent event = events_.front();
  events_.pop_front();
  return event;
}

bool Network::is_for_us(const IpAddress& destination) const {
  if (owns(destination)) return true;
  return destination.is_multicast() ? groups_.contains(destination) : is_group(destination);
}

std::optional<IpAddress> Network::next_hop(const IpAddress& destination) const {
  if (destination.is_unspecified() || destination.is_loopback() || owns(destination)) return std::nullopt;
  if (is_group(destination)) return destination;
  const Route* route = routes_.find(destination);
  if (route == nullptr) return std::nullopt;
  return route->gateway.value_or(destination);
}

std::uint16_t Network::path_mtu(TimePoint now, const IpAddress& destination) const {
  std::uint16_t mtu = interface_.mtu(destination.is_ipv4());
  const Route* route = routes_.find(destination);
  if (route != nullptr && route->mtu != 0) mtu = std::min(mtu, route->mtu);
  return path_mtus_.get(now, destination, mtu);
}

std::uint16_t Network::lower_path_mtu(TimePoint now, const IpAddress& destination, std::uint16_t mtu) {
  const std::uint16_t lowered = path_mtus_.lower(now, destination, mtu, path_mtu(now, destination));
  if (lowered != 0) ++counters_.path_mtu_lowered;
  return lowered;
}

std::optional<NeighbourOutcome> Network::poll_neighbour(TimePoint now) {
  auto outcome = arp_.cache().poll_outcome();
  if (!outcome) {
    outcome = ndp_.cache().poll_outcome();
    if (outcome && !outcome->found) slaac_.on_unreachable(now, outcome->neighbour);
  }
  return outcome;
}

void Network::on_arp(TimePoint now, std::span<const std::uint8_t> packet) {
  arp_.on_packet(now, packet);
  settle(now);
}

void Network::on_ndp(TimePoint now, const IpPacket& packet) {
  // RFC 4861 6.1 and 7.1: nobody beyond the link can send hop limit 255; RFC 6980: never in fragments.
  if (packet.ttl != 255 || packet.payload[wire::kIcmpCode] != 0) {
    ++counters_.ndp_malformed;
    return;
  }
  switch (packet.payload[wire::kIcmpType]) {
    case wire::kRouterAdvertisement:
      slaac_.on_advertisement(now, packet);
      break;
    case wire::kNeighbourSolicitation:
      ndp_.on_solicitation(now, packet);
      break;
    case wire::kNeighbourAdvertisement:
      if (const auto no_router = ndp_.on_advertisement(now, packet)) slaac_.on_no_router(*no_router);
      break;
    default:
      // Solicitations of routers are for routers; redirects are not obeyed: the route that there is works, too.
      ++counters_.ndp_ignored;
  }
  settle(now);
}

void Network::settle(TimePoint now) {
  while (const auto conflict = arp_.poll_conflict()) prober_.on_conflict(now, *conflict);
  while (const auto conflict = ndp_.poll_conflict()) prober_.on_conflict(now, *conflict);
  while (const auto event = prober_.poll_event()) {
    InterfaceAddress* own = interface_.find(event->address);
    if (own == nullptr) continue;
    if (event->kind == AddressEvent::Kind::kUsable) {
      own->state = own->preferred_until > now ? AddressState::kPreferred : AddressState::kDeprecated;
    } else if (event->kind == AddressEvent::Kind::kContested) {
      own->contested = true;
    } else if (event->kind == AddressEvent::Kind::kDuplicate) {
      ++counters_.address_duplicate;
      if (own->automatic) {
        slaac_.on_duplicate(now, event->address);
      } else {
        remove_address(event->address);
      }
    }
    if (events_.size() < kMaxEvents) events_.push_back(*event);
  }
  while (const auto message = prober_.poll_message()) {
    if (message->address.is_ipv4()) {
      message->announcement ? arp_.announce(Ipv4Address(message->address)) : arp_.probe(Ipv4Address(message->address));
    } else {
      message->announcement ? ndp_.announce(message->address) : ndp_.probe(message->address);
    }
  }
}

void Network::on_timeout(TimePoint now) {
  if (!started_) start(now);
  arp_.cache().on_timeout(now);
  ndp_.cache().on_timeout(now);
  groups_.on_timeout(now);
  prober_.on_timeout(now);
  slaac_.on_timeout(now);
  routes_.expire(now);
  settle(now);
}

TimePoint Network::next_deadline() const {
  if (!started_ && (config_.probe_ipv4 || config_.ipv6.enabled)) return TimePoint();
  TimePoint next = std::min(arp_.cache().next_deadline(), ndp_.cache().next_deadline());
  next = std::min(next, groups_.next_deadline());
  next = std::min(next, prober_.next_deadline());
  next = std::min(next, slaac_.next_deadline());
  return std::min(next, routes_.next_deadline());
}

std::uint16_t Network::take_ip_ids(std::size_t count) {
  const std::uint16_t first = next_ip_id_;
  next_ip_id_ = static_cast<std::uint16_t>(next_ip_id_ + count);
  return first;
}

IpHeader Network::header_of(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol) const {
  IpHeader header;
  header.source = source;
  header.destination = destination;
  header.protocol = protocol;
  header.ttl = ttl(destination.is_ipv4());
  return header;
}

TxFrame Network::make_frame(const MacAddress& to, IpHeader header, std::size_t l4_bytes, std::size_t checksum_at,
                            bool pseudo) {
  if (header.destination.is_ipv4()) header.id = take_ip_ids();
  return make_ip_frame(interface_, to, header, l4_bytes, checksum_at, pseudo);
}

TxFrame Network::make_frame(const MacAddress& to, const IpAddress& destination, std::uint8_t protocol,
                            std::size_t l4_bytes, std::size_t checksum_at, bool pseudo) {
  const bool ipv4 = destination.is_ipv4();
  const IpAddress nobody = ipv4 ? IpAddress(Ipv4Address()) : IpAddress();
  return make_frame(to, header_of(source_for(destination).value_or(nobody), destination, protocol), l4_bytes,
                    checksum_at, pseudo);
}

bool Network::send(TimePoint now, const IpAddress& destination, TxFrame frame) {
  const auto hop = next_hop(destination);
  if (!hop) {
    ++counters_.no_route;
    return false;
  }
  if (is_group(*hop)) {
    group_mac(*hop).copy_to(frame.bytes.data() + wire::kEthernetDestination);
    frames_.push(std::move(frame));
  } else if (config_.point_to_point) {
    config_.point_to_point->copy_to(frame.bytes.data() + wire::kEthernetDestination);
    frames_.push(std::move(frame));
  } else {
    cache_of(*hop).send(now, *hop, std::move(frame));
  }
  return true;
}

}  // namespace sockwire::stack
