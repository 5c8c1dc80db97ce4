// SPDX-License-Identifier: Apache-2.0
// The socket table: rows of control information behind descriptors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "host/base/time.hpp"
#include "host/socket/error.hpp"
#include "host/stack/stack.hpp"
#include "host/tcp/config.hpp"
#include "host/tcp/endpoint.hpp"
#include "host/tcp/info.hpp"

namespace sockwire {

using tcp::Endpoint;

/// What a socket is used as.
enum class SocketRole : std::uint8_t { kNew, kListener, kConnection, kDatagram };

/// One row.
struct SocketState {
  SocketRole role = SocketRole::kNew;
  Endpoint bound;  ///< By bind(); the unspecified address and port 0 until then.
  Endpoint local;  ///< What bind(), listen() and connect() have come to.
  Endpoint remote;
  stack::ConnectionId connection = stack::kNoConnection;
  stack::ListenerId listener = 0;
  stack::UdpSocketId udp = stack::kNoUdpSocket;  ///< kDatagram, as soon as it has a port.
  tcp::Config config;
  stack::UdpConfig udp_config;
  bool nonblocking = false;
  bool connected = false;  ///< The handshake was complete once.
  bool read_shut = false;
  bool write_shut = false;
  bool corked = false;               ///< TCP_CORK.
  bool more = false;                 ///< The last send() has announced more.
  bool ended = false;                ///< The connection is CLOSED.
  std::optional<SocketError> error;  ///< What ended it, until somebody asks.
  std::optional<Duration> receive_timeout;
  std::optional<Duration> send_timeout;
  std::optional<Duration> linger;
  std::vector<IpAddress> groups;  ///< kDatagram: multicast groups that it has joined.
  std::uint64_t activity = 0;     ///< Counts events of the connection.
};

/// What `ss -tin` prints of a socket, or of a connection that finishes after its descriptor was closed (descriptor -1).
struct SocketRow {
  int descriptor = -1;
  bool datagram = false;  ///< UDP: `state` means nothing, `udp` does.
  tcp::State state = tcp::State::kClosed;
  Endpoint local;
  Endpoint remote;
  /// Connections: bytes to read; bytes sent or queued and not acknowledged. Listeners: ready to accept; backlog.
  /// Datagram sockets: bytes of both queues, overhead included.
  std::size_t receive_queue = 0;
  std::size_t send_queue = 0;
  std::optional<tcp::Info> info;        ///< Of connections.
  std::optional<stack::UdpCounts> udp;  ///< Of datagram sockets.
};

class SocketTable {
 public:
  explicit SocketTable(std::size_t max_rows) : max_rows_(max_rows) {}

  /// Takes the lowest free row. Nothing if all are taken.
  std::optional<int> add();
  void remove(int descriptor);
  SocketState* find(int descriptor);
  const SocketState* find(int descriptor) const;
  /// Remembers that the connection is this row's, so that events find it.
  void bind_connection(int descriptor, stack::ConnectionId connection);
  /// Gives the row its address; its port is taken until the row is gone.
  void bind_local(int descriptor, const Endpoint& local);
  bool is_bound(std::uint16_t port) const { return bound_ports_.contains(port); }
  SocketState* find_connection(stack::ConnectionId connection);
  /// The descriptor of a connection, -1 if it has none.
  int descriptor_of(stack::ConnectionId connection) const;
  /// One past the highest row.
  int limit() const { return static_cast<int>(rows_.size()); }

 private:
  std::size_t max_rows_;
  std::vector<std::unique_ptr<SocketState>> rows_;
  /// Rows that are free, the lowest first; beyond the end of rows_ they mean nothing.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> free_;
  std::unordered_map<stack::ConnectionId, int> by_connection_;
  std::unordered_set<std::uint16_t> bound_ports_;  ///< Of streams.
};

}  // namespace sockwire
