// SPDX-License-Identifier: Apache-2.0
// The Arty's RTL that codes 10BASE-T itself, behind a modelled FT2232H, with 100 m of copper on its pins.
#include <gtest/gtest.h>

#include "sim/board/board_on_uart.hpp"
#include "sim/board/ten_base_t_board.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::test {
namespace {

using namespace std::chrono_literals;

using Card = sim::BoardOn<sim::TenBaseTBoard>;

constexpr PhyStatus kNoLink{.present = true, .link = false, .hundred = false, .full_duplex = true};
constexpr PhyStatus kTenFull{.present = true, .link = true, .hundred = false, .full_duplex = true};

/// BoardLab with this board. One in a process.
class TenBaseTLab {
 public:
  TenBaseTLab(const sim::BoardClocks& clocks, const sim::CopperSettings& copper) : lab_(options_of(clocks, copper)) {}

  SerialLab& lab() { return lab_; }
  sim::TenBaseTBoard& board() { return card_->board(); }
  /// Whether the host hears this of the card's link.
  bool hears(const PhyStatus& phy, Duration longest) {
    return lab_.loop().run_until([&] { return lab_.link().phy() == phy; }, lab_.loop().now() + longest);
  }

 private:
  SerialLabOptions options_of(const sim::BoardClocks& clocks, const sim::CopperSettings& copper) {
    sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
    SerialLabOptions options;
    options.make_card = [=, this](SerialLab& lab, sim::LinePeer<1>& line) {
      auto card = std::make_unique<Card>(line, clocks, [&lab] { return lab.chip().uart().baud(); }, copper, kSeed);
      card_ = card.get();
      return card;
    };
    return options;
  }

  static constexpr std::uint64_t kSeed = 1;
  Card* card_ = nullptr;
  SerialLab lab_;
};

// Noise of 20 mV rms, jitter of 1 ns; the two ends' clocks are 200 ppm apart.
sim::CopperSettings bad_copper() {
  sim::CopperSettings copper = sim::copper_10base_t();
  copper.noise_v = 0.02;
  copper.jitter_ns = 1;
  return copper;
}

TEST(Arty10BaseT, CarriesAFileEachWayOverCopper) {
  TenBaseTLab world({.board_ppm = 100, .peer_ppm = -100}, bad_copper());
  ASSERT_EQ(world.lab().start(), "");
  ASSERT_TRUE(world.hears(kTenFull, 10ms));
  EXPECT_TRUE(world.board().station().status().link);
  SerialTransfer up(world.lab(), Direction::kUp, 4000, 1);
  ASSERT_TRUE(up.run(10s)) << up.state();
  SerialTransfer down(world.lab(), Direction::kDown, 4000, 2);
  ASSERT_TRUE(down.run(10s)) << down.state();
  EXPECT_EQ(world.lab().bytes().counters().overruns, 0u);
  EXPECT_EQ(world.board().leds() & 1, 1u);
}

TEST(Arty10BaseT, TellsTheHostOfItsLink) {
  TenBaseTLab world({.board_ppm = -100, .peer_ppm = 100}, sim::copper_10base_t());
  ASSERT_EQ(world.lab().start(), "");
  ASSERT_TRUE(world.hears(kTenFull, 10ms));
  world.board().plug(false);
  EXPECT_TRUE(world.hears(kNoLink, 10ms));
  EXPECT_EQ(world.board().leds() & 1, 0u);
  world.board().plug(true);
  EXPECT_TRUE(world.hears(kTenFull, 10ms));
}

}  // namespace
}  // namespace sockwire::test
