// SPDX-License-Identifier: Apache-2.0
// The link through unmodified libusb to a modelled card, and its cable.
#include "tests/host/transport/usb/plugged.hpp"

namespace sockwire::test {
namespace {

using transport::UsbLinkSettings;
using transport::UsbProblem;

constexpr const char* kSerial = "210319A00001";

class UsbLink : public Plugged {};

TEST_F(UsbLink, EchoesAtTwelveMbaud) {
  const unsigned port = add(kSerial);
  UsbLinkSettings settings;
  settings.baud = 12'000'000;
  const auto link = open(settings);
  ASSERT_TRUE(link);
  EXPECT_EQ(link->card().serial, kSerial);
  const auto sent = random_bytes(600'000, 1);
  EXPECT_EQ(echo(*link, sent), sent);
  EXPECT_EQ(link->counters().bytes_in, sent.size());
  EXPECT_EQ(link->counters().overruns, 0U);
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) {
    EXPECT_EQ(chip.uart().baud(), 12'000'000U);
    EXPECT_EQ(chip.latency_ms(), 1U);
    EXPECT_EQ(chip.uart().counters().overruns, 0U);
  });
}

}  // namespace
}  // namespace sockwire::test
