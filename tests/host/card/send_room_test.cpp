// SPDX-License-Identifier: Apache-2.0
// How much a connection may hand over at once.
#include <gtest/gtest.h>

#include "tests/host/card/harness.hpp"

namespace sockwire::test {
namespace {

TEST(SendRoom, IsHalfARingUntilTwoAreQueued) {
  Rig rig;
  rig.start();
  rig.card.hold_slots(true);
  const auto id = rig.driver.open_connection();
  EXPECT_EQ(rig.driver.send_room(id), 16384u);
  rig.send(id, 0, 16000, 0);
  rig.settle();
  EXPECT_EQ(rig.driver.send_room(id), 16384u);
  rig.send(id, 16000, 16000, 1);
  rig.settle();
  EXPECT_EQ(rig.driver.send_room(id), 0u);
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_EQ(rig.driver.send_room(id), 16384u);
  EXPECT_FALSE(rig.driver.has_unsent(id));
  EXPECT_TRUE(rig.card.faults().empty());
}

// A wide card's queue is longer, so that long SENDs last from one look at the card to the next.
TEST(SendRoom, AWideCardTakesFourSendsAsFarAsTheRingHoldsThem) {
  Rig rig(8);
  rig.start();
  rig.card.hold_slots(true);
  const auto id = rig.driver.open_connection();
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(rig.driver.send_room(id), 65535u) << i;
    rig.send(id, 65000 * i, 65000, i);
    rig.settle();
  }
  EXPECT_EQ(rig.driver.send_room(id), 0u);
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_EQ(rig.driver.send_room(id), 65535u);

  // Two that send have half of the buffer each.
  rig.card.hold_slots(true);
  const auto other = rig.driver.open_connection();
  rig.send(id, 260000, 1000, 4);
  rig.send(other, 0, 1000, 5);
  rig.card.hold_slots(false);
  rig.settle();
  rig.card.hold_slots(true);
  for (std::uint32_t i = 0; i < 2; ++i) {
    EXPECT_EQ(rig.driver.send_room(other), 65535u) << i;
    rig.send(other, 1000 + 65000 * i, 65000, 6 + i);
    rig.settle();
  }
  EXPECT_EQ(rig.driver.send_room(other), 0u) << "a third would only wait for room in the ring";
  rig.card.hold_slots(false);
  rig.settle();
  EXPECT_FALSE(rig.driver.has_unsent(other));
  for (const auto& fault : rig.card.faults()) ADD_FAILURE() << fault;
}

}  // namespace
}  // namespace sockwire::test
