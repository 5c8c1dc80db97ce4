// SPDX-License-Identifier: Apache-2.0
#include "hls/board/card_time.hpp"

#include <gtest/gtest.h>

#include "hls/base/process.hpp"
#include "hls/board/boot_id.hpp"

namespace sockwire {
namespace {

// 120 MHz: three clocks are 25 ns, and never is it off by a nanosecond.
TEST(CardTime, IsExactOverThreeClocks) {
  Process<CardTimeState> process;
  wire<ap_uint<64>> now_ns;
  for (std::uint64_t clock = 1; clock <= 30'000; ++clock) {
    process.step(card_time, now_ns);
    now_ns.tick();
    const std::uint64_t now = now_ns.read();
    ASSERT_EQ(now, clock * 25 / 3);
  }
}

TEST(BootId, IsTheClocksToTheFirstCommandAndThenConstant) {
  Process<BootIdState> process;
  wire<bool> command;
  wire<ap_uint<32>> id;
  for (int clock = 0; clock < 1000; ++clock) {
    command.drive(clock == 700 || clock == 800);
    process.step(boot_id, command, id);
    command.tick();
    id.tick();
    if (clock >= 700) {
      ASSERT_EQ(unsigned(id.read()), 700u) << clock;
    }
  }
}

}  // namespace
}  // namespace sockwire
