// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.6 and 3.6.1: each direction closes by itself.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ReceivesAfterItsOwnFin) {
  Lone lone;
  reach(lone, State::kFinWait2);
  for (std::uint32_t i = 0; i < 3; ++i) lone.receive(kTheirs + 4 * i, kOurs + 1, 0, "data");
  EXPECT_EQ(lone.read(), "datadatadata");
  EXPECT_EQ(lone->state(), State::kFinWait2);
}

TEST(Rfc9293, SendsAfterThePeersFin) {
  Lone lone;
  reach(lone, State::kCloseWait);
  lone.send("answer");
  ASSERT_EQ(lone.out.size(), 1u);
  EXPECT_EQ(lone.payload(lone.out[0]), "answer");
  EXPECT_EQ(lone.out[0].ack, kTheirs + 1);
  EXPECT_EQ(lone->state(), State::kCloseWait);
}

TEST(Rfc9293, TakesNothingBehindAnEarlyFin) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 2, kOurs, wire::kTcpFin);
  lone.receive(kTheirs, kOurs, 0, "abghost");
  EXPECT_EQ(lone.read(), "ab");
  EXPECT_TRUE(lone->end_of_stream());
}

TEST(Rfc9293, TakesNothingBehindThePeersFin) {
  Lone lone;
  reach(lone, State::kCloseWait);
  lone.receive(kTheirs + 1, kOurs, 0, "ghost");
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_TRUE(lone->end_of_stream());
  EXPECT_EQ(lone->info().counters.data_after_fin, 1u);
}

}  // namespace
}  // namespace sockwire::tcp::test
