// SPDX-License-Identifier: Apache-2.0
// The engine's kernels run natively, one clock per step().
#pragma once

#include "hls/base/process.hpp"
#include "hls/top/engine_netlist.hpp"

namespace sockwire {

#define SOCKWIRE_NOTHING(...)
#define SOCKWIRE_NET(parameter, net) net
#define SOCKWIRE_STREAM_MEMBER(name, depth, ...) stream<__VA_ARGS__> name{depth};
#define SOCKWIRE_WIRE_MEMBER(name, ...) wire<__VA_ARGS__> name;
#define SOCKWIRE_BUSY_MEMBER(name) wire<bool> name;
#define SOCKWIRE_PULSE_MEMBER(name, bits, first) pulse<bits> name;
#define SOCKWIRE_MEMORY_MEMBER(name, ...) __VA_ARGS__ name;
#define SOCKWIRE_KERNEL_MEMBER(name, function, state, ...) Process<state> name##_process;
#define SOCKWIRE_KERNEL_STEP(name, function, state, ...) \
  name##_process.step_unless_quiet(                      \
      [](state& next, auto&... ports) __attribute__((always_inline)) { function(next, ports...); }, __VA_ARGS__);
#define SOCKWIRE_TICK(name, ...) name.tick();
#define SOCKWIRE_STREAM_HOLDS(name, depth, ...) || !name.empty()
#define SOCKWIRE_BUSY_HOLDS(name) || name.read()
#define SOCKWIRE_STROBES(name, bits, first) | (static_cast<std::uint32_t>(name.read()) << static_cast<int>(first))

/// Every net is a public member; drive the wires that no kernel writes before step().
template <int kBytes>
struct NativeEngineCore {
  SOCKWIRE_ENGINE_NETLIST(SOCKWIRE_STREAM_MEMBER, SOCKWIRE_WIRE_MEMBER, SOCKWIRE_BUSY_MEMBER, SOCKWIRE_PULSE_MEMBER,
                          SOCKWIRE_MEMORY_MEMBER, SOCKWIRE_KERNEL_MEMBER, SOCKWIRE_NET)

  void step() {
    strobes.drive(pulses());
    SOCKWIRE_ENGINE_NETLIST(SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NOTHING,
                            SOCKWIRE_KERNEL_STEP, SOCKWIRE_NET)
    SOCKWIRE_ENGINE_NETLIST(SOCKWIRE_TICK, SOCKWIRE_TICK, SOCKWIRE_TICK, SOCKWIRE_TICK, SOCKWIRE_NOTHING,
                            SOCKWIRE_NOTHING, SOCKWIRE_NET)
  }

  /// Nothing is under way: without an input, only the deadline can make a difference.
  bool idle() const {
    return !(pulses() != 0 SOCKWIRE_ENGINE_NETLIST(SOCKWIRE_STREAM_HOLDS, SOCKWIRE_NOTHING, SOCKWIRE_BUSY_HOLDS,
                                                   SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NET));
  }

 private:
  std::uint32_t pulses() const {
    return 0u SOCKWIRE_ENGINE_NETLIST(SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_STROBES,
                                      SOCKWIRE_NOTHING, SOCKWIRE_NOTHING, SOCKWIRE_NET);
  }
};

#undef SOCKWIRE_NOTHING
#undef SOCKWIRE_NET
#undef SOCKWIRE_STREAM_MEMBER
#undef SOCKWIRE_WIRE_MEMBER
#undef SOCKWIRE_BUSY_MEMBER
#undef SOCKWIRE_PULSE_MEMBER
#undef SOCKWIRE_MEMORY_MEMBER
#undef SOCKWIRE_KERNEL_MEMBER
#undef SOCKWIRE_KERNEL_STEP
#undef SOCKWIRE_TICK
#undef SOCKWIRE_STREAM_HOLDS
#undef SOCKWIRE_BUSY_HOLDS
#undef SOCKWIRE_STROBES

}  // namespace sockwire
