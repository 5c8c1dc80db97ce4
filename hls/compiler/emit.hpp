// SPDX-License-Identifier: Apache-2.0
// The design as one SystemVerilog module.
#pragma once

#include <ostream>

#include "hls/compiler/design.hpp"
#include "hls/compiler/front_end.hpp"

namespace hlsc {

void emit(Design& design, const Options& options, std::ostream& out);

}  // namespace hlsc
