// SPDX-License-Identifier: Apache-2.0
// The kernels of hls/board, native and as RTL, in every clock.
#include <gtest/gtest.h>

#include <random>

#include "Vboard_kernels.h"
#include "boot_id_latency.hpp"
#include "card_time_latency.hpp"
#include "hls/base/process.hpp"
#include "hls/board/boot_id.hpp"
#include "hls/board/card_time.hpp"
#include "hls/board/mdio.hpp"
#include "hls/board/status_leds.hpp"
#include "mdio_latency.hpp"
#include "status_leds_latency.hpp"

namespace sockwire {
namespace {

class Native {
 public:
  void step(bool command_now, bool pin_now, bool link_now, bool activity_now, bool error_now) {
    command.drive(command_now);
    pin.drive(pin_now);
    link.drive(link_now);
    activity.drive(activity_now);
    error.drive(error_now);
    time_.step(card_time, now_ns);
    boot_.step(boot_id, command, id);
    mdio_.step(mdio, pin, mdc, bit, drives, running, status);
    leds_.step(status_leds<26>, link, activity, error, leds);
    for (wire<bool>* net : {&command, &pin, &mdc, &bit, &drives, &running, &link, &activity, &error}) net->tick();
    now_ns.tick();
    id.tick();
    status.tick();
    leds.tick();
  }

  wire<bool> command, pin, mdc, bit, drives, running, link, activity, error;
  wire<ap_uint<64>> now_ns;
  wire<ap_uint<32>> id;
  wire<PhyStatus> status;
  wire<ap_uint<4>> leds;

 private:
  Process<CardTimeState> time_{kCardTimeLatency};
  Process<BootIdState> boot_{kBootIdLatency};
  Process<MdioState> mdio_{kMdioLatency};
  Process<StatusLedsState<26>> leds_{kStatusLedsLatency};
};

TEST(BoardKernels, AreTheRtlsEqualInEveryClock) {
  constexpr unsigned kSeed = 20261127;
  constexpr int kClocks = 5'000'000;  // a tick of the LEDs is 4.2 million
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  VerilatedContext context;
  Vboard_kernels rtl(&context);
  Native native;
  for (const int level : {1, 0, 1}) {
    rtl.rst_ni = static_cast<CData>(level);
    rtl.eval();
  }
  bool pin = true;
  for (int clock = 0; clock < kClocks; ++clock) {
    const std::uint32_t bits = random();
    if ((bits & 31) == 0) pin = (bits >> 5 & 1) != 0;
    const bool command = clock > 1000 && (bits >> 6 & 7) == 0;
    const bool link = (bits >> 9 & 1) != 0;
    const bool activity = (bits >> 10 & 0x3FFFF) == 0;
    const bool error = (bits >> 10 & 0x3FFFF) == 1;
    rtl.command_i = command;
    rtl.pin_i = pin;
    rtl.link_i = link;
    rtl.activity_i = activity;
    rtl.error_i = error;
    rtl.clk_i = 1;
    rtl.eval();
    rtl.clk_i = 0;
    rtl.eval();
    native.step(command, pin, link, activity, error);
    const PhyStatus status = native.status.read();
    const unsigned packed = unsigned(status.present) | unsigned(status.link) << 1 | unsigned(status.hundred) << 2 |
                            unsigned(status.full_duplex) << 3;
    const bool equal =
        rtl.now_ns_o == std::uint64_t(native.now_ns.read()) && rtl.boot_id_o == unsigned(native.id.read()) &&
        rtl.mdc_o == native.mdc.read() && rtl.mdio_o == native.bit.read() && rtl.drives_o == native.drives.read() &&
        rtl.running_o == native.running.read() && rtl.status_o == packed && rtl.leds_o == unsigned(native.leds.read());
    ASSERT_TRUE(equal) << "clock " << clock;
  }
  EXPECT_GT(unsigned(native.id.read()), 1000u);
  EXPECT_TRUE(native.running.read());
}

}  // namespace
}  // namespace sockwire
