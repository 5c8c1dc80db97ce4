// SPDX-License-Identifier: Apache-2.0
// What passes over the word graph have in common: how often a value is used, and new values for all of a step's.
#pragma once

#include <unordered_map>

#include "hls/compiler/design.hpp"

namespace hlsc {

/// How often each value is an operand, or a result of the step.
inline std::unordered_map<Ref, unsigned> uses_of(Design& design) {
  std::unordered_map<Ref, unsigned> uses;
  for (Ref x : design.nodes())
    for (Ref operand : x->operands) ++uses[operand];
  for (Ref* root : design.roots()) ++uses[*root];
  return uses;
}

/// Gives each value `rebuilt(x)`, operands first, which is then in `renewed`; and the step its new results.
template <typename Rebuilt>
void renew(Design& design, std::unordered_map<Ref, Ref>& renewed, Rebuilt rebuilt) {
  for (Ref x : design.nodes()) renewed[x] = rebuilt(x);
  for (Ref* root : design.roots()) *root = renewed.at(*root);
}

}  // namespace hlsc
