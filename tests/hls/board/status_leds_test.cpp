// SPDX-License-Identifier: Apache-2.0
#include "hls/board/status_leds.hpp"

#include <gtest/gtest.h>

#include <array>

#include "hls/base/process.hpp"

namespace sockwire {
namespace {

constexpr int kLog2 = 10;  // half a beat is 1,024 clocks, a tick 64

class StatusLeds : public testing::Test {
 protected:
  /// Clocks of these in which each LED was lit.
  std::array<int, 4> run(int clocks, bool link, bool activity, bool error) {
    std::array<int, 4> lit{};
    for (int clock = 0; clock < clocks; ++clock) {
      link_.drive(link);
      activity_.drive(activity && clock == 0);
      error_.drive(error && clock == 0);
      process_.step(status_leds<kLog2>, link_, activity_, error_, leds_);
      for (wire<bool>* input : {&link_, &activity_, &error_}) input->tick();
      leds_.tick();
      for (int led = 0; led < 4; ++led) lit[led] += leds_.read()[led] ? 1 : 0;
    }
    return lit;
  }

  Process<StatusLedsState<kLog2>> process_;
  wire<bool> link_, activity_, error_;
  wire<ap_uint<4>> leds_;
};

TEST_F(StatusLeds, ShowTheLinkAsItIs) {
  EXPECT_EQ(run(100, true, false, false)[0], 100);
  EXPECT_EQ(run(100, false, false, false)[0], 0);
}

TEST_F(StatusLeds, ShowWhatLastsAClockLongEnough) {
  for (int phase = 0; phase < 64; phase += 7) {
    run(phase, false, false, false);
    const std::array<int, 4> lit = run(4096, false, true, true);
    EXPECT_GE(lit[1], 64) << phase;
    EXPECT_LE(lit[1], 128) << phase;
    EXPECT_GE(lit[2], 30 * 64) << phase;
    EXPECT_LE(lit[2], 31 * 64) << phase;
  }
  EXPECT_EQ(run(4096, false, false, false)[1], 0);
}

TEST_F(StatusLeds, BeatWhileTheClockRuns) {
  const std::array<int, 4> lit = run(8 * 2048, false, false, false);
  EXPECT_EQ(lit[3], 8 * 1024);
}

}  // namespace
}  // namespace sockwire
