// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6.2.1 (MUST-38): no small segment into a window that has just opened a little, unless it is all there
// is, half of the largest window, or the time-out has come.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

/// With a window of four segments, full, and 20 segments to send.
class SenderSillyWindow : public ::testing::Test {
 protected:
  void SetUp() override {
    lone.peer_window = 4 * kMss;
    lone.establish();
    lone.send(text(20 * kMss));
    ASSERT_EQ(payload_bytes(lone.take()), 4 * kMss);
  }
  /// One more segment is acknowledged, and `bytes` of window are free.
  void open_by(std::uint32_t bytes) {
    lone.peer_window = static_cast<std::uint16_t>(3 * kMss + bytes);
    lone.receive(kTheirs, kOurs + kMss);
  }
  Lone lone;
};

TEST_F(SenderSillyWindow, LessThanASegmentIsNotFilled) {
  open_by(kMss - 1);
  EXPECT_TRUE(lone.take().empty());
}

TEST_F(SenderSillyWindow, AFullSegmentIs) {
  open_by(kMss);
  EXPECT_EQ(payload_bytes(lone.take()), kMss);
}

TEST(Rfc9293, HalfOfTheLargestWindowIsWorthSending) {
  Lone lone;
  lone.peer_window = 1000;  // never a full segment
  lone.establish();
  lone.send(text(5000));
  EXPECT_EQ(payload_bytes(lone.take()), 1000u);
  lone.peer_window = 500;
  lone.receive(kTheirs, kOurs + 1000);
  EXPECT_EQ(payload_bytes(lone.take()), 500u);
}

TEST(Rfc9293, TimeoutOverridesTheSillyWindow) {
  Lone lone;
  lone.peer_window = 4 * kMss;
  lone.establish();
  lone.send(text(4 * kMss));
  lone.take();
  lone.peer_window = 100;
  lone.receive(kTheirs, kOurs + 4 * kMss);
  lone.send(text(kMss));
  EXPECT_TRUE(lone.take().empty());
  ASSERT_NE(lone->next_deadline(), kNever);
  lone.advance(lone->next_deadline() - lone.now);
  EXPECT_EQ(payload_bytes(lone.take()), 100u);
}

}  // namespace
}  // namespace sockwire::tcp::test
