// SPDX-License-Identifier: Apache-2.0
// Choices between networks of exclusive ors: by form, and by value against the expressions as they were.
#include "hls/compiler/linear_choice.hpp"

#include <algorithm>

#include "hls/compiler/xor_network.hpp"
#include "tests/hls/compiler/area_design.hpp"

namespace hlsc {
namespace {

/// Words that are sums of the bits of nibbles.
class LinearChoices : public AreaTest {
 protected:
  /// Eight bits; no two bits of the nibble are in the same ones.
  Ref network(Ref nibble, unsigned turn = 1) {
    const auto turned = [&](unsigned by) {
      return by == 0 ? nibble : graph_.concat({graph_.slice(nibble, by, 4 - by), graph_.slice(nibble, 0, by)});
    };
    return graph_.xor_(graph_.concat({nibble, turned(turn)}), graph_.concat({turned(2), nibble}));
  }

  Ref nibble(Ref word) { return graph_.slice(word, 0, 4); }

  std::size_t exclusive_ors() {
    const std::vector<Ref> nodes = design_.nodes();
    return static_cast<std::size_t>(std::count_if(nodes.begin(), nodes.end(), [](Ref x) { return x->is(Op::kXor); }));
  }
};

TEST_F(LinearChoices, ANetworkThatBothBranchesComputeIsThereOnce) {
  set_next(0, graph_.mux(p(), network(nibble(a())), network(nibble(b()))));
  choose_before_sums(design_);
  EXPECT_EQ(next(0), network(graph_.mux(p(), nibble(a()), nibble(b()))));
}

TEST_F(LinearChoices, WhatABranchAddsIsMaskedWhereItIsNarrow) {
  set_next(0, graph_.mux(p(), graph_.xor_(c(), network(nibble(a()))), c()));
  choose_before_sums(design_);
  EXPECT_EQ(next(0), graph_.xor_(c(), network(graph_.mux(p(), nibble(a()), number(4, 0)))));
}

TEST_F(LinearChoices, ArmsWithOneNetworkAreOneArm) {
  Ref first = network(graph_.xor_(nibble(a()), nibble(b())));
  set_next(0, graph_.case_(s(), {{APInt(3, 1), c()}, {APInt(3, 2), first}, {APInt(3, 3), network(nibble(b()))}}, a()));
  choose_before_sums(design_);
  Ref chosen = graph_.xor_(graph_.mux(graph_.bit(s(), 0), number(4, 0), nibble(a())), nibble(b()));
  Ref either = network(chosen);
  EXPECT_EQ(next(0), graph_.case_(s(), {{APInt(3, 1), c()}, {APInt(3, 2), either}, {APInt(3, 3), either}}, a()));
}

TEST_F(LinearChoices, OtherNetworksStay) {
  Ref choice = graph_.mux(p(), network(nibble(a())), network(nibble(b()), 3));
  set_next(0, choice);
  choose_before_sums(design_);
  EXPECT_EQ(next(0), choice);
}

TEST_F(LinearChoices, ANetworkThatIsThereAnywayStays) {
  set_next(0, graph_.mux(p(), network(nibble(a())), network(nibble(b()))));
  set_next(1, network(nibble(a())));
  set_next(2, network(nibble(b())));
  const std::size_t before = exclusive_ors();
  choose_before_sums(design_);
  EXPECT_EQ(exclusive_ors(), before);
}

TEST_F(LinearChoices, ALateConditionChoosesLate) {
  Ref late = graph_.eq(graph_.add(graph_.add(a(), b()), c()), number(8, 77));
  Ref choice = graph_.mux(late, network(nibble(a())), network(nibble(b())));
  set_next(0, choice);
  choose_before_sums(design_);
  EXPECT_EQ(next(0), choice);
}

/// Sums of few bits, so that there is something to gain in choices between them.
TEST_F(RandomDesign, LinearChoicesKeepTheirValues) {
  unsigned changed = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    random_.seed(seed);
    Ref bits[] = {p(), q(), graph_.bit(a(), 0), graph_.bit(b(), 3), graph_.bit(s(), 1), graph_.eq(s(), number(3, 5))};
    const auto row = [&](unsigned terms) {
      Ref sum = number(1, pick(16) == 0 ? 1 : 0);
      for (; terms > 0; --terms) sum = graph_.xor_(sum, bits[pick(6)]);
      return sum;
    };
    const unsigned columns[] = {pick(256), pick(256), pick(256)};
    const auto in_column = [&](unsigned column, Ref bit) {
      std::vector<Ref> rows;
      for (unsigned i = 0; i < 8; ++i) rows.push_back((column >> i & 1) != 0 ? bit : number(1, 0));
      return pick(2) == 0 ? graph_.concat(rows) : graph_.mux(bit, number(8, column), number(8, 0));
    };
    const auto sums = [&] {
      Ref word = number(8, 0);
      for (const unsigned column : columns) word = graph_.xor_(word, in_column(column, row(pick(3))));
      return word;
    };
    std::vector<Ref> before;
    for (unsigned leaf = 0; leaf < 3; ++leaf) {
      Ref common = graph_.xor_(sums(), c());
      const auto arm = [&] { return graph_.xor_(common, sums()); };
      Ref arms = graph_.case_(s(), {{APInt(3, pick(4)), arm()}, {APInt(3, 4 + pick(4)), arm()}}, pick(2) ? arm() : c());
      set_next(leaf, graph_.mux(q(), arms, graph_.mux(p(), arm(), pick(2) ? sums() : common)));
      before.push_back(next(leaf));
    }
    choose_before_sums(design_);
    for (unsigned leaf = 0; leaf < 3; ++leaf) changed += next(leaf) != before[leaf] ? 1 : 0;
    expect_same(before, seed);
    share_xors(design_);
    expect_same(before, seed);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(changed, 100u);
}

}  // namespace
}  // namespace hlsc
