// SPDX-License-Identifier: Apache-2.0
// The engine, whatever it is made of: the HLS C++ run directly, or the RTL that hlsc made, under Verilator. Both behave
// alike, cycle by cycle.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hls/base/beat.hpp"
#include "hls/top/ports.hpp"

namespace sockwire::sim {

/// What the engine's surroundings drive during one cycle.
template <int kBytes>
struct EngineInputs {
  std::uint64_t now_ns = 0;  ///< card time: an input, never counted inside
  bool command_valid = false;
  Beat<kBytes> command{};
  bool event_ready = true;
  Line<kBytes> line_rx{};
  bool tx_enable = true;  ///< line_tx moves in this cycle; false between the byte times of a slower line (100 Mb/s MII)
  bool rx_enable = true;  ///< line_rx counts in this cycle
};

/// What the engine shows during one cycle. All of it are registers: it depends on earlier cycles' inputs only.
template <int kBytes>
struct EngineOutputs {
  bool command_ready = false;  ///< a valid command beat is taken at the end of this cycle
  bool event_valid = false;    ///< `event` is taken at the end of this cycle if event_ready
  Beat<kBytes> event{};
  Line<kBytes> line_tx{};
  bool idle = false;                  ///< nothing to do until an input arrives or `deadline_ns`
  std::uint64_t deadline_ns = ~0ULL;  ///< when a paced segment becomes due; all ones for never
};

/// One engine. The protocol of a cycle: look at outputs(), choose the inputs, step().
template <int kBytes>
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const EngineOutputs<kBytes>& outputs() const = 0;
  virtual void step(const EngineInputs<kBytes>& inputs) = 0;
};

/// How a Verilated engine is watched. An empty path records nothing.
struct WaveOptions {
  std::string fst_path;
  std::uint64_t cycle_ps = 0;  ///< of the clock that is recorded, if it is not cycle_ps()
};

template <int kBytes>
std::unique_ptr<Engine<kBytes>> make_native_engine(std::uint32_t boot_id);

/// Precondition: built for kBytes 1 and 8.
template <int kBytes>
std::unique_ptr<Engine<kBytes>> make_verilated_engine(std::uint32_t boot_id, const WaveOptions& wave = {});

/// The time of one cycle at the line rate that a width stands for: 1 Gb/s at width 1, 10 Gb/s at width 8.
template <int kBytes>
constexpr std::uint64_t cycle_ps() {
  static_assert(kBytes == 1 || kBytes == 8);
  return kBytes == 1 ? 8000 : 6400;
}

}  // namespace sockwire::sim
