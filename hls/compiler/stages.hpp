// SPDX-License-Identifier: Apache-2.0
// The stages that `--dump-after` can show, and how a design is shown.
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "hls/compiler/design.hpp"

namespace hlsc {

enum class Stage {
  kDataflow,      // what a dataflow function joins; then, of each kernel:
  kFrontEnd,      // clang's IR of the kernel and what it calls
  kInlining,      // one function, loops unrolled
  kPortLowering,  // no memory left: what enters and leaves is calls
  kWordGraph,     // gated conversion: expressions over words
  kOptimisation,  // as few and as narrow as they can be
  kScheduling     // what the module is written from, with the registers between its stages
};

/// By the name on the command line; nothing if there is none.
std::optional<Stage> stage_named(const std::string& name);
/// "dataflow, front-end, ..."
std::string stage_names();

/// Every node that is needed, operands first, then what each register and port takes.
///
///   n4 [8] = add n1 n3    # count, mac_rx_gmii.hpp:141
///   bytes.next = n4
void dump(Design& design, std::ostream& out);

}  // namespace hlsc
