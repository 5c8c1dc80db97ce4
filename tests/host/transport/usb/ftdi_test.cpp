// SPDX-License-Identifier: Apache-2.0
// Divisors and status bytes, without a chip.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "host/transport/usb/ftdi.hpp"

namespace sockwire::transport::ftdi {
namespace {

std::vector<unsigned> asked(std::uint32_t baud) {
  const auto divisor = divisor_for(baud);
  if (!divisor) return {};
  return {divisor->value, divisor->index, divisor->baud};
}

// As Linux's ftdi_sio computes them for the H chips, channel B.
TEST(FtdiDivisor, IsThatOfTheLinuxDriver) {
  EXPECT_EQ(asked(12'000'000), (std::vector<unsigned>{0x0000, 0x0202, 12'000'000}));
  EXPECT_EQ(asked(8'000'000), (std::vector<unsigned>{0x0001, 0x0202, 8'000'000}));
  EXPECT_EQ(asked(6'000'000), (std::vector<unsigned>{0x0002, 0x0202, 6'000'000}));
  EXPECT_EQ(asked(1'000'000), (std::vector<unsigned>{0x000c, 0x0202, 1'000'000}));
  EXPECT_EQ(asked(115'200), (std::vector<unsigned>{0xc068, 0x0202, 115'246}));  // 104 1/8
  EXPECT_EQ(asked(9'600), (std::vector<unsigned>{0x04e2, 0x0202, 9'600}));
  EXPECT_EQ(asked(5'052'631), (std::vector<unsigned>{0x0002, 0x0302, 5'052'631}));  // 2 3/8
}

TEST(FtdiDivisor, RefusesWhatItCannotMake) {
  for (const std::uint32_t baud : {0u, 300u, 1199u, 7'000'000u, 10'000'000u, 13'000'000u}) {
    EXPECT_FALSE(divisor_for(baud)) << baud;
  }
  EXPECT_TRUE(divisor_for(1200));
}

TEST(FtdiDivisor, EveryRateThatIsMadeIsWithinThreePercent) {
  std::mt19937 random(5);
  for (int i = 0; i < 100'000; ++i) {
    const auto baud = static_cast<std::uint32_t>(1200 + random() % 12'500'000);
    const auto divisor = divisor_for(baud);
    if (!divisor) {
      EXPECT_GT(baud, 5'800'000U);  // from here on the steps are wider than that
      continue;
    }
    EXPECT_NEAR(static_cast<double>(divisor->baud) / baud, 1, 0.03) << baud;
  }
}

TEST(FtdiStatus, IsTakenOutOfEachPacketOfATransfer) {
  std::vector<std::uint8_t> transfer;
  std::vector<std::uint8_t> payload;
  for (const std::size_t bytes : {510u, 510u, 7u}) {
    transfer.insert(transfer.end(), {0x02, 0x60});
    for (std::size_t i = 0; i < bytes; ++i) {
      payload.push_back(static_cast<std::uint8_t>(payload.size() * 7));
      transfer.push_back(payload.back());
    }
  }
  const LineReport report = strip_status(transfer);
  ASSERT_EQ(report.payload_bytes, payload.size());
  transfer.resize(report.payload_bytes);
  EXPECT_EQ(transfer, payload);
  EXPECT_EQ(report.overruns, 0U);
  EXPECT_TRUE(report.transmitter_empty);
}

TEST(FtdiStatus, ErrorsAreCountedPerPacketAndTheLastSaysWhetherAllIsSent) {
  std::vector<std::uint8_t> transfer(512 + 2);
  transfer[1] = 0x60 | 0x02;
  transfer[513] = 0x20 | 0x02 | 0x08;
  const LineReport report = strip_status(transfer);
  EXPECT_EQ(report.payload_bytes, 510U);
  EXPECT_EQ(report.overruns, 2U);
  EXPECT_EQ(report.framing_errors, 1U);
  EXPECT_FALSE(report.transmitter_empty);
}

TEST(FtdiStatus, HalfAStatusIsNoData) {
  std::vector<std::uint8_t> one{0x02};
  EXPECT_EQ(strip_status(one).payload_bytes, 0U);
  EXPECT_FALSE(strip_status(one).any);
  EXPECT_FALSE(strip_status({}).any);
  std::vector<std::uint8_t> packet_and_one(513, 0x11);
  EXPECT_EQ(strip_status(packet_and_one).payload_bytes, 510U);
}

}  // namespace
}  // namespace sockwire::transport::ftdi
