// SPDX-License-Identifier: Apache-2.0
// One connection, and a test that plays its peer segment by segment.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/tcp/connection.hpp"

namespace sockwire::tcp::test {

using namespace std::chrono_literals;

/// Our ISS is 1000 and the peer's 9000, so that after the handshake our first byte is 1001 and the peer's 9001.
class Lone {
 public:
  static constexpr SeqNum kIss{1000};
  static constexpr SeqNum kPeer{9000};

  Lone() {
    config.timestamps = false;
    config.window_scale = false;
    config.quick_acks = 0;
    config.congestion = CongestionAlgorithm::kNewReno;
    config.send_buffer_bytes = config.receive_buffer_bytes = 65536;
  }

  Config config;
  std::uint16_t peer_window = 65535;
  bool departs = true;  ///< What is polled leaves at once.
  std::size_t room = kMaxTransmitBytes;
  std::vector<Transmit> out;  ///< All that was polled since the last take().
  std::vector<Event> events;
  TimePoint now{1s};
  std::unique_ptr<Connection> connection;

  Connection& operator*() { return *connection; }
  Connection* operator->() { return connection.get(); }

  void connect() {
    connection = Connection::connect(config, {IpAddress::from_ipv4(0x0a000001), 1111},
                                     {IpAddress::from_ipv4(0x0a000002), 80}, kIss, now);
    pump();
  }
  /// Active handshake; `out` and `events` are empty afterwards.
  void establish(Options peer_options = Options{1460, std::nullopt, std::nullopt, false}) {
    connect();
    Segment syn_ack = segment(kPeer, kIss + 1, wire::kTcpSyn | wire::kTcpAckFlag);
    syn_ack.options = peer_options;
    deliver(syn_ack);
    out.clear();
    events.clear();
  }
  /// Passive, up to SYN-RECEIVED.
  void accept(Options peer_options = Options{1460, std::nullopt, std::nullopt, false}) {
    Segment syn = segment(kPeer, SeqNum(0), wire::kTcpSyn);
    syn.options = peer_options;
    connection = Connection::accept(config, {IpAddress::from_ipv4(0x0a000001), 80},
                                    {IpAddress::from_ipv4(0x0a000002), 1111}, kIss, syn, now);
    pump();
  }

  Segment segment(SeqNum seq, SeqNum ack, int flags) const {
    Segment result;
    result.seq = seq;
    result.ack = ack;
    result.flags = static_cast<std::uint8_t>(flags);
    result.window = peer_window;
    return result;
  }
  void deliver(const Segment& segment) {
    connection->on_segment(now, segment);
    pump();
  }
  /// A segment with ACK.
  void receive(SeqNum seq, SeqNum ack, int flags = 0, std::string payload = {}) {
    Segment result = segment(seq, ack, flags | wire::kTcpAckFlag);
    result.payload = {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()};
    deliver(result);
  }
  /// A pure ACK with SACK blocks.
  void acknowledge(SeqNum ack, std::initializer_list<SackBlock> blocks = {}) {
    Segment result = segment(kPeer + 1, ack, wire::kTcpAckFlag);
    for (const SackBlock& block : blocks) result.options.sack.at[result.options.sack.count++] = block;
    deliver(result);
  }
  void send(const std::string& data) {
    connection->send(now, {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()});
    pump();
  }
  std::string read() {
    std::string text(connection->readable_bytes(), '\0');
    connection->recv(now, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    pump();
    return text;
  }
  /// The bytes that a Transmit sends.
  std::string payload(const Transmit& transmit) const {
    std::string text(transmit.payload_bytes, '\0');
    const std::size_t there =
        connection->copy_payload(transmit.seq, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text.substr(text.size() - there);
  }
  /// Time passes; timers that come due on the way are served at their time.
  void advance(Duration duration) {
    const TimePoint end = now + duration;
    while (connection->next_deadline() <= end) {
      now = std::max(now, connection->next_deadline());
      connection->on_timeout(now);
      pump();
    }
    now = end;
  }
  void depart(std::uint32_t tag) {
    connection->on_sent(now, tag, now);
    pump();
  }
  void pump() {
    while (auto transmit = connection->poll_transmit(now, room)) {
      out.push_back(*transmit);
      if (departs && transmit->kind == TransmitKind::kSegment) connection->on_sent(now, transmit->tag, now);
    }
    while (auto event = connection->poll_event()) events.push_back(*event);
  }
  std::vector<Transmit> take() { return std::exchange(out, {}); }
  std::vector<Event> take_events() { return std::exchange(events, {}); }
};

}  // namespace sockwire::tcp::test
