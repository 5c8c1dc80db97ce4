// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/cable_response.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sockwire::sim {
namespace {

// TIA/EIA-568-A table 10-5 (category 5 horizontal cable, 100 m at 20 degrees): the table's own values, which the
// formula gives rounded to a tenth.
TEST(Category5Loss, IsTheTablesOfTheStandard) {
  struct Entry {
    double megahertz;
    double loss_db;
  };
  for (const Entry& entry : {Entry{1, 2.0},
                             {4, 4.1},
                             {8, 5.8},
                             {10, 6.5},
                             {16, 8.2},
                             {20, 9.3},
                             {25, 10.4},
                             {31.25, 11.7},
                             {62.5, 17.0},
                             {100, 22.0}}) {
    EXPECT_NEAR(category5_loss_db(entry.megahertz * 1e6, 100), entry.loss_db, 0.06) << entry.megahertz << " MHz";
  }
}

class ResponseTest : public testing::TestWithParam<double> {};

/// The filter against the formula, in dB, for edges without a ramp.
double error_db(const CableResponse& response, double hertz, double sample_s, double length_m) {
  return 20 * std::log10(std::abs(response.at(hertz, sample_s))) + category5_loss_db(hertz, length_m);
}

TEST_P(ResponseTest, HasTheFormulasLossWithinATenthOfADecibel) {
  const double sample_s = GetParam();
  for (const double length_m : {1.0, 25.0, 50.0, 100.0, 150.0}) {
    const CableResponse response = category5_response(sample_s, length_m, 0);
    for (double hertz = 100e3; hertz < std::min(100e6, 0.45 / sample_s); hertz *= 1.1) {
      EXPECT_NEAR(error_db(response, hertz, sample_s, length_m), 0, 0.1) << hertz << " Hz, " << length_m << " m";
    }
    EXPECT_NEAR(error_db(response, 0, sample_s, length_m), 0, 0.02) << length_m;
  }
}

TEST_P(ResponseTest, RampsAreWhatIsAveragedOverThem) {
  const double sample_s = GetParam();
  const double ramp_s = 10.5 * sample_s;
  const CableResponse bare = category5_response(sample_s, 0, 0);
  EXPECT_NEAR(bare.tap[0], 1, 1e-6);  // no cable, no filter
  const CableResponse ramp = category5_response(sample_s, 0, ramp_s);
  double sum = 0;
  for (std::size_t k = 0; k < 11; ++k) {
    EXPECT_NEAR(ramp.tap[k], k < 10 ? 1 / 10.5 : 0.5 / 10.5, 1e-6) << k;
    sum += static_cast<double>(ramp.tap[k]);
  }
  EXPECT_NEAR(sum, 1, 1e-6);
}

// 100BASE-TX and 10BASE-T.
INSTANTIATE_TEST_SUITE_P(SampleTimes, ResponseTest, testing::Values(1e-9, 2.5e-9));

}  // namespace
}  // namespace sockwire::sim
