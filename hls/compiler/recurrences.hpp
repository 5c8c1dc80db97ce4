// SPDX-License-Identifier: Apache-2.0
// Recurrences that are slower than the period: what no cut into stages can help, only another kernel.
//
//      +-- a register, or a memory --+
//      |                             |     the next step needs it one clock later, so all of it is in one stage
//      +---> next <- what it was ----+
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/delay_model.hpp"
#include "hls/compiler/design.hpp"
#include "hls/compiler/step_timing.hpp"

namespace hlsc {

struct SlowRecurrence {
  std::string name;                 // of the state or memory that its slowest path ends in
  std::vector<std::string> others;  // that it goes through and that are too slow as well
  double time = 0;                  // of the slowest path that starts and ends in it, in ns
  std::vector<PathPoint> path;      // from where it starts on; the last is the end
  std::string advice;               // what to try
};

/// The slowest first. Of a path that leads into a recurrence from elsewhere, only what lies in it counts.
std::vector<SlowRecurrence> slow_recurrences(Design& design, double period, const DelayModel& model);

/// What to try, by what takes the longest on the path.
std::string advice_for(const std::vector<PathPoint>& path);

}  // namespace hlsc
