// SPDX-License-Identifier: Apache-2.0
// A card that is reset, and a USB that fails, in mid-transfer: TCP goes on. In virtual time.
#include <gtest/gtest.h>

#include <vector>

#include "host/transport/usb/ftdi.hpp"
#include "tests/sim/usb/serial_lab.hpp"
#include "tests/sim/usb/serial_transfer.hpp"

namespace sockwire::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBytes = 50'000;

/// Carries files each way; `trouble` comes after so long, of each another.
void carry_with(const std::vector<Duration>& moments, const std::function<void(SerialLab&)>& trouble) {
  for (const Direction direction : {Direction::kUp, Direction::kDown}) {
    for (const Duration at : moments) {
      SCOPED_TRACE(testing::Message() << (direction == Direction::kUp ? "up, " : "down, ") << at.count() << " ns");
      SerialLab lab;
      ASSERT_EQ(lab.start(), "");
      SerialTransfer transfer(lab, direction, kBytes, 1);
      transfer.run(at);
      ASSERT_FALSE(transfer.done());
      trouble(lab);
      ASSERT_TRUE(transfer.run(60s)) << transfer.state();
      EXPECT_EQ(lab.near_port().driver().driver_counters().card_losses, 1u);
    }
  }
}

// Its button, or its configuration loaded anew: the engine has another boot id, and the link has forgotten its session.
TEST(CardTrouble, ACardThatIsResetIsUsedAnew) {
  carry_with({5ms, 20ms, 40ms}, [](SerialLab& lab) { lab.card().reset(); });
}

TEST(CardTrouble, AStalledPipeIsOpenedAnew) {
  for (const std::uint8_t endpoint : {sim::Ft2232h::kUartIn, sim::Ft2232h::kUartOut}) {
    carry_with({5ms, 30ms}, [endpoint](SerialLab& lab) { lab.chip().stall(endpoint); });
  }
}

// When it comes back: while it is set up, and at both changes of its rate.
TEST(CardTrouble, RefusedRequestsAreTriedAgain) {
  using transport::ftdi::Request;
  for (const Request request : {Request::kReset, Request::kSetLatencyTimer, Request::kSetBaudRate}) {
    for (const unsigned times : {1u, 3u}) {
      SCOPED_TRACE(testing::Message() << "request " << static_cast<int>(request) << ", " << times << " times");
      carry_with({20ms}, [&](SerialLab& lab) {
        lab.usb().unplug();
        lab.loop().run_until([] { return false; }, lab.loop().now() + 1ms);
        lab.chip().refuse(static_cast<std::uint8_t>(request), times);
        lab.usb().plug();
      });
    }
  }
}

}  // namespace
}  // namespace sockwire::test
