// SPDX-License-Identifier: Apache-2.0
// UDP (RFC 768, RFC 1122 4.1): sockets bound to an address and a port, each with a bounded queue either way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "host/base/result.hpp"
#include "host/base/time.hpp"
#include "host/stack/ephemeral_ports.hpp"
#include "host/stack/icmp.hpp"
#include "host/stack/network.hpp"
#include "host/stack/tcp_layer.hpp"
#include "host/stack/udp_queue.hpp"
#include "host/tcp/endpoint.hpp"

namespace sockwire::stack {

using UdpSocketId = std::uint32_t;
inline constexpr UdpSocketId kNoUdpSocket = 0;

/// What a socket is opened with.
struct UdpConfig {
  std::size_t receive_queue_bytes = 212992;  ///< Overhead included (UdpQueue). What Linux takes by default.
  std::size_t send_queue_bytes = 212992;     ///< Whole frames that wait for the card.
  bool broadcast = false;                    ///< May send to a broadcast address (SO_BROADCAST).
  std::uint8_t multicast_ttl = 1;            ///< Of what goes to multicast groups (RFC 1112 6.1).
};

/// Why nothing was sent. Nothing of the datagram is kept.
enum class UdpSendError : std::uint8_t {
  kNoDestination,  ///< Neither given nor connected; or its port is 0.
  kOtherPeer,      ///< Given, though the socket is connected.
  kNoRoute,
  kTooLong,       ///< Longer than the path's MTU less headers: nothing of ours is fragmented.
  kNotPermitted,  ///< A broadcast address without UdpConfig::broadcast.
  kQueueFull,     ///< Try again when the card has taken some.
};

/// A datagram that came in, its checksum verified.
struct UdpArrival {
  tcp::Endpoint source;
  tcp::Endpoint destination;
  bool to_group = false;  ///< The destination stands for several hosts.
  std::span<const std::uint8_t> payload;
};

/// What a socket counts.
struct UdpCounts {
  std::uint64_t datagrams_in = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t datagrams_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t dropped_queue_full = 0;  ///< Came in and found no room.
  std::uint64_t errors_in = 0;           ///< ICMP errors about what it sent.
};

class UdpLayer {
 public:
  using Endpoint = tcp::Endpoint;

  explicit UdpLayer(Network& network);

  // --- from the network ---------------------------------------------------------------------------------------------
  /// Returns false if no socket wants it: a port unreachable is in order (RFC 1122 4.1.3.1).
  bool on_datagram(const UdpArrival& arrival);
  /// About a datagram of ours; `original` is what the error quotes (RFC 1122 4.1.3.3).
  void on_icmp_error(TimePoint now, const IcmpError& error);
  /// Nobody has the address `neighbour`.
  void on_no_neighbour(const IpAddress& neighbour);

  // --- to the network -----------------------------------------------------------------------------------------------
  bool has_output() const { return !output_.empty(); }
  /// Hands the oldest datagram to the network. Precondition: has_output().
  void pass_one(TimePoint now);

  // --- from the application -----------------------------------------------------------------------------------------
  /// local.address unspecified: any of ours. local.port 0 chooses one (RFC 6056).
  Result<UdpSocketId, OpenError> open(const Endpoint& local, const UdpConfig& config = {});
  /// From now on it talks to `remote` alone, and hears of ICMP errors. What others sent before stays queued.
  Result<void, OpenError> connect(UdpSocketId id, const Endpoint& remote);
  void disconnect(UdpSocketId id);
  void close(UdpSocketId id);
  /// What it may send and how; the queues keep their sizes.
  void configure(UdpSocketId id, const UdpConfig& config);

  /// to: nothing if connected.
  Result<void, UdpSendError> send(TimePoint now, UdpSocketId id, const std::optional<Endpoint>& to,
                                  std::span<const std::uint8_t> payload);
  /// The oldest datagram; what `out` has no room for of it is lost. Nothing: none is there.
  std::optional<DatagramInfo> recv(UdpSocketId id, std::span<std::uint8_t> out);
  /// As recv(), and it can be read again.
  std::optional<DatagramInfo> peek(UdpSocketId id, std::span<std::uint8_t> out) const;
  /// The ICMP error that came last, once.
  Unreachable take_error(UdpSocketId id);

  // --- queries; of a socket that is not open they answer as one that has nothing ------------------------------------
  bool is_open(UdpSocketId id) const { return find(id) != nullptr; }
  Endpoint local(UdpSocketId id) const;
  std::optional<Endpoint> remote(UdpSocketId id) const;
  std::optional<std::size_t> front_bytes(UdpSocketId id) const;
  std::size_t received_bytes(UdpSocketId id) const;
  std::size_t queued_bytes(UdpSocketId id) const;
  /// send() would take the longest datagram.
  bool writable(UdpSocketId id) const;
  Unreachable error(UdpSocketId id) const;
  UdpCounts counts(UdpSocketId id) const;
  bool port_in_use(std::uint16_t port) const { return by_port_.contains(port); }

 private:
  struct Socket {
    explicit Socket(const UdpConfig& made) : config(made), queue(made.receive_queue_bytes) {}
    UdpConfig config;
    Endpoint local;  ///< As bound: the address may be unspecified.
    std::optional<Endpoint> remote;
    UdpQueue queue;
    std::size_t queued_bytes = 0;  ///< Frames of it in output_.
    Unreachable error = Unreachable::kNone;
    UdpCounts counts;
  };
  struct Waiting {
    UdpSocketId socket;
    Endpoint to;
    TxFrame frame;
  };

  Socket* find(UdpSocketId id);
  const Socket* find(UdpSocketId id) const;
  /// Of those at this port the one that fits best; kNoUdpSocket: none.
  UdpSocketId match(const UdpArrival& arrival, bool& other_peer) const;
  bool deliver(Socket& socket, const UdpArrival& arrival);
  Result<void, UdpSendError> check(TimePoint now, const Socket& socket, const Endpoint& to, std::size_t bytes) const;

  /// Where datagrams of the socket to `to` come from. Nothing: they have no way out.
  std::optional<IpAddress> source_for(const Socket& socket, const IpAddress& to) const;
  TxFrame make_frame(const Socket& socket, const IpAddress& source, const Endpoint& to,
                     std::span<const std::uint8_t> payload);

  Network& network_;
  EphemeralPorts ports_;
  std::unordered_map<UdpSocketId, Socket> sockets_;
  std::unordered_map<std::uint16_t, std::vector<UdpSocketId>> by_port_;
  UdpSocketId last_ = kNoUdpSocket;
  std::deque<Waiting> output_;
};

}  // namespace sockwire::stack
