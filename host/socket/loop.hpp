// SPDX-License-Identifier: Apache-2.0
// What runs while a socket call blocks.
#pragma once

#include <functional>
#include <vector>

#include "host/base/time.hpp"

namespace sockwire {

class Host;

/// What moves while hosts wait: simulated cards and wires in virtual time, or the wall's clock with a TAP behind it.
class World {
 public:
  virtual ~World() = default;
  virtual TimePoint now() const = 0;
  /// Lets time pass until some port has something for its host, or until `deadline`, whichever is first; may return
  /// earlier. Returns false if nothing will ever happen any more: the deadline is kNever, and the world stands still.
  virtual bool advance(TimePoint deadline) = 0;
};

/// Runs hosts and tasks in a world, on the caller's thread.
class Loop {
 public:
  explicit Loop(World& world) : world_(world) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Host's constructor and destructor call these.
  void add(Host& host) { hosts_.push_back(&host); }
  void remove(Host& host);

  /// Runs `task` in every turn: a server that only makes non-blocking calls. Returns whether it got anything done.
  void add_task(std::function<bool()> task) { tasks_.push_back(std::move(task)); }

  TimePoint now() const { return world_.now(); }
  /// One turn: hosts and tasks run until they have nothing to do, else time passes until something happens, at most
  /// until `deadline`. Returns false if nothing will ever happen any more.
  bool run_once(TimePoint deadline);
  /// Turns until done() or the deadline. Returns done().
  bool run_until(const std::function<bool()>& done, TimePoint deadline);

 private:
  World& world_;
  std::vector<Host*> hosts_;
  std::vector<std::function<bool()>> tasks_;
  bool in_tasks_ = false;
};

}  // namespace sockwire
