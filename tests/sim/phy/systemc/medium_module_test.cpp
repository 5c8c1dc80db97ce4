// SPDX-License-Identifier: Apache-2.0
// The cable as a SystemC module shows, symbol by symbol, what the medium by itself shows with the same seed.
#include "sim/phy/systemc/medium_module.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/sim/phy/systemc/line_scenario.hpp"

namespace sockwire::test {
namespace {

constexpr std::uint64_t kSeed = 2027;
constexpr std::int64_t kMicrosecond = 1'000'000'000;

/// Frames, one each `every_us` from `first_us` on.
std::vector<Frame> frames(int count, std::size_t bytes, std::int64_t first_us, std::int64_t every_us) {
  std::mt19937 random(kSeed);
  std::vector<Frame> all;
  for (int i = 0; i < count; ++i) {
    all.push_back({(first_us + i * every_us) * kMicrosecond, random_frame(random, bytes)});
  }
  return all;
}

std::vector<Bytes> bytes_of(const Scenario& scenario) {
  std::vector<Bytes> all;
  for (const Frame& frame : scenario.frames) all.push_back(frame.bytes);
  return all;
}

template <typename Code>
void expect_same(const Arrived<Code>& systemc, const Arrived<Code>& plain) {
  ASSERT_EQ(systemc.symbols.size(), plain.symbols.size()) << "seed " << kSeed;
  for (std::size_t i = 0; i < systemc.symbols.size(); ++i) {
    ASSERT_TRUE(same(systemc.symbols[i], plain.symbols[i])) << "symbol " << i << ", seed " << kSeed;
  }
  EXPECT_EQ(systemc.good, plain.good);
  EXPECT_EQ(systemc.bad, plain.bad);
  for (int i = 0; i < kLineCounters; ++i) EXPECT_EQ(systemc.counted[i], plain.counted[i]) << kLineCounterNames[i];
}

template <typename Code, typename Medium>
Arrived<Code> run_copper(const Scenario& scenario, const sim::CopperSettings& settings) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  sim::CopperModule<Code, Medium> forth_module("forth", settings, kSeed);
  sim::CopperModule<Code, Medium> back_module("back", settings, kSeed + 1);
  Bench<Code> bench("bench", scenario, forth_module, back_module);
  if (scenario.scope_fs > 0) forth_module.volts(bench.volts());
  const Arrived<Code> systemc = bench.run();
  Medium forth(settings, kSeed);
  Medium back(settings, kSeed + 1);
  const auto plug = [](Medium& medium, bool in) { medium.cable().set_plugged(in); };
  const Arrived<Code> plain = run_plain<Code>(scenario, forth, back, plug);
  expect_same(systemc, plain);
  if (scenario.scope_fs > 0) {
    EXPECT_GT(systemc.volts.size(), 100U);
    EXPECT_TRUE(std::equal(systemc.volts.begin(), systemc.volts.end(), plain.volts.begin()));
  }
  return systemc;
}

template <typename Code>
Arrived<Code> run_serial(const Scenario& scenario, const sim::SerialSettings& settings, sim::SerialCounters& counters) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  sim::SerialModule<Code> forth_module("forth", settings, kSeed);
  sim::SerialModule<Code> back_module("back", {}, kSeed + 1);
  Bench<Code> bench("bench", scenario, forth_module, back_module);
  const Arrived<Code> systemc = bench.run();
  sim::SerialLink<Code> forth(settings, kSeed);
  sim::SerialLink<Code> back({}, kSeed + 1);
  const auto plug = [](sim::SerialLink<Code>& link, bool in) { link.plug(in); };
  expect_same(systemc, run_plain<Code>(scenario, forth, back, plug));
  counters = forth_module.counters();
  EXPECT_EQ(counters.bit_errors, forth.counters().bit_errors);
  EXPECT_EQ(counters.bursts, forth.counters().bursts);
  EXPECT_EQ(counters.slips, forth.counters().slips);
  return systemc;
}

/// 100 m, noise, jitter.
sim::CopperSettings worn(sim::CopperSettings settings, double noise_v, double jitter_ns) {
  settings.noise_v = noise_v;
  settings.jitter_ns = jitter_ns;
  return settings;
}

Arrived<sim::Code10BaseT> run_10base_t(const Scenario& scenario) {
  return run_copper<sim::Code10BaseT, sim::Medium10BaseT>(scenario, worn(sim::copper_10base_t(), 0.15, 1));
}
Arrived<sim::Code100BaseTx> run_100base_tx(const Scenario& scenario) {
  return run_copper<sim::Code100BaseTx, sim::Medium100BaseTx>(scenario, worn(sim::copper_100base_tx(), 0.02, 0.2));
}

// One elaboration a process: each of these is an entry of ctest.

TEST(SystemC10BaseT, AFrameIsWhatTheMediumByItselfGives) {
  Scenario scenario{.near_ppm = 100, .far_ppm = -100, .end_fs = 600 * kMicrosecond};
  scenario.frames = frames(2, 200, 100, 230);
  EXPECT_EQ(run_10base_t(scenario).good, bytes_of(scenario));
}

// Both ends in one clock: which of their processes SystemC runs first makes no difference.
TEST(SystemC10BaseT, TheEndsMayShareAClock) {
  Scenario scenario{.end_fs = 400 * kMicrosecond};
  scenario.frames = frames(1, 200, 100, 0);
  EXPECT_EQ(run_10base_t(scenario).good, bytes_of(scenario));
}

TEST(SystemC10BaseT, AnOscilloscopeSeesTheWaveformAndChangesNothing) {
  Scenario scenario{.near_ppm = -50, .far_ppm = 50, .scope_fs = 2'500'000, .end_fs = 300 * kMicrosecond};
  scenario.frames = frames(1, 100, 100, 0);
  EXPECT_EQ(run_10base_t(scenario).good, bytes_of(scenario));
}

TEST(SystemC10BaseT, UnpluggedItLosesItsLinkAndFindsItAgain) {
  Scenario scenario{
      .near_ppm = 100, .unplug_fs = 200'300'000'001, .replug_fs = 400'700'000'001, .end_fs = 900 * kMicrosecond};
  scenario.frames = frames(2, 600, 100, 500);  // the first is cut
  const auto arrived = run_10base_t(scenario);
  EXPECT_EQ(arrived.good, std::vector<Bytes>{});
  EXPECT_EQ(arrived.counted[static_cast<int>(LineCounter::kLinkLost)], 1U);
  EXPECT_TRUE(arrived.link);
}

TEST(SystemC100BaseTx, AFrameIsWhatTheMediumByItselfGives) {
  Scenario scenario{.near_ppm = 100, .far_ppm = -100, .end_fs = 800 * kMicrosecond};
  scenario.frames = frames(4, 1000, 300, 100);
  EXPECT_EQ(run_100base_tx(scenario).good, bytes_of(scenario));
}

TEST(SystemC100BaseTx, UnpluggedItLosesItsLinkAndFindsItAgain) {
  Scenario scenario{
      .near_ppm = -50, .unplug_fs = 301'000'000'001, .replug_fs = 400'000'000'001, .end_fs = 1000 * kMicrosecond};
  scenario.frames = frames(2, 600, 290, 500);
  const auto arrived = run_100base_tx(scenario);
  EXPECT_EQ(arrived.counted[static_cast<int>(LineCounter::kLinkLost)], 1U);
  EXPECT_TRUE(arrived.link);
}

TEST(SystemC1000BaseX, ErrorsAreThoseOfTheMediumByItself) {
  Scenario scenario{.near_ppm = 100, .end_fs = 1000 * kMicrosecond};
  scenario.frames = frames(30, 500, 200, 20);
  sim::SerialSettings settings{.bit_error_rate = 1e-5, .burst_rate = 1e-6, .slip_rate = 2e-6};
  sim::SerialCounters counters;
  const auto arrived = run_serial<sim::Code1000BaseX>(scenario, settings, counters);
  EXPECT_GT(counters.bit_errors, 0U);
  EXPECT_GT(counters.bursts, 0U);
  EXPECT_GT(counters.slips, 0U);
  EXPECT_GT(arrived.good.size(), 10U);
  EXPECT_LT(arrived.good.size(), 30U);
}

TEST(SystemC1000BaseX, UnpluggedItLosesItsLinkAndFindsItAgain) {
  Scenario scenario{.unplug_fs = 300'300'000'001, .replug_fs = 400'700'000'001, .end_fs = 900 * kMicrosecond};
  scenario.frames = frames(2, 600, 200, 500);
  sim::SerialCounters counters;
  const auto arrived = run_serial<sim::Code1000BaseX>(scenario, {}, counters);
  EXPECT_EQ(arrived.counted[static_cast<int>(LineCounter::kLinkLost)], 1U);
  EXPECT_EQ(arrived.good, bytes_of(scenario));
}

TEST(SystemC10GBaseR, ErrorsAreThoseOfTheMediumByItself) {
  Scenario scenario{.near_ppm = -100, .end_fs = 600 * kMicrosecond};
  scenario.frames = frames(30, 1000, 100, 10);
  sim::SerialSettings settings{.bit_error_rate = 2e-6, .burst_rate = 3e-7, .slip_rate = 5e-7};
  sim::SerialCounters counters;
  const auto arrived = run_serial<sim::Code10GBaseR>(scenario, settings, counters);
  EXPECT_GT(counters.bit_errors, 0U);
  EXPECT_GT(counters.bursts, 0U);
  EXPECT_GT(counters.slips, 0U);
  EXPECT_GT(arrived.good.size(), 10U);
  EXPECT_LT(arrived.good.size(), 30U);
}

// The bits of a port lie as in the ports of the RTL: build/rtl/line_CODE.sv says which.
TEST(SymbolPort, CarriesEachSymbol) {
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 1000; ++i) {
    const Block66 block{random(), random()};
    const auto bits = sim::SymbolPort<Block66>::to_port(block);
    EXPECT_EQ(bits.range(1, 0).to_uint64(), block.sync);
    EXPECT_EQ(bits.range(65, 2).to_uint64(), block.data);
    EXPECT_TRUE(same(sim::SymbolPort<Block66>::from_port(bits), block));
  }
  for (unsigned value = 0; value < 64; ++value) {
    const RecoveredLevels levels{value & 3, (value >> 2) & 3, value >> 4};
    EXPECT_EQ(sim::SymbolPort<RecoveredLevels>::to_port(levels), value);
    EXPECT_TRUE(same(sim::SymbolPort<RecoveredLevels>::from_port(value), levels));
  }
  for (unsigned value = 0; value < 1024; ++value) {
    EXPECT_EQ(sim::SymbolPort<CodeGroup>::to_port(value), value);
    EXPECT_TRUE(same(sim::SymbolPort<CodeGroup>::from_port(value), CodeGroup(value)));
  }
}

}  // namespace
}  // namespace sockwire::test
