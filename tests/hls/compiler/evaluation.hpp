// SPDX-License-Identifier: Apache-2.0
// What an expression of the word graph is worth.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "hls/compiler/word_graph.hpp"

namespace hlsc {

using llvm::APInt;

/// The value of an expression when the inputs have the given ones; independent of how it was simplified.
class Evaluation {
 public:
  explicit Evaluation(const WordGraph& graph, std::vector<APInt> inputs) : graph_(graph), inputs_(std::move(inputs)) {}

  APInt operator()(Ref x) {
    const auto known = values_.find(x);
    if (known != values_.end()) return known->second;
    APInt value = compute(x);
    EXPECT_EQ(value.getBitWidth(), x->width);
    values_.emplace(x, value);
    return value;
  }

 private:
  static APInt flag(bool value) { return APInt(1, value ? 1 : 0); }

  APInt compute(Ref x) {
    const auto at = [&](unsigned i) { return (*this)(x->operand(i)); };
    switch (x->op) {
      case Op::kConst:
        return x->value;
      case Op::kInput:
        return inputs_[x->aux];
      case Op::kNot:
        return ~at(0);
      case Op::kAnd:
        return at(0) & at(1);
      case Op::kOr:
        return at(0) | at(1);
      case Op::kXor:
        return at(0) ^ at(1);
      case Op::kAdd:
        return at(0) + at(1);
      case Op::kSub:
        return at(0) - at(1);
      case Op::kMul:
        return at(0) * at(1);
      case Op::kEq:
        return flag(at(0) == at(1));
      case Op::kUlt:
        return flag(at(0).ult(at(1)));
      case Op::kMux:
        return at(0).isZero() ? at(2) : at(1);
      case Op::kShl:
        return at(0).shl(at(1).getLimitedValue(x->width));
      case Op::kLshr:
        return at(0).lshr(at(1).getLimitedValue(x->width));
      case Op::kSlice:
        return at(0).extractBits(x->width, x->aux);
      case Op::kRom:
        return graph_.table(x->aux)[at(0).getLimitedValue()];
      case Op::kCase: {
        for (unsigned i = 0; i < x->labels.size(); ++i)
          if (x->labels[i] == at(0)) return at(i + 2);
        return at(1);
      }
      case Op::kConcat: {
        APInt value = at(0);
        for (unsigned i = 1; i < x->operands.size(); ++i) value = at(i).concat(value);
        return value;
      }
      default:
        ADD_FAILURE() << "an operation without a value";
        return APInt(x->width, 0);
    }
  }

  const WordGraph& graph_;
  std::vector<APInt> inputs_;
  std::map<Ref, APInt> values_;
};

}  // namespace hlsc
