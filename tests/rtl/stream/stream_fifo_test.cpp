// SPDX-License-Identifier: Apache-2.0
// The FIFO in RTL against stream<T> of the native model, cycle for cycle: it is what makes the two engines one.
#include <gtest/gtest.h>

#include <random>

#include "Vstream_fifo_2.h"
#include "Vstream_fifo_5.h"
#include "hls/base/stream.hpp"

namespace sockwire {
namespace {

template <typename Model>
void clock(Model& model) {
  model.clk_i = 1;
  model.eval();
  model.clk_i = 0;
  model.eval();
}

template <typename Model>
void reset(Model& model) {
  model.clk_i = 0;
  model.rst_ni = 1;
  model.eval();
  model.rst_ni = 0;
  model.s_valid_i = 0;
  model.m_ready_i = 0;
  model.eval();
  clock(model);
  model.rst_ni = 1;
  model.eval();
}

/// Push and pop with probabilities push_eighths/8 and pop_eighths/8; both must agree in every cycle.
template <typename Model>
void compare(std::size_t depth, unsigned push_eighths, unsigned pop_eighths, std::uint32_t seed) {
  SCOPED_TRACE(testing::Message() << "depth " << depth << " push " << push_eighths << " pop " << pop_eighths << " seed "
                                  << seed);
  std::mt19937 random(seed);
  Model model;
  stream<ap_uint<16>> native(depth);
  reset(model);
  std::size_t popped = 0;
  bool was_full = false;
  for (int cycle = 0; cycle < 20000; ++cycle) {
    ASSERT_EQ(model.s_ready_o, !native.full()) << "cycle " << cycle;
    ASSERT_EQ(model.m_valid_o, !native.empty()) << "cycle " << cycle;
    if (!native.empty()) {
      ASSERT_EQ(model.m_data_o, native.front()) << "cycle " << cycle;
    }
    was_full |= native.full();
    model.s_valid_i = random() % 8 < push_eighths;
    model.m_ready_i = random() % 8 < pop_eighths;
    model.s_data_i = static_cast<std::uint16_t>(random());
    if (model.s_valid_i && !native.full()) native.push(model.s_data_i);
    if (model.m_ready_i && !native.empty()) {
      native.pop();
      ++popped;
    }
    native.tick();
    model.eval();
    clock(model);
  }
  EXPECT_GT(popped, 1000u);
  EXPECT_TRUE(was_full);
}

TEST(StreamFifo, SliceIsTheNativeStreamOfDepthTwo) {
  compare<Vstream_fifo_2>(2, 8, 2, 2);
  compare<Vstream_fifo_2>(2, 6, 5, 4);
}

TEST(StreamFifo, RamIsTheNativeStreamOfAnOddDepth) {
  compare<Vstream_fifo_5>(5, 8, 2, 2);
  compare<Vstream_fifo_5>(5, 6, 5, 4);
}

// A register slice must not cost throughput: with both sides always willing, one value passes each cycle.
TEST(StreamFifo, PassesAValueEveryCycle) {
  Vstream_fifo_2 model;
  reset(model);
  model.s_valid_i = 1;
  model.m_ready_i = 1;
  int taken = 0;
  for (int cycle = 0; cycle < 100; ++cycle) {
    model.s_data_i = static_cast<std::uint16_t>(cycle);
    model.eval();
    if (model.m_valid_o) {
      EXPECT_EQ(model.m_data_o, cycle - 1);
      ++taken;
    }
    EXPECT_TRUE(model.s_ready_o);
    clock(model);
  }
  EXPECT_EQ(taken, 99);
}

}  // namespace
}  // namespace sockwire
