// SPDX-License-Identifier: Apache-2.0
// TCP's place in the stack: finds the connection or the listener of a segment, gives each connection its time and its
// turn to send, and turns what it wants sent into descriptors.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "host/base/result.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/ephemeral_ports.hpp"
#include "host/stack/icmp.hpp"
#include "host/stack/network.hpp"
#include "host/stack/timer_queue.hpp"
#include "host/tcp/connection.hpp"
#include "host/tcp/header.hpp"
#include "host/tcp/isn.hpp"
#include "host/tcp/listener.hpp"

namespace sockwire::stack {

using ListenerId = std::uint32_t;

/// Why a connection or a listener cannot be opened.
enum class OpenError : std::uint8_t {
  kNoRoute,
  kGroupAddress,
  kInvalidPort,
  kAddressInUse,
  kAddressNotLocal,
  kNoPorts
};

/// Why a connection's kUnreachable came.
enum class Unreachable : std::uint8_t { kNone, kNoNeighbour, kNetwork, kHost, kProtocol, kPort, kOther };
/// What an ICMP error means to the transport that sent the packet.
Unreachable reason_of(IcmpErrorKind kind);

/// For the application.
struct TcpEvent {
  ConnectionId connection = kNoConnection;
  tcp::Event event{};
};

class TcpLayer {
 public:
  using Endpoint = tcp::Endpoint;

  explicit TcpLayer(Network& network);

  // --- from the network ---------------------------------------------------------------------------------------------
  /// A TCP segment with a good checksum.
  void on_segment(TimePoint now, const IpPacket& packet);
  void on_icmp_error(TimePoint now, const IcmpError& error);
  void on_sent(TimePoint now, const DepartureKey& key, TimePoint departed);
  void on_card_lost(TimePoint now);
  /// The neighbour was found, or was not.
  void on_neighbour(TimePoint now, const NeighbourOutcome& outcome);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const { return timers_.next_deadline(); }

  // --- to the network -----------------------------------------------------------------------------------------------
  [[nodiscard]] std::optional<Output> poll_transmit(TimePoint now, Room& room);
  /// There may be room for payload where there was none.
  void on_room();
  [[nodiscard]] std::optional<TcpEvent> poll_event();
  tcp::Connection::Spans payload(ConnectionId id, SeqNum seq, std::size_t bytes) const;

  // --- from the application -----------------------------------------------------------------------------------------
  /// local.address unspecified, local.port 0: chooses one.
  Result<ConnectionId, OpenError> connect(TimePoint now, tcp::Config config, Endpoint local, const Endpoint& remote);
  /// local.address "::": any of ours, 0.0.0.0: any of IPv4. local.port 0 chooses one.
  Result<ListenerId, OpenError> listen(tcp::Config config, Endpoint local, std::size_t backlog);
  std::optional<ConnectionId> accept(ListenerId id);
  /// Connections that were not accepted are reset.
  void close_listener(TimePoint now, ListenerId id);
  const tcp::Listener* listener(ListenerId id) const;

  /// For queries, until the connection is let go of and is closed.
  const tcp::Connection* connection(ConnectionId id) const;
  std::size_t send(TimePoint now, ConnectionId id, std::span<const std::uint8_t> data);
  std::size_t recv(TimePoint now, ConnectionId id, std::span<std::uint8_t> out);
  void set_nodelay(TimePoint now, ConnectionId id, bool nodelay);
  /// The Diffserv field from now on, 0 to 63.
  void set_dscp(ConnectionId id, std::uint8_t dscp);
  void shutdown_write(TimePoint now, ConnectionId id);
  /// Closes, and lets go: the connection finishes on its own, and no further events of it come.
  void close(TimePoint now, ConnectionId id);
  void abort(TimePoint now, ConnectionId id);
  Unreachable unreachable(ConnectionId id) const;
  /// A listener or a connection has this local port.
  bool port_in_use(std::uint16_t port) const;
  /// Every connection, in the order in which they were opened. owned: nobody has closed it.
  void for_each(const std::function<void(ConnectionId, const tcp::Connection&, bool owned)>& visit) const;

 private:
  struct Tuple {
    Endpoint local;
    Endpoint remote;
    friend bool operator==(const Tuple&, const Tuple&) = default;
  };
  struct TupleHash {
    std::uint64_t seed = 0;
    std::size_t operator()(const Tuple& tuple) const;
  };
  struct Record {
    std::unique_ptr<tcp::Connection> connection;
    Tuple tuple;
    IpAddress hop;
    ListenerId listener = 0;  ///< Until accept().
    bool owned = false;       ///< The application holds it.
    bool in_table = true;     ///< Segments find it.
    bool was_connected = false;
    bool is_ready = false;  ///< In ready_.
    bool starved = false;   ///< In starved_.
    bool waits_for_neighbour = false;
    bool card_knows = false;  ///< A TxSend was handed over, and no Close.
    bool card_told = false;   ///< Close was said for good.
    TimePoint armed = kNever;
    std::deque<std::uint32_t> sends;    ///< Tags of TxSends that have not left.
    std::optional<tcp::Transmit> held;  ///< Polled, but cannot go yet: see poll_held().
    SeqNum released;
    bool has_acked = false;  ///< Of the last pure ACK:
    SeqNum last_ack;
    std::uint16_t last_window = 0;
    Unreachable unreachable = Unreachable::kNone;
  };
  struct ListenerRecord {
    tcp::Listener listener;
  };
  using Listeners = std::unordered_map<ListenerId, ListenerRecord>;

  Record* find(ConnectionId id);
  const Record* find(ConnectionId id) const;
  ConnectionId add(std::unique_ptr<tcp::Connection> connection, const Tuple& tuple, const IpAddress& hop);
  /// Reports its events, arms its timer and gives it a turn: after every call that may have changed the connection.
  void touch(TimePoint now, ConnectionId id, Record& record);
  void take_events(TimePoint now, ConnectionId id, Record& record);
  void make_ready(ConnectionId id, Record& record);
  void erase_if_over(ConnectionId id);
  void to_listener(TimePoint now, const tcp::Segment& segment, const Tuple& tuple);
  void answer_with_reset(TimePoint now, const tcp::Transmit& reset, const Tuple& tuple);
  void on_packet_too_big(TimePoint now, const IcmpError& error);
  Listeners::iterator listener_at(const Endpoint& local);
  static std::uint16_t mss_of(std::uint16_t mtu, bool ipv4);
  std::uint16_t own_mss(bool ipv4) const;
  void apply_path_mtu(TimePoint now, Record& record);

  /// One output of one connection. again: it may have more.
  std::optional<Output> poll_record(TimePoint now, Room& room, ConnectionId id, Record& record, bool& again);
  std::optional<Output> poll_held(TimePoint now, ConnectionId id, Record& record, bool& again);
  static void mark_ack(ConnectionId id, Record& record, const tcp::Transmit& transmit, TxFrame& frame);
  static SoftState soft_state(ConnectionId id, const tcp::Transmit& transmit);
  TxFrame to_frame(const MacAddress& mac, const Tuple& tuple, const tcp::Transmit& transmit);
  TxSend to_send(ConnectionId id, Record& record, const MacAddress& mac, const tcp::Transmit& transmit);

  Network& network_;
  tcp::IsnGenerator isns_;
  EphemeralPorts ports_;
  std::unordered_map<ConnectionId, Record> records_;
  std::unordered_map<Tuple, ConnectionId, TupleHash> table_;
  Listeners listeners_;
  ConnectionId last_connection_ = kNoConnection;
  ListenerId last_listener_ = 0;
  TimerQueue timers_;
  std::deque<ConnectionId> ready_;
  std::vector<ConnectionId> starved_;
  std::deque<Close> closes_;
  std::deque<TcpEvent> events_;
};

}  // namespace sockwire::stack
