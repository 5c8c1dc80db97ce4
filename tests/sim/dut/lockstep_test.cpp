// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/sim/dut/lockstep.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kBeats = 1'000'000;

template <int kBytes>
void expect_alike(std::uint32_t seed) {
  Lockstep<kBytes> lockstep(seed);
  const LockstepResult result = lockstep.run(kBeats);
  std::cout << "seed " << seed << ": " << result.cycles << " cycles (" << result.idle_cycles
            << " idle), beats: " << result.command_beats << " commands, " << result.event_beats << " events, "
            << result.line_beats << " line; events:";
  for (const auto& [type, count] : result.events) std::cout << " 0x" << std::hex << type << std::dec << "=" << count;
  std::cout << "\n";
  EXPECT_EQ(result.difference, "") << "seed " << seed;
  // The traffic was worth comparing: every kind of event but CREDIT, which needs a quiet host, came often.
  for (const card::Name& event : card::kEvents) {
    if (event.value == static_cast<unsigned>(card::Event::kCredit)) continue;
    if (event.value == static_cast<unsigned>(card::Event::kCoalesced)) continue;  // hls/link/coalescer.hpp makes those
    EXPECT_GT(result.events.count(event.value), 0u) << event.name << ", seed " << seed;
  }
  EXPECT_GT(result.line_beats, kBeats / 20) << "seed " << seed;
  EXPECT_GT(result.idle_cycles, 0u) << "seed " << seed;
}

TEST(Lockstep, NativeAndVerilatedAgreeInEveryCycleAtWidth1) { expect_alike<1>(1); }
TEST(Lockstep, NativeAndVerilatedAgreeInEveryCycleAtWidth8) { expect_alike<8>(8); }

}  // namespace
}  // namespace sockwire::sim
