// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.8.5 (MUST-31), RFC 6093 5: urgent data of any length is read in its place in the stream.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, UrgentDataStaysInTheStream) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, 0, "before ");
  lone.receive(kTheirs + 7, kOurs, wire::kTcpUrg, text(kMss));
  lone.receive(kTheirs + 7 + kMss, kOurs, wire::kTcpUrg, text(kMss));
  lone.receive(kTheirs + 7 + 2 * kMss, kOurs, 0, " after");
  EXPECT_EQ(lone.read(), "before " + text(2 * kMss) + " after");
}

}  // namespace
}  // namespace sockwire::tcp::test
