// SPDX-License-Identifier: Apache-2.0
// Clock edges while a module is reset: its memories stay as they are, though the kernel waits for nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "Vtest_free_running_model.h"
#include "hls/base/process.hpp"
#include "hls/compiler/identifiers.hpp"
#include "tests/hls/compiler/kernels_reset.hpp"

namespace sockwire {
namespace {

constexpr std::uint32_t kSeed = 20261127;

/// The kernel natively, and its module.
class FreeRunning {
 public:
  FreeRunning() {
    rtl_.rst_ni = 1;
    rtl_.eval();
  }

  void reset_with_clock(int edges) {
    rtl_.rst_ni = 0;
    rtl_.eval();
    for (int edge = 0; edge < edges; ++edge) clock(random_() % 16, 1 + random_() % 255);
    rtl_.rst_ni = 1;
    rtl_.eval();
  }

  /// Nothing is written in the first 64 cycles, so that what the reset left is seen.
  void cycle(int number) {
    const unsigned index = random_() % 16;
    const unsigned value = number < 64 ? 0 : random_() % 256;
    index_.drive(index);
    value_.drive(value);
    process_.step(free_running, words_, block_, index_, value_, word_, shown_, config_, clk_);
    tick(words_, block_, index_, value_, word_, shown_, config_, clk_);
    clock(index, value);
    EXPECT_EQ(rtl_.word_o, static_cast<unsigned>(word_.value())) << "cycle " << number << ", seed " << kSeed;
    EXPECT_EQ(rtl_.shown_o, static_cast<unsigned>(shown_.value())) << "cycle " << number << ", seed " << kSeed;
  }

 private:
  void clock(unsigned index, unsigned value) {
    rtl_.index_i = static_cast<std::uint8_t>(index);
    rtl_.value_i = static_cast<std::uint8_t>(value);
    for (const int level : {0, 1}) {
      rtl_.clk_i = static_cast<std::uint8_t>(level);
      rtl_.eval();
    }
  }

  std::mt19937 random_{kSeed};
  Vtest_free_running_model rtl_;
  Process<FreeState> process_;
  mem<ap_uint<8>, 16> words_;
  bram<ap_uint<8>, 1024> block_;
  wire<ap_uint<4>> index_;
  wire<ap_uint<8>> value_;
  wire<ap_uint<8>> word_;
  wire<ap_uint<8>> shown_;
  wire<bool> config_;
  wire<bool> clk_;
};

TEST(Reset, ClockEdgesInItLeaveTheMemoriesAlone) {
  FreeRunning both;
  both.reset_with_clock(40);
  for (int number = 0; number < 2000; ++number) both.cycle(number);
}

std::string module_of(const std::string& name) {
  std::ifstream file(RTL_DIR "/" + name + ".sv");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Reset, AKernelThatWaitsNeedsNothing) {
  EXPECT_NE(module_of("test_free_running").find("assign running = rst_ni;"), std::string::npos);
  const std::string waiting = module_of("test_waiting");
  EXPECT_NE(waiting.find("words_mem["), std::string::npos);
  EXPECT_EQ(waiting.find("running"), std::string::npos) << waiting;
}

TEST(Names, PortsAreCalledAsTheContractSays) {
  const std::string module = module_of("test_free_running");
  EXPECT_NE(module.find("input  logic config_i,"), std::string::npos) << "config_i is no keyword";
  EXPECT_NE(module_of("test_waiting").find("input  logic [7:0] s_table_data_i,"), std::string::npos);
  EXPECT_NE(module.find("output logic clk_2_o"), std::string::npos) << "the module has a clk_i";
}

TEST(Names, AStemGivesAllOfItsNames) {
  hlsc::Identifiers names;
  EXPECT_EQ(names.unique("config"), "config_");
  EXPECT_EQ(names.stem("config", {}, {"_i"}), "config");
  EXPECT_EQ(names.unique("config_i"), "config_i_2");
  EXPECT_EQ(names.unique("x_q"), "x_q");
  EXPECT_EQ(names.stem("x", {"s_"}, {"_i", "_q"}), "x_2");
  EXPECT_EQ(names.unique("s_x"), "s_x") << "of a stem that was not taken nothing is";
  EXPECT_EQ(names.unique("s_x_2"), "s_x_2_2");
}

}  // namespace
}  // namespace sockwire
