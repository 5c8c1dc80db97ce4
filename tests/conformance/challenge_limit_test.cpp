// SPDX-License-Identifier: Apache-2.0
// RFC 5961 7: challenge ACKs are limited in number.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc5961, ChallengeAcksAreLimited) {
  Lone lone;
  lone.establish();
  for (int i = 0; i < 1000; ++i) {
    lone.receive(kTheirs + 5, kOurs, wire::kTcpRst);
    lone.receive(kTheirs + 5, kOurs, wire::kTcpSyn);
    lone.receive(kTheirs, kOurs + 1);
  }
  EXPECT_LE(lone.take().size(), 10u);
  EXPECT_EQ(lone->info().counters.challenge_acks_limited + lone->info().counters.challenge_acks, 3000u);
}

TEST(Rfc5961, ChallengeLimitIsASetting) {
  Lone lone;
  lone.config.challenge_acks_per_second = 3;
  lone.establish();
  for (int i = 0; i < 100; ++i) lone.receive(kTheirs + 5, kOurs, wire::kTcpRst);
  EXPECT_EQ(lone.take().size(), 3u);
  lone.now += 1s;
  for (int i = 0; i < 100; ++i) lone.receive(kTheirs + 5, kOurs, wire::kTcpRst);
  EXPECT_EQ(lone.take().size(), 3u);
}

}  // namespace
}  // namespace sockwire::tcp::test
