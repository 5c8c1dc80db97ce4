// SPDX-License-Identifier: Apache-2.0
// The command `sockwire`, as it is installed, on a card on a USB cable of a machine with Debian's kernel, whose USB
// stack is in between; behind the card's engine is Linux with nginx and a TCP server.
#include <gtest/gtest.h>

#include "tests/guest/guest_fetch.hpp"

namespace sockwire::interop {
namespace {

TEST(UsbGuest, FetchesAFileAndSendsItThroughARealKernelsUsbAndAPulledCable) {
  const test::GuestFetch fetch = test::fetch_in_guest(200'000, 5);
  if (!fetch.lacks.empty()) GTEST_SKIP() << fetch.lacks;
  ASSERT_EQ(fetch.guest.exit_code, 0) << fetch.guest.console;
  RecordProperty("seconds", std::to_string(fetch.guest.seconds));
  EXPECT_FALSE(fetch.served.empty());
  EXPECT_EQ(fetch.fetched, fetch.served) << fetch.guest.console;
  EXPECT_EQ(fetch.sent, fetch.served) << fetch.guest.console;
  EXPECT_TRUE(fetch.pulled) << fetch.guest.console;
}

}  // namespace
}  // namespace sockwire::interop
