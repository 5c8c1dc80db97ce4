// SPDX-License-Identifier: Apache-2.0
// What a branch's condition says about what is computed in the branch.
#pragma once

#include "hls/compiler/design.hpp"

namespace hlsc {

/// Inside `if (n < 6)` n has three bits, in the arm of a label the selector has that value, and in b of `a & b` it does
/// not matter what b is where a is not set. What is computed in several places changes only into something that is
/// there already.
void use_branch_facts(Design& design);

}  // namespace hlsc
