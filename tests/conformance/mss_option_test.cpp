// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.7.1 (MUST-14, MUST-65, MUST-67, SHLD-5): the MSS option is on both kinds of SYN with what we can take, and
// on nothing else.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, MssOptionIsOnTheSyn) {
  Lone lone;
  lone.config.mss = 1400;
  lone.connect();
  EXPECT_EQ(lone.take().at(0).options.mss, 1400);
}

TEST(Rfc9293, MssOptionIsOnTheSynAck) {
  Lone lone;
  lone.config.mss = 1400;
  lone.accept();
  EXPECT_EQ(lone.take().at(0).options.mss, 1400);
}

TEST(Rfc9293, MssOptionIsOnNothingElse) {
  Lone lone;
  lone.establish();
  lone.send("data");
  lone.receive(kTheirs + 5, kOurs, 0, "out of order");
  lone->shutdown_write(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 3u);
  for (const Transmit& transmit : out) EXPECT_FALSE(transmit.options.mss);
}

}  // namespace
}  // namespace sockwire::tcp::test
