// SPDX-License-Identifier: Apache-2.0
// What a dataflow function can join: the members of what it owns, by their place in memory, and its arguments.
#pragma once

#include "hls/compiler/dataflow.hpp"

namespace hlsc {

/// Throws Refusal at an argument that is no stream, wire or pulse, and at a stream without room.
std::vector<Part> parts_of(const FrontEnd& unit, const Options& options);

}  // namespace hlsc
