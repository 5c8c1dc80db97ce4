// SPDX-License-Identifier: Apache-2.0
// The two wires, and the UART of a channel.
#include <gtest/gtest.h>

#include <vector>

#include "sim/usb/uart_channel.hpp"
#include "sim/usb/uart_echo.hpp"
#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {
namespace {

UartByte driven(std::uint8_t value, std::uint32_t baud) { return {0, baud, value}; }

TEST(UartLine, EveryByteIsUnderstoodAtItsOwnRate) {
  for (unsigned value = 0; value < 256; ++value) {
    const SampledByte sampled = sample(driven(static_cast<std::uint8_t>(value), 1'000'000), 1'000'000);
    EXPECT_EQ(sampled.value, value);
    EXPECT_FALSE(sampled.framing_error);
  }
}

// The stop bit's middle is 9.5 bit times after the edge: half a bit of drift over these is 5.3 %.
TEST(UartLine, FivePercentIsUnderstoodAndSixIsNot) {
  for (unsigned value = 0; value < 256; ++value) {
    const auto byte = static_cast<std::uint8_t>(value);
    for (const std::uint32_t baud : {950'000u, 1'050'000u}) {
      EXPECT_EQ(sample(driven(byte, 1'000'000), baud).value, value) << baud;
      EXPECT_FALSE(sample(driven(byte, 1'000'000), baud).framing_error) << baud;
    }
  }
  // Too fast a receiver looks for the stop bit where the last data bit still is.
  EXPECT_TRUE(sample(driven(0x00, 1'000'000), 1'060'000).framing_error);
}

TEST(UartLine, AnotherRateMakesAnotherByte) {
  // At twice the rate, bits are seen twice: start, start, d0, d0, ... and the stop bit falls on d3.
  const SampledByte twice = sample(driven(0x5d, 1'000'000), 2'000'000);
  EXPECT_EQ(twice.value, 0xe6);
  EXPECT_FALSE(twice.framing_error);
  EXPECT_TRUE(sample(driven(0x55, 1'000'000), 2'000'000).framing_error);
  // A twelfth of the rate: in the middle of the first data bit the byte is over.
  EXPECT_EQ(sample(driven(0x00, 12'000'000), 1'000'000).value, 0xff);
}

TEST(UartLine, AMissingStopBitIsAFramingError) {
  EXPECT_TRUE(sample({0, 1'000'000, 0xa5, false}, 1'000'000).framing_error);
}

TEST(UartPacer, TwelveMbaudDoNotDrift) {
  UartPacer pacer;
  std::uint64_t end_ns = 0;
  for (int i = 0; i < 1'200'000; ++i) end_ns = pacer.next_end_ns(0, 12'000'000);
  EXPECT_EQ(end_ns, 1'000'000'000U);
}

TEST(UartChannel, BytesLeaveTenBitTimesApart) {
  UartChannel uart(1);
  uart.set_baud(1'000'000);
  uart.transmit(5'000, std::vector<std::uint8_t>{1, 2, 3});
  EXPECT_EQ(uart.next_deadline_ns(), 15'000U);
  uart.advance(14'999);
  EXPECT_FALSE(uart.take_sent());
  uart.advance(100'000);
  for (unsigned i = 1; i <= 3; ++i) {
    const auto byte = uart.take_sent();
    ASSERT_TRUE(byte);
    EXPECT_EQ(byte->value, i);
    EXPECT_EQ(byte->end_ns, 5'000U + i * 10'000U);
    EXPECT_EQ(byte->baud, 1'000'000U);
  }
  EXPECT_EQ(uart.next_deadline_ns(), kNeverNs);
}

TEST(UartChannel, StatusTellsFifoAndShiftRegisterApart) {
  UartChannel uart(1);
  uart.set_baud(1'000'000);
  EXPECT_EQ(uart.status(), line_status::kHoldingEmpty | line_status::kTransmitterEmpty);
  uart.transmit(0, std::vector<std::uint8_t>{1, 2});
  EXPECT_EQ(uart.status(), 0);  // one in the shift register, one in the FIFO
  uart.advance(10'000);
  EXPECT_EQ(uart.status(), line_status::kHoldingEmpty);
  uart.advance(20'000);
  EXPECT_EQ(uart.status(), line_status::kHoldingEmpty | line_status::kTransmitterEmpty);
}

TEST(UartChannel, AFullReceiverLosesBytesAndSaysSoOnce) {
  UartChannel uart(1);
  uart.set_baud(1'000'000);
  for (std::size_t i = 0; i < UartChannel::kFifoBytes; ++i)
    uart.receive(driven(static_cast<std::uint8_t>(i), 1'000'000));
  EXPECT_EQ(uart.status() & line_status::kOverrun, 0);
  uart.receive(driven(7, 1'000'000));
  uart.receive(driven(8, 1'000'000));
  EXPECT_EQ(uart.counters().overruns, 2U);
  EXPECT_NE(uart.take_status() & line_status::kOverrun, 0);
  EXPECT_EQ(uart.take_status() & line_status::kOverrun, 0);
  // What is there stays as it was.
  for (std::size_t i = 0; i < UartChannel::kFifoBytes; ++i) ASSERT_EQ(uart.take_received(), i % 256);
  EXPECT_EQ(uart.receive_waiting(), 0U);
}

TEST(UartChannel, FaultsComeAtTheirRateAndFromTheirSeed) {
  const auto run = [](std::uint64_t seed) {
    UartChannel uart(seed);
    uart.set_baud(1'000'000);
    uart.set_faults({0.01, 0.02});
    std::vector<unsigned> wrong;
    for (unsigned i = 0; i < 20'000; ++i) {
      uart.receive(driven(0x5a, 1'000'000));
      if (uart.take_received() != 0x5a) wrong.push_back(i);
    }
    EXPECT_NEAR(static_cast<double>(uart.counters().framing_errors), 400, 80) << "seed " << seed;
    return wrong;
  };
  const auto wrong = run(3);
  EXPECT_NEAR(static_cast<double>(wrong.size()), 200, 60);
  EXPECT_EQ(run(3), wrong);
  EXPECT_NE(run(4), wrong);
}

TEST(UartChannel, WithoutARateNothingMoves) {
  UartChannel uart(1);
  uart.set_baud(0);
  uart.transmit(0, std::vector<std::uint8_t>{1});
  uart.receive(driven(1, 1'000'000));
  uart.advance(1'000'000'000);
  EXPECT_FALSE(uart.take_sent());
  EXPECT_EQ(uart.receive_waiting(), 0U);
}

TEST(UartEcho, SendsBackAByteTimeLater) {
  UartEcho echo;
  echo.on_byte({10'000, 1'000'000, 0x42});
  EXPECT_EQ(echo.next_deadline_ns(), 20'000U);
  echo.advance(19'999);
  EXPECT_FALSE(echo.take_byte());
  echo.advance(20'000);
  const auto byte = echo.take_byte();
  ASSERT_TRUE(byte);
  EXPECT_EQ(byte->value, 0x42);
  EXPECT_EQ(byte->end_ns, 20'000U);
}

}  // namespace
}  // namespace sockwire::sim
