// SPDX-License-Identifier: Apache-2.0
// Runs a kernel natively by the step rule: call it on a copy of its state, keep the copy only if nothing blocked.
#pragma once

#include <cstdint>
#include <cstring>

namespace sockwire {

/// A kernel's registers, double-buffered. Kernel: void kernel(State&, Ports&...).
template <typename State>
class Process {
 public:
  /// One step. Returns whether it fired (took effect).
  template <typename Kernel, typename... Ports>
  bool step(Kernel kernel, Ports&... ports) {
    State& next = state_[current_ ^ 1];
    next = state_[current_];
    kernel(next, ports...);
    const bool fire = !(ports.blocked() || ...);
    (ports.finish(fire), ...);
    if (fire) current_ ^= 1;
    return fire;
  }

  /// As step(), but a step that is known to change nothing is left out: the last one that was run changed nothing, and
  /// neither has what it depends on. Precondition: every port is ticked exactly once between two calls.
  template <typename Kernel, typename... Ports>
  void step_unless_quiet(Kernel kernel, Ports&... ports) {
    if (quiet_) {
      std::uint64_t changed = 0;
      int place = 0;
      ((changed |= std::uint64_t{ports.changed()} << place++), ...);
      if ((changed & depends_) == 0) return;
    }
    State& next = state_[current_ ^ 1];
    next = state_[current_];
    kernel(next, ports...);
    const bool fire = !(ports.blocked() || ...);
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): states that differ in padding alone cost a step, no more.
    quiet_ = !fire || (!(ports.effect() || ...) && std::memcmp(&state_[0], &state_[1], sizeof(State)) == 0);
    if (quiet_) {
      depends_ = 0;
      int place = 0;
      ((depends_ |= std::uint64_t{ports.matters()} << place++), ...);
    }
    (ports.finish(fire), ...);
    if (fire) current_ ^= 1;
  }

  const State& state() const { return state_[current_]; }

 private:
  State state_[2]{};
  int current_ = 0;
  bool quiet_ = false;
  std::uint64_t depends_ = 0;  // which ports' changes end the quiet, by place
};

/// Ends the cycle of every port and memory named.
template <typename... Ports>
void tick(Ports&... ports) {
  (ports.tick(), ...);
}

}  // namespace sockwire
