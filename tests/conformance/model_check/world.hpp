// SPDX-License-Identifier: Apache-2.0
// Two connections, their applications and the channel between them, moved one choice at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/tcp/connection.hpp"
#include "scenario.hpp"

namespace sockwire::tcp::model {

enum class Act : std::uint8_t {
  kApplication,  ///< The next thing that application `side` does: send a byte, or end its stream.
  kRead,         ///< Application `side` reads all there is.
  kDeliver,      ///< Segment `index` of those on their way to `side` arrives.
  kDuplicate,    ///< The same, and it stays on its way.
  kLose,
  kTimer,  ///< Time goes on to the deadline of `side`, which is the earliest.
};

struct Choice {
  Act act;
  std::uint8_t side;
  std::uint8_t index = 0;
};

/// Deterministic: the same choices lead to the same world. Therefore the history of what went into a connection stands
/// for its state in fingerprint(): two worlds that are equal there behave alike, whatever a connection holds inside,
/// and nothing of a connection has to be open to this model.
class World {
 public:
  explicit World(const Scenario& scenario);

  /// What can happen next; empty at the end of a run.
  void list_choices(std::vector<Choice>& choices) const;
  void apply(const Choice& choice);
  /// The choice in words, before it is applied.
  std::string describe(const Choice& choice) const;

  std::uint64_t fingerprint() const;
  /// The first rule that was broken; empty if none was. At the end of a run, check_end() looks at what is left.
  const std::string& violation() const { return violation_; }
  void check_end();

 private:
  struct InFlight {
    Segment segment;  ///< Its payload is `bytes`.
    std::vector<std::uint8_t> bytes;
    std::uint64_t hash;
  };
  struct Side {
    std::unique_ptr<Connection> connection;
    std::vector<InFlight> arriving;
    std::uint64_t history;
    unsigned sent = 0;
    unsigned received = 0;
    unsigned incarnations = 0;
    bool write_ended = false;
    bool closed = false;  ///< close() was called.
    bool stream_ended = false;
    bool broken_off = false;  ///< Ended by a RST or a time-out.
  };

  static std::uint64_t past_of(const Side& side);
  bool application_can_act(int index) const;
  bool can_read(int index) const;
  /// The budget that a timer costs now; none if nothing else can happen.
  const unsigned* price_of_a_timer() const;
  void act(int index);
  void read(int index);
  void arrive(int index, const InFlight& flight);
  void open(int index, const Segment* syn);
  void settle(int index);
  void put_on_wire(int from, const Transmit& transmit);
  void note(int index, std::uint64_t input);
  void take_event(int index, Event event);
  void check(int index);
  void violate(int index, const std::string& rule);

  const Scenario scenario_;
  Config config_;
  std::array<Side, 2> sides_;
  TimePoint now_{std::chrono::seconds(1)};
  unsigned losses_ = 0;
  unsigned duplicates_ = 0;
  unsigned early_timers_ = 0;
  unsigned slow_reads_ = 0;
  std::string violation_;
};

}  // namespace sockwire::tcp::model
