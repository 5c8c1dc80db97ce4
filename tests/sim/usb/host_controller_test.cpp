// SPDX-License-Identifier: Apache-2.0
// Transfers through the chip to an echo and back, in virtual time.
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

#include "sim/usb/host_controller.hpp"
#include "sim/usb/uart_echo.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kMs = 1'000'000;

class Port : public testing::Test {
 protected:
  Port() {
    controller_.control({0x40, 3, 0x0000, 0x0202, 0}, {});  // 12 Mbaud
    controller_.control({0x40, 9, 1, 2, 0}, {});            // 1 ms
  }
  void run(std::uint64_t ns) { controller_.advance(controller_.time_ns() + ns); }

  Ft2232h chip_{Ft2232hSettings{}};
  UartEcho echo_;
  HostController controller_{chip_, echo_};
};

TEST_F(Port, BytesComeBackInOrderAndStatusStandsInFrontOfEachPacket) {
  std::vector<std::uint8_t> sent(3000);
  std::iota(sent.begin(), sent.end(), std::uint8_t{7});
  controller_.submit_out(1, Ft2232h::kUartOut, sent);
  std::vector<std::uint8_t> back;
  std::uint64_t id = 100;
  controller_.submit_in(id, Ft2232h::kUartIn, 4096);
  for (int ms = 0; ms < 20; ++ms) {
    run(kMs);
    while (const auto done = controller_.take_completed()) {
      ASSERT_EQ(done->outcome, UsbOutcome::kDone);
      if (done->endpoint != Ft2232h::kUartIn) {
        EXPECT_EQ(done->bytes, sent.size());
        continue;
      }
      for (std::size_t at = 0; at < done->data.size(); at += 512) {
        const std::size_t end = std::min<std::size_t>(at + 512, done->data.size());
        back.insert(back.end(), done->data.begin() + static_cast<std::ptrdiff_t>(at + 2),
                    done->data.begin() + static_cast<std::ptrdiff_t>(end));
      }
      controller_.submit_in(++id, Ft2232h::kUartIn, 4096);
    }
  }
  EXPECT_EQ(back, sent);
}

// 10 bit times a byte: 1.2 MB/s at 12 Mbaud.
TEST_F(Port, TwelveMbaudAreOnePointTwoMegabytesASecond) {
  std::uint64_t id = 0;
  std::size_t out = 0;
  std::size_t in = 0;
  for (int i = 0; i < 4; ++i) controller_.submit_in(++id, Ft2232h::kUartIn, 4096);
  for (int i = 0; i < 4; ++i) controller_.submit_out(++id, Ft2232h::kUartOut, std::vector<std::uint8_t>(4096));
  for (int ms = 0; ms < 1000; ++ms) {
    run(kMs);
    while (const auto done = controller_.take_completed()) {
      if (done->endpoint == Ft2232h::kUartIn) {
        in += done->bytes - (done->bytes + 511) / 512 * 2;
        controller_.submit_in(++id, Ft2232h::kUartIn, 4096);
      } else {
        out += done->bytes;
        controller_.submit_out(++id, Ft2232h::kUartOut, std::vector<std::uint8_t>(4096));
      }
    }
  }
  EXPECT_EQ(chip_.uart().counters().sent, 1'200'000U);
  EXPECT_EQ(chip_.uart().counters().overruns, 0U);
  EXPECT_NEAR(static_cast<double>(in), 1'200'000, 4 * 4096);
  EXPECT_NEAR(static_cast<double>(out), 1'200'000, 4 * 4096);
}

TEST_F(Port, TimeWaitsForAHostThatFetches) {
  controller_.submit_in(1, Ft2232h::kUartIn, 512);
  controller_.submit_out(2, Ft2232h::kUartOut, std::vector<std::uint8_t>(8192));
  run(20 * kMs);
  EXPECT_LT(controller_.time_ns(), 8 * kMs);
  EXPECT_EQ(chip_.uart().counters().overruns, 0U);
}

TEST_F(Port, OrDoesNotAndThenBytesAreLost) {
  controller_.wait_for_host(false);
  controller_.submit_in(1, Ft2232h::kUartIn, 512);
  controller_.submit_out(2, Ft2232h::kUartOut, std::vector<std::uint8_t>(8192));
  const std::uint64_t start_ns = controller_.time_ns();
  run(20 * kMs);
  EXPECT_EQ(controller_.time_ns(), start_ns + 20 * kMs);
  EXPECT_EQ(chip_.uart().counters().overruns, 8192U - 4096U - 510U);
}

// A byte that is on the wires when the chip is purged has come in before the next request is carried out.
TEST_F(Port, AControlTransferTakesAMicroframe) {
  controller_.submit_out(1, Ft2232h::kUartOut, std::vector<std::uint8_t>(100, 0x31));
  const std::uint64_t start_ns = controller_.time_ns();
  controller_.control({0x40, 0, 1, 2, 0}, {});  // purges what came from the host
  EXPECT_EQ(controller_.time_ns(), start_ns + 125'000);
  EXPECT_GT(chip_.uart().receive_waiting(), 0U);
  controller_.control({0x40, 0, 2, 2, 0}, {});
  run(kMs);
  EXPECT_EQ(chip_.uart().receive_waiting(), 0U);
}

TEST_F(Port, ACancelledTransferTellsWhatHasMoved) {
  controller_.submit_in(1, Ft2232h::kUartIn, 4096);
  controller_.submit_out(2, Ft2232h::kUartOut, std::vector<std::uint8_t>(600, 0x31));
  run(520 * 834);  // one packet of 510 has come
  const auto cancelled = controller_.cancel(1);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->bytes, 512U);
  EXPECT_FALSE(controller_.cancel(1));
}

TEST_F(Port, UnpluggingEndsAllTransfers) {
  controller_.submit_in(1, Ft2232h::kUartIn, 4096);
  controller_.submit_in(2, Ft2232h::kUartIn, 4096);
  controller_.submit_out(3, Ft2232h::kUartOut, std::vector<std::uint8_t>(8192));
  run(2 * kMs);
  while (controller_.take_completed()) {
  }
  controller_.unplug();
  unsigned gone = 0;
  while (const auto done = controller_.take_completed()) gone += done->outcome == UsbOutcome::kGone ? 1 : 0;
  EXPECT_EQ(gone, 3U);
  controller_.submit_in(4, Ft2232h::kUartIn, 4096);
  const auto refused = controller_.take_completed();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->outcome, UsbOutcome::kGone);
  controller_.plug();
  controller_.submit_in(5, Ft2232h::kUartIn, 4096);
  run(16 * kMs);
  const auto again = controller_.take_completed();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->bytes, 2U);
}

}  // namespace
}  // namespace sockwire::sim
