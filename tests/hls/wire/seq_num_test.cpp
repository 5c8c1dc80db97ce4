// SPDX-License-Identifier: Apache-2.0
#include "hls/wire/seq_num.hpp"

#include <gtest/gtest.h>

namespace sockwire {
namespace {

// RFC 9293 3.4: arithmetic modulo 2^32, and "=<" means "less than or equal (modulo 2^32)".
TEST(SeqNum, OrderSurvivesTheWrap) {
  const SeqNum before(0xfffffff0u);
  const SeqNum after = before + 0x20;
  EXPECT_EQ(after.value(), 0x10u);
  EXPECT_LT(before, after);
  EXPECT_GT(after, before);
  EXPECT_LE(before, before);
  EXPECT_GE(after, before);
  EXPECT_FALSE(after < before);
}

TEST(SeqNum, DifferenceIsTheBytesBetween) {
  EXPECT_EQ(SeqNum(0x10) - SeqNum(0xfffffff0u), 0x20u);
  EXPECT_EQ(SeqNum(0x10) - 0x20u, SeqNum(0xfffffff0u));
}

TEST(SeqNum, HalfTheCircleIsAhead) {
  EXPECT_LT(SeqNum(0), SeqNum(0x7fffffffu));
  EXPECT_GT(SeqNum(0), SeqNum(0x80000001u));
}

TEST(SeqNum, MaxAndMinFollowTheOrder) {
  EXPECT_EQ(seq_max(SeqNum(0xffffffffu), SeqNum(1)), SeqNum(1));
  EXPECT_EQ(seq_min(SeqNum(0xffffffffu), SeqNum(1)), SeqNum(0xffffffffu));
}

static_assert(SeqNum(1) + 2 == SeqNum(3), "kernels fold it at compile time");

}  // namespace
}  // namespace sockwire
