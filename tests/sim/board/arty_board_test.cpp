// SPDX-License-Identifier: Apache-2.0
// The Arty's RTL behind a modelled FT2232H, with clocks that drift: it says hello, and TCP passes through it.
#include "sim/board/arty_board.hpp"

#include <gtest/gtest.h>

#include "tests/sim/board/board_lab.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::test {
namespace {

using namespace std::chrono_literals;

TEST(ArtyBoard, SaysHelloAtTwelveMegabaud) {
  BoardLab world({.board_ppm = 100, .peer_ppm = -100});
  EXPECT_EQ(world.lab().start(), "");
  EXPECT_EQ(world.lab().near_port().driver().info().bytes_per_beat, 1u);
  EXPECT_NE(world.lab().near_port().driver().info().boot_id, 0u);
  EXPECT_EQ(world.lab().link().endpoint().baud(), 12'000'000u);
}

// LED 0: the PHY's registers, by MDIO, say that there is a link; then that there is none.
TEST(ArtyBoard, ShowsTheLinkThatThePhyTellsOf) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  sim::UnpluggedLine<1> line;
  sim::BoardOnUart card(line, {}, [] { return 0u; });
  card.advance(1'000'000);
  EXPECT_EQ(card.board().leds() & 1, 0u) << "the PHY is in reset";
  card.advance(6'000'000);
  EXPECT_EQ(card.board().leds() & 1, 1u);
  EXPECT_GE(card.board().phy().registers().reads().size(), 2u);
  EXPECT_EQ(card.board().phy().registers().malformed(), 0);
  EXPECT_FALSE(card.board().phy().registers().conflict());
  card.board().phy().set_link(false);
  card.advance(10'000'000);
  EXPECT_EQ(card.board().leds() & 1, 0u);
}

// The PHY's registers, by MDIO to the card, and by the serial link to the host: at the start, and when they change.
TEST(ArtyBoard, TellsTheHostWhatThePhyTells) {
  BoardLab world({.board_ppm = 100, .peer_ppm = -100});
  ASSERT_EQ(world.lab().start(), "");
  const auto hears = [&](const PhyStatus& phy) {
    const auto heard = [&] { return world.lab().link().phy() == phy; };
    return world.lab().loop().run_until(heard, world.lab().loop().now() + 10ms);
  };
  EXPECT_TRUE(hears({.present = true, .link = true, .hundred = true, .full_duplex = true}));
  world.board().phy().set_link(false);
  EXPECT_TRUE(hears({.present = true, .link = false, .hundred = true, .full_duplex = false}));
  world.board().phy().set_link(true, false, false);
  EXPECT_TRUE(hears({.present = true, .link = true, .hundred = false, .full_duplex = false}));
}

TEST(ArtyBoard, CarriesAFileEachWay) {
  BoardLab world({.board_ppm = -100, .peer_ppm = 100});
  ASSERT_EQ(world.lab().start(), "");
  SerialTransfer up(world.lab(), Direction::kUp, 12'000, 1);
  ASSERT_TRUE(up.run(10s)) << up.state();
  SerialTransfer down(world.lab(), Direction::kDown, 12'000, 2);
  ASSERT_TRUE(down.run(10s)) << down.state();
  EXPECT_EQ(world.lab().bytes().counters().overruns, 0u);
  EXPECT_EQ(world.board().leds() & 1, 1u);
}

TEST(ArtyBoard, CarriesAFileEachWayOverABadWireAndBadUart) {
  constexpr std::uint64_t kSeed = 1;
  SCOPED_TRACE(kSeed);
  SerialLabOptions options;
  options.seed = kSeed;
  options.to_far.loss = options.from_far.loss = 0.03;
  options.uart.byte_errors = 2e-4;
  BoardLab world({.board_ppm = 100, .peer_ppm = -100}, options);
  ASSERT_EQ(world.lab().start(), "");
  SerialTransfer up(world.lab(), Direction::kUp, 15'000, 1);
  ASSERT_TRUE(up.run(10s)) << up.state();
  SerialTransfer down(world.lab(), Direction::kDown, 15'000, 2);
  ASSERT_TRUE(down.run(10s)) << down.state();
  EXPECT_GT(world.lab().chip().uart().counters().injected, 0u);
}

// The cable feeds the board: it resets, and what it answers after that has another boot id.
TEST(ArtyBoard, StartsAnewWhenTheCableIsBack) {
  BoardLab world({});
  SerialLab& lab = world.lab();
  ASSERT_EQ(lab.start(), "");
  const std::uint32_t before = lab.near_port().driver().info().boot_id;
  lab.usb().unplug();
  lab.loop().run_until([] { return false; }, lab.loop().now() + 1ms);
  lab.usb().plug();
  const auto anew = [&] { return lab.near_port().ready() && lab.near_port().driver().info().boot_id != before; };
  EXPECT_TRUE(lab.loop().run_until(anew, lab.loop().now() + 50ms));
}

}  // namespace
}  // namespace sockwire::test
