// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.4 fifth: a segment without ACK is dropped in every synchronized state.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

class AckIsRequired : public ::testing::TestWithParam<State> {};

TEST_P(AckIsRequired, ElseTheSegmentIsDropped) {
  Lone lone;
  reach(lone, GetParam());
  const std::uint8_t byte = 1;
  Segment segment = lone.segment(lone->rcv_nxt(), SeqNum(0), wire::kTcpPsh);
  segment.payload = {&byte, 1};
  lone.deliver(segment);
  EXPECT_EQ(lone->state(), GetParam());
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_EQ(lone->info().counters.no_ack_flag, 1u);
}

INSTANTIATE_TEST_SUITE_P(Rfc9293, AckIsRequired, ::testing::ValuesIn(kSynchronized));

}  // namespace
}  // namespace sockwire::tcp::test
