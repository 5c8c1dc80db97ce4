// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.7.4 (SHLD-7, MUST-17): a short segment waits while another is unacknowledged, unless the application says
// not to.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ShortSegmentWaitsForTheAckOfTheOneBefore) {
  Lone lone;
  lone.establish();
  lone.send("a");
  lone.take();
  lone.send("b");
  lone.send("c");
  EXPECT_TRUE(lone.take().empty());
  lone.receive(kTheirs, kOurs + 1);
  ASSERT_EQ(lone.out.size(), 1u);
  EXPECT_EQ(lone.payload(lone.out[0]), "bc");
}

TEST(Rfc9293, FullSegmentDoesNotWait) {
  Lone lone;
  lone.establish();
  lone.send("a");
  lone.take();
  lone.send(text(kMss));
  EXPECT_EQ(payload_bytes(lone.take()), kMss);
}

TEST(Rfc9293, ApplicationMaySwitchNagleOff) {
  Lone lone;
  lone.establish();
  lone->set_nodelay(lone.now, true);
  for (int i = 0; i < 3; ++i) lone.send("a");
  EXPECT_EQ(lone.take().size(), 3u);
}

}  // namespace
}  // namespace sockwire::tcp::test
