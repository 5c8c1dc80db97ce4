// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/host/card/harness.hpp"

namespace sockwire::test {
namespace {

TEST(Registers, MacSettingsAreWrittenOnceReadyAndAgainAfterALoss) {
  Rig rig;
  rig.driver.configure_mac({.address = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55}, .all_multicast = true, .pause = false});
  rig.start(1);
  EXPECT_EQ(rig.card.register_value(0x00), 0x33221102u);
  EXPECT_EQ(rig.card.register_value(0x01), 0x5544u);
  EXPECT_EQ(rig.card.register_value(0x02), 0x6u);
  EXPECT_EQ(rig.card.register_value(0x03), 0u);
  EXPECT_EQ(rig.card.commands_of(card::Command::kWriteRegister), 4u);
  rig.start(2);
  EXPECT_EQ(rig.card.commands_of(card::Command::kWriteRegister), 8u);
}

TEST(Registers, ReadsAreAnsweredInOrder) {
  Rig rig;
  rig.start();
  rig.driver.write_register(0x02, 0x7);
  rig.driver.read_register(0x02);
  rig.driver.write_register(0x02, 0x5);
  rig.driver.read_register(0x02);
  rig.settle();
  const auto values = rig.take<card::RegisterValue>();
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].value, 0x7u);
  EXPECT_EQ(values[1].value, 0x5u);
}

TEST(Registers, CountersAreWidenedPastTheirWrapAndSurviveANewBoot) {
  Rig rig;
  rig.start();
  rig.card.set_counter(card::Counter::kTxFrames, 0xFFFFFFF0u);
  rig.driver.read_counters();
  rig.driver.read_counters();  // Part of the first.
  rig.settle();
  EXPECT_EQ(rig.take<card::CountersRead>().size(), 1u);
  EXPECT_EQ(rig.card.commands_of(card::Command::kReadRegister), static_cast<std::size_t>(card::kCounterCount));
  const auto frames = static_cast<std::size_t>(card::Counter::kTxFrames);
  EXPECT_EQ(rig.driver.counters()[frames], 0xFFFFFFF0u);
  rig.card.set_counter(card::Counter::kTxFrames, 0x10u);
  rig.driver.read_counters();
  rig.settle();
  EXPECT_EQ(rig.driver.counters()[frames], 0x100000010u);

  // Another card takes over, whose counters begin at 0.
  rig.card = SoftCard(78, 1, 5);
  rig.start(2);
  rig.card.set_counter(card::Counter::kTxFrames, 3);
  rig.driver.read_counters();
  rig.settle();
  EXPECT_EQ(rig.driver.counters()[frames], 0x100000013u);
}

TEST(Registers, SnapshotThatTheCardLostIsTakenUpAgain) {
  Rig rig;
  rig.start();
  rig.card.set_counter(card::Counter::kRxFcs, 4);
  rig.card.hold_commands(true);
  rig.driver.read_counters();
  rig.commands();
  rig.driver.on_card_lost(rig.now());
  rig.card = SoftCard(77, 1, 5);
  rig.card.set_counter(card::Counter::kRxFcs, 4);
  rig.start(2);
  EXPECT_EQ(rig.take<card::CountersRead>().size(), 1u);
  EXPECT_EQ(rig.driver.counters()[static_cast<std::size_t>(card::Counter::kRxFcs)], 4u);
}

}  // namespace
}  // namespace sockwire::test
