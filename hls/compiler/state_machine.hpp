// SPDX-License-Identifier: Apache-2.0
// Registers in which a synthesis tool would see a state machine, and choose another code for its states.
#pragma once

#include "hls/compiler/word_graph.hpp"

namespace hlsc {

/// Whether a register of several bits takes constants only, or keeps what it has. The code of the C++ is kept then
/// (fsm_encoding): every place that looks at the state is written for it, and a one-hot code costs a register a state.
bool is_state_machine(Ref next, Ref held);

}  // namespace hlsc
