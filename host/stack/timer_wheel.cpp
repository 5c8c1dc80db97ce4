// SPDX-License-Identifier: Apache-2.0
#include "host/stack/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace sockwire::stack {

TimerWheel::TimerWheel() = default;

/// Nothing lies before the epoch.
std::uint64_t TimerWheel::tick_of(TimePoint time) {
  const auto ns = time.time_since_epoch().count();
  return ns > 0 ? static_cast<std::uint64_t>(ns) >> kTickBits : 0;
}

std::uint16_t TimerWheel::list_for(TimePoint deadline) const {
  const std::uint64_t tick = tick_of(deadline);
  if (tick <= present_) return kPresent;
  const auto level = static_cast<unsigned>(std::bit_width(tick ^ present_) - 1) / kLevelBits;
  return static_cast<std::uint16_t>(level * std::uint64_t{kSlots} + (tick >> (level * kLevelBits)) % kSlots);
}

void TimerWheel::link(Index index, std::uint16_t list) {
  Node& node = nodes_[index];
  List& to = lists_[list];
  node.list = list;
  node.previous = to.tail;
  node.next = kNone;
  (to.tail == kNone ? to.head : nodes_[to.tail].next) = index;
  to.tail = index;
  to.earliest = std::min(to.earliest, node.deadline);
  if (list < kPresent) occupied_[list / kSlots] |= std::uint64_t{1} << list % kSlots;
}

void TimerWheel::unlink(Index index) {
  const Node& node = nodes_[index];
  List& from = lists_[node.list];
  (node.previous == kNone ? from.head : nodes_[node.previous].next) = node.next;
  (node.next == kNone ? from.tail : nodes_[node.next].previous) = node.previous;
  if (from.head != kNone) return;
  from.earliest = kNever;
  if (node.list < kPresent) occupied_[node.list / kSlots] &= ~(std::uint64_t{1} << node.list % kSlots);
}

void TimerWheel::arm(Index index, TimePoint deadline) {
  if (deadline == kNever) return;
  if (index >= nodes_.size()) nodes_.resize(index + 1);
  if (deadline >= nodes_[index].deadline) return;
  if (nodes_[index].deadline != kNever) unlink(index);
  nodes_[index].deadline = deadline;
  link(index, list_for(deadline));
}

void TimerWheel::disarm(Index index) {
  if (armed(index) == kNever) return;
  unlink(index);
  nodes_[index].deadline = kNever;
}

template <typename Where>
void TimerWheel::deal(std::uint16_t list, Where where) {
  Index index = lists_[list].head;
  lists_[list] = {};
  if (list < kPresent) occupied_[list / kSlots] &= ~(std::uint64_t{1} << list % kSlots);
  while (index != kNone) {
    const Index next = nodes_[index].next;
    link(index, where(nodes_[index].deadline));
    index = next;
  }
}

/// All of a level lies within one slot of the next, and so before all that is on it.
std::optional<std::uint16_t> TimerWheel::first_slot() const {
  for (unsigned level = 0; level < kLevels; ++level) {
    if (occupied_[level] == 0) continue;
    return static_cast<std::uint16_t>(level * kSlots + static_cast<unsigned>(std::countr_zero(occupied_[level])));
  }
  return std::nullopt;
}

/// The first tick of a slot, seen from the present.
std::uint64_t TimerWheel::start_of(std::uint16_t slot) const {
  const unsigned shift = slot / kSlots * kLevelBits;
  const std::uint64_t turn = (present_ >> shift) / kSlots * kSlots;
  return (turn + slot % kSlots) << shift;
}

void TimerWheel::advance(std::uint64_t tick) {
  for (auto slot = first_slot(); slot && start_of(*slot) <= tick; slot = first_slot()) {
    present_ = start_of(*slot);
    deal(*slot, [this](TimePoint deadline) { return list_for(deadline); });
  }
  present_ = std::max(present_, tick);
}

std::optional<TimerWheel::Index> TimerWheel::pop_due(TimePoint now) {
  if (lists_[kDue].head == kNone) {
    advance(tick_of(now));
    if (lists_[kPresent].earliest <= now) {
      deal(kPresent, [now](TimePoint deadline) { return deadline <= now ? kDue : kPresent; });
    }
  }
  const Index index = lists_[kDue].head;
  if (index == kNone) return std::nullopt;
  disarm(index);
  return index;
}

TimePoint TimerWheel::next_deadline() const {
  TimePoint next = std::min(lists_[kDue].earliest, lists_[kPresent].earliest);
  if (next != kNever) return next;
  const auto slot = first_slot();
  return slot ? lists_[*slot].earliest : kNever;
}

}  // namespace sockwire::stack
