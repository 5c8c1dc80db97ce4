// SPDX-License-Identifier: Apache-2.0
// Where values are computed, and the statements that come of it.
#include "hls/compiler/placement.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "hls/compiler/statements.hpp"

namespace hlsc {
namespace {

/// Four registers of a byte, a to d, with next values to be given.
class PlacementTest : public testing::Test {
 protected:
  PlacementTest() {
    design_.ports.resize(1);
    for (const char* name : {"a", "b", "c", "d"}) design_.ports[0].layout.leaves.push_back({name, 8, 0, 0, 8});
    design_.state.resize(4);
    design_.actions.resize(1);
    for (unsigned leaf = 0; leaf < 4; ++leaf) registers_.push_back(design_.input(Input::kState, 0, leaf));
  }

  Ref zero(Ref x) { return design_.graph.eq(x, design_.graph.constant(8, 0)); }
  /// Something that takes computing, and so has a name where it is used twice.
  Ref product(Ref x, Ref y) { return design_.graph.mul(x, y); }

  /// The clocked block in which every register takes its next value.
  std::string step() {
    Identifiers identifiers;
    const Expressions expressions(design_, identifiers, {"a_q", "b_q", "c_q", "d_q"}, {""});
    Placement placement(expressions);
    const unsigned region = placement.region(RegionKind::kClocked);
    for (unsigned leaf = 0; leaf < 4; ++leaf) {
      if (design_.state[leaf].next == nullptr) continue;
      const std::string name = design_.ports[0].layout.leaves[leaf].path + "_q";
      placement.assign(region, name, design_.state[leaf].next, registers_[leaf], false);
    }
    placement.place();
    std::ostringstream out;
    const Statements statements(expressions, placement, out);
    statements.print_wires();
    statements.print_block(region, 0);
    return out.str();
  }

  Design design_;
  std::vector<Ref> registers_;
};

TEST_F(PlacementTest, ARegisterThatKeepsItsValueIsNotAssigned) {
  design_.state[0].next = design_.graph.mux(zero(registers_[1]), registers_[2], registers_[0]);
  EXPECT_EQ(step(), "if (b_q == 8'd0) a_q <= c_q;\n");
}

TEST_F(PlacementTest, RegistersThatDependOnTheSameConditionShareItsStatement) {
  WordGraph& graph = design_.graph;
  design_.state[0].next = graph.mux(zero(registers_[3]), registers_[1], registers_[0]);
  design_.state[1].next = graph.mux(zero(registers_[3]), registers_[1], registers_[2]);
  EXPECT_EQ(step(), "logic t1;\nt1 = d_q == 8'd0;\nif (t1) a_q <= b_q;\nelse b_q <= c_q;\n");
}

TEST_F(PlacementTest, WhatOneArmNeedsIsComputedThere) {
  WordGraph& graph = design_.graph;
  Ref shared = product(registers_[1], registers_[2]);
  Ref twice = graph.add(shared, graph.xor_(shared, registers_[1]));
  design_.state[0].next = graph.mux(zero(registers_[3]), twice, registers_[0]);
  EXPECT_EQ(step(),
            "if (d_q == 8'd0) begin\n"
            "  logic [7:0] t1;\n"
            "  t1 = b_q * c_q;\n"
            "  a_q <= t1 + (b_q ^ t1);\n"
            "end\n");
}

TEST_F(PlacementTest, WhatBothArmsNeedIsComputedBefore) {
  WordGraph& graph = design_.graph;
  Ref shared = product(registers_[1], registers_[2]);
  design_.state[0].next =
      graph.mux(zero(registers_[3]), graph.add(shared, registers_[1]), graph.xor_(shared, registers_[1]));
  EXPECT_EQ(step(),
            "logic [7:0] t1;\n"
            "t1 = b_q * c_q;\n"
            "if (d_q == 8'd0) a_q <= b_q + t1;\n"
            "else a_q <= b_q ^ t1;\n");
}

TEST_F(PlacementTest, ChainsOfConditionsAreElseIfs) {
  WordGraph& graph = design_.graph;
  Ref inner = graph.mux(zero(registers_[2]), registers_[3], registers_[0]);
  design_.state[0].next = graph.mux(zero(registers_[1]), registers_[2], inner);
  EXPECT_EQ(step(), "if (b_q == 8'd0) a_q <= c_q;\nelse if (c_q == 8'd0) a_q <= d_q;\n");
}

TEST_F(PlacementTest, LabelsThatDoTheSameStandSideBySide) {
  WordGraph& graph = design_.graph;
  const auto label = [](unsigned value) { return llvm::APInt(8, value); };
  design_.state[0].next = graph.case_(
      registers_[3],
      {{label(1), registers_[1]}, {label(2), registers_[2]}, {label(5), registers_[1]}, {label(7), registers_[0]}},
      registers_[0]);
  EXPECT_EQ(step(),
            "case (d_q)\n"
            "  8'd1, 8'd5: a_q <= b_q;\n"
            "  8'd2: a_q <= c_q;\n"
            "  default: ;\n"
            "endcase\n");
}

TEST_F(PlacementTest, AValueOfItsOwnHasAStatementOfItsOwn) {
  WordGraph& graph = design_.graph;
  Ref chosen = graph.mux(zero(registers_[3]), product(registers_[1], registers_[2]), registers_[1]);
  design_.state[0].next = chosen;
  design_.state[1].next = graph.add(chosen, registers_[2]);
  EXPECT_EQ(step(),
            "logic [7:0] t1;\n"
            "if (d_q == 8'd0) t1 = b_q * c_q;\n"
            "else t1 = b_q;\n"
            "a_q <= t1;\n"
            "b_q <= c_q + t1;\n");
}

}  // namespace
}  // namespace hlsc
