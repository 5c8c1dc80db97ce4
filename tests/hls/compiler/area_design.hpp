// SPDX-License-Identifier: Apache-2.0
// A design of a few registers whose next values a test gives, and one with random next values.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "hls/compiler/design.hpp"
#include "tests/hls/compiler/evaluation.hpp"

namespace hlsc {

constexpr unsigned kRegisters = 6;
constexpr unsigned kWidths[kRegisters] = {8, 8, 8, 3, 1, 1};

/// Registers a, b and c of a byte, s of three bits, p and q of one, with next values to be given.
class AreaTest : public testing::Test {
 protected:
  AreaTest() {
    design_.ports.resize(1);
    design_.state.resize(kRegisters);
    design_.actions.resize(1);
    for (unsigned leaf = 0; leaf < kRegisters; ++leaf) {
      const std::string name(1, "abcspq"[leaf]);
      design_.ports[0].layout.leaves.push_back({name, kWidths[leaf], 0, 0, kWidths[leaf]});
      inputs_.push_back(design_.input(Input::kState, 0, leaf));
    }
  }

  Ref next(unsigned leaf) const { return design_.state[leaf].next; }
  void set_next(unsigned leaf, Ref value) { design_.state[leaf].next = value; }
  Ref number(unsigned width, std::uint64_t value) { return graph_.constant(width, value); }
  Ref one() { return number(8, 1); }

  Ref a() const { return inputs_[0]; }
  Ref b() const { return inputs_[1]; }
  Ref c() const { return inputs_[2]; }
  Ref s() const { return inputs_[3]; }
  Ref p() const { return inputs_[4]; }
  Ref q() const { return inputs_[5]; }

  Design design_;
  WordGraph& graph_ = design_.graph;
  std::vector<Ref> inputs_;
};

/// Random next values of few variables and constants, so that conditions have to do with each other.
class RandomDesign : public AreaTest {
 protected:
  Ref word(unsigned depth) {
    Ref named[] = {a(), b(), c()};
    if (depth == 0) return pick(3) == 0 ? number(8, pick(12)) : named[pick(3)];
    switch (pick(9)) {
      case 5:
      case 6:
        return graph_.xor_(word(depth - 1), word(depth - 1));
      case 0:
        return graph_.add(word(depth - 1), word(depth - 1));
      case 1:
        return graph_.sub(word(depth - 1), word(depth - 1));
      case 2:
        return graph_.shl(word(depth - 1), s());
      case 3:
        return graph_.not_(word(depth - 1));
      case 4:
        return graph_.case_(s(), {{APInt(3, pick(8)), word(depth - 1)}, {APInt(3, pick(8)), word(0)}}, word(depth - 1));
      default:
        return graph_.mux(bit(depth - 1), word(depth - 1), word(depth - 1));
    }
  }

  Ref bit(unsigned depth) {
    if (depth == 0) return pick(2) == 0 ? p() : q();
    switch (pick(8)) {
      case 0:
        return graph_.and_(bit(depth - 1), bit(depth - 1));
      case 1:
        return graph_.or_(bit(depth - 1), bit(depth - 1));
      case 2:
        return graph_.not_(bit(depth - 1));
      case 3:
        return graph_.eq(s(), number(3, pick(8)));
      case 4:
        return graph_.eq(word(depth - 1), number(8, pick(12)));
      case 5:
        return graph_.ult(graph_.slice(word(depth - 1), 2, 6), number(6, 1 + pick(4)));
      case 6:
        return graph_.mux(bit(depth - 1), bit(depth - 1), bit(depth - 1));
      default:
        return graph_.ult(word(depth - 1), word(depth - 1));
    }
  }

  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  void expect_same(const std::vector<Ref>& before, std::uint64_t seed) {
    for (int i = 0; i < 40; ++i) {
      std::vector<APInt> values;
      for (const unsigned width : kWidths)
        values.emplace_back(width, random_() % (width == 8 && i % 2 == 0 ? 12 : 256));
      Evaluation evaluate(graph_, values);
      for (unsigned leaf = 0; leaf < before.size(); ++leaf)
        ASSERT_EQ(evaluate(next(leaf)), evaluate(before[leaf])) << "seed " << seed << ", register " << leaf;
    }
  }

  std::mt19937_64 random_;
};

}  // namespace hlsc
