// SPDX-License-Identifier: Apache-2.0
// The way down for ICMP, UDP and TCP, and who we are: addresses, routes, neighbours, path MTUs, groups; IP and Ethernet
// headers. It is the same for both IP versions: an address says which it is.
//
// Addresses and routes come and go at run time (DHCP, SLAAC, the user): add_address(), remove_address(), routes().
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "host/stack/address_prober.hpp"
#include "host/stack/arp.hpp"
#include "host/stack/config.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/frame_queue.hpp"
#include "host/stack/interface.hpp"
#include "host/stack/ip_frame.hpp"
#include "host/stack/jitter.hpp"
#include "host/stack/multicast_groups.hpp"
#include "host/stack/ndp.hpp"
#include "host/stack/path_mtu.hpp"
#include "host/stack/routing_table.hpp"
#include "host/stack/slaac.hpp"

namespace sockwire::stack {

class Network final : private AddressOwner {
 public:
  Network(const Config& config, Counters& counters);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const Config& config() const { return config_; }
  Counters& counters() { return counters_; }
  const Interface& interface() const { return interface_; }

  // --- addresses ----------------------------------------------------------------------------------------------------
  /// Adds an address and the route to its subnet. probe: it is tentative until nobody has claimed it, and
  /// poll_address_event() tells. Returns false if there are too many, or if it cannot be a host's.
  bool add_address(TimePoint now, const IpPrefix& address, bool probe = false);
  void remove_address(const IpAddress& address);
  [[nodiscard]] std::optional<AddressEvent> poll_address_event();
  bool owns(const IpAddress& address) const { return interface_.owns(address); }
  /// The first IPv4 address; 0.0.0.0 if there is none.
  Ipv4Address own_address() const { return Ipv4Address(interface_.first_address(true)); }
  /// A destination that stands for several hosts.
  bool is_group(const IpAddress& address) const { return interface_.is_group(address); }
  /// Packets to this destination are for us.
  bool is_for_us(const IpAddress& destination) const;
  /// Where packets to `destination` come from (RFC 6724 5). Nothing: we have no address of that version.
  std::optional<IpAddress> source_for(const IpAddress& destination) const { return interface_.source_for(destination); }

  // --- routes -------------------------------------------------------------------------------------------------------
  RoutingTable& routes() { return routes_; }
  const RoutingTable& routes() const { return routes_; }
  /// The neighbour that a packet goes to: the destination itself, or a gateway. Nothing: no route.
  std::optional<IpAddress> next_hop(const IpAddress& destination) const;
  /// The largest packet to the destination, in bytes with the IP header: of the link, the route, and what ICMP has
  /// told.
  std::uint16_t path_mtu(TimePoint now, const IpAddress& destination) const;
  /// A router says that only so much passes, and quotes a packet that we sent. Returns the path's MTU; 0 if that is no
  /// news.
  std::uint16_t lower_path_mtu(TimePoint now, const IpAddress& destination, std::uint16_t mtu);

  // --- neighbours ---------------------------------------------------------------------------------------------------
  /// The MAC address of a next hop. Nothing: it is being asked for, and poll_neighbour() will tell.
  std::optional<MacAddress> lookup(TimePoint now, const IpAddress& hop) {
    return config_.point_to_point ? config_.point_to_point : cache_of(hop).lookup(now, hop);
  }
  /// Something that we sent by this hop has arrived (RFC 4861 7.3.1).
  void confirm(TimePoint now, const IpAddress& hop) { cache_of(hop).confirm(now, hop); }
  /// What is sent by this hop may not arrive: it is asked for when it is used next (RFC 9293 3.8.3, R1).
  void doubt(const IpAddress& hop) { cache_of(hop).doubt(hop); }
  [[nodiscard]] std::optional<NeighbourOutcome> poll_neighbour(TimePoint now);
  const NeighbourCache& neighbours(bool ipv4) const { return ipv4 ? arp_.cache() : ndp_.cache(); }

  // --- groups -------------------------------------------------------------------------------------------------------
  MulticastGroups& groups() { return groups_; }
  /// The card must let frames to group addresses pass.
  bool wants_groups() const { return config_.ipv6.enabled || !groups_.empty(); }

  // --- from the card ------------------------------------------------------------------------------------------------
  void on_arp(TimePoint now, std::span<const std::uint8_t> packet);
  /// An ICMPv6 message of neighbour discovery with a good checksum.
  void on_ndp(TimePoint now, const IpPacket& packet);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  // --- to the card --------------------------------------------------------------------------------------------------
  bool has_frames() const { return !frames_.empty(); }
  [[nodiscard]] std::optional<TxFrame> poll_frame() { return frames_.pop(); }

  /// Takes `count` IPv4 identifications and returns the first. Atomic datagrams may have any (RFC 6864 4.1); counting
  /// makes captures easy to read.
  std::uint16_t take_ip_ids(std::size_t count = 1);
  /// TTL or hop limit of what we send.
  std::uint8_t ttl(bool ipv4) const { return ipv4 ? config_.ttl : slaac_.hop_limit(); }

  /// A frame with `l4_bytes` behind its headers, which are zero and begin at frame.l4_offset. Checksums are left to the
  /// card; where the L4 checksum lies within the L4 header: checksum_at. pseudo: it covers the pseudo header. The IPv4
  /// identification is filled in.
  TxFrame make_frame(const MacAddress& to, IpHeader header, std::size_t l4_bytes, std::size_t checksum_at, bool pseudo);
  /// As above, from the address that suits the destination, with the usual TTL.
  TxFrame make_frame(const MacAddress& to, const IpAddress& destination, std::uint8_t protocol, std::size_t l4_bytes,
                     std::size_t checksum_at, bool pseudo);
  /// A header from `source` with the usual TTL; for the rest see IpHeader.
  IpHeader header_of(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol) const;

  /// Sends a frame that make_frame() made with a blank MAC address, as soon as the neighbour is known. Returns whether
  /// there is a route.
  bool send(TimePoint now, const IpAddress& destination, TxFrame frame);

 private:
  bool take_address(TimePoint now, const InterfaceAddress& address) override;
  void drop_address(TimePoint now, const IpAddress& address) override;
  bool put_on(TimePoint now, InterfaceAddress address, bool probe);
  NeighbourCache& cache_of(const IpAddress& hop) { return hop.is_ipv4() ? arp_.cache() : ndp_.cache(); }
  void start(TimePoint now);
  /// Carries what one part has found out to the others.
  void settle(TimePoint now);

  Config config_;
  Counters& counters_;
  FrameQueue frames_;
  Jitter jitter_;
  Interface interface_;
  RoutingTable routes_;
  PathMtuCache path_mtus_;
  Arp arp_;
  Ndp ndp_;
  MulticastGroups groups_;
  AddressProber prober_;
  Slaac slaac_;
  std::deque<AddressEvent> events_;
  bool started_ = false;  ///< Nothing can be asked before it is known what time it is.
  std::uint16_t next_ip_id_;
};

}  // namespace sockwire::stack
