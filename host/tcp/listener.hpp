// SPDX-License-Identifier: Apache-2.0
// A socket in LISTEN: it turns SYNs into connections and keeps the accept queue within its backlog.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "host/tcp/connection.hpp"
#include "host/tcp/shared_configs.hpp"

namespace sockwire::tcp {

/// One counter per reason why a segment to a listening port made no connection.
struct ListenerCounters {
  std::uint64_t accepted = 0;      ///< Connections that reached ESTABLISHED.
  std::uint64_t backlog_full = 0;  ///< SYNs dropped: the peer will try again.
  std::uint64_t stray_ack = 0;     ///< ACK for no connection; answered with RST.
  std::uint64_t stray_reset = 0;
  std::uint64_t not_a_syn = 0;
  std::uint64_t failed = 0;  ///< Handshakes that ended without a connection.
};

/// The connections themselves live in the caller's table; `Id` is whatever it names them by.
class Listener {
 public:
  using Id = std::uint64_t;

  /// backlog: connections that are half open or wait for accept(), at least 1.
  Listener(const Config& config, const Endpoint& local, std::size_t backlog);

  struct Answer {
    std::unique_ptr<Connection> connection;  ///< For a SYN: put it into the table; it counts against the backlog.
    std::optional<Transmit> reset;           ///< For a stray ACK.
  };
  /// A segment to the listening port that belongs to no connection (RFC 9293 3.10.7.2). local: the address it was sent
  /// to; max_mss: what the link that it came by takes of one segment (RFC 6691).
  [[nodiscard]] Answer on_segment(TimePoint now, const Segment& segment, const Endpoint& local, const Endpoint& remote,
                                  SeqNum iss, std::uint32_t timestamp_offset = 0, std::uint16_t max_mss = 65535);

  /// Call when a connection of this listener reports kConnected: it joins the accept queue.
  void on_connected(Id id);
  /// Call when one reports kClosed before accept() gave it out (connected: it had reported kConnected).
  void on_closed(Id id, bool connected);
  /// The oldest connection that is ready.
  [[nodiscard]] std::optional<Id> accept();

  std::size_t ready() const { return ready_.size(); }
  std::size_t half_open() const { return half_open_; }
  std::size_t backlog() const { return backlog_; }
  const Endpoint& local() const { return local_; }
  const ListenerCounters& counters() const { return counters_; }

 private:
  Config config_;
  SharedConfigs configs_;
  Endpoint local_;
  std::size_t backlog_;
  std::size_t half_open_ = 0;
  std::deque<Id> ready_;
  ListenerCounters counters_;
};

}  // namespace sockwire::tcp
