// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.5.3 (SHLD-2): a RST may bring data, which is not read.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ResetMayBringData) {
  Lone lone;
  lone.establish();
  lone.receive(kTheirs, kOurs, wire::kTcpRst, "why");
  EXPECT_TRUE(lone->is_closed());
  EXPECT_EQ(lone->readable_bytes(), 0u);
}

}  // namespace
}  // namespace sockwire::tcp::test
