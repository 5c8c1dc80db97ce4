// SPDX-License-Identifier: Apache-2.0
// The word graph's simplifications: by value against a plain evaluation, and by form where the area depends on it.
#include "hls/compiler/word_graph.hpp"

#include <gtest/gtest.h>

#include <random>

#include "hls/compiler/short_carries.hpp"
#include "tests/hls/compiler/evaluation.hpp"

namespace hlsc {
namespace {

using llvm::APInt;

/// Builds random expressions, together with what they are worth by the definition of each constructor.
class RandomExpressions {
 public:
  explicit RandomExpressions(std::uint64_t seed) : random_(seed) {}

  void run(int steps) {
    for (unsigned i = 0; i < 4; ++i) {
      inputs_.push_back(value(8));
      add(graph_.input(i, 8), inputs_.back());
    }
    for (unsigned width : {1u, 8u, 16u}) add(graph_.constant(width, 0), APInt(width, 0));
    add(graph_.constant(16, 0xFF00), APInt(16, 0xFF00));
    add(graph_.constant(16, 3), APInt(16, 3));
    for (int i = 0; i < steps; ++i) step();
    Evaluation evaluate(graph_, inputs_);
    for (const auto& [x, expected] : pool_) ASSERT_EQ(evaluate(x), expected) << "an expression of width " << x->width;
  }

 private:
  using Pair = std::pair<Ref, APInt>;

  unsigned number(unsigned below) { return static_cast<unsigned>(random_() % below); }
  APInt value(unsigned width) { return APInt(64, random_()).trunc(width); }
  void add(Ref x, const APInt& worth) {
    ASSERT_EQ(x->width, worth.getBitWidth());
    pool_.emplace_back(x, worth);
  }
  const Pair& any() { return pool_[number(static_cast<unsigned>(pool_.size()))]; }
  Pair of_width(unsigned width) {
    const auto& [x, worth] = any();
    return {graph_.resize(x, width), worth.zextOrTrunc(width)};
  }

  void step() {
    const unsigned width = 1 + number(number(2) == 0 ? 4 : 20);
    const auto [a, p] = of_width(width);
    const auto [b, q] = of_width(width);
    const auto [c, r] = of_width(1);
    const unsigned low = number(width);
    const unsigned length = 1 + number(width - low);
    const APInt label = APInt(64, random_()).trunc(width);
    switch (number(18)) {
      case 0:
        return add(graph_.and_(a, b), p & q);
      case 1:
        return add(graph_.or_(a, b), p | q);
      case 2:
        return add(graph_.xor_(a, b), p ^ q);
      case 3:
        return add(graph_.add(a, b), p + q);
      case 4:
        return add(graph_.sub(a, b), p - q);
      case 5:
        return add(graph_.mul(a, b), p * q);
      case 6:
        return add(graph_.eq(a, b), APInt(1, p == q ? 1 : 0));
      case 7:
        return add(graph_.ult(a, b), APInt(1, p.ult(q) ? 1 : 0));
      case 8:
        return add(graph_.slt(a, b), APInt(1, p.slt(q) ? 1 : 0));
      case 9:
        return add(graph_.mux(c, a, b), r.isZero() ? q : p);
      case 10:
        return add(graph_.slice(a, low, length), p.extractBits(length, low));
      case 11:
        return add(graph_.concat({a, b}), q.concat(p));
      case 12:
        return add(graph_.not_(a), ~p);
      case 13: {
        const auto [n, count] = of_width(3);
        add(graph_.shl(a, n), p.shl(count.getLimitedValue(width)));
        return add(graph_.lshr(a, n), p.lshr(count.getLimitedValue(width)));
      }
      case 14:
        add(graph_.sext(a, width + 5), p.sext(width + 5));
        return add(graph_.zext(a, width + 5), p.zext(width + 5));
      case 15: {
        const auto [n, count] = of_width(3);
        return add(graph_.ashr(a, n), p.ashr(count.getLimitedValue(width)));
      }
      case 16:
        return add(graph_.case_(a, {{label, b}, {label + 1, c->width == width ? c : a}}, b),
                   p == label       ? q
                   : p == label + 1 ? (c->width == width ? r : p)
                                    : q);
      default:
        return add(graph_.eq(a, graph_.constant(label)), APInt(1, p == label ? 1 : 0));
    }
  }

  std::mt19937_64 random_;
  WordGraph graph_;
  std::vector<APInt> inputs_;
  std::vector<Pair> pool_;
};

TEST(WordGraph, SimplifiedExpressionsKeepTheirValue) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomExpressions(seed).run(150);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(WordGraph, EqualExpressionsAreOneNode) {
  WordGraph graph;
  Ref a = graph.input(0, 8);
  Ref b = graph.input(1, 8);
  EXPECT_EQ(graph.add(a, b), graph.add(b, a));
  EXPECT_EQ(graph.concat({graph.slice(a, 0, 3), graph.slice(a, 3, 5)}), a);
  EXPECT_EQ(graph.not_(graph.not_(a)), a);
}

TEST(WordGraph, SumsAreAsWideAsTheirValues) {
  WordGraph graph;
  Ref sum = graph.add(graph.zext(graph.input(0, 16), 64), graph.zext(graph.input(1, 16), 64));
  ASSERT_EQ(sum->op, Op::kConcat);
  EXPECT_EQ(sum->operand(0)->op, Op::kAdd);
  EXPECT_EQ(sum->operand(0)->width, 17u);
  EXPECT_EQ(WordGraph::leading_zeros(sum), 47u);
}

TEST(WordGraph, DifferencesKeepTheirSign) {
  WordGraph graph;
  Ref difference = graph.sub(graph.zext(graph.input(0, 16), 64), graph.zext(graph.input(1, 16), 64));
  EXPECT_EQ(WordGraph::sign_bits(difference), 48u);
}

TEST(WordGraph, MasksAndShiftsAreWiring) {
  WordGraph graph;
  Ref a = graph.input(0, 8);
  Ref b = graph.input(1, 8);
  Ref word = graph.or_(graph.shl(graph.zext(a, 16), graph.constant(16, 8)), graph.zext(b, 16));
  EXPECT_EQ(word, graph.concat({b, a}));
  EXPECT_EQ(graph.and_(word, graph.constant(16, 0xFF)), graph.zext(b, 16));
}

TEST(WordGraph, AShiftByOneOfTwoConstantsIsAMuxOfWires) {
  WordGraph graph;
  Ref a = graph.input(0, 8);
  Ref amount = graph.mux(graph.input(1, 1), graph.constant(8, 4), graph.constant(8, 3));
  EXPECT_EQ(graph.shl(a, amount),
            graph.mux(graph.input(1, 1), graph.shl(a, graph.constant(8, 4)), graph.shl(a, graph.constant(8, 3))));
  EXPECT_EQ(graph.bit(graph.lshr(a, amount), 5), graph.constant(1, 0));
}

TEST(WordGraph, ABitThatIsSubtractedIsOneBit) {
  WordGraph graph;
  Ref a = graph.input(0, 8);
  Ref bit = graph.input(1, 1);
  EXPECT_EQ(graph.add(a, graph.sext(bit, 8)), graph.sub(a, graph.zext(bit, 8)));
}

TEST(WordGraph, AnUnsignedBoundThatIsAPowerOfTwoNeedsNoSubtractor) {
  WordGraph graph;
  Ref a = graph.input(0, 8);
  Ref below = graph.ult(a, graph.constant(8, 16));
  ASSERT_EQ(below->op, Op::kEq);
  EXPECT_EQ(below->operand(0), graph.slice(a, 4, 4));
}

TEST(WordGraph, WhatDoesNotMatterTakesTheOtherValue) {
  WordGraph graph;
  Ref a = graph.input(0, 8);
  Ref c = graph.input(1, 1);
  EXPECT_EQ(graph.mux(c, graph.undef(8), a), a);
  EXPECT_EQ(graph.mux(c, a, a), a);
  EXPECT_EQ(graph.mux(c, graph.constant(1, 1), graph.constant(1, 0)), c);
}

TEST(ShortCarries, AreTheSumsAndComparisonsThatTheyStandFor) {
  for (unsigned width = 1; width <= 5; ++width) {
    const unsigned values = 1u << width;
    for (unsigned constant = 0; constant < values; ++constant) {
      WordGraph graph;
      Ref word = graph.input(0, width);
      Ref less = less_than(graph, word, APInt(width, constant));
      Ref sum = sum_with(graph, word, APInt(width, constant));
      for (unsigned value = 0; value < values; ++value) {
        Evaluation evaluate(graph, {APInt(width, value)});
        EXPECT_EQ(evaluate(less) == 1, value < constant) << width << ": " << value << " < " << constant;
        EXPECT_EQ(evaluate(sum), (value + constant) % values) << width << ": " << value << " + " << constant;
      }
    }
  }
}

}  // namespace
}  // namespace hlsc
