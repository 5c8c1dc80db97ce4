// SPDX-License-Identifier: Apache-2.0
// Each test kernel, run natively and as the RTL that hlsc made of it, in the same cycles under random valid and ready,
// in one stage and cut into several for two periods.
// What leaves the module must be equal in every cycle: handshakes, data, wires and pulses.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <tuple>

#include "Vtest_kernels_model.h"
#include "Vtest_kernels_model_p3.h"
#include "Vtest_kernels_model_p5.h"
#include "hls/base/process.hpp"
#include "test_arbiter_p3_latency.hpp"
#include "test_arbiter_p5_latency.hpp"
#include "test_arithmetic_p3_latency.hpp"
#include "test_arithmetic_p5_latency.hpp"
#include "test_arrays_p3_latency.hpp"
#include "test_arrays_p5_latency.hpp"
#include "test_blocks_p3_latency.hpp"
#include "test_blocks_p5_latency.hpp"
#include "test_correlated_p3_latency.hpp"
#include "test_correlated_p5_latency.hpp"
#include "test_counters_latency.hpp"
#include "test_counters_p3_latency.hpp"
#include "test_counters_p5_latency.hpp"
#include "test_deep_p3_latency.hpp"
#include "test_deep_p5_latency.hpp"
#include "test_loops_p3_latency.hpp"
#include "test_loops_p5_latency.hpp"
#include "test_machine_p3_latency.hpp"
#include "test_machine_p5_latency.hpp"
#include "test_memories_p3_latency.hpp"
#include "test_memories_p5_latency.hpp"
#include "test_shifts_p3_latency.hpp"
#include "test_shifts_p5_latency.hpp"
#include "test_structs_p3_latency.hpp"
#include "test_structs_p5_latency.hpp"
#include "test_tables_p3_latency.hpp"
#include "test_tables_p5_latency.hpp"
#include "tests/hls/compiler/bits.hpp"
#include "tests/hls/compiler/kernels_control.hpp"
#include "tests/hls/compiler/kernels_data.hpp"
#include "tests/hls/compiler/kernels_memory.hpp"

namespace sockwire {
namespace {

constexpr int kCycles = 20'000;
constexpr std::uint64_t kSeed = 20261122;

void set_bits(std::uint32_t* words, int low, const Bits& bits) {
  for (int i = 0; i < bits.size(); ++i) {
    const int at = low + i;
    const std::uint32_t mask = 1u << (at % 32);
    words[at / 32] = bits.bit(i) ? words[at / 32] | mask : words[at / 32] & ~mask;
  }
}

std::string bits_text(const std::uint32_t* words, int low, int size) {
  std::string text;
  for (int i = size - 1; i >= 0; --i) text += ((words[(low + i) / 32] >> ((low + i) % 32)) & 1) != 0 ? '1' : '0';
  return text;
}

std::string bits_text(const Bits& bits) {
  std::string text;
  for (int i = bits.size() - 1; i >= 0; --i) text += bits.bit(i) ? '1' : '0';
  return text;
}

/// The words of a Verilator port, whatever its type.
template <typename Port>
std::uint32_t* words_of(Port& port) {
  return reinterpret_cast<std::uint32_t*>(&port);
}

class Random {
 public:
  std::uint64_t bits(int count) { return engine_() >> (64 - count); }
  /// In phases, so that starving and stalling are seen for long stretches too.
  bool chance(int cycle, int which) {
    const int phase = (cycle / 64 + which) % 4;
    return bits(8) < (phase == 0 ? 255u : phase == 1 ? 128u : phase == 2 ? 30u : 200u);
  }
  Item item() {
    constexpr Color kColors[] = {Color::kRed, Color::kGreen, Color::kBlue};
    Item item;
    // Small and large values both matter: comparisons and carries hide in the one or in the other.
    item.wide = bits(2) == 0 ? bits(3) : bits(64);
    item.odd = bits(2) == 0 ? ~bits(2) : bits(19);
    item.pair.low = bits(1) == 0 ? bits(5) : bits(12);
    item.pair.high = bits(5);
    item.flag = bits(1) != 0;
    item.color = kColors[bits(16) % 3];
    item.big = (static_cast<detail::uint128_t>(bits(36)) << 64) | bits(64);
    for (ap_uint<8>& byte : item.bytes) byte = bits(8);
    return item;
  }

 private:
  std::mt19937_64 engine_{kSeed};
};

/// What was compiled for a period.
struct InOneStage {
  using Model = Vtest_kernels_model;
  static constexpr const PortLatency* kLatency[13] = {nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      nullptr,
                                                      kTestCountersLatency};
};

struct For5ns {
  using Model = Vtest_kernels_model_p5;
  static constexpr const PortLatency* kLatency[] = {
      kTestMachineP5Latency,    kTestArbiterP5Latency,  kTestLoopsP5Latency,  kTestCorrelatedP5Latency,
      kTestArithmeticP5Latency, kTestShiftsP5Latency,   kTestTablesP5Latency, kTestStructsP5Latency,
      kTestArraysP5Latency,     kTestMemoriesP5Latency, kTestBlocksP5Latency, kTestDeepP5Latency,
      kTestCountersP5Latency};
};

struct For3ns {
  using Model = Vtest_kernels_model_p3;
  static constexpr const PortLatency* kLatency[] = {
      kTestMachineP3Latency,    kTestArbiterP3Latency,  kTestLoopsP3Latency,  kTestCorrelatedP3Latency,
      kTestArithmeticP3Latency, kTestShiftsP3Latency,   kTestTablesP3Latency, kTestStructsP3Latency,
      kTestArraysP3Latency,     kTestMemoriesP3Latency, kTestBlocksP3Latency, kTestDeepP3Latency,
      kTestCountersP3Latency};
};

/// One kernel's native side and its slice of the Verilated top.
template <typename Rtl, typename State, typename... Memories>
class Bench {
 public:
  using Kernel = void (*)(State&, Memories&..., stream<Item>&, stream<Item>&, wire<Setting>&, stream<Result>&,
                          stream<ap_uint<8>>&, wire<Level>&, pulse<4>&);

  Bench(int number, Kernel kernel, std::size_t depth)
      : number_(number), kernel_(kernel), process_(Rtl::kLatency[number]), y_(depth) {}

  void run() {
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    reset();
    for (int cycle = 0; cycle < kCycles && !testing::Test::HasFailure(); ++cycle) {
      SCOPED_TRACE("cycle " + std::to_string(cycle));
      this->cycle(cycle);
    }
    // A kernel that hardly ever fires shows nothing.
    EXPECT_GT(fired_, kCycles / 20);
  }

 private:
  void reset() {
    rtl_.rst_ni = 0;
    clock();
    rtl_.rst_ni = 1;
  }

  void clock() {
    rtl_.clk_i = 0;
    rtl_.eval();
    rtl_.clk_i = 1;
    rtl_.eval();
  }

  void offer(stream<Item>& input, std::uint32_t* data, std::uint16_t& valid) {
    valid = static_cast<std::uint16_t>(input.empty() ? 0 : 1u << number_);
    if (!input.empty()) set_bits(data, number_ * kItemWidth, packed(input.front()));
  }

  template <typename T>
  void compare_output(const char* name, const stream<T>& expected, bool valid, const std::uint32_t* data, int width) {
    EXPECT_EQ(valid, !expected.empty()) << name << " valid";
    if (valid && !expected.empty()) {
      EXPECT_EQ(bits_text(data, number_ * width, width), bits_text(packed(expected.front()))) << name;
    }
  }

  bool slice(std::uint16_t flags) const { return ((flags >> number_) & 1) != 0; }

  void cycle(int cycle) {
    const bool give_x = random_.chance(cycle, 0) && !x_.full();
    const bool give_z = random_.chance(cycle, 1) && !z_.full();
    const std::size_t after_x = x_.size() + (give_x ? 1 : 0);
    const std::size_t after_z = z_.size() + (give_z ? 1 : 0);
    if (give_x) x_.push(random_.item());
    if (give_z) z_.push(random_.item());
    if (random_.bits(4) == 0) {
      Setting next;
      next.amount = random_.bits(6);
      next.enable = random_.bits(2) != 0;
      setting_.drive(next);
    }
    const bool take_y = random_.chance(cycle, 2);
    const bool take_w = random_.chance(cycle, 3);

    offer(x_, words_of(rtl_.x_data_i), rtl_.x_valid_i);
    offer(z_, words_of(rtl_.z_data_i), rtl_.z_valid_i);
    set_bits(words_of(rtl_.setting_i), number_ * 7, packed(setting_.read()));
    rtl_.y_ready_i = static_cast<std::uint16_t>(take_y ? 1u << number_ : 0);
    rtl_.w_ready_i = static_cast<std::uint16_t>(take_w ? 1u << number_ : 0);
    rtl_.clk_i = 0;
    rtl_.eval();

    compare_output("y", y_, slice(rtl_.y_valid_o), words_of(rtl_.y_data_o), 207);
    compare_output("w", w_, slice(rtl_.w_valid_o), words_of(rtl_.w_data_o), 8);
    EXPECT_EQ(bits_text(words_of(rtl_.level_o), number_ * 17, 17), bits_text(packed(level_.read()))) << "level";
    EXPECT_EQ(bits_text(words_of(rtl_.events_o), number_ * 4, 4), bits_text(packed(events_.read()))) << "events";

    const bool x_ready = slice(rtl_.x_ready_o);
    const bool z_ready = slice(rtl_.z_ready_o);
    step(take_y, take_w);
    EXPECT_EQ(x_ready, x_.size() < after_x) << "x ready";
    EXPECT_EQ(z_ready, z_.size() < after_z) << "z ready";
    rtl_.clk_i = 1;
    rtl_.eval();
  }

  void step(bool take_y, bool take_w) {
    const bool fire = std::apply(
        [&](Memories&... memories) {
          return process_.step(kernel_, memories..., x_, z_, setting_, y_, w_, level_, events_);
        },
        memories_);
    fired_ += fire ? 1 : 0;
    if (take_y && !y_.empty()) y_.pop();
    if (take_w && !w_.empty()) w_.pop();
    std::apply([](Memories&... memories) { sockwire::tick(memories...); }, memories_);
    sockwire::tick(x_, z_, setting_, y_, w_, level_, events_);
  }

  static constexpr int kItemWidth = 228;

  int number_;
  Kernel kernel_;
  int fired_ = 0;
  Random random_;
  Process<State> process_;
  std::tuple<Memories...> memories_;
  stream<Item> x_{3};
  stream<Item> z_{3};
  wire<Setting> setting_;
  stream<Result> y_;
  stream<ap_uint<8>> w_{2};
  wire<Level> level_;
  pulse<4> events_;
  typename Rtl::Model rtl_;
};

template <typename Rtl>
class Hlsc : public testing::Test {
 protected:
  template <typename State, typename... Memories>
  static void run_kernel(int number, typename Bench<Rtl, State, Memories...>::Kernel kernel, std::size_t depth = 2) {
    std::make_unique<Bench<Rtl, State, Memories...>>(number, kernel, depth)->run();
  }
};

using Periods = testing::Types<InOneStage, For5ns, For3ns>;
TYPED_TEST_SUITE(Hlsc, Periods);

TYPED_TEST(Hlsc, Machine) { this->template run_kernel<MachineState>(0, machine); }
TYPED_TEST(Hlsc, Arbiter) { this->template run_kernel<ArbiterState>(1, arbiter); }
TYPED_TEST(Hlsc, Loops) { this->template run_kernel<LoopState>(2, loops); }
TYPED_TEST(Hlsc, CorrelatedBranches) { this->template run_kernel<CorrelatedState>(3, correlated); }
TYPED_TEST(Hlsc, Arithmetic) { this->template run_kernel<ArithmeticState>(4, arithmetic); }
TYPED_TEST(Hlsc, Shifts) { this->template run_kernel<ShiftState>(5, shifts); }
TYPED_TEST(Hlsc, ConstantTables) { this->template run_kernel<TableState>(6, tables); }
TYPED_TEST(Hlsc, Structs) { this->template run_kernel<StructState>(7, structs); }
TYPED_TEST(Hlsc, ArraysWithRunTimeIndex) { this->template run_kernel<ArrayState>(8, arrays); }
TYPED_TEST(Hlsc, Memories) { this->template run_kernel<MemoryState, mem<Item, 16>, mem<ap_uint<7>, 32>>(9, memories); }
TYPED_TEST(Hlsc, BlockMemories) {
  this->template run_kernel<BlockState, bram<Item, 128>, banked<ap_uint<8>, 64, 4>>(10, blocks);
}
TYPED_TEST(Hlsc, CountersInBlockMemories) {
  this->template run_kernel<CounterState, mem<ap_uint<32>, 512, Squares>, mem<Item, 16>, mem<ap_uint<9>, 2>>(12,
                                                                                                             counters);
}
TYPED_TEST(Hlsc, DeepOutput) { this->template run_kernel<DeepState>(11, deep<3>, 16); }

}  // namespace
}  // namespace sockwire
