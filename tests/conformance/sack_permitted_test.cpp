// SPDX-License-Identifier: Apache-2.0
// RFC 2018 2: SACK-permitted is on SYNs and on nothing else.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc2018, SackPermittedIsOnSynsOnly) {
  Lone lone;
  lone.connect();
  EXPECT_TRUE(lone.take().at(0).options.sack_permitted);
  lone = Lone();
  lone.accept({1460, std::nullopt, std::nullopt, true});
  EXPECT_TRUE(lone.take().at(0).options.sack_permitted);
  lone.receive(kTheirs, kOurs);
  lone.receive(kTheirs + 5, kOurs, 0, "ahead");
  lone.send("data");
  lone->close(lone.now);
  lone.pump();
  lone.advance(1s);
  const auto out = lone.take();
  EXPECT_GE(out.size(), 3u);
  for (const Transmit& t : out) EXPECT_FALSE(t.options.sack_permitted);
}

}  // namespace
}  // namespace sockwire::tcp::test
