// SPDX-License-Identifier: Apache-2.0
// A dataflow function, run natively and as the RTL that hlsc made of it and its kernels, in the same cycles under
// random valid and ready. All that leaves the module must be equal in every cycle, and so must idle be.
#include <gtest/gtest.h>

#include <random>

#include "Vtest_diamond_model.h"
#include "tests/hls/compiler/designs.hpp"

namespace sockwire {
namespace {

constexpr int kCycles = 60'000;
constexpr std::uint32_t kSeed = 20261126;

std::uint32_t bits_of(const Word& word) { return static_cast<std::uint32_t>(word.value) | (word.odd ? 1u << 11 : 0); }

std::uint32_t bits_of(const Report& report) {
  return static_cast<std::uint32_t>(report.taken) | (static_cast<std::uint32_t>(report.seen) << 9);
}

class Diamond {
 public:
  Diamond() {
    rtl_.rst_ni = 1;
    rtl_.eval();
    rtl_.rst_ni = 0;
    clock();
    rtl_.rst_ni = 1;
    rtl_.eval();
  }

  void cycle(int number) {
    compare();
    const unsigned phase = static_cast<unsigned>(number / 4096) % 4;
    const bool give = random_() % 8 < (phase == 3 ? 0u : 2 + 2 * phase);
    const bool take = random_() % 8 < (phase == 1 ? 0u : 7u);
    Word word;
    word.value = random_();
    word.odd = random_() % 4 == 0;
    if (random_() % 16 == 0) factor_.drive(random_());

    rtl_.s_x_valid_i = give;
    rtl_.s_x_data_i = static_cast<std::uint16_t>(bits_of(word));
    rtl_.m_y_ready_i = take;
    rtl_.factor_i = static_cast<std::uint8_t>(factor_.value());
    if (give && !x_.full()) x_.push(word);
    if (take && !y_.empty()) {
      y_.pop();
      ++taken_words;
    }
    test_diamond<3>(parts_, x_, factor_, y_, report_, taken_);
    tick(x_, factor_, y_, report_, taken_);
    parts_.nets([](auto&... nets) { tick(nets...); });
    clock();
    most_waiting = std::max(most_waiting, parts_.right.size());
  }

  int taken_words = 0;
  int idle_cycles = 0;
  std::size_t most_waiting = 0;  // in the deep stream

 private:
  void clock() {
    rtl_.clk_i = 1;
    rtl_.eval();
    rtl_.clk_i = 0;
    rtl_.eval();
  }

  void compare() {
    const bool idle =
        x_.empty() && y_.empty() && parts_.nets([](const auto&... nets) { return !(nets.under_way() || ...); });
    idle_cycles += idle;
    ASSERT_EQ(rtl_.idle_o, idle);
    ASSERT_EQ(rtl_.s_x_ready_o, !x_.full());
    ASSERT_EQ(rtl_.m_y_valid_o, !y_.empty());
    if (!y_.empty()) {
      ASSERT_EQ(rtl_.m_y_data_o, bits_of(y_.front()));
    }
    ASSERT_EQ(rtl_.report_o, bits_of(report_.value()));
    ASSERT_EQ(rtl_.taken_o, static_cast<std::uint32_t>(taken_.value()));
  }

  std::mt19937 random_{kSeed};
  DiamondParts parts_;
  stream<Word> x_{4};
  wire<ap_uint<6>> factor_;
  stream<Word> y_{3};
  wire<Report> report_;
  wire<ap_uint<9>> taken_;
  Vtest_diamond_model rtl_;
};

TEST(HlscDesign, IsTheNativeOneInEveryCycle) {
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Diamond diamond;
  for (int cycle = 0; cycle < kCycles && !HasFatalFailure(); ++cycle) {
    SCOPED_TRACE(testing::Message() << "cycle " << cycle);
    diamond.cycle(cycle);
  }
  // What hardly moves shows nothing; the deep stream was full, and everything came to rest in between.
  EXPECT_GT(diamond.taken_words, kCycles / 8);
  EXPECT_EQ(diamond.most_waiting, 900u);
  EXPECT_GT(diamond.idle_cycles, 1000);
}

}  // namespace
}  // namespace sockwire
