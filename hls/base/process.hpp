// SPDX-License-Identifier: Apache-2.0
// Runs a kernel natively by the step rule: call it on a copy of its state, keep the copy only if nothing blocked.
#pragma once

#if !defined(__SYNTHESIS__)
#include <cstdint>
#include <cstring>
#endif

namespace sockwire {

namespace detail {

/// T, where a template's parameter is not to be deduced from an argument.
template <typename T>
struct Same {
  typedef T type;
};

}  // namespace detail

#if defined(__SYNTHESIS__)

/// A kernel's registers. run() is an instance of the kernel: hlsc knows it by its name.
template <typename State>
class Process {
 public:
  template <typename... Ports>
  void run(void (*kernel)(State&, Ports&...), typename detail::Same<Ports>::type&... ports) {
#pragma HLS inline
    kernel(state_, ports...);
  }

 private:
  State state_{};
};

#else

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

  /// For dataflow functions: as step(), but a step that is known to change nothing is left out: the last one that was
  /// run changed nothing, and neither has what it depends on. Precondition: every port is ticked exactly once between
  /// two calls.
  template <typename... Ports, typename... Nets>
  void run(void (*kernel)(State&, Ports&...), Nets&... nets) {
    // A closure's type is this kernel's alone, so that the compiler makes each kernel's step by itself and in one
    // piece.
    step_unless_quiet([kernel](State& state, Ports&... ports) { kernel(state, ports...); }, nets...);
  }

  const State& state() const { return state_[current_]; }

 private:
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

  State state_[2]{};
  int current_ = 0;
  bool quiet_ = false;
  std::uint64_t depends_ = 0;  // which ports' changes end the quiet, by place
};

/// Ends the cycle of every port and memory named. Inlined: a call would have to pass the address of every one.
template <typename... Ports>
__attribute__((always_inline)) inline void tick(Ports&... ports) {
  (ports.tick(), ...);
}

#endif

}  // namespace sockwire
