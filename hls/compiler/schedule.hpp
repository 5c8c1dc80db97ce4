// SPDX-License-Identifier: Apache-2.0
// Which stage of a pipeline computes what, so that each stage fits in a clock period while a step starts every clock.
//
//   stage 0                 | stage 1              | stage 2
//   streams and wires are   | feed-forward logic   | streams are written, all in the same stage, so that a step
//   read; what decides      | +-- a recurrence --+ | writes all of them or none; wires and pulses are written
//   which are               | |  next <- state   | | as early as they can be
//                           | +------------------+ |
//
// State that depends on itself, and everything on the way (a recurrence), lies in one stage, since the next step needs
// it one clock later. So do all accesses of a memory. What lies before and after is cut where a path grows too long,
// each operation in the first stage that it fits in.
#pragma once

#include <unordered_map>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/design.hpp"

namespace hlsc {

struct Schedule {
  unsigned stages = 1;
  std::unordered_map<Ref, unsigned> stage;  // of each node; of an input, where it is read
  std::vector<unsigned> port_stage;         // of what leaves through a port, and of a memory's accesses
};

/// `period` in ns. What cannot be cut and is slower stays slower.
Schedule schedule(Design& design, double period, const DelayModel& model);

}  // namespace hlsc
