// SPDX-License-Identifier: Apache-2.0
// The loss matrix in short, and the ideal sender that its cells are measured by.
#include "tests/bench/tcp/loss_matrix.hpp"

#include <gtest/gtest.h>

namespace sockwire::bench {
namespace {

// RFC 3649 section 5 table 1 (Reno's column) and RFC 9438 5.1 (CUBIC's with C = 0.4, at a round trip of 0.1 s).
TEST(LossMatrix, ResponseFunctionIsThatOfTheRfcs) {
  EXPECT_NEAR(response_window_segments(1e-2, 0.1), 12, 0.5);
  EXPECT_NEAR(response_window_segments(1e-3, 0.1), 38, 1);
  EXPECT_NEAR(response_window_segments(1e-4, 0.1), 187, 1);
  EXPECT_NEAR(response_window_segments(1e-5, 0.1), 1054, 1);
}

TEST(LossMatrix, IdealIsTheCapacityWithoutLoss) {
  EXPECT_NEAR(ideal_bps({0, 100, true, 0}), 94.76e6, 0.01e6);
  EXPECT_LT(ideal_bps({0.1, 100, true, 0}), 1e6);
}

TEST(LossMatrix, EveryPairOfFaultsIsThere) { EXPECT_EQ(whole_matrix().size(), 60u); }

TEST(LossMatrix, CleanPathIsFilled) {
  const CellResult result = run_cell({0, 1, true, 0}, 1'000'000, 7);
  EXPECT_TRUE(result.complete) << result.problem << ", seed 7";
  EXPECT_GT(result.ratio, 0.8) << table_row(result) << ", seed 7";
  EXPECT_LE(result.ratio, 1.0);
}

TEST(LossMatrix, LossyAndReorderedPathsDeliverEqualData) {
  for (const Cell& cell : {Cell{0.01, 20, false, 0.01}, Cell{0.1, 1, true, 0.01}}) {
    const CellResult result = run_cell(cell, 1'000'000, 8);
    EXPECT_TRUE(result.complete) << result.problem << ", seed 8";
    EXPECT_GT(result.retransmissions, 0u);
    const CellResult again = run_cell(cell, 1'000'000, 8);
    EXPECT_EQ(table_row(again), table_row(result)) << "the same seed, the same run";
  }
}

}  // namespace
}  // namespace sockwire::bench
