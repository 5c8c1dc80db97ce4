// SPDX-License-Identifier: Apache-2.0
// RFC 6298 5.7, RFC 5681 3.1: after a lost SYN data starts with a time-out of three seconds and a window of one
// segment.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc6298, LostSynMakesTheFirstTimeoutThreeSeconds) {
  Lone lone;
  lone.connect();
  lone.advance(1s);
  lone.receive(Lone::kPeer, kOurs, wire::kTcpSyn);
  ASSERT_EQ(lone->state(), State::kEstablished);
  lone.take();
  lone.send("data");
  EXPECT_EQ(lone->next_deadline(), lone.now + 3s);
}

TEST(Rfc6298, SynsAreRetransmittedAfterOneTwoFourSeconds) {
  Lone lone;
  lone.connect();
  for (const Duration wait : {1s, 2s, 4s, 8s}) {
    EXPECT_EQ(lone->next_deadline(), lone.now + wait);
    lone.advance(wait);
  }
}

TEST(Rfc5681, LostSynMakesTheFirstWindowOneSegment) {
  Lone lone;
  lone.connect();
  lone.advance(1s);
  Segment syn_ack = lone.segment(Lone::kPeer, kOurs, wire::kTcpSyn | wire::kTcpAckFlag);
  syn_ack.options.mss = 1460;
  lone.deliver(syn_ack);
  lone.take();
  lone.send(text(10 * kMss));
  EXPECT_EQ(payload_bytes(lone.take()), kMss);
}

}  // namespace
}  // namespace sockwire::tcp::test
