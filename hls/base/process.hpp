// SPDX-License-Identifier: Apache-2.0
// Runs a kernel natively by the step rule: call it on a copy of its state, keep the copy only if nothing blocked.
#pragma once

#if !defined(__SYNTHESIS__)
#include <algorithm>
#include <cstdint>
#include <cstring>
#endif

#include "hls/base/stream.hpp"

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
///
/// A kernel that hlsc made a pipeline of does in its step what it does in one stage, but what it writes leaves later,
/// by a table with an entry for each port; so it is the RTL's equal in every cycle.
template <typename State>
class Process {
 public:
  Process() = default;
  /// See set_latency().
  explicit Process(const PortLatency* latency) : latency_(latency) {}

  /// A pipeline from now on, which has not stepped yet. `latency` outlives the process.
  void set_latency(const PortLatency* latency) { latency_ = latency; }

  /// One step. Returns whether it fired (took effect).
  template <typename Kernel, typename... Ports>
  bool step(Kernel kernel, Ports&... ports) {
    if (latency_ != nullptr) return step_in_pipeline(kernel, ports...);
    call(kernel, ports...);
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
  /// The last step changed nothing, and nothing is on its way: only a change of what it depends on ends that.
  bool quiet() const { return quiet_; }

 private:
  template <typename Kernel, typename... Ports>
  void step_unless_quiet(Kernel kernel, Ports&... ports) {
    if (quiet_) {
      std::uint64_t changed = 0;
      int place = 0;
      ((changed |= std::uint64_t{ports.changed()} << place++), ...);
      if ((changed & depends_) == 0) return;
    }
    if (latency_ != nullptr) {
      step_in_pipeline(kernel, ports...);
      return;
    }
    call(kernel, ports...);
    const bool fire = !(ports.blocked() || ...);
    judge_quiet(fire, ports...);
    (ports.finish(fire), ...);
    if (fire) current_ ^= 1;
  }

  template <typename Kernel, typename... Ports>
  void call(Kernel kernel, Ports&... ports) {
    State& next = state_[current_ ^ 1];
    next = state_[current_];
    kernel(next, ports...);
  }

  template <typename... Ports>
  void judge_quiet(bool fire, Ports&... ports) {
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): states that differ in padding alone cost a step, no more.
    quiet_ = !fire || (!(ports.effect() || ...) && std::memcmp(&state_[0], &state_[1], sizeof(State)) == 0);
    if (!quiet_) return;
    depends_ = 0;
    int place = 0;
    ((depends_ |= std::uint64_t{ports.matters()} << place++), ...);
  }

  template <typename Kernel, typename... Ports>
  bool step_in_pipeline(Kernel kernel, Ports&... ports) {
    if (stages_ == 0) set_latencies(ports...);
    const PortLatency* latency = latency_;
    bool waits = false;
    ((waits = waits || stalls(*latency, ports), ++latency), ...);
    bool fire = false;
    if (!waits) {
      call(kernel, ports...);
      fire = !(ports.blocked() || ...);
      judge_quiet(fire, ports...);
      busy_ = quiet_ ? busy_ - (busy_ > 0 ? 1 : 0) : stages_;
    }
    quiet_ = quiet_ && busy_ == 0;  // nothing is on its way either
    const detail::PipelineCycle cycle{waits, stream_stage_};
    latency = latency_;
    (finish(*latency++, ports, fire, cycle), ...);
    if (fire) current_ ^= 1;
    return fire;
  }

  template <typename Port>
  static bool stalls(const PortLatency& latency, const Port& port) {
    if constexpr (requires { port.stalls(); }) return latency.stage > 0 && port.stalls();
    return false;
  }

  template <typename Port>
  static void finish(const PortLatency& latency, Port& port, bool fire, const detail::PipelineCycle& cycle) {
    if constexpr (requires { port.finish_in_pipeline(fire, cycle); }) {
      if (latency.stage > 0) return port.finish_in_pipeline(fire, cycle);
    }
    port.finish(fire);
  }

  template <typename... Ports>
  void set_latencies(Ports&... ports) {
    stages_ = 1;
    const PortLatency* latency = latency_;
    (set_port_latency(*latency++, ports), ...);
  }

  template <typename Port>
  void set_port_latency(const PortLatency& latency, Port& port) {
    if constexpr (requires { port.set_latency(latency); }) {
      if (latency.stage <= 0) return;
      port.set_latency(latency);
      stages_ = std::max(stages_, latency.stage + 1);
      if constexpr (requires { port.stalls(); }) stream_stage_ = latency.stage;
    }
  }

  State state_[2]{};
  int current_ = 0;
  bool quiet_ = false;
  std::uint64_t depends_ = 0;  // which ports' changes end the quiet, by place
  const PortLatency* latency_ = nullptr;
  int stages_ = 0;        // of the pipeline, once it is known
  int stream_stage_ = 0;  // the one that writes streams
  int busy_ = 0;          // cycles until nothing is on its way
};

/// Ends the cycle of every port and memory named. Inlined: a call would have to pass the address of every one.
template <typename... Ports>
__attribute__((always_inline)) inline void tick(Ports&... ports) {
  (ports.tick(), ...);
}

#endif

}  // namespace sockwire
