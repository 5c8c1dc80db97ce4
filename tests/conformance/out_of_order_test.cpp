// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.4 (SHLD-31, MAY-13), RFC 5681 3.2 and 4.2: what comes ahead of a gap is kept, answered at once, and
// so is what fills the gap.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, SegmentsAheadOfAGapAreKept) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 6, kOurs, 0, "ghi");
  lone.receive(kTheirs + 3, kOurs, 0, "def");
  lone.receive(kTheirs, kOurs, 0, "abc");
  EXPECT_EQ(lone.read(), "abcdefghi");
}

TEST(Rfc5681, SegmentAheadOfAGapIsAnsweredAtOnce) {
  Lone lone;
  lone.establish();
  for (std::uint32_t i = 1; i <= 3; ++i) {
    lone.receive(kTheirs + i * kMss, kOurs, 0, text(kMss));
    const auto out = lone.take();
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].ack, kTheirs);
  }
}

TEST(Rfc5681, SegmentThatFillsAGapIsAnsweredAtOnce) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 10, kOurs, 0, "klm");
  lone.receive(kTheirs + 20, kOurs, 0, "uvw");
  lone.take();
  lone.receive(kTheirs, kOurs, 0, "a");  // a part of the first gap
  lone.take();
  lone.receive(kTheirs + 1, kOurs, 0, "bcdefghij");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 13);
}

TEST(Rfc5681, SegmentThatFillsAPartOfAGapIsAnsweredAtOnce) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs + 10, kOurs, 0, "klm");
  lone.take();
  lone.receive(kTheirs, kOurs, 0, "abc");
  EXPECT_EQ(lone.take().size(), 1u);
}

}  // namespace
}  // namespace sockwire::tcp::test
