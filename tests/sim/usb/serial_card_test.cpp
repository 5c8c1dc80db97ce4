// SPDX-License-Identifier: Apache-2.0
// TCP through a card on a USB cable, in virtual time.
#include <gtest/gtest.h>

#include "tests/hls/link/lockstep_link.hpp"
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

// 5 % of the frames are lost on the wire, each way: what is sent again comes from the card's buffer.
TEST(SerialCard, PayloadCrossesTheLinkOnce) {
  SerialLabOptions options;
  options.to_far.loss = 0.05;
  options.from_far.loss = 0.05;
  options.seed = 3;
  SerialLab lab(options);
  ASSERT_EQ(lab.start(), "");
  SerialTransfer up(lab, Direction::kUp, 200'000, 1);
  ASSERT_TRUE(up.run(60s)) << up.state();
  EXPECT_GT(up.sender_info().retransmissions, 0u);
  EXPECT_LE(lab.near_port().driver().driver_counters().write_bytes, 200'000u * 105 / 100);
}

TEST(SerialCard, BytesThatTheUartDamagesAreSentAgain) {
  SerialLabOptions options;
  options.uart.byte_errors = 1e-4;
  options.to_far.loss = 0.01;
  options.from_far.loss = 0.01;
  SerialLab lab(options);
  ASSERT_EQ(lab.start(), "");
  SerialTransfer up(lab, Direction::kUp, 100'000, 1);
  ASSERT_TRUE(up.run(60s)) << up.state();
  SerialTransfer down(lab, Direction::kDown, 100'000, 2);
  ASSERT_TRUE(down.run(60s)) << down.state();
  EXPECT_GT(lab.card().counted(LinkCounter::kBad), 0u);
  EXPECT_GT(lab.link().endpoint().counters().frames_bad, 0u);
}

// The card goes back to 1 Mbaud when it has heard nothing for a second; so an idle host must not be silent.
TEST(SerialCard, AnIdleLinkKeepsItsRate) {
  SerialLab lab;
  ASSERT_EQ(lab.start(), "");
  lab.loop().run_until(
      [&] {
        EXPECT_EQ(lab.card().baud(), 12'000'000u);
        return testing::Test::HasFailure();
      },
      lab.loop().now() + 5s);
  EXPECT_EQ(lab.link().endpoint().counters().deaths, 0u);
}

// A host that was told "no" waits to be woken (transport.hpp), however short the "no" was: else its commands wait for
// the next event.
TEST(SerialCard, AHostThatFilledTheLinkIsToldOfRoom) {
  SerialLab lab;
  ASSERT_EQ(lab.start(), "");
  transport::SerialTransport& link = lab.link();
  const std::vector<std::uint8_t> command(card::kHeaderBytes);
  lab.loop().run_until([] { return false; }, lab.loop().now() + 1ms);
  ASSERT_FALSE(link.pump(lab.loop().now()));
  while (link.can_send()) link.send(command);
  EXPECT_TRUE(link.pump(lab.loop().now()));
  EXPECT_TRUE(link.can_send());
}

TEST(SerialCard, ManyConnectionsShareWhatTheCardHolds) {
  SerialLab lab;
  ASSERT_EQ(lab.start(), "");
  std::vector<std::unique_ptr<SerialTransfer>> transfers;
  for (unsigned i = 0; i < 30; ++i) {
    transfers.push_back(std::make_unique<SerialTransfer>(lab, Direction::kDown, 20'000, i + 1));
  }
  const tcp::ReceiveBudget& budget = *lab.near().stack().tcp().receive_budget();
  std::uint32_t most = 0;
  const bool done = lab.loop().run_until(
      [&] {
        bool all = true;
        for (const auto& one : transfers) {
          while (one->turn()) {
          }
          all = all && one->done();
        }
        most = std::max(most, budget.granted());
        return all;
      },
      lab.loop().now() + 60s);
  for (const auto& one : transfers) EXPECT_TRUE(one->done()) << one->state();
  EXPECT_TRUE(done);
  EXPECT_LE(most, budget.bytes());
  lab.near_port().driver().read_counters();
  lab.loop().run_until([&] { return lab.near_port().counters_reads() > 0; }, lab.loop().now() + 1s);
  EXPECT_EQ(lab.near_port().driver().counters()[static_cast<std::size_t>(card::Counter::kRxOverflow)], 0u);
}

TEST(SerialCard, AConnectionOutlivesThePullOfTheCable) {
  SerialLab lab;
  ASSERT_EQ(lab.start(), "");
  SerialTransfer down(lab, Direction::kDown, 100'000, 1);
  down.run(40ms);
  ASSERT_GT(down.received(), 0u);
  ASSERT_FALSE(down.done());
  lab.usb().unplug();
  down.run(700ms);
  EXPECT_FALSE(lab.near_port().ready());
  lab.usb().plug();
  ASSERT_TRUE(down.run(30s)) << down.state();
  EXPECT_EQ(lab.near_port().driver().driver_counters().card_losses, 1u);
}

// Native and Verilated link side by side, under real TCP: merged segments, credits, acknowledgements, damaged bytes.
TEST(SerialCard, TheNativeLinkIsTheRtlsEqualUnderTcp) {
  SerialLabOptions options;
  options.uart.byte_errors = 3e-5;
  LockstepLink* link = nullptr;
  options.link = [&link] {
    auto made = std::make_unique<LockstepLink>();
    link = made.get();
    return made;
  };
  SerialLab lab(options);
  ASSERT_EQ(lab.start(), "");
  SerialTransfer down(lab, Direction::kDown, 60'000, 1);
  ASSERT_TRUE(down.run(30s)) << down.state();
  SerialTransfer up(lab, Direction::kUp, 60'000, 2);
  ASSERT_TRUE(up.run(30s)) << up.state();
  EXPECT_EQ(link->difference(), "");
  EXPECT_GT(lab.card().counted(CoalescerCounter::kMerged), 10u);
}

}  // namespace
}  // namespace sockwire::test
