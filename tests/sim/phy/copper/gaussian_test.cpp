// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/gaussian.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sockwire::sim {
namespace {

// The distribution function at points of the body, the layers' edges and the tail, against erfc; each count is
// binomial.
TEST(Gaussian, HasTheNormalDistribution) {
  constexpr int kDraws = 4'000'000;
  constexpr std::uint64_t kSeed = 7;
  constexpr double kPoints[] = {0.01, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 3.66, 4, 4.5};
  std::array<int, std::size(kPoints)> above{};
  std::array<int, std::size(kPoints)> below{};
  Gaussian gaussian(kSeed);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = gaussian.next();
    sum += x;
    squares += x * x;
    for (std::size_t k = 0; k < std::size(kPoints); ++k) {
      above[k] += x > kPoints[k] ? 1 : 0;
      below[k] += x < -kPoints[k] ? 1 : 0;
    }
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 5 * std::sqrt(2.0 / kDraws));
  for (std::size_t k = 0; k < std::size(kPoints); ++k) {
    const double expected = kDraws * std::erfc(kPoints[k] / std::sqrt(2.0)) / 2;
    EXPECT_NEAR(above[k], expected, 5 * std::sqrt(expected) + 1) << kPoints[k];
    EXPECT_NEAR(below[k], expected, 5 * std::sqrt(expected) + 1) << -kPoints[k];
  }
}

}  // namespace
}  // namespace sockwire::sim
