// SPDX-License-Identifier: Apache-2.0
// The kernels of the serial link, native and Verilated, in lockstep: with traffic both ways, damaged bytes, rates that
// change, a session that ends, and rubbish.
#include <gtest/gtest.h>

#include "tests/hls/link/lockstep_link.hpp"
#include "tests/host/transport/link/serial_pair.hpp"

namespace sockwire::test {
namespace {

using namespace std::chrono_literals;

TEST(UartLinkLockstep, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint64_t seed : {1u, 2u}) {
    SCOPED_TRACE(seed);
    auto owned = std::make_unique<LockstepLink>();
    const LockstepLink& card = *owned;
    SerialPair pair(std::move(owned), {}, {.byte_error = 1e-4, .byte_loss = 1e-5}, seed);
    std::mt19937_64 random(seed);
    for (int session = 0; session < 2; ++session) {
      pair.host().start(pair.now(), 1);
      ASSERT_TRUE(pair.run_until([&] { return pair.host().up(); }, 3s));
      const std::size_t commands = pair.commands().size() + 40;
      const std::size_t events = pair.events().size() + 40;
      for (int i = 0; i < 40; ++i) {
        pair.send_command(message_of(random() % 1200, random));
        pair.send_event(message_of(random() % 800, random));
      }
      ASSERT_TRUE(
          pair.run_until([&] { return pair.commands().size() >= commands && pair.events().size() >= events; }, 20s));
      pair.set_phy({.present = true, .link = session == 0, .hundred = seed == 1, .full_duplex = seed == 2});
      Bytes rubbish(3000);
      for (std::uint8_t& byte : rubbish) byte = static_cast<std::uint8_t>(random());
      pair.inject_to_card(rubbish);
      pair.run_until([] { return false; }, 10ms);
    }
    EXPECT_EQ(card.difference(), "");
    EXPECT_GT(card.cycles(), 200'000u);
    EXPECT_GT(pair.counted(LinkCounter::kBad), 0u);
  }
}

}  // namespace
}  // namespace sockwire::test
