// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/state_machine.hpp"

#include <set>

namespace hlsc {

bool is_state_machine(Ref next, Ref held) {
  if (next == nullptr || held->width == 1) return false;
  std::set<Ref> seen;
  std::vector<Ref> open = {next};
  while (!open.empty()) {
    Ref x = open.back();
    open.pop_back();
    if (x == held || x->is(Op::kConst) || x->is(Op::kUndef) || !seen.insert(x).second) continue;
    if (!x->is(Op::kMux) && !x->is(Op::kCase)) return false;
    open.insert(open.end(), x->operands.begin() + 1, x->operands.end());
  }
  return true;
}

}  // namespace hlsc
