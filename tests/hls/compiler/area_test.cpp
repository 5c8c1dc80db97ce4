// SPDX-License-Identifier: Apache-2.0
// What makes modules smaller: by form, and by value against the expressions as they were.
#include <gtest/gtest.h>

#include <algorithm>

#include "hls/compiler/branch_facts.hpp"
#include "hls/compiler/conditional_steps.hpp"
#include "hls/compiler/pragmas.hpp"
#include "hls/compiler/shared_carry.hpp"
#include "hls/compiler/shared_differences.hpp"
#include "hls/compiler/small_functions.hpp"
#include "hls/compiler/state_machine.hpp"
#include "hls/compiler/word_sums.hpp"
#include "hls/compiler/xor_network.hpp"
#include "tests/hls/compiler/area_design.hpp"

namespace hlsc {
namespace {

using StateMachine = AreaTest;
using SharedCarries = AreaTest;
using SharedDifferences = AreaTest;
using BranchFacts = AreaTest;
using XorNetwork = AreaTest;
using WordSums = AreaTest;
using SmallFunctions = AreaTest;
using WrappedSums = AreaTest;
using ConditionalSteps = AreaTest;

TEST_F(StateMachine, IsARegisterOfConstants) {
  Ref step = graph_.mux(p(), number(3, 2), s());
  EXPECT_TRUE(is_state_machine(graph_.case_(s(), {{APInt(3, 1), step}}, number(3, 5)), s()));
  EXPECT_FALSE(is_state_machine(graph_.add(s(), number(3, 1)), s()));
  EXPECT_FALSE(is_state_machine(graph_.not_(p()), p())) << "one bit has no other code";
}

TEST_F(SharedCarries, AComparisonBesideADifferenceIsItsBorrow) {
  set_next(0, graph_.sub(a(), b()));
  set_next(4, graph_.ult(a(), b()));
  share_carries(design_);
  ASSERT_TRUE(next(4)->is(Op::kSlice));
  EXPECT_EQ(next(4)->aux, 8u);
  EXPECT_EQ(next(0), graph_.slice(next(4)->operand(0), 0, 8));
}

TEST_F(SharedCarries, ACounterThatRanOutSaysSoInItsCarry) {
  set_next(0, graph_.sub(a(), one()));
  set_next(4, graph_.eq(a(), number(8, 0)));
  set_next(1, graph_.add(b(), one()));
  set_next(5, graph_.eq(b(), number(8, 255)));
  share_carries(design_);
  EXPECT_EQ(next(4)->operand(0), next(0)->operand(0));
  EXPECT_EQ(next(5)->operand(0), next(1)->operand(0));
}

TEST_F(SharedCarries, AComparisonOnItsOwnStays) {
  Ref comparison = graph_.ult(a(), b());
  set_next(0, graph_.sub(b(), a()));
  set_next(4, comparison);
  share_carries(design_);
  EXPECT_EQ(next(4), comparison);
}

TEST_F(SharedDifferences, ASumContainsTheDifferenceBesideIt) {
  Ref difference = graph_.sub(a(), b());
  set_next(0, difference);
  set_next(1, graph_.add(c(), graph_.add(a(), graph_.not_(b()))));  // a + c - b - 1
  share_differences(design_);
  ASSERT_TRUE(next(1)->is(Op::kAdd));
  EXPECT_TRUE(next(1)->operand(0) == difference || next(1)->operand(1) == difference);
}

TEST_F(SharedDifferences, AnEqualityBesideADifferenceIsThatItIsZero) {
  Ref difference = graph_.sub(a(), b());
  set_next(0, difference);
  set_next(4, graph_.eq(b(), a()));
  set_next(5, graph_.eq(b(), c()));
  Ref alone = next(5);
  compare_by_differences(design_);
  EXPECT_EQ(next(4), graph_.eq(difference, number(8, 0)));
  EXPECT_EQ(next(5), alone);
}

/// Of a range of s or s - 1 that does not begin below b, whether it ends there.
TEST_F(WrappedSums, AreAsLongAsWhatIsAdded) {
  Ref begins_below = graph_.ult(a(), b());
  Ref length = graph_.zext(s(), 8);
  Ref last = graph_.sext(graph_.sub(graph_.zext(s(), 4), number(4, 1)), 8);
  Ref nonempty = graph_.not_(graph_.eq(s(), number(3, 0)));
  set_next(4, graph_.or_(begins_below, graph_.ult(graph_.add(a(), length), b())));
  set_next(5, graph_.mux(nonempty, graph_.or_(begins_below, graph_.ult(graph_.add(a(), last), b())), q()));
  const std::vector<Ref> before = {next(4), next(5)};
  use_branch_facts(design_);
  for (Ref x : design_.nodes()) EXPECT_TRUE(!x->is(Op::kAdd) || x->width <= 4) << x->width;
  for (unsigned bits = 0; bits < 1u << 19; bits += 3) {
    Evaluation evaluate(graph_, {APInt(8, bits & 255), APInt(8, bits >> 8 & 255), APInt(8, 0), APInt(3, bits >> 16),
                                 APInt(1, 0), APInt(1, bits & 1)});
    ASSERT_EQ(evaluate(next(4)), evaluate(before[0])) << bits;
    ASSERT_EQ(evaluate(next(5)), evaluate(before[1])) << bits;
  }
}

/// Where nothing is known of the first term, or it is known to be below.
TEST_F(WrappedSums, OthersStay) {
  Ref sum = graph_.add(a(), graph_.zext(s(), 8));
  Ref ends_below = graph_.ult(sum, b());
  set_next(4, graph_.or_(graph_.ult(a(), c()), ends_below));
  set_next(5, graph_.and_(graph_.ult(a(), b()), ends_below));
  const std::vector<Ref> before = {next(4), next(5)};
  use_branch_facts(design_);
  EXPECT_EQ(next(4), before[0]);
  EXPECT_EQ(next(5), before[1]);
}

TEST_F(WordSums, AreNoWiderThanTheirWords) {
  const auto wide = [this](Ref x) { return graph_.zext(x, 12); };
  set_next(0, graph_.add(graph_.add(wide(a()), wide(b())), wide(c())));
  chain_word_sums(design_);
  for (Ref x : design_.nodes()) EXPECT_TRUE(!x->is(Op::kAdd) || x->width <= 9) << x->width;
}

TEST_F(WordSums, AWordThatIsAddedInHalvesIsOne) {
  const auto wide = [this](Ref x, unsigned shift) { return graph_.shl(graph_.zext(x, 9), number(3, shift)); };
  Ref low = graph_.zext(graph_.slice(b(), 0, 4), 9);
  Ref high = wide(graph_.slice(c(), 4, 4), 4);
  set_next(0, graph_.add(graph_.add(graph_.add(wide(a(), 0), low), graph_.zext(b(), 9)), high));
  chain_word_sums(design_);
  Ref word = graph_.concat({graph_.slice(b(), 0, 4), graph_.slice(c(), 4, 4), number(1, 0)});
  const std::vector<Ref> nodes = design_.nodes();
  const auto adds_word = [&](Ref x) { return x->is(Op::kAdd) && (x->operand(0) == word || x->operand(1) == word); };
  EXPECT_TRUE(std::any_of(nodes.begin(), nodes.end(), adds_word));
}

TEST_F(XorNetwork, APairInSeveralSumsIsComputedOnce) {
  const auto bit = [this](unsigned index) { return graph_.bit(a(), index); };
  Ref low = graph_.xor_(graph_.xor_(bit(0), bit(1)), bit(2));
  Ref high = graph_.xor_(graph_.xor_(bit(2), bit(3)), bit(0));
  set_next(4, low);
  set_next(5, high);
  share_xors(design_);
  Ref pair = graph_.xor_(bit(0), bit(2));
  EXPECT_EQ(next(4), graph_.xor_(bit(1), pair));
  EXPECT_EQ(next(5), graph_.xor_(bit(3), pair));
}

TEST_F(XorNetwork, WhatCancelsIsGone) {
  set_next(0, graph_.xor_(graph_.concat({graph_.slice(b(), 4, 4), graph_.slice(a(), 0, 4)}), a()));
  set_next(1, graph_.xor_(next(0), graph_.xor_(a(), graph_.not_(b()))));
  share_xors(design_);
  EXPECT_EQ(graph_.slice(next(1), 0, 1), graph_.not_(graph_.xor_(graph_.bit(b(), 0), graph_.bit(b(), 4))));
}

TEST_F(BranchFacts, AConditionIsKnownInsideItsBranch) {
  set_next(0, graph_.mux(p(), graph_.mux(graph_.and_(p(), q()), b(), c()), a()));
  use_branch_facts(design_);
  EXPECT_EQ(next(0), graph_.mux(p(), graph_.mux(q(), b(), c()), a()));
}

TEST_F(BranchFacts, ABoundNarrowsComparisons) {
  Ref bound = graph_.ult(a(), number(8, 6));
  set_next(4, graph_.mux(bound, graph_.eq(a(), number(8, 5)), q()));
  use_branch_facts(design_);
  EXPECT_EQ(next(4), graph_.mux(bound, graph_.eq(graph_.slice(a(), 0, 3), number(3, 5)), q()));
}

TEST_F(BranchFacts, TheDefaultOfACaseIsWhatTheLabelsLeave) {
  std::vector<CaseArm> arms;
  for (unsigned i = 0; i < 7; ++i) arms.push_back({APInt(3, i), number(8, 17 * i)});
  Ref last = graph_.mux(graph_.eq(s(), number(3, 7)), b(), c());
  set_next(0, graph_.case_(s(), arms, graph_.and_(last, a())));
  use_branch_facts(design_);
  const std::vector<Ref> nodes = design_.nodes();
  EXPECT_EQ(std::count(nodes.begin(), nodes.end(), c()), 0);
}

TEST_F(BranchFacts, AGatesOperandsAreSimplifiedWhereTheOtherDoesNotDecide) {
  Ref is_two = graph_.eq(s(), number(3, 2));
  Ref not_three = graph_.not_(graph_.eq(s(), number(3, 3)));
  set_next(4, graph_.and_(graph_.and_(is_two, q()), not_three));
  use_branch_facts(design_);
  EXPECT_EQ(next(4), graph_.and_(is_two, q()));
}

TEST_F(BranchFacts, WhatIsUsedElsewhereTooIsNotMadeTwice) {
  Ref shared = graph_.add(graph_.mux(p(), b(), c()), one());
  set_next(0, graph_.mux(p(), shared, a()));
  set_next(1, shared);
  use_branch_facts(design_);
  EXPECT_EQ(next(0), graph_.mux(p(), shared, a()));
}

TEST_F(ConditionalSteps, WhatOthersSeeIsASumWithTheCondition) {
  set_next(0, graph_.mux(p(), graph_.add(a(), one()), a()));
  set_next(4, graph_.eq(next(0), b()));
  set_next(1, graph_.mux(q(), b(), graph_.sub(b(), one())));
  set_next(5, graph_.eq(next(1), c()));
  add_conditions(design_);
  EXPECT_EQ(next(0), graph_.add(a(), graph_.zext(p(), 8)));
  EXPECT_EQ(next(4), graph_.eq(next(0), b()));
  EXPECT_EQ(next(1), graph_.sub(b(), graph_.zext(graph_.not_(q()), 8)));
}

TEST_F(ConditionalSteps, AClockEnableStays) {
  Ref held = graph_.mux(p(), graph_.add(a(), one()), a());
  set_next(0, held);
  add_conditions(design_);
  EXPECT_EQ(next(0), held);
}

TEST_F(ConditionalSteps, ASumThatIsNeededItselfStays) {
  Ref sum = graph_.add(a(), one());
  Ref stepped = graph_.mux(p(), sum, a());
  set_next(0, stepped);
  set_next(1, stepped);
  set_next(2, sum);
  add_conditions(design_);
  EXPECT_EQ(next(0), stepped);
}

/// Whether that one of four waits, a's low bits, which is chosen: the one that has its turn, s, or if q the first or
/// last that waits. Seven bits.
TEST_F(SmallFunctions, AChoiceByAChoiceIsNoDeeperThanItsBits) {
  const auto waits = [this](unsigned who) { return graph_.bit(a(), who); };
  const auto named = [this](unsigned who) { return number(2, who); };
  Ref first = graph_.mux(waits(0), named(0), graph_.mux(waits(1), named(1), graph_.mux(waits(2), named(2), named(3))));
  Ref last = graph_.mux(waits(3), named(3), graph_.mux(waits(2), named(2), graph_.mux(waits(1), named(1), named(0))));
  Ref free = graph_.mux(graph_.bit(s(), 0), first, last);
  Ref chosen = graph_.mux(q(), free, graph_.slice(s(), 0, 2));
  Ref waiting = waits(3);
  for (unsigned who = 0; who < 3; ++who) waiting = graph_.mux(graph_.eq(chosen, named(who)), waits(who), waiting);
  set_next(4, waiting);
  shorten_small_functions(design_);
  EXPECT_NE(next(4), waiting);
  const std::vector<Ref> nodes = design_.nodes();
  EXPECT_TRUE(std::none_of(nodes.begin(), nodes.end(), [&](Ref x) { return x == chosen || x == free; }));
  for (unsigned bits = 0; bits < 1u << 7; ++bits) {
    Evaluation evaluate(graph_, {APInt(8, bits & 15), APInt(8, 0), APInt(8, 0), APInt(3, bits >> 4 & 3), APInt(1, 0),
                                 APInt(1, bits >> 6)});
    EXPECT_EQ(evaluate(next(4)), evaluate(waiting)) << bits;
  }
}

/// An exclusive or of seven bits and one of them again.
TEST_F(SmallFunctions, ExclusiveOrsStayThat) {
  Ref sum = graph_.bit(a(), 6);
  for (unsigned i = 0; i < 6; ++i) sum = graph_.xor_(sum, graph_.bit(a(), i));
  set_next(4, graph_.xor_(sum, graph_.bit(a(), 6)));
  shorten_small_functions(design_);
  const std::vector<Ref> nodes = design_.nodes();
  const auto count = [&](Op op) { return std::count_if(nodes.begin(), nodes.end(), [&](Ref x) { return x->is(op); }); };
  EXPECT_EQ(count(Op::kXor), 5);
  EXPECT_EQ(count(Op::kMux) + count(Op::kAnd) + count(Op::kOr), 0);
}

TEST_F(SmallFunctions, WhatOneLutHoldsStays) {
  Ref parity = graph_.xor_(graph_.bit(a(), 0), graph_.xor_(graph_.bit(a(), 1), graph_.bit(a(), 2)));
  set_next(4, graph_.and_(parity, p()));
  set_next(5, graph_.eq(a(), b()));  // 16 bits
  const std::vector<Ref> before = {next(4), next(5)};
  shorten_small_functions(design_);
  EXPECT_EQ(next(4), before[0]);
  EXPECT_EQ(next(5), before[1]);
}

TEST_F(RandomDesign, SumsKeepTheirValues) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    random_.seed(seed);
    std::vector<Ref> before;
    for (unsigned leaf = 0; leaf < 3; ++leaf) {
      const unsigned width = 8 + pick(6);
      Ref sum = graph_.zext(word(0), width);
      for (unsigned terms = 2 + pick(4); terms > 0; --terms) {
        Ref term = graph_.mux(bit(0), word(0), number(8, 0));
        if (pick(2) == 0) {
          sum = graph_.add(sum, graph_.zext(term, width));
        } else {
          sum = graph_.add(sum, graph_.zext(graph_.slice(term, 4, 4), width));
          sum = graph_.add(graph_.shl(graph_.zext(graph_.slice(word(0), 0, 4), width), number(3, 4)), sum);
        }
      }
      set_next(leaf, sum);
      before.push_back(sum);
    }
    chain_word_sums(design_);
    expect_same(before, seed);
    if (HasFatalFailure()) return;
  }
}

TEST_F(RandomDesign, KeepsItsValues) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    random_.seed(seed);
    std::vector<Ref> before;
    for (unsigned leaf = 0; leaf < 3; ++leaf) {
      set_next(leaf, word(5));
      before.push_back(next(leaf));
    }
    set_next(3, graph_.concat({bit(5), bit(5), bit(5)}));
    before.push_back(next(3));
    use_branch_facts(design_);
    expect_same(before, seed);
    add_conditions(design_);
    expect_same(before, seed);
    share_differences(design_);
    expect_same(before, seed);
    compare_by_differences(design_);
    expect_same(before, seed);
    chain_word_sums(design_);
    expect_same(before, seed);
    share_xors(design_);
    expect_same(before, seed);
    share_carries(design_);
    expect_same(before, seed);
    shorten_small_functions(design_);
    expect_same(before, seed);
    if (HasFatalFailure()) return;
  }
}

TEST(Pragmas, AResetThatIsSwitchedOff) {
  const Pragmas pragmas =
      parse_pragmas("{\n#pragma HLS reset variable=state.held off\n#pragma HLS reset variable = state.step\n}\n", {});
  EXPECT_EQ(pragmas.without_reset.size(), 1u);
  EXPECT_EQ(pragmas.without_reset.count("held"), 1u);
}

}  // namespace
}  // namespace hlsc
