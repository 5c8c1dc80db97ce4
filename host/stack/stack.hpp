// SPDX-License-Identifier: Apache-2.0
// The protocol stack below the sockets, sans-IO: frames, time and the application's calls go in; descriptors for the
// card, events and a deadline come out. It is pure: no clock, no randomness but Config::secret, no IO.
//
// The caller's loop, after any call that is not const:
//   while (auto output = stack.poll_transmit(now, room))  carry it to the card;
//   while (auto event = stack.tcp().poll_event()) ...     and stack.icmp().poll_event();
//   call on_timeout(now) when next_deadline() has come.
#pragma once

#include <optional>

#include "host/stack/config.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/dhcp/dhcp_service.hpp"
#include "host/stack/dns/dns_service.hpp"
#include "host/stack/icmp.hpp"
#include "host/stack/ip_reassembly.hpp"
#include "host/stack/ipv6.hpp"
#include "host/stack/network.hpp"
#include "host/stack/tcp_layer.hpp"
#include "host/stack/udp_layer.hpp"

namespace sockwire::stack {

class Stack final : private dhcp::LeaseUser {
 public:
  explicit Stack(const Config& config);
  ~Stack() override = default;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // --- from the card ------------------------------------------------------------------------------------------------
  void on_frame(TimePoint now, const ReceivedFrame& frame);
  /// What was given out with `key` has left.
  void on_sent(TimePoint now, const DepartureKey& key, TimePoint departed);
  /// What was given out and has not been reported is gone, and so are the connections' slots.
  void on_card_lost(TimePoint now) { tcp_.on_card_lost(now); }
  /// There may be room for payload where there was none.
  void on_room(TimePoint now) { tcp_.on_room(now); }
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  // --- to the card --------------------------------------------------------------------------------------------------
  [[nodiscard]] std::optional<Output> poll_transmit(TimePoint now, Room& room);
  /// The bytes of a TxSend, valid until the next non-const call; of a range that was acknowledged since, what is left.
  std::size_t copy_payload(ConnectionId id, SeqNum seq, std::span<std::uint8_t> out) const {
    return tcp_.copy_payload(id, seq, out);
  }

  // --- for the application ------------------------------------------------------------------------------------------
  TcpLayer& tcp() { return tcp_; }
  const TcpLayer& tcp() const { return tcp_; }
  UdpLayer& udp() { return udp_; }
  const UdpLayer& udp() const { return udp_; }
  Icmp& icmp() { return icmp_; }
  /// An IPv4 address, its subnet, gateway and MTU come from a DHCP server. Precondition: the stack was made without an
  /// IPv4 address.
  dhcp::Service& dhcp() { return dhcp_; }
  const dhcp::Service& dhcp() const { return dhcp_; }
  dns::Service& dns() { return dns_; }
  const dns::Service& dns() const { return dns_; }
  const Config& config() const { return network_.config(); }
  const Counters& counters() const { return counters_; }
  Network& network() { return network_; }
  const Network& network() const { return network_; }

 private:
  void on_ipv4(TimePoint now, const ReceivedFrame& frame, std::span<const std::uint8_t> bytes);
  void on_ipv6(TimePoint now, const ReceivedFrame& frame, std::span<const std::uint8_t> bytes);
  void refuse_ipv6(TimePoint now, const Ipv6Parsed& parsed);
  bool has_good_source(const IpPacket& packet) const;
  /// To the transport. Precondition: no fragment.
  void dispatch(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet);
  void on_tcp(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet);
  void on_udp(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet);
  void on_icmp(TimePoint now, const ReceivedFrame& frame, const IpPacket& packet);
  void settle_neighbours(TimePoint now);
  /// Whether the address that DHCP wants is free has turned out.
  void settle_lease(TimePoint now);
  void check_address(TimePoint now, const dhcp::Lease& lease) override;
  void apply(TimePoint now, const std::optional<dhcp::Lease>& lease) override;
  void use_routes_of(const dhcp::Lease& lease);
  void use_servers_of(const dhcp::Lease& lease);
  std::optional<Output> poll_transports(TimePoint now, Room& room);

  Counters counters_;
  Network network_;
  IpReassembly reassembly_;
  Icmp icmp_;
  TcpLayer tcp_;
  UdpLayer udp_;
  dhcp::Service dhcp_;
  dns::Service dns_;
  std::optional<IpPrefix> leased_;    ///< That dhcp_ has put on the interface.
  std::optional<Route> lease_route_;  ///< To the lease's router.
  bool checking_ = false;             ///< Whether anybody has it is being asked.
  bool udp_turn_ = true;              ///< UDP and TCP take turns while both have something.
};

}  // namespace sockwire::stack
