// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/host/card/harness.hpp"

namespace sockwire::test {
namespace {

std::vector<std::uint8_t> marked(std::uint8_t mark, std::size_t bytes = 60) {
  return std::vector<std::uint8_t>(bytes, mark);
}

Result<void, card::FrameError> ack(Rig& rig, card::ConnectionId id, std::uint8_t mark, bool supersedes) {
  const auto bytes = marked(mark);
  return rig.driver.frame(rig.now(), {.bytes = bytes, .connection = id, .ack = true, .supersedes = supersedes});
}

std::vector<int> marks(const std::vector<WireFrame>& frames) {
  std::vector<int> result;
  for (const WireFrame& frame : frames) result.push_back(frame.bytes.front());
  return result;
}

TEST(PriorityLane, FrameReachesTheWireWithItsOffsetsAndIsReportedWithTheCallersTag) {
  Rig rig;
  rig.start();
  const auto bytes = marked(9, 300);
  const auto id = rig.driver.open_connection();
  ASSERT_TRUE(rig.driver.frame(rig.now(), {.bytes = bytes,
                                           .l3_offset = 18,
                                           .l4_offset = 38,
                                           .checksum_offset = 54,
                                           .pseudo_sum = 0x1234,
                                           .insert_l3 = true,
                                           .insert_l4 = true,
                                           .report = true,
                                           .connection = id,
                                           .tag = 70000}));
  ASSERT_TRUE(rig.driver.poll_command(rig.now(), rig.message));
  // The contract, byte by byte: FRAME, epoch 1, 300 bytes, slot 0, flags L3 L4 report, tag, offsets, sum.
  const std::vector<std::uint8_t> header(rig.message.begin(), rig.message.begin() + 16);
  EXPECT_EQ(header, (std::vector<std::uint8_t>{0x04, 1, 0x2C, 1, 0, 0x0B, 0, 0, 18, 38, 54, 0, 0x34, 0x12, 0, 0}));
  rig.card.push(rig.message);
  rig.settle();
  const auto wire = rig.card.take_wire();
  ASSERT_EQ(wire.size(), 1u);
  EXPECT_EQ(wire[0].bytes, bytes);
  const auto sent = rig.take<card::Sent>();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].connection, id);
  EXPECT_EQ(sent[0].tag, 70000u);
  EXPECT_EQ(sent[0].time, Rig::at(wire[0].time_ns));
  EXPECT_FALSE(sent[0].skipped);
}

TEST(PriorityLane, KeepsToTheCreditsAndResumesWhenFramesLeave) {
  Rig rig;
  rig.start();
  rig.card.hold_lane(true);
  for (std::uint8_t i = 0; i < 6; ++i) {
    const auto bytes = marked(i);
    ASSERT_TRUE(rig.driver.frame(rig.now(), {.bytes = bytes}));
  }
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(ack(rig, card::kNoConnection, static_cast<std::uint8_t>(100 + i), false));
  rig.settle();
  EXPECT_EQ(rig.card.commands_of(card::Command::kFrame), 2u + 16u);
  rig.card.hold_lane(false);
  rig.settle();
  EXPECT_EQ(rig.card.take_wire().size(), 26u);
  EXPECT_TRUE(rig.card.faults().empty());
}

// The credits are told modulo 2^8.
TEST(PriorityLane, CreditsWrap) {
  Rig rig;
  rig.start();
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(ack(rig, card::kNoConnection, 1, false));
    const auto bytes = marked(2);
    ASSERT_TRUE(rig.driver.frame(rig.now(), {.bytes = bytes}));
    if (i % 3 == 0) rig.settle();
  }
  rig.settle();
  EXPECT_EQ(rig.card.take_wire().size(), 2000u);
  EXPECT_TRUE(rig.card.faults().empty());
}

TEST(PriorityLane, NewerAckTakesTheOldersPlaceOnlyWhileBothMayMerge) {
  Rig rig;
  rig.start();
  rig.card.hold_lane(true);
  const auto one = rig.driver.open_connection();
  const auto other = rig.driver.open_connection();
  for (int i = 0; i < card::kAckFrames; ++i) ASSERT_TRUE(ack(rig, card::kNoConnection, 99, false));
  rig.settle();  // No credit left.
  ASSERT_TRUE(ack(rig, one, 1, true));
  ASSERT_TRUE(ack(rig, other, 2, true));
  ASSERT_TRUE(ack(rig, one, 3, true));   // Takes the place of 1.
  ASSERT_TRUE(ack(rig, one, 4, false));  // A duplicate: stays.
  ASSERT_TRUE(ack(rig, one, 5, false));  // As does each further one
  ASSERT_TRUE(ack(rig, one, 6, true));   // and what comes after it.
  ASSERT_TRUE(ack(rig, one, 7, true));   // Takes the place of 6.
  rig.card.hold_lane(false);
  rig.settle();
  auto seen = marks(rig.card.take_wire());
  std::erase(seen, 99);
  EXPECT_EQ(seen, (std::vector<int>{3, 2, 4, 5, 7}));
  EXPECT_EQ(rig.driver.driver_counters().acks_superseded, 2u);
}

TEST(PriorityLane, FullQueueRefusesAndCounts) {
  Rig rig;
  card::DriverConfig config;
  config.control_queue_frames = 3;
  Rig small(1, 1, config);
  const auto bytes = marked(1);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(small.driver.frame(small.now(), {.bytes = bytes}));
  EXPECT_FALSE(small.driver.frame_room());
  const auto refused = small.driver.frame(small.now(), {.bytes = bytes});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), card::FrameError::kQueueFull);
  EXPECT_EQ(small.driver.driver_counters().frames_refused, 1u);
  const auto giant = marked(1, 1519);
  EXPECT_EQ(small.driver.frame(small.now(), {.bytes = giant}).error(), card::FrameError::kTooLong);
}

TEST(PriorityLane, LongAckUsesAControlCredit) {
  Rig rig;
  rig.start();
  const auto bytes = marked(1, 129);
  ASSERT_TRUE(rig.driver.frame(rig.now(), {.bytes = bytes, .ack = true}));
  rig.settle();
  EXPECT_EQ(rig.card.take_wire().size(), 1u);
  EXPECT_TRUE(rig.card.faults().empty());
}

TEST(PriorityLane, ReportedFramesOfALostCardAreReportedAsSkipped) {
  Rig rig;
  rig.start();
  rig.card.hold_lane(true);
  const auto id = rig.driver.open_connection();
  const auto bytes = marked(1);
  for (std::uint32_t tag = 0; tag < 3; ++tag) {
    ASSERT_TRUE(rig.driver.frame(rig.now(), {.bytes = bytes, .report = true, .connection = id, .tag = tag}));
  }
  rig.settle();
  rig.driver.on_card_lost(rig.now());
  rig.notices();
  const auto skipped = rig.take<card::Sent>();
  ASSERT_EQ(skipped.size(), 2u);  // What the card had: two credits.
  EXPECT_TRUE(skipped[0].skipped && skipped[1].skipped);
  rig.card.hold_lane(false);
  rig.start(2);
  const auto sent = rig.take<card::Sent>();
  ASSERT_EQ(sent.size(), 1u);  // The third waited in the host and leaves now.
  EXPECT_EQ(sent[0].tag, 2u);
  EXPECT_FALSE(sent[0].skipped);
}

}  // namespace
}  // namespace sockwire::test
