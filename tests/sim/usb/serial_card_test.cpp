// SPDX-License-Identifier: Apache-2.0
// TCP through a card on a USB cable, in virtual time.
#include <gtest/gtest.h>

#include "tests/sim/usb/serial_lab.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::test {
namespace {

using namespace std::chrono_literals;

TEST(SerialCard, SaysHello) {
  SerialLab lab;
  EXPECT_EQ(lab.start(), "");
  EXPECT_EQ(lab.near_port().driver().info().bytes_per_beat, 1u);
  EXPECT_EQ(lab.link().endpoint().baud(), 12'000'000u);
}

TEST(SerialCard, CarriesAFileEachWay) {
  SerialLab lab;
  ASSERT_EQ(lab.start(), "");
  SerialTransfer up(lab, Direction::kUp, 200'000, 1);
  ASSERT_TRUE(up.run(30s)) << up.state();
  SerialTransfer down(lab, Direction::kDown, 200'000, 2);
  ASSERT_TRUE(down.run(30s)) << down.state();
  EXPECT_EQ(lab.bytes().counters().overruns, 0u);
}

}  // namespace
}  // namespace sockwire::test
