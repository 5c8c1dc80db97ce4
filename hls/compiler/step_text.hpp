// SPDX-License-Identifier: Apache-2.0
// When a step takes effect, as text of the module.
#pragma once

#include <string>

#include "hls/compiler/design.hpp"
#include "hls/compiler/expressions.hpp"

namespace hlsc {

inline bool always(Ref condition) { return condition != nullptr && condition->is_ones(); }
inline bool never(Ref condition) { return condition == nullptr || condition->is_zero(); }

class StepText {
 public:
  StepText(const Design& design, const Expressions& text) : design_(design), text_(text) {}

  /// "fire", or with a condition beside it.
  std::string fire_and(Ref condition, unsigned stage) const {
    if (always(design_.fires[stage]) && condition != nullptr) return text_.text(condition);
    if (always(condition)) return fire(stage);
    if (never(condition)) return "1'b0";
    return fire(stage) + " & (" + text_.text(condition) + ")";
  }

  /// "if (fire) ", or nothing where every clock is a step.
  std::string if_fire(unsigned stage) const { return always(design_.fires[stage]) ? "" : "if (" + fire(stage) + ") "; }

 private:
  /// A wire of that name, or what it is if it needs none.
  std::string fire(unsigned stage) const { return text_.text(design_.fires[stage]); }

  const Design& design_;
  const Expressions& text_;
};

}  // namespace hlsc
