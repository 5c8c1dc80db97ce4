// SPDX-License-Identifier: Apache-2.0
// Many more connections than a card has slots: they share it fairly. The full size is tests/bench/tcp/scale_bench.
#include <gtest/gtest.h>

#include "sim/dut/engine.hpp"
#include "tests/bench/tcp/concurrent_transfers.hpp"

namespace sockwire::sim {
namespace {

using namespace std::chrono_literals;

TEST(ConcurrentTransfers, ManyConnectionsShareOneCardFairly) {
  BackToBack<8> net([](int, std::uint32_t boot_id) { return make_native_engine<8>(boot_id); });
  ASSERT_EQ(net.start(), "");
  ConcurrentTransfers<8> transfers(net, 200);
  transfers.open();
  const Shares shares = transfers.run(5ms);
  EXPECT_GE(shares.jain, 0.95);
  EXPECT_GT(shares.least, 0) << "nobody is left out";
  // 10 Gb/s for 5 ms is 6.25 MB; the first round trips do not fill it.
  EXPECT_GT(shares.total, 4.5e6);
}

}  // namespace
}  // namespace sockwire::sim
