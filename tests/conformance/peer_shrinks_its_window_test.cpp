// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.6 (MUST-34, SHLD-15, SHLD-16, SHLD-17), RFC 7323 2.4: a peer that takes its right edge back gets nothing
// new, what is within the window is sent again, and the connection is not given up for what lies beyond.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

/// Four segments are in flight and the peer leaves room for `segments` of them.
void shrink(Lone& lone, std::uint32_t segments) {
  lone.establish();
  lone.send(text(20 * kMss));
  lone.take();
  lone.peer_window = static_cast<std::uint16_t>(segments * kMss);
  lone.receive(kTheirs, kOurs + kMss);
  for (const Transmit& transmit : lone.take()) EXPECT_TRUE(transmit.retransmission) << "nothing new";
}

TEST(Rfc9293, ShrunkWindowStopsNewData) {
  Lone lone;
  shrink(lone, 2);
  lone.send(text(100));
  EXPECT_TRUE(lone.take().empty());
}

TEST(Rfc9293, ShrunkWindowIsServedAgain) {
  Lone lone;
  shrink(lone, 2);
  lone.advance(500ms);
  const auto out = lone.take();
  ASSERT_FALSE(out.empty());
  for (const Transmit& transmit : out) {
    EXPECT_TRUE(transmit.retransmission);
    EXPECT_LE(transmit.seq_end(), kOurs + 3 * kMss);
  }
}

TEST(Rfc9293, WindowThatShrankToNothingIsNoReasonToGiveUp) {
  Lone lone;
  lone.config.max_retransmissions = 4;
  shrink(lone, 0);
  for (int i = 0; i < 20; ++i) {
    ASSERT_NE(lone->next_deadline(), kNever);
    lone.advance(lone->next_deadline() - lone.now);
    ASSERT_FALSE(lone->is_closed()) << "after " << i << " answers";
    lone.receive(kTheirs, kOurs + kMss);  // alive, and still without room
  }
  lone.take();
  lone.peer_window = 65535;
  lone.receive(kTheirs, kOurs + kMss);
  lone.advance(70s);
  EXPECT_GT(payload_bytes(lone.take()), 0u);
}

}  // namespace
}  // namespace sockwire::tcp::test
