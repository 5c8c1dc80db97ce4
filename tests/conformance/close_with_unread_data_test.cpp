// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.6.1 (SHLD-3), RFC 1122 4.2.2.13: closing while data is unread, or getting data afterwards, sends a RST so
// that the peer learns of the loss.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, CloseWithUnreadDataResets) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, "unread");
  lone.take();
  lone->close(lone.now);
  lone.pump();
  ASSERT_EQ(lone.out.size(), 1u);
  EXPECT_TRUE(lone.out[0].rst());
}

TEST(Rfc9293, DataAfterCloseResets) {
  Lone lone;
  lone.establish();
  lone->close(lone.now);
  lone.pump();
  lone.take();
  lone.receive(kTheirs, kOurs, 0, "late");
  const auto out = lone.take();
  ASSERT_FALSE(out.empty());
  EXPECT_TRUE(out.back().rst());
}

}  // namespace
}  // namespace sockwire::tcp::test
