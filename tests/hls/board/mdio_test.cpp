// SPDX-License-Identifier: Apache-2.0
#include "hls/board/mdio.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "hls/base/process.hpp"
#include "sim/board/phy_registers.hpp"

namespace sockwire {
namespace {

constexpr double kClockNs = 1000.0 / 120;
constexpr unsigned kBmsrRegister = 1;
constexpr unsigned kPhystsRegister = 16;

class Mdio : public testing::Test {
 protected:
  void run_us(double duration) {
    for (const double end = now_ns_ + duration * 1000; now_ns_ < end; now_ns_ += kClockNs) {
      if (!running_.read()) {
        phy_.hardware_reset();
        reset_ns_ = now_ns_;
      }
      const bool pin = phy_.pins(now_ns_, mdc_.read(), drives_.read(), mdio_.read());
      pin_.drive(synchronised_[1]);  // sync_2ff
      synchronised_[1] = synchronised_[0];
      synchronised_[0] = pin;
      process_.step(mdio, pin_, mdc_, mdio_, drives_, running_, status_);
      pin_.tick();
      mdc_.tick();
      mdio_.tick();
      drives_.tick();
      running_.tick();
      status_.tick();
      if (first_mdc_ns_ == 0 && mdc_.read()) first_mdc_ns_ = now_ns_;
    }
  }

  sim::PhyRegisters phy_{1};
  Process<MdioState> process_;
  wire<bool> pin_, mdc_, mdio_, drives_, running_;
  wire<PhyStatus> status_;
  bool synchronised_[2] = {true, true};
  double now_ns_ = 1;
  double reset_ns_ = 0;      // its last moment
  double first_mdc_ns_ = 0;  // MDC's first rise
};

// DP83848 data sheet: a reset of 1 us at least, and MDC 3 us after it at the earliest.
TEST_F(Mdio, HoldsThePhyInResetAndLeavesItTimeToWake) {
  run_us(6000);
  EXPECT_GT(reset_ns_, 1000);
  EXPECT_LT(reset_ns_, 2'000'000);
  EXPECT_GT(first_mdc_ns_, reset_ns_ + 3000);
}

// Clause 22.2.4.5: preamble, start, read, address, register, turnaround. Clause 22.2.2.13: MDC's period is 400 ns at
// least. Clause 22.3.4: MDIO is stable 10 ns before MDC rises.
TEST_F(Mdio, ReadsBmsrAndPhystsInTurn) {
  run_us(9000);
  EXPECT_EQ(phy_.reads(), (std::vector<unsigned>{kBmsrRegister, kPhystsRegister, kBmsrRegister, kPhystsRegister}));
  EXPECT_EQ(phy_.malformed(), 0);
  EXPECT_FALSE(phy_.conflict());
  EXPECT_GE(phy_.shortest_period_ns(), 399.9);
  EXPECT_GE(phy_.shortest_setup_ns(), 10);
}

// Table 22-8: BMSR's bit 2 is the link. DP83848, PHYSTS: bit 0 link, bit 1 10 Mb/s, bit 2 full duplex.
TEST_F(Mdio, TellsOfLinkSpeedAndDuplex) {
  for (const double delay_ns : {0.0, 300.0}) {
    phy_.answer_delay_ns = delay_ns;
    phy_.registers[kBmsrRegister] = 0x786D;
    phy_.registers[kPhystsRegister] = 0x0015;
    run_us(8000);
    EXPECT_TRUE(status_.read().present);
    EXPECT_TRUE(status_.read().link);
    EXPECT_TRUE(status_.read().hundred);
    EXPECT_TRUE(status_.read().full_duplex);
    phy_.registers[kBmsrRegister] = 0x7849;
    phy_.registers[kPhystsRegister] = 0x0002;
    run_us(8000);
    EXPECT_TRUE(status_.read().present);
    EXPECT_FALSE(status_.read().link);
    EXPECT_FALSE(status_.read().hundred);
    EXPECT_FALSE(status_.read().full_duplex);
  }
}

TEST_F(Mdio, ShowsALinkWithItsOwnSpeedFromTheFirst) {
  phy_.registers[kBmsrRegister] = 0x7849;
  phy_.registers[kPhystsRegister] = 0x0000;
  run_us(8000);
  EXPECT_TRUE(status_.read().present);
  EXPECT_FALSE(status_.read().link);
  phy_.registers[kBmsrRegister] = 0x786D;
  phy_.registers[kPhystsRegister] = 0x0017;  // 10 Mb/s, full duplex
  const double until_ns = now_ns_ + 8e6;
  while (!status_.read().link && now_ns_ < until_ns) run_us(10);
  EXPECT_TRUE(status_.read().link);
  EXPECT_FALSE(status_.read().hundred);
  EXPECT_TRUE(status_.read().full_duplex);
}

TEST_F(Mdio, APhyThatDoesNotAnswerHasNoLink) {
  phy_.registers.fill(0xFFFF);
  run_us(8000);
  EXPECT_TRUE(status_.read().link);
  phy_.answers = false;
  run_us(8000);
  EXPECT_FALSE(status_.read().present);
  EXPECT_FALSE(status_.read().link);
}

}  // namespace
}  // namespace sockwire
