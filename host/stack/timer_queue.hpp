// SPDX-License-Identifier: Apache-2.0
// One deadline per connection, kept lazily: a deadline that moves later (as the retransmission timer's does with every
// ACK) costs nothing until the old one comes.
#pragma once

#include <queue>
#include <utility>
#include <vector>

#include "host/base/time.hpp"
#include "host/stack/descriptor.hpp"

namespace sockwire::stack {

class TimerQueue {
 public:
  /// Makes sure that pop_due() gives `id` at `deadline` or earlier. `armed` is the id's, kNever at first.
  void arm(ConnectionId id, TimePoint deadline, TimePoint& armed) {
    if (deadline >= armed) return;
    armed = deadline;
    heap_.push({deadline, id});
  }

  struct Due {
    TimePoint deadline;
    ConnectionId id;
  };
  /// The next whose time has come. It may have been armed for earlier since, and then is stale: `armed` tells.
  bool pop_due(TimePoint now, Due& due) {
    if (heap_.empty() || heap_.top().first > now) return false;
    due = {heap_.top().first, heap_.top().second};
    heap_.pop();
    return true;
  }
  TimePoint next_deadline() const { return heap_.empty() ? kNever : heap_.top().first; }

 private:
  using Item = std::pair<TimePoint, ConnectionId>;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> heap_;
};

}  // namespace sockwire::stack
