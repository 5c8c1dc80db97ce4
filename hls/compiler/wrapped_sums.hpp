// SPDX-License-Identifier: Apache-2.0
// Sums that are below a limit only if they wrap around: does what begins before a window end in it?
#pragma once

#include "hls/compiler/facts.hpp"

namespace hlsc {

/// sum < limit, where the facts say that one of the terms is not. A word of k bits that is added then has to carry into
/// the bits above, which have to be ones; what is left of the sum has k bits:
///
///     1 1 1 1 1 0 1 1    not below the limit
///   +           1 1 0
///     0 0 0 0 0 0 0 1    below it
///
/// Null if the sum is no such one.
Ref below_if_wrapped(WordGraph& graph, const Facts& facts, Ref sum, Ref limit);

}  // namespace hlsc
