// SPDX-License-Identifier: Apache-2.0
// ARP: the neighbours' MAC addresses (RFC 826), in a cache that ages and is bounded (RFC 1122 2.3.2).
//
//             lookup()              reply                fresh is over, lookup()
//   (unknown) --------> asking ----------------> fresh ---------------------------> checking (unicast; still used)
//       ^                 | no reply               ^                                     |  |
//       +-----------------+                        +---------- reply --------------------+  | no reply
//       +-----------------------------------------------------------------------------------+
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/config.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/descriptor.hpp"

namespace sockwire::stack {

class ArpCache {
 public:
  /// counters: outlives the cache.
  ArpCache(const ArpConfig& config, MacAddress own_mac, Ipv4Address own_address, Counters& counters);

  /// The neighbour's address. Nothing: it is being asked for, and poll_outcome() will tell.
  std::optional<MacAddress> lookup(TimePoint now, Ipv4Address neighbour);
  /// Sends the frame (its destination MAC still blank) when the neighbour is known; at once if it is. Of too many that
  /// wait the oldest is dropped.
  void send(TimePoint now, Ipv4Address neighbour, TxFrame frame);
  /// Sends a frame whose destination MAC is known.
  void pass(TxFrame frame) { push(std::move(frame)); }
  /// An ARP packet came in: what follows the Ethernet header.
  void on_packet(TimePoint now, std::span<const std::uint8_t> packet);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  /// Frames to be sent: requests, replies, and those that waited.
  [[nodiscard]] std::optional<TxFrame> poll_frame();
  struct Outcome {
    Ipv4Address neighbour;
    bool found = false;
  };
  /// How a question ended.
  [[nodiscard]] std::optional<Outcome> poll_outcome();

  /// Unspecified: we have none, and our questions are probes (RFC 5227 2.1.1).
  void set_own_address(Ipv4Address address) { own_address_ = address; }

  std::size_t size() const { return entries_.size(); }
  bool has_frames() const { return !ready_.empty(); }

 private:
  enum class Phase : std::uint8_t { kAsking, kFresh, kChecking };
  struct Entry {
    Ipv4Address address;
    MacAddress mac;
    Phase phase = Phase::kAsking;
    unsigned requests = 0;
    TimePoint next_request = kNever;  ///< kAsking, kChecking
    TimePoint confirmed;
    std::uint64_t used = 0;  ///< For the choice of whom to evict.
    std::deque<TxFrame> queue;
  };

  Entry* find(Ipv4Address address);
  Entry& insert(Ipv4Address address);
  void erase(Entry& entry, bool failed);
  void learn(TimePoint now, Entry& entry, const MacAddress& mac);
  void ask(TimePoint now, Entry& entry);
  void write_packet(std::uint16_t operation, const MacAddress& frame_to, const MacAddress& target_mac,
                    Ipv4Address target);
  void push(TxFrame frame);

  ArpConfig config_;
  MacAddress own_mac_;
  Ipv4Address own_address_;
  Counters& counters_;
  std::vector<Entry> entries_;  ///< Few; searched in order.
  std::uint64_t uses_ = 0;
  std::deque<TxFrame> ready_;
  std::deque<Outcome> outcomes_;
};

}  // namespace sockwire::stack
