// SPDX-License-Identifier: Apache-2.0
// DHCP at work in a stack: carries the client's messages over a UDP socket and its lease to the interface.
#pragma once

#include <optional>

#include "host/base/time.hpp"
#include "host/stack/dhcp/dhcp_client.hpp"
#include "host/stack/udp_layer.hpp"

namespace sockwire::stack::dhcp {

/// What the service asks of the stack around it.
class LeaseUser {
 public:
  virtual ~LeaseUser() = default;
  /// Finds out whether another station has the lease's address (RFC 5227 2.1.1), and calls on_checked().
  virtual void check_address(TimePoint now, const Lease& lease) = 0;
  /// The interface has this address, gateway and MTU from now on; nothing: it has none.
  virtual void apply(TimePoint now, const std::optional<Lease>& lease) = 0;
};

class Service {
 public:
  /// All of these outlive the service.
  Service(UdpLayer& udp, Counters& counters, LeaseUser& user) : udp_(udp), counters_(counters), user_(user) {}

  /// Begins to ask, for the address of before if there was one. Fails if port 68 is taken. The interface should have no
  /// IPv4 address.
  Result<void, OpenError> start(TimePoint now, const ClientConfig& config,
                                std::optional<Ipv4Address> previous = std::nullopt);
  /// Gives the lease back. The address is gone at once.
  void release(TimePoint now);
  void on_checked(TimePoint now, bool in_use);
  /// Another station uses the lease's address and does not give way (RFC 5227 2.4 (b)): it is declined, and another one
  /// asked for.
  void on_conflict(TimePoint now);

  /// Something may have come in.
  void turn(TimePoint now);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const { return client_ ? client_->next_deadline() : kNever; }

  /// Nothing before start().
  const Client* client() const { return client_ ? &*client_ : nullptr; }
  /// The lease that the interface has.
  std::optional<Lease> lease() const { return client_ ? client_->lease() : std::nullopt; }

 private:
  void settle(TimePoint now, Client& client);

  UdpLayer& udp_;
  Counters& counters_;
  LeaseUser& user_;
  std::optional<Client> client_;
  UdpSocketId socket_ = kNoUdpSocket;
};

}  // namespace sockwire::stack::dhcp
