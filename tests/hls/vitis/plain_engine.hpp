// SPDX-License-Identifier: Apache-2.0
// An engine whose inputs and outputs are plain numbers: two engines whose integers are of different types, and so all
// of their own types too, meet here. A file that is compiled with AMD's integers has its namespace sockwire renamed
// (CMakeLists.txt); namespace plain is the same everywhere.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/dut/engine.hpp"

namespace plain {

struct Beat {
  std::uint64_t data = 0;
  std::uint64_t keep = 0;
  bool last = false;
};

/// flags: valid, error and dribble at width 1, control at width 8.
struct Line {
  std::uint64_t data = 0;
  std::uint64_t flags = 0;
};

struct Inputs {
  std::uint64_t now_ns = 0;
  bool command_valid = false;
  Beat command;
  bool event_ready = false;
  Line line_rx;
  bool tx_enable = false;
  bool rx_enable = false;
};

struct Outputs {
  bool command_ready = false;
  bool event_valid = false;
  Beat event;
  Line line_tx;
  bool idle = false;
  std::uint64_t deadline_ns = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual Outputs outputs() const = 0;
  virtual void step(const Inputs& inputs) = 0;
};

/// The native engine computed with AMD's integers. width: 1 or 8.
std::unique_ptr<Engine> make_ap_int_engine(int width, std::uint32_t boot_id);

}  // namespace plain

namespace sockwire::sim {

template <int kBytes>
plain::Beat plain_of(const Beat<kBytes>& beat) {
  return {beat.data, beat.keep, beat.last};
}
template <int kBytes>
Beat<kBytes> beat_of(const plain::Beat& beat) {
  Beat<kBytes> out;
  out.data = beat.data;
  out.keep = beat.keep;
  out.last = beat.last;
  return out;
}

inline plain::Line plain_of(const Line<1>& line) {
  return {line.data, (line.valid ? 1u : 0u) | (line.error ? 2u : 0u) | (line.dribble ? 4u : 0u)};
}
inline plain::Line plain_of(const Line<8>& line) { return {line.data, line.control}; }

inline void assign(Line<1>& out, const plain::Line& line) {
  out.data = line.data;
  out.valid = (line.flags & 1) != 0;
  out.error = (line.flags & 2) != 0;
  out.dribble = (line.flags & 4) != 0;
}
inline void assign(Line<8>& out, const plain::Line& line) {
  out.data = line.data;
  out.control = line.flags;
}

}  // namespace sockwire::sim
