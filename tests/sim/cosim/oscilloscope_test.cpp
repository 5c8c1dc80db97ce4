// SPDX-License-Identifier: Apache-2.0
// The eye and the spectrum of copper lines are those of their codes.
#include "sim/cosim/oscilloscope.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace sockwire::sim {
namespace {

LineSettings line_of(LineCode code, double length_m) {
  LineSettings line;
  line.code = code;
  line.length_m = length_m;
  return line;
}

/// How far the eye is open: over all phases of a symbol, the largest distance from zero that every trace keeps.
double opening_v(const ScopeTrace& trace) {
  const auto phases = static_cast<std::size_t>(trace.samples_per_symbol);
  double best = 0;
  for (std::size_t phase = 0; phase < phases; ++phase) {
    double least = 1e9;
    for (std::size_t i = phase; i < trace.volts.size(); i += phases) {
      least = std::min(least, std::abs(static_cast<double>(trace.volts[i])));
    }
    best = std::max(best, least);
  }
  return best;
}

double db_at(const ScopeTrace& trace, double mhz) {
  const auto power = spectrum_db(trace, 512);
  return power.at(static_cast<std::size_t>(mhz * 1e6 * 2 * trace.sample_ps * 1e-12 * 512));
}

// Clause 14.3.1.3.2: a receiver takes what is above 585 mV; at the end of 100 m there must be as much. In a frame each
// half of a bit is one level or the other, never zero.
TEST(Oscilloscope, TheEyeOfManchesterIsOpenBehindHundredMetres) {
  EXPECT_GT(opening_v(look_at(line_of(LineCode::k10BaseT, 100), 3000)), 0.585);
  LineSettings noisy = line_of(LineCode::k10BaseT, 100);
  noisy.noise_mv = 800;
  EXPECT_LT(opening_v(look_at(noisy, 3000)), 0.585);
}

// Half bits of 50 ns have no power at 20 MHz. Manchester has no direct current.
TEST(Oscilloscope, TheSpectrumOfManchesterHasItsNulls) {
  const ScopeTrace trace = look_at(line_of(LineCode::k10BaseT, 3), 20'000);
  EXPECT_LT(db_at(trace, 20), -40);
  EXPECT_LT(db_at(trace, 0), -15);
  EXPECT_GT(db_at(trace, 7.5), -6);
}

// MLT-3 goes through its levels at a quarter of the symbol rate at most: most of its power is below 31.25 MHz, and
// symbols of 8 ns have none at 125 MHz.
TEST(Oscilloscope, TheSpectrumOfMlt3IsLow) {
  const ScopeTrace trace = look_at(line_of(LineCode::k100BaseTx, 3), 20'000);
  EXPECT_GT(db_at(trace, 15), -6);
  EXPECT_LT(db_at(trace, 62.5), -10);
  EXPECT_LT(db_at(trace, 125), -35);
}

/// How far each decision stays from the slicer's thresholds, half a level each, at the phase where symbols are sampled.
double margin(const ScopeTrace& trace) {
  const auto phases = static_cast<std::size_t>(trace.samples_per_symbol);
  double least = 1;
  for (std::size_t i = phases / 2; i < trace.volts.size(); i += phases) {
    least = std::min(least, std::abs(std::abs(static_cast<double>(trace.volts[i])) - 0.5));
  }
  return least;
}

// 100 m close the eye at the end of the cable; the equaliser opens it, in the middle, where it is sampled.
TEST(Oscilloscope, TheEyeOfMlt3IsOpenBehindTheEqualiser) {
  for (const double length_m : {10.0, 100.0}) {
    LineSettings line = line_of(LineCode::k100BaseTx, length_m);
    line.noise_mv = 10;
    const ScopeTrace trace = look_at(line, 3000, ScopePoint::kEqualiser);
    ASSERT_EQ(trace.volts.size(), 3000U * 16) << length_m;
    EXPECT_GT(margin(trace), 0.2) << length_m;
    EXPECT_NEAR(std::abs(static_cast<double>(*std::max_element(trace.volts.begin(), trace.volts.end()))), 1.2, 0.2);
  }
  LineSettings line = line_of(LineCode::k100BaseTx, 100);
  EXPECT_LT(margin(look_at(line, 3000)), 0.02);
}

TEST(Oscilloscope, BehindAnEqualiserThatFindsNoSignalThereIsNothingToSee) {
  LineSettings line = line_of(LineCode::k100BaseTx, 100);
  line.noise_mv = 500;
  EXPECT_TRUE(look_at(line, 3000, ScopePoint::kEqualiser).volts.empty());
}

}  // namespace
}  // namespace sockwire::sim
