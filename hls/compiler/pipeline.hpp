// SPDX-License-Identifier: Apache-2.0
// Makes a step of several stages out of one: registers where values go from one stage to the next, and one bit for each
// stage after the first that says whether there is a step in it.
//
// When the stage that writes the streams holds a step that has no room for them, all stages wait; there is no other
// wait, so steps leave in the order and with the values that they would have in one stage.
#pragma once

#include "hls/compiler/design.hpp"
#include "hls/compiler/schedule.hpp"

namespace hlsc {

/// Precondition: complete_step() was not called; it has to be afterwards.
void pipeline(Design& design, const Schedule& schedule);

}  // namespace hlsc
