// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.5.2 and 3.10.7.1: a segment to no connection is answered with a RST that the sender believes; a RST never
// is.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ResetTakesItsNumberFromTheAck) {
  Segment segment;
  segment.seq = SeqNum(10);
  segment.ack = SeqNum(77);
  segment.flags = wire::kTcpAckFlag | wire::kTcpFin;
  const auto reset = reset_for(segment);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->flags(), wire::kTcpRst);
  EXPECT_EQ(reset->seq, SeqNum(77));
}

TEST(Rfc9293, ResetOfASegmentWithoutAckAcknowledgesAllOfIt) {
  const std::array<std::uint8_t, 5> data{};
  Segment segment;
  segment.seq = SeqNum(10);
  segment.flags = wire::kTcpSyn | wire::kTcpFin;
  segment.payload = data;
  const auto reset = reset_for(segment);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->flags(), wire::kTcpRst | wire::kTcpAckFlag);
  EXPECT_EQ(reset->seq, SeqNum(0));
  EXPECT_EQ(reset->ack, SeqNum(17));
}

TEST(Rfc9293, ResetIsNeverAnswered) {
  Segment segment;
  segment.flags = wire::kTcpRst | wire::kTcpAckFlag;
  EXPECT_FALSE(reset_for(segment));
}

}  // namespace
}  // namespace sockwire::tcp::test
