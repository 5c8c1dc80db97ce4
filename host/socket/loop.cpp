// SPDX-License-Identifier: Apache-2.0
#include "host/socket/loop.hpp"

#include <algorithm>

#include "host/socket/host.hpp"

namespace sockwire {

void Loop::remove(Host& host) { std::erase(hosts_, &host); }

bool Loop::run_once(TimePoint deadline) {
  bool busy = false;
  for (Host* host : hosts_) busy |= host->service();
  // A task may block in a call of its own, which comes back here: then only hosts are run.
  if (!in_tasks_) {
    in_tasks_ = true;
    for (const auto& task : tasks_) busy |= task();
    in_tasks_ = false;
  }
  if (busy) return true;
  TimePoint until = deadline;
  for (const Host* host : hosts_) until = std::min(until, host->next_deadline());
  if (until <= world_.now()) return true;
  return world_.advance(until);
}

bool Loop::run_until(const std::function<bool()>& done, TimePoint deadline) {
  while (!done()) {
    if (now() >= deadline || !run_once(deadline)) return done();
  }
  return true;
}

}  // namespace sockwire
