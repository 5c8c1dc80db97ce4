// SPDX-License-Identifier: Apache-2.0
// The neighbours' MAC addresses, with the states of RFC 4861 7.3.2, in a cache that ages and is bounded. ARP and
// neighbour discovery share it: they differ in how a question and an answer look (Solicitor; arp.hpp, ndp.hpp).
//
//              lookup()            confirm()              its time is over         lookup()
//   (unknown) ----------> kIncomplete -----> kReachable ----------------> kStale ----------> kDelay
//       ^  ^                 | no answer         ^  ^                       ^  |                |  check_delay is over
//       |  +-----------------+                   |  |      heard()          |  |                v
//       |                                        |  +-----------------------)--)---------- kProbe (unicast; still used)
//       |                                        |       confirm()          |  |                |
//       +----------------------------------------)--------------------------)--+----------------+  no answer
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "host/base/ip_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/config.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/frame_queue.hpp"

namespace sockwire::stack {

/// How a question about a neighbour ended.
struct NeighbourOutcome {
  IpAddress neighbour;
  bool found = false;
};

enum class NeighbourState : std::uint8_t { kIncomplete, kReachable, kStale, kDelay, kProbe };

class NeighbourCache {
 public:
  /// Writes the questions of a protocol.
  class Solicitor {
   public:
    virtual ~Solicitor() = default;
    /// known: where to ask by unicast; nothing: ask everybody.
    virtual void solicit(const IpAddress& target, const std::optional<MacAddress>& known) = 0;
  };

  /// All but config outlive the cache.
  NeighbourCache(const NeighbourConfig& config, Solicitor& solicitor, FrameQueue& frames, Counters& counters)
      : config_(config), solicitor_(solicitor), frames_(frames), counters_(counters) {}

  /// The neighbour's address. Nothing: it is being asked for, and poll_outcome() will tell.
  std::optional<MacAddress> lookup(TimePoint now, const IpAddress& neighbour);
  /// Sends the frame (its destination MAC still blank) when the neighbour is known; at once if it is. Of too many that
  /// wait the oldest is dropped.
  void send(TimePoint now, const IpAddress& neighbour, TxFrame frame);

  /// The neighbour has this address, it says so itself in passing: makes an entry if there is none; a new MAC address
  /// has yet to be confirmed (RFC 4861 7.2.3).
  void heard(TimePoint now, const IpAddress& neighbour, const MacAddress& mac);
  /// The neighbour has this address, and is there now: in answer to us. Makes an entry if there is none.
  void confirm(TimePoint now, const IpAddress& neighbour, const MacAddress& mac);
  /// As confirm(), for a neighbour whose MAC address is known: something that we sent has arrived (RFC 4861 7.3.1).
  void confirm(TimePoint now, const IpAddress& neighbour);
  /// What is known may be wrong: it is checked when it is used next.
  void doubt(const IpAddress& neighbour);

  struct View {
    NeighbourState state;
    MacAddress mac;  ///< Zero while kIncomplete.
  };
  std::optional<View> view(const IpAddress& neighbour) const;

  void on_timeout(TimePoint now);
  TimePoint next_deadline() const { return deadline_; }
  [[nodiscard]] std::optional<NeighbourOutcome> poll_outcome();

  /// What a router says of timers on this link (RFC 4861 6.3.4).
  void set_fresh(Duration fresh) { config_.fresh = fresh; }
  void set_request_interval(Duration interval) { config_.request_interval = interval; }

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    MacAddress mac;
    NeighbourState state = NeighbourState::kIncomplete;
    unsigned requests = 0;
    TimePoint next_action = kNever;  ///< kIncomplete, kDelay, kProbe
    TimePoint confirmed;
    bool wanted = false;     ///< Somebody has looked it up: what only others made goes first.
    std::uint64_t used = 0;  ///< For the choice of whom to evict.
    std::deque<TxFrame> queue;
  };
  using Entries = std::unordered_map<IpAddress, Entry, IpAddressHash>;

  Entry& insert(TimePoint now, const IpAddress& address);
  void erase(Entries::iterator entry, bool failed);
  void resolve(const IpAddress& address, Entry& entry, const MacAddress& mac, NeighbourState state);
  void ask(TimePoint now, const IpAddress& address, Entry& entry);
  void find_deadline();

  NeighbourConfig config_;
  Solicitor& solicitor_;
  FrameQueue& frames_;
  Counters& counters_;
  Entries entries_;
  std::uint64_t uses_ = 0;
  TimePoint deadline_ = kNever;
  std::deque<NeighbourOutcome> outcomes_;
};

}  // namespace sockwire::stack
