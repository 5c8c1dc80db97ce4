// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.6 (MAY-2, SHLD-4), RFC 6191 2: a SYN that is newer by its timestamp, or by its sequence number without
// timestamps, may replace a connection in TIME-WAIT.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, NewerTimestampMayReplaceTimeWait) {
  Lone lone;
  lone.config.timestamps = true;
  lone.establish({1460, std::nullopt, Timestamps{1000, 0}, false});
  lone->shutdown_write(lone.now);
  lone.pump();
  Segment fin = lone.segment(kTheirs, kOurs + 1, wire::kTcpFin | wire::kTcpAckFlag);
  fin.options.timestamps = Timestamps{2000, 0};
  lone.deliver(fin);
  ASSERT_EQ(lone->state(), State::kTimeWait);
  Segment syn = lone.segment(kTheirs - 5000, SeqNum(0), wire::kTcpSyn);  // by its number it would be old
  syn.options.timestamps = Timestamps{2001, 0};
  EXPECT_TRUE(lone->may_be_replaced_by(syn));
  syn.options.timestamps = Timestamps{1999, 0};
  EXPECT_FALSE(lone->may_be_replaced_by(syn));
}

TEST(Rfc9293, NewerSequenceNumberMayReplaceTimeWait) {
  Lone lone;
  reach(lone, State::kTimeWait);
  EXPECT_TRUE(lone->may_be_replaced_by(lone.segment(kTheirs + 2, SeqNum(0), wire::kTcpSyn)));
  EXPECT_FALSE(lone->may_be_replaced_by(lone.segment(kTheirs, SeqNum(0), wire::kTcpSyn)));
}

}  // namespace
}  // namespace sockwire::tcp::test
