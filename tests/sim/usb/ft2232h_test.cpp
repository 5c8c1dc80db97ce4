// SPDX-License-Identifier: Apache-2.0
// The chip as its host sees it, packet by packet.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sim/usb/ft2232h.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint8_t kVendorOut = 0x40;
constexpr std::uint8_t kVendorIn = 0xc0;
constexpr std::uint16_t kChannelB = 2;

class Chip : public testing::Test {
 protected:
  UsbControlReply vendor(std::uint8_t request, std::uint16_t value, std::uint16_t index = kChannelB) {
    return chip_.control(now_ns_, {kVendorOut, request, value, index, 0}, {});
  }
  UsbControlReply ask(std::uint8_t request, std::uint16_t bytes) {
    return chip_.control(now_ns_, {kVendorIn, request, 0, kChannelB, bytes}, {});
  }
  UsbControlReply get_descriptor(std::uint16_t value, std::uint16_t bytes = 255) {
    return chip_.control(now_ns_, {0x80, 6, value, 0, bytes}, {});
  }
  UsbPacketReply in(std::uint8_t endpoint = Ft2232h::kUartIn) { return chip_.in_packet(now_ns_, endpoint, packet_); }
  /// 12 Mbaud and 1 ms, as the host's driver sets it.
  void set_up() {
    ASSERT_EQ(vendor(3, 0x0000, 0x0202).outcome, UsbOutcome::kDone);
    ASSERT_EQ(vendor(9, 1).outcome, UsbOutcome::kDone);
  }
  void receive(std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) chip_.receive({now_ns_, 12'000'000, static_cast<std::uint8_t>(i)});
  }

  Ft2232h chip_{Ft2232hSettings{}};
  std::uint64_t now_ns_ = 0;
  std::array<std::uint8_t, Ft2232h::kPacketBytes> packet_{};
};

// Divisors as Linux's ftdi_sio computes them for the H chips (120 MHz / 10): wValue, and the upper half of wIndex.
TEST(Ft2232hBaud, MeansWhatTheLinuxDriverMeans) {
  EXPECT_EQ(ft2232h_baud(0x0000, 0x02), 12'000'000U);
  EXPECT_EQ(ft2232h_baud(0x0001, 0x02), 8'000'000U);
  EXPECT_EQ(ft2232h_baud(0x0002, 0x02), 6'000'000U);
  EXPECT_EQ(ft2232h_baud(0x0003, 0x02), 4'000'000U);
  EXPECT_EQ(ft2232h_baud(0x000c, 0x02), 1'000'000U);
  EXPECT_EQ(ft2232h_baud(0xc068, 0x02), 115'246U);  // 104 1/8, asked for as 115200
  EXPECT_EQ(ft2232h_baud(0x04e2, 0x02), 9'600U);
}

// FTDI AN232B-05, "Configuring FT232R, FT2232 and FT232B Baud Rates": the older chips' clock.
TEST(Ft2232hBaud, SlowClockIsThatOfTheOlderChips) {
  EXPECT_EQ(ft2232h_baud(0x0000, 0x00), 3'000'000U);
  EXPECT_EQ(ft2232h_baud(0x0001, 0x00), 2'000'000U);
  EXPECT_EQ(ft2232h_baud(0x4138, 0x00), 9'600U);    // 312.5
  EXPECT_EQ(ft2232h_baud(0x001a, 0x00), 115'384U);  // 26
}

TEST(Ft2232hBaud, NothingBetweenOneAndTwoButOneAndAHalf) {
  for (const std::uint16_t value : {0x4001, 0x8001, 0xc001, 0x4000}) EXPECT_EQ(ft2232h_baud(value, 0x02), 0U);
}

TEST_F(Chip, DescribesItself) {
  const auto device = get_descriptor(0x0100);
  ASSERT_EQ(device.data.size(), 18U);
  EXPECT_EQ(device.data[8] | device.data[9] << 8, 0x0403);
  EXPECT_EQ(device.data[10] | device.data[11] << 8, 0x6010);
  EXPECT_EQ(device.data[13], 0x07);
  const auto configuration = get_descriptor(0x0200, 9);
  ASSERT_EQ(configuration.data.size(), 9U);
  EXPECT_EQ(configuration.data[2], 9 + 2 * (9 + 7 + 7));
  EXPECT_EQ(configuration.data[4], 2);
  const auto whole = chip_.descriptors();
  ASSERT_EQ(whole.size(), 18U + 55U);
  // Every descriptor is as long as it says, up to the end; four of them are endpoints of 512 bytes.
  unsigned endpoints = 0;
  std::size_t at = 0;
  for (; at < whole.size(); at += whole[at]) {
    ASSERT_GT(whole[at], 0);
    if (whole[at + 1] != 5) continue;
    ++endpoints;
    EXPECT_EQ(whole[at + 4] | whole[at + 5] << 8, 512);
  }
  EXPECT_EQ(at, whole.size());
  EXPECT_EQ(endpoints, 4U);
}

TEST_F(Chip, TellsItsStrings) {
  EXPECT_EQ(get_descriptor(0x0300).data, (std::vector<std::uint8_t>{4, 3, 0x09, 0x04}));
  const auto serial = get_descriptor(0x0303).data;
  std::string text;
  for (std::size_t i = 2; i < serial.size(); i += 2) text += static_cast<char>(serial[i]);
  EXPECT_EQ(text, chip_.settings().serial);
  EXPECT_EQ(serial[0], serial.size());
  EXPECT_EQ(get_descriptor(0x0304).outcome, UsbOutcome::kStall);
}

TEST_F(Chip, LatencyTimerIsSixteenMillisecondsUntilItIsSet) {
  EXPECT_EQ(ask(10, 1).data, std::vector<std::uint8_t>{16});
  EXPECT_EQ(in().outcome, UsbOutcome::kNotReady);
  now_ns_ = 16 * kMs;
  ASSERT_EQ(in().outcome, UsbOutcome::kDone);
  set_up();
  EXPECT_EQ(ask(10, 1).data, std::vector<std::uint8_t>{1});
  EXPECT_EQ(vendor(9, 0).outcome, UsbOutcome::kStall);
  EXPECT_EQ(vendor(9, 256).outcome, UsbOutcome::kStall);
}

TEST_F(Chip, APacketOfStatusAloneComesWhenTheTimerHasRun) {
  set_up();
  now_ns_ = kMs - 1;
  EXPECT_EQ(in().outcome, UsbOutcome::kNotReady);
  EXPECT_EQ(chip_.in_ready_ns(Ft2232h::kUartIn), kMs);
  now_ns_ = kMs;
  const auto reply = in();
  EXPECT_EQ(reply.outcome, UsbOutcome::kDone);
  EXPECT_EQ(reply.bytes, 2U);
  EXPECT_EQ(packet_[1], 0x60);
  EXPECT_EQ(in().outcome, UsbOutcome::kNotReady);  // it runs anew
  EXPECT_EQ(chip_.in_ready_ns(Ft2232h::kUartIn), 2 * kMs);
}

TEST_F(Chip, AFullPacketDoesNotWait) {
  set_up();
  receive(509);
  EXPECT_EQ(in().outcome, UsbOutcome::kNotReady);
  receive(2);
  const auto reply = in();
  ASSERT_EQ(reply.outcome, UsbOutcome::kDone);
  EXPECT_EQ(reply.bytes, 512U);
  EXPECT_EQ(packet_[2], 0);
  EXPECT_EQ(packet_[2 + 255], 255);
  now_ns_ += kMs;
  EXPECT_EQ(in().bytes, 3U);
  EXPECT_EQ(packet_[2], 1);
}

TEST_F(Chip, OverrunIsToldInThePacketsStatus) {
  set_up();
  receive(4096 + 3);
  ASSERT_EQ(in().outcome, UsbOutcome::kDone);
  EXPECT_NE(packet_[1] & line_status::kOverrun, 0);
  ASSERT_EQ(in().outcome, UsbOutcome::kDone);
  EXPECT_EQ(packet_[1] & line_status::kOverrun, 0);
}

TEST_F(Chip, TakesPacketsAsLongAsTheyFit) {
  set_up();
  const std::vector<std::uint8_t> packet(512, 0x55);
  unsigned taken = 0;
  while (chip_.out_packet(now_ns_, Ft2232h::kUartOut, packet).outcome == UsbOutcome::kDone) ++taken;
  EXPECT_EQ(taken, 8U);  // 4 KiB; one byte is in the shift register, which is not room for a packet
  now_ns_ += 512 * 834;
  EXPECT_EQ(chip_.out_packet(now_ns_, Ft2232h::kUartOut, packet).outcome, UsbOutcome::kDone);
  EXPECT_EQ(chip_.out_packet(now_ns_, Ft2232h::kUartOut, packet).outcome, UsbOutcome::kNotReady);
}

// The values' names are the chip's own: 1 is what came from the host, 2 what goes to it (libftdi 1.5 says so, too).
TEST_F(Chip, PurgesEachDirection) {
  set_up();
  receive(10);
  const std::vector<std::uint8_t> packet(100, 0x55);
  ASSERT_EQ(chip_.out_packet(now_ns_, Ft2232h::kUartOut, packet).outcome, UsbOutcome::kDone);
  ASSERT_EQ(vendor(0, 2).outcome, UsbOutcome::kDone);
  EXPECT_EQ(chip_.uart().receive_waiting(), 0U);
  EXPECT_LT(chip_.uart().transmit_room(), 4096U);
  ASSERT_EQ(vendor(0, 1).outcome, UsbOutcome::kDone);
  EXPECT_EQ(chip_.uart().transmit_room(), 4096U);
  EXPECT_EQ(vendor(0, 3).outcome, UsbOutcome::kStall);
}

TEST_F(Chip, AStalledPipeStaysSoUntilItsHaltIsCleared) {
  set_up();
  now_ns_ = kMs;
  chip_.stall(Ft2232h::kUartIn);
  EXPECT_EQ(in().outcome, UsbOutcome::kStall);
  EXPECT_EQ(in().outcome, UsbOutcome::kStall);
  EXPECT_EQ(in(Ft2232h::kJtagIn).outcome, UsbOutcome::kNotReady);  // its latency timer is its own
  EXPECT_EQ(chip_.control(now_ns_, {0x82, 0, 0, Ft2232h::kUartIn, 2}, {}).data[0], 1);
  ASSERT_EQ(chip_.control(now_ns_, {0x02, 1, 0, Ft2232h::kUartIn, 0}, {}).outcome, UsbOutcome::kDone);
  EXPECT_EQ(in().outcome, UsbOutcome::kDone);
}

TEST_F(Chip, UnpluggedItAnswersNothingAndPluggedItIsNew) {
  set_up();
  receive(600);
  chip_.unplug(now_ns_);
  EXPECT_EQ(in().outcome, UsbOutcome::kGone);
  EXPECT_EQ(vendor(9, 1).outcome, UsbOutcome::kGone);
  receive(600);
  chip_.plug(now_ns_);
  EXPECT_EQ(ask(10, 1).data, std::vector<std::uint8_t>{16});
  EXPECT_EQ(chip_.uart().receive_waiting(), 0U);
  EXPECT_EQ(chip_.uart().baud(), 9600U);
}

TEST_F(Chip, ChannelsDoNotShareTheirSettings) {
  set_up();
  ASSERT_EQ(vendor(3, 0x000c, 0x0201).outcome, UsbOutcome::kDone);  // channel A
  EXPECT_EQ(chip_.uart().baud(), 12'000'000U);
  ASSERT_EQ(vendor(9, 40, 1).outcome, UsbOutcome::kDone);
  EXPECT_EQ(chip_.latency_ms(), 1U);
}

TEST_F(Chip, RefusesWhatItIsNotAskedForByAnyDriver) {
  EXPECT_EQ(vendor(0x77, 0).outcome, UsbOutcome::kStall);
  EXPECT_EQ(vendor(4, 7).outcome, UsbOutcome::kStall);          // seven data bits
  EXPECT_EQ(vendor(2, 0, 0x0102).outcome, UsbOutcome::kStall);  // RTS/CTS
  EXPECT_EQ(in(0x85).outcome, UsbOutcome::kStall);
  EXPECT_EQ(ask(5, 2).data.size(), 2U);
}

}  // namespace
}  // namespace sockwire::sim
