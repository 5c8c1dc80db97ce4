// SPDX-License-Identifier: Apache-2.0
// Runs a kernel natively by the step rule: call it on a copy of its state, keep the copy only if nothing blocked.
#pragma once

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

  const State& state() const { return state_[current_]; }

 private:
  State state_[2]{};
  int current_ = 0;
};

/// Ends the cycle of every port and memory named.
template <typename... Ports>
void tick(Ports&... ports) {
  (ports.tick(), ...);
}

}  // namespace sockwire
