// SPDX-License-Identifier: Apache-2.0
// What each mem<> is made of: as its pragma says, or by its size and how it is accessed.
//
// A mem<> is read in the step that gives the address. Registers and LUTRAM do that. A block RAM gives its word one
// clock later, so it serves where the address is known a stage before the word is used: it then does not depend on the
// memory itself, by way of the state either. A write that was under way when the word was asked for is forwarded.
#pragma once

#include "hls/compiler/design.hpp"
#include "hls/compiler/pragmas.hpp"

namespace hlsc {

/// Sets each memory's storage. Throws Refusal where a pragma asks for what cannot be.
void map_memories(Design& design, const Pragmas& pragmas);

/// Whether a mem<> is made of block RAM, so that the step needs more than one stage.
bool needs_stages(const Design& design);

}  // namespace hlsc
