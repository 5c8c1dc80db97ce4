// SPDX-License-Identifier: Apache-2.0
// The clock-crossing FIFO between clocks of many ratios: nothing lost, nothing twice, order kept.
#include <gtest/gtest.h>

#include <random>

#include "Vasync_fifo_rtl.h"

namespace sockwire {
namespace {

struct Rate {
  int s_half_period;
  int m_half_period;
};

class AsyncFifo : public testing::TestWithParam<Rate> {};

TEST_P(AsyncFifo, CarriesEveryValueOnceAndInOrder) {
  const std::uint32_t seed = 20;
  std::mt19937 random(seed);
  Vasync_fifo_rtl model;
  model.s_rst_ni = model.m_rst_ni = 1;
  model.eval();
  model.s_rst_ni = model.m_rst_ni = 0;
  model.eval();
  model.s_rst_ni = model.m_rst_ni = 1;
  std::uint16_t sent = 0;
  std::uint16_t received = 0;
  bool was_full = false;
  for (int time = 1; time < 400000; ++time) {
    const bool s_edge = time % GetParam().s_half_period == 0;
    const bool m_edge = time % GetParam().m_half_period == 0;
    if (!s_edge && !m_edge) continue;
    const bool s_rises = s_edge && !model.s_clk_i;
    const bool m_rises = m_edge && !model.m_clk_i;
    was_full |= !model.s_ready_o;
    const bool push = s_rises && model.s_valid_i && model.s_ready_o;
    const bool pop = m_rises && model.m_valid_o && model.m_ready_i;
    if (pop) {
      ASSERT_EQ(model.m_data_o, received) << "seed " << seed;
      ++received;
    }
    ASSERT_LE(model.m_count_o, 8);
    if (s_edge) model.s_clk_i = !model.s_clk_i;
    if (m_edge) model.m_clk_i = !model.m_clk_i;
    model.eval();
    if (push) ++sent;
    // Inputs change after the edge, as registers of their own domain would.
    if (s_rises) model.s_valid_i = random() % 8 < 6;
    if (m_rises) model.m_ready_i = random() % 8 < ((time >> 12) % 2 ? 1 : 7);
    model.s_data_i = sent;
    model.eval();
  }
  EXPECT_GT(received, 5000);
  EXPECT_TRUE(was_full);
  EXPECT_LE(static_cast<std::uint16_t>(sent - received), 8);
}

INSTANTIATE_TEST_SUITE_P(Ratios, AsyncFifo,
                         testing::Values(Rate{4, 20}, Rate{20, 4}, Rate{7, 5}, Rate{5, 7}, Rate{6, 6}));

}  // namespace
}  // namespace sockwire
