// SPDX-License-Identifier: Apache-2.0
// One deadline for each of many, in a hierarchy of wheels: arming, disarming and expiring take constant time, however
// many there are.
//
//   level 0: 64 slots of 1024 ns     level 1: 64 slots of 65.5 us     level 2: 64 slots of 4.2 ms     ...
//
// A deadline lies in the lowest level that tells it apart from the present: where the highest six bits in which the two
// differ are. When the time of a slot has come, what is in it moves down to a finer level, or becomes due.
//
// It is kept lazily: a deadline that moves later (as the retransmission timer's does with every ACK) costs nothing
// until the old one has come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/base/time.hpp"

namespace sockwire::stack {

class TimerWheel {
 public:
  /// Who waits: small numbers, since an array is indexed by them.
  using Index = std::uint32_t;

  TimerWheel();

  /// Makes sure that pop_due() gives `index` at `deadline` or earlier. kNever asks for nothing.
  void arm(Index index, TimePoint deadline);
  /// pop_due() does not give it any more, until it is armed again.
  void disarm(Index index);
  /// What pop_due() will give it at, at the latest; kNever: not at all.
  TimePoint armed(Index index) const { return index < nodes_.size() ? nodes_[index].deadline : kNever; }

  /// The next one whose time has come, which then is not armed any more. Earlier ones come first, to the length of a
  /// slot of level 0. now: does not go back.
  [[nodiscard]] std::optional<Index> pop_due(TimePoint now);
  /// When something is due; earlier only if what would have been was disarmed, never later. After pop_due(now) has
  /// given nothing, it is later than `now`.
  TimePoint next_deadline() const;

 private:
  static constexpr unsigned kTickBits = 10;  ///< A slot of level 0 is 2^10 ns.
  static constexpr unsigned kLevelBits = 6;
  static constexpr unsigned kSlots = 1u << kLevelBits;
  static constexpr unsigned kLevels = (64 - kTickBits) / kLevelBits;
  static constexpr Index kNone = UINT32_MAX;

  struct List {
    Index head = kNone;
    Index tail = kNone;
    /// Not later than any deadline in it.
    TimePoint earliest = kNever;
  };
  /// What is armed is in one list: a doubly linked one, so that it can be taken out of the middle.
  struct Node {
    TimePoint deadline = kNever;
    Index previous = kNone;
    Index next = kNone;
    std::uint16_t list = 0;
  };
  /// The lists: the slots of all levels; what belongs to the present tick; what is due.
  static constexpr std::uint16_t kPresent = kLevels * kSlots;
  static constexpr std::uint16_t kDue = kPresent + 1;

  static std::uint64_t tick_of(TimePoint time);
  std::uint16_t list_for(TimePoint deadline) const;
  void link(Index index, std::uint16_t list);
  void unlink(Index index);
  /// Deals the nodes of a list out again, to where they belong now.
  template <typename Where>
  void deal(std::uint16_t list, Where where);
  /// The first slot with something in it, in time; nothing: all are empty.
  std::optional<std::uint16_t> first_slot() const;
  std::uint64_t start_of(std::uint16_t slot) const;
  void advance(std::uint64_t tick);

  std::vector<Node> nodes_;
  std::array<List, kLevels * kSlots + 2> lists_;
  std::array<std::uint64_t, kLevels> occupied_{};  ///< A bit for each slot that is not empty.
  std::uint64_t present_ = 0;                      ///< In ticks.
};

}  // namespace sockwire::stack
