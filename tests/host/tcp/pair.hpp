// SPDX-License-Identifier: Apache-2.0
// Two connections on a virtual clock, with a card and a wire between them that can be as bad as a test wishes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "host/tcp/connection.hpp"

namespace sockwire::tcp::test {

using namespace std::chrono_literals;

/// A segment on the wire.
struct Packet {
  Segment segment;  ///< Its payload is `bytes`.
  std::vector<std::uint8_t> bytes;
  TimePoint sent;
  std::size_t wire_bytes = 0;  ///< With all headers, preamble and gap.
  bool pure_ack_lane = false;

  Segment view() const {
    Segment result = segment;
    result.payload = bytes;
    return result;
  }
};

/// One direction of the wire.
struct WireConfig {
  double bits_per_second = 0;  ///< 0: segments leave at once.
  Duration latency = 1ms;
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;  ///< This part is delayed by another three latencies.
  /// A slower hop behind the wire, with a queue of so many bytes, which drops what does not fit; 0: none. From
  /// `mark_bytes` on it marks what is ECT instead of waiting until it must drop (0: never).
  double bottleneck_bits_per_second = 0;
  std::size_t bottleneck_bytes = 0;
  std::size_t mark_bytes = 0;
  std::size_t card_room = std::size_t{1} << 30;  ///< Payload bytes that the card queues.
  bool soft_state = true;                        ///< The card stamps what it queues; else kRefresh has no effect.
};

/// Byte `offset` of the stream that side `side` sends.
std::uint8_t pattern(int side, std::uint64_t offset);

/// One end: a connection, the application on it, and the card below it.
struct Side {
  std::unique_ptr<Connection> connection;
  WireConfig wire;
  // The application.
  std::uint64_t to_send = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  bool mismatch = false;
  bool reading = true;
  bool close_when_sent = false;  ///< shutdown_write() after the last byte.
  bool close_at_end = false;     ///< close() when the peer's stream has ended.
  std::vector<Event> events;
  // The card.
  struct Entry {
    Transmit transmit;
    std::vector<std::uint8_t> bytes;
    std::size_t cut = 0;
  };
  std::deque<Entry> slot;
  std::deque<Packet> lane;
  bool transmitting = false;
  std::size_t queued_bytes = 0;
  TimePoint slot_next{};        ///< Pacing: no segment of the slot starts before.
  TimePoint bottleneck_free{};  ///< When the slower hop will have sent what it holds.
  SeqNum slot_ack;
  std::uint16_t slot_window = 0;
  std::uint32_t slot_tsecr = 0;
  // What a test may look at or interfere with.
  std::vector<Transmit> transmits;  ///< Everything polled, in order (if log_transmits).
  bool log_transmits = true;
  std::uint64_t packets = 0;
  std::uint64_t pure_acks = 0;
  std::uint64_t payload_bytes = 0;
  std::uint64_t queue_drops = 0;
  TimePoint last_delivery{};  ///< When the peer's application last got bytes from here.
  /// Whether to drop the packet that is about to be put on the wire; called with its number from 0.
  std::function<bool(const Packet&, std::uint64_t)> drop;
  std::function<void(Packet&)> tamper;

  bool has_event(Event event) const;
};

class Pair {
 public:
  explicit Pair(std::uint64_t seed = 1) : random_(seed) {}

  /// Sides 0 (active) and 1 (passive or simultaneous).
  Side& a() { return sides_[0]; }
  Side& b() { return sides_[1]; }
  Side& side(int index) { return sides_[index]; }
  TimePoint now() const { return now_; }

  Config config_a;
  Config config_b;
  SeqNum iss_a{1000};
  SeqNum iss_b{5000000};

  /// Side 0 connects; side 1 answers the first SYN it gets.
  void connect();
  /// Both sides connect to each other.
  void connect_both();
  /// connect(), and run until both are ESTABLISHED.
  void establish();

  /// Runs for that long, or until nothing is left to do. Returns whether time was left.
  bool run_for(Duration duration);
  bool run_until(const std::function<bool()>& done, Duration limit = 600s);
  /// Delivers a segment to a side as if it came from the wire.
  void inject(int to, Segment segment, std::vector<std::uint8_t> payload = {});
  /// After a test called the connection itself: take out what it has to say.
  void pump(int index);

 private:
  bool step(TimePoint limit);
  void after(Duration delay, std::function<void()> action);
  void application(int index);
  void submit(int index, const Transmit& transmit);
  void start_transmission(int index);
  void wake_card(int index);
  Packet cut_segment(Side& side, std::optional<std::uint32_t>& finished);
  std::optional<Duration> pass_bottleneck(Side& side, Packet& packet);
  void put_on_wire(int index, Packet packet);
  void deliver(int to, const Packet& packet);
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }

  std::array<Side, 2> sides_;
  std::mt19937_64 random_;
  TimePoint now_{};
  std::uint64_t order_ = 0;
  std::map<std::pair<TimePoint, std::uint64_t>, std::function<void()>> agenda_;
};

inline constexpr Endpoint kLocalA{IpAddress::from_ipv4(0x0a000001), 40000};
inline constexpr Endpoint kLocalB{IpAddress::from_ipv4(0x0a000002), 80};

}  // namespace sockwire::tcp::test
