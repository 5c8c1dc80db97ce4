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
#include "host/tcp/syn_cookies.hpp"

namespace sockwire::tcp {

/// One counter per reason why a segment to a listening port made no connection.
struct ListenerCounters {
  std::uint64_t accepted = 0;      ///< Connections that reached ESTABLISHED.
  std::uint64_t backlog_full = 0;  ///< SYNs dropped: the peer will try again.
  std::uint64_t stray_ack = 0;     ///< ACK for no connection; answered with RST.
  std::uint64_t stray_reset = 0;
  std::uint64_t not_a_syn = 0;
  std::uint64_t failed = 0;  ///< Handshakes that ended without a connection.
  std::uint64_t cookies_sent = 0;
  std::uint64_t cookies_returned = 0;
  std::uint64_t cookies_bad = 0;  ///< ACKs that brought none while cookies were out; answered with RST.
};

/// The connections themselves live in the caller's table; `Id` is whatever it names them by.
class Listener {
 public:
  using Id = std::uint64_t;

  /// backlog: connections that are half open or wait for accept(), at least 1. cookies: for SYNs beyond that while the
  /// accept queue has room; nullptr: they are dropped. Outlives the listener.
  Listener(const Config& config, const Endpoint& local, std::size_t backlog, const SynCookies* cookies = nullptr);

  struct Answer {
    std::unique_ptr<Connection> connection;  ///< For a SYN: put it into the table; it counts against the backlog.
    std::optional<Transmit> reset;           ///< For a stray ACK.
    std::optional<Transmit> syn_ack;         ///< With a cookie: nothing is kept.
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
  bool full() const { return half_open_ + ready_.size() >= backlog_; }
  /// A segment, and what on_segment() was told with it.
  struct Arrival {
    TimePoint now;
    const Segment& segment;
    const Endpoint& local;
    const Endpoint& remote;
    std::uint32_t timestamp_offset;
    std::uint16_t max_mss;
  };
  std::unique_ptr<Connection> open(const Arrival& arrival, SeqNum iss, const Segment& syn);
  std::optional<Transmit> answer_with_cookie(const Arrival& arrival);
  /// The connection of an ACK that brings a cookie back; nullptr: it brings none.
  std::unique_ptr<Connection> take_cookie(const Arrival& arrival);

  Config config_;
  SharedConfigs configs_;
  Endpoint local_;
  std::size_t backlog_;
  std::size_t half_open_ = 0;
  std::deque<Id> ready_;
  const SynCookies* cookies_;
  TimePoint cookies_until_;  ///< Later there are none out.
  ListenerCounters counters_;
};

}  // namespace sockwire::tcp
