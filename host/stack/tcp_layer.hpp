// SPDX-License-Identifier: Apache-2.0
// TCP's place in the stack: finds the connection or the listener of a segment, gives each connection its time and its
// turn to send, and turns what it wants sent into descriptors.
#pragma once

#include <algorithm>
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
#include "host/stack/index_table.hpp"
#include "host/stack/network.hpp"
#include "host/stack/slab.hpp"
#include "host/stack/timer_wheel.hpp"
#include "host/tcp/connection.hpp"
#include "host/tcp/header.hpp"
#include "host/tcp/isn.hpp"
#include "host/tcp/listener.hpp"
#include "host/tcp/receive_budget.hpp"
#include "host/tcp/shared_configs.hpp"

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
  TimePoint next_deadline() const;

  // --- to the network -----------------------------------------------------------------------------------------------
  [[nodiscard]] std::optional<Output> poll_transmit(TimePoint now, Room& room);
  /// There may be room for payload where there was none.
  void on_room(TimePoint now);
  [[nodiscard]] std::optional<TcpEvent> poll_event();
  std::size_t copy_payload(ConnectionId id, SeqNum seq, std::span<std::uint8_t> out) const;

  // --- from the application -----------------------------------------------------------------------------------------
  /// local.address unspecified, local.port 0: chooses one.
  Result<ConnectionId, OpenError> connect(TimePoint now, tcp::Config config, Endpoint local, const Endpoint& remote);
  /// local.address "::": any of ours, 0.0.0.0: any of IPv4. local.port 0 chooses one.
  Result<ListenerId, OpenError> listen(tcp::Config config, Endpoint local, std::size_t backlog);
  std::optional<ConnectionId> accept(ListenerId id);
  /// Connections that were not accepted are reset.
  void close_listener(TimePoint now, ListenerId id);
  const tcp::Listener* listener(ListenerId id) const;
  /// From now on all windows together stay within so many bytes. Precondition: there is no connection yet.
  void limit_windows(std::uint32_t bytes) { receive_budget_ = std::make_unique<tcp::ReceiveBudget>(bytes); }
  /// Null: there is no limit.
  const tcp::ReceiveBudget* receive_budget() const { return receive_budget_.get(); }

  /// For queries, until the connection is let go of and is closed.
  const tcp::Connection* connection(ConnectionId id) const;
  std::size_t send(TimePoint now, ConnectionId id, std::span<const std::uint8_t> data);
  bool send_zero_copy(TimePoint now, ConnectionId id, std::span<const std::uint8_t> data, std::uint64_t token);
  std::optional<std::uint64_t> take_completion(ConnectionId id);
  std::size_t recv(TimePoint now, ConnectionId id, std::span<std::uint8_t> out);
  /// As recv(), and it can be read again.
  std::size_t peek(ConnectionId id, std::span<std::uint8_t> out) const;
  void set_nodelay(TimePoint now, ConnectionId id, bool nodelay);
  void set_cork(TimePoint now, ConnectionId id, bool cork);
  void set_quick_acks(ConnectionId id, unsigned segments);
  void set_keepalive(TimePoint now, ConnectionId id, const tcp::KeepaliveConfig& keepalive);
  void set_user_timeout(TimePoint now, ConnectionId id, Duration timeout);
  /// The Diffserv field from now on, 0 to 63.
  void set_dscp(ConnectionId id, std::uint8_t dscp);
  void shutdown_write(TimePoint now, ConnectionId id);
  /// Closes, and lets go: the connection finishes on its own, and no further events of it come.
  void close(TimePoint now, ConnectionId id);
  void abort(TimePoint now, ConnectionId id);
  Unreachable unreachable(ConnectionId id) const;
  /// A port that no listener and no connection has, and for which taken() is false either. Nothing: there is none.
  std::optional<std::uint16_t> free_port(const IpAddress& local, const std::function<bool(std::uint16_t)>& taken);
  /// A listener or a connection has this local port.
  bool port_in_use(std::uint16_t port) const;
  /// Every connection, in the order in which they were opened. owned: nobody has closed it.
  void for_each(const std::function<void(ConnectionId, const tcp::Connection&, bool owned)>& visit) const;

 private:
  using Index = std::uint32_t;  ///< Of a row of records_.
  static constexpr Index kNone = IndexTable::kNone;

  struct Tuple {
    Endpoint local;
    Endpoint remote;
  };
  /// What waits for the card, and what it has.
  struct Handed {
    std::vector<std::uint32_t> sends;   ///< Tags of TxSends that have not left.
    std::optional<tcp::Transmit> held;  ///< Polled, but cannot go yet: see poll_held().
  };
  struct Record {
    std::unique_ptr<tcp::Connection> connection;
    std::unique_ptr<Handed> handed;
    IpAddress hop;
    TimePoint rest_at = kNever;       ///< If nothing happens until then.
    ConnectionId id = kNoConnection;  ///< None: the row is free.
    ListenerId listener = 0;          ///< Until accept().
    SeqNum released;
    SeqNum last_ack;  ///< Of the last pure ACK, if has_acked.
    std::uint16_t last_window = 0;
    Unreachable unreachable = Unreachable::kNone;
    bool owned : 1 = false;    ///< The application holds it.
    bool in_table : 1 = true;  ///< Segments find it.
    bool was_connected : 1 = false;
    bool is_ready : 1 = false;  ///< In ready_.
    bool starved : 1 = false;   ///< In starved_.
    bool no_room : 1 = false;   ///< When it was asked last, the card had none at all.
    bool unarmed : 1 = false;   ///< In unarmed_.
    bool waits_for_neighbour : 1 = false;
    bool card_knows : 1 = false;  ///< A TxSend was handed over, and no Close.
    bool card_told : 1 = false;   ///< Close was said, and nothing of the connection since.
    bool has_acked : 1 = false;

    Tuple tuple() const { return {connection->local(), connection->remote()}; }
    const Endpoint& local() const { return connection->local(); }
    const Endpoint& remote() const { return connection->remote(); }
    bool holds() const { return handed && handed->held; }
  };
  struct ListenerRecord {
    tcp::Listener listener;
  };
  using Listeners = std::unordered_map<ListenerId, ListenerRecord>;

  static std::size_t hash_of(ConnectionId id);
  std::size_t hash_of(const Endpoint& local, const Endpoint& remote) const;
  Index index_of(ConnectionId id) const;
  Index index_of(const Endpoint& local, const Endpoint& remote) const;
  /// Does something to a connection, and what follows from it.
  template <typename Change>
  void change(TimePoint now, ConnectionId id, Change change);
  Record* find(ConnectionId id);
  const Record* find(ConnectionId id) const;
  /// visit(Index, Record&): every connection that there is.
  template <typename Visit>
  void for_each_record(Visit visit) {
    for (Index index = 0; index < records_.limit(); ++index) {
      if (records_[index].id != kNoConnection) visit(index, records_[index]);
    }
  }
  Index add(std::unique_ptr<tcp::Connection> connection, const IpAddress& hop);
  void erase(Index index);
  /// Segments do not find it any more.
  void take_out_of_table(Index index);
  /// Reports its events and gives it a turn: after every call that may have changed the connection.
  void touch(TimePoint now, Index index);
  /// After the application has added to what is to be sent.
  void touch_written(TimePoint now, Index index);
  void take_events(TimePoint now, Record& record);
  void make_ready(Record& record);
  TimePoint deadline_of(const Record& record) const;
  /// Its deadline may be earlier than its timer.
  void disturb(Index index);
  /// Arms the timers of what was disturbed.
  void arm_timers();
  void put_to_rest(TimePoint now, Record& record);
  void close_on_card(Record& record);
  /// Gives a turn to connections whose window was closed, if the card can take more now.
  void open_windows();
  void erase_if_over(Index index);
  void to_listener(TimePoint now, const tcp::Segment& segment, const Tuple& tuple);
  void answer_with_reset(TimePoint now, const tcp::Transmit& reset, const Tuple& tuple);
  void on_packet_too_big(TimePoint now, const IcmpError& error);
  void on_no_neighbour(TimePoint now, const IpAddress& neighbour);
  ListenerId listener_at(const Endpoint& local) const;
  bool listens_to_some_of(const Endpoint& local) const;
  static std::uint16_t mss_of(std::uint16_t mtu, bool ipv4);
  std::uint16_t own_mss(bool ipv4) const;
  void apply_path_mtu(TimePoint now, Record& record);

  /// One output of one connection. again: it may have more.
  std::optional<Output> poll_record(TimePoint now, Room& room, Record& record, bool& again);
  std::optional<Output> poll_held(TimePoint now, Record& record, bool& again);
  static void mark_ack(Record& record, const tcp::Transmit& transmit, TxFrame& frame);
  static SoftState soft_state(ConnectionId id, const tcp::Transmit& transmit);
  TxFrame to_frame(const MacAddress& mac, const Tuple& tuple, const tcp::Transmit& transmit);
  TxSend to_send(const Record& record, const MacAddress& mac, const tcp::Transmit& transmit);

  Network& network_;
  tcp::IsnGenerator isns_;
  tcp::SynCookies cookies_;
  tcp::SharedConfigs configs_;
  EphemeralPorts ports_;
  std::uint64_t tuple_seed_;
  std::unique_ptr<tcp::ReceiveBudget> receive_budget_;  ///< Before the connections that have a part of it.
  std::uint32_t windows_seen_ = 0;                      ///< granted() when closed windows were looked at last
  Slab<Record> records_;
  IndexTable by_id_;
  IndexTable by_tuple_;
  std::unordered_map<std::uint16_t, std::uint32_t> local_ports_;  ///< How many connections segments find there.
  Listeners listeners_;
  std::unordered_map<std::uint16_t, std::vector<ListenerId>> listeners_at_port_;
  ConnectionId last_connection_ = kNoConnection;
  ListenerId last_listener_ = 0;
  TimerWheel timers_;
  /// Whose timers are to be armed: once in a turn, not with every segment. next_deadline() asks them itself.
  std::vector<Index> unarmed_;
  std::deque<ConnectionId> ready_;
  std::vector<ConnectionId> starved_;
  TimePoint starved_turn_;                       ///< When they had a turn last,
  TimePoint starved_turn_at_ = kNever;           ///< and when they are to have one that was put off.
  std::vector<ConnectionId> without_neighbour_;  ///< That wait for its address.
  std::deque<Close> closes_;
  std::deque<TcpEvent> events_;
};

}  // namespace sockwire::stack
