// SPDX-License-Identifier: Apache-2.0
#include "hls/card/registers.hpp"

#include <gtest/gtest.h>

#include <random>

#include "hls/base/process.hpp"

namespace sockwire::test {
namespace {

struct RegisterBench {
  Process<RegistersState> process;
  mem<ap_uint<32>, 32> totals;
  stream<RegisterRequest> request{2};
  wire<ap_uint<8>> epoch;
  wire<ap_uint<card::kCounterCount>> strobes;
  stream<RegisterReply> reply{2};
  wire<MacConfig> config;
  wire<bool> busy;

  void step(std::uint32_t events = 0) {
    strobes.drive(events);
    process.step(registers, totals, request, epoch, strobes, reply, config, busy);
    tick(totals, request, epoch, strobes, reply, config, busy);
  }
  void write(unsigned address, std::uint32_t value) {
    RegisterRequest asked;
    asked.write = true;
    asked.address = address;
    asked.value = value;
    request.push(asked);
    for (int i = 0; i < 4; ++i) step();
  }
  RegisterReply read(unsigned address, unsigned tag = 1) {
    RegisterRequest asked;
    asked.address = address;
    asked.tag = tag;
    request.push(asked);
    for (int i = 0; i < 100 && reply.empty(); ++i) step();
    EXPECT_FALSE(reply.empty());
    if (reply.empty()) return {};
    const RegisterReply answer = reply.pop();
    step();
    return answer;
  }
};

constexpr auto kMacLow = static_cast<unsigned>(card::Register::kMacLow);
constexpr auto kMacHigh = static_cast<unsigned>(card::Register::kMacHigh);
constexpr auto kFilter = static_cast<unsigned>(card::Register::kFilter);
constexpr auto kPauseEnable = static_cast<unsigned>(card::Register::kPauseEnable);
constexpr auto kCounterBase = static_cast<unsigned>(card::Register::kCounterBase);

TEST(Registers, SettingsReachTheMacAndReadBack) {
  RegisterBench bench;
  bench.write(kMacLow, 0x33221102);
  bench.write(kMacHigh, 0xFFFF5544);
  bench.write(kFilter, 0x3);
  bench.write(kPauseEnable, 0);
  const MacConfig config = bench.config.read();
  EXPECT_EQ(config.address, 0x554433221102u);
  EXPECT_TRUE(config.promiscuous);
  EXPECT_TRUE(config.all_multicast);
  EXPECT_FALSE(config.broadcast);
  EXPECT_FALSE(config.pause);
  EXPECT_EQ(bench.read(kMacLow).value, 0x33221102u);
  EXPECT_EQ(bench.read(kMacHigh).value, 0x5544u);
  EXPECT_EQ(bench.read(kFilter).value, 3u);
  EXPECT_EQ(bench.read(kPauseEnable).value, 0u);
  const RegisterReply answer = bench.read(0x1234, 0xABCD);
  EXPECT_EQ(answer.value, 0u) << "no such register";
  EXPECT_EQ(answer.address, 0x1234u);
  EXPECT_EQ(answer.tag, 0xABCDu);
}

TEST(Registers, HelloSetsTheSettingsBackAndKeepsTheCounters) {
  RegisterBench bench;
  bench.write(kFilter, 0x1);
  bench.write(kPauseEnable, 0);
  bench.step(1u << 5);
  bench.epoch.drive(9);
  bench.step();
  bench.step();
  EXPECT_EQ(bench.read(kFilter).value, 4u) << "broadcast";
  EXPECT_EQ(bench.read(kPauseEnable).value, 1u);
  EXPECT_EQ(bench.read(kCounterBase + 5).value, 1u);
}

TEST(Registers, CountersAreReadOnly) {
  RegisterBench bench;
  bench.write(kCounterBase + 3, 77);
  EXPECT_EQ(bench.read(kCounterBase + 3).value, 0u);
}

// A read includes what was strobed up to the cycle before its answer: right after a strobe, nothing is missing.
TEST(Registers, ReadIncludesWhatIsPending) {
  for (unsigned counter = 0; counter < card::kCounterCount; ++counter) {
    for (int lead = 0; lead < 30; ++lead) {
      RegisterBench bench;
      for (int i = 0; i < lead; ++i) bench.step();
      for (int i = 0; i < 7; ++i) {
        bench.step(1u << counter);
        bench.step();
      }
      EXPECT_EQ(bench.read(kCounterBase + counter).value, 7u) << counter << " " << lead;
    }
  }
}

// Every counter at once at the highest rate there is, every second cycle, and reads in between: nothing is lost.
TEST(Registers, NothingIsLostAtTheHighestRate) {
  RegisterBench bench;
  std::mt19937 random(70);
  std::uint64_t expected[card::kCounterCount] = {};
  for (int i = 0; i < 5000; ++i) {
    const std::uint32_t events =
        i < 1000 ? (1u << card::kCounterCount) - 1 : random() & ((1u << card::kCounterCount) - 1);
    for (unsigned counter = 0; counter < card::kCounterCount; ++counter) expected[counter] += (events >> counter) & 1;
    bench.step(events);
    bench.step();
    EXPECT_TRUE(events == 0 || bench.busy.read());
  }
  for (unsigned counter = 0; counter < card::kCounterCount; ++counter) {
    EXPECT_EQ(bench.read(kCounterBase + counter).value, expected[counter]) << counter << ", seed 70";
  }
  for (int i = 0; i < 30; ++i) bench.step();
  EXPECT_FALSE(bench.busy.read());
}

}  // namespace
}  // namespace sockwire::test
