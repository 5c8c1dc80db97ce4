// SPDX-License-Identifier: Apache-2.0
// RFC 7323 5: a segment from the past is dropped and answered, a RST is not looked at, and after 24 days the past is
// forgotten.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class PawsRules : public ::testing::Test {
 protected:
  void SetUp() override {
    lone.config.timestamps = true;
    lone.establish({1460, std::nullopt, Timestamps{0xfffffff0u, 0}, false});
  }
  void receive(SeqNum seq, const std::string& data, std::uint32_t tsval, int flags = 0) {
    Segment segment = lone.segment(seq, kOurs, flags | wire::kTcpAckFlag);
    segment.options.timestamps = Timestamps{tsval, 0};
    segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
    lone.deliver(segment);
  }
  Lone lone;
};

TEST_F(PawsRules, OldSegmentIsDroppedAndAnswered) {
  receive(kTheirs, "old", 0xffffffefu);
  EXPECT_EQ(lone->readable_bytes(), 0u);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs);
}

TEST_F(PawsRules, SameTimestampIsTaken) {
  receive(kTheirs, "same", 0xfffffff0u);
  EXPECT_EQ(lone.read(), "same");
}

TEST_F(PawsRules, ClockMayWrap) {
  receive(kTheirs, "wrapped", 5);
  EXPECT_EQ(lone.read(), "wrapped");
  receive(kTheirs + 7, "old", 0xffffffffu);
  EXPECT_EQ(lone->readable_bytes(), 0u);
}

TEST_F(PawsRules, ResetIsNotLookedAt) {
  receive(kTheirs, "", 0xff000000u, wire::kTcpRst);
  EXPECT_TRUE(lone->is_closed());
}

TEST_F(PawsRules, ResetDoesNotMoveTheEcho) {
  receive(kTheirs + 1, "", 0x100u, wire::kTcpRst);  // in the window: challenged
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].options.timestamps->tsecr, 0xfffffff0u);
}

TEST_F(PawsRules, AfterTwentyFourDaysAnythingIsNew) {
  lone.advance(24 * 24h + 1s);
  receive(kTheirs, "other", 0xf0000000u);
  EXPECT_EQ(lone.read(), "other");
}

TEST_F(PawsRules, UnacceptableSegmentDoesNotMoveTheEcho) {
  receive(kTheirs + 100000, "ahead", 50);
  receive(kTheirs, "data", 0xfffffff5u);
  EXPECT_EQ(lone.read(), "data");
}

}  // namespace
}  // namespace sockwire::tcp::test
