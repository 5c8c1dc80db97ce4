// SPDX-License-Identifier: Apache-2.0
// The resolver at work in a stack: carries its messages over UDP sockets and TCP connections.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>

#include "host/base/time.hpp"
#include "host/stack/dns/dns_resolver.hpp"
#include "host/stack/tcp_layer.hpp"
#include "host/stack/udp_layer.hpp"

namespace sockwire::stack::dns {

class Service {
 public:
  /// All of these outlive the service.
  Service(UdpLayer& udp, TcpLayer& tcp, const ResolverConfig& config, Counters& counters)
      : udp_(udp), tcp_(tcp), resolver_(config, counters) {}

  const Resolver& resolver() const { return resolver_; }
  void set_servers(std::vector<tcp::Endpoint> servers, std::vector<Name> search) {
    resolver_.set_servers(std::move(servers), std::move(search));
  }

  LookupId start(TimePoint now, std::string_view name, Families families = {});
  void cancel(TimePoint now, LookupId id) {
    resolver_.cancel(id);
    settle(now);
  }
  [[nodiscard]] std::optional<LookupResult> poll_result() { return resolver_.poll_result(); }

  /// Something may have come in.
  void turn(TimePoint now);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const { return resolver_.next_deadline(); }

 private:
  struct Transport {
    UdpSocketId socket = kNoUdpSocket;
    ConnectionId connection = kNoConnection;
  };

  void settle(TimePoint now);
  bool send_datagram(TimePoint now, const Request& request);
  bool open_stream(TimePoint now, const Request& request);
  void close(TimePoint now, TransportId transport);
  void read_datagrams(TimePoint now, TransportId id, UdpSocketId socket);
  void read_stream(TimePoint now, TransportId id, ConnectionId connection);

  UdpLayer& udp_;
  TcpLayer& tcp_;
  Resolver resolver_;
  std::unordered_map<TransportId, Transport> transports_;  ///< As many as there are questions under way.
};

}  // namespace sockwire::stack::dns
