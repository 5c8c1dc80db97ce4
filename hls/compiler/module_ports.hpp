// SPDX-License-Identifier: Apache-2.0
// How a module's ports are named and described, of a kernel and of a dataflow function.
#pragma once

#include <ostream>
#include <string>

#include "hls/compiler/type_layout.hpp"

namespace hlsc {

/// The parameter that sets the depth of the FIFO of a port: "FrameOutDepth".
std::string depth_parameter(const std::string& port);

/// A comment with the fields of what a port carries and their bits: "  // in: data[7:0] last[8]".
void print_fields(const Port& port, std::ostream& out);

}  // namespace hlsc
