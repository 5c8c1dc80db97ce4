// SPDX-License-Identifier: Apache-2.0
// The link in virtual time: an echo at full rate, the cable, the rate.
#include "sim/usb/model_byte_link.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "sim/phy/random.hpp"
#include "sim/usb/uart_echo.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kLongNs = 20'000 * kMs;

class ModelLink : public testing::Test {
 protected:
  explicit ModelLink(std::uint32_t baud = 12'000'000) : link_(port_, settings_for(baud)) { link_.poll(); }
  static ModelLinkSettings settings_for(std::uint32_t baud) {
    ModelLinkSettings settings;
    settings.baud = baud;
    return settings;
  }
  /// Lets time pass until `done`, or for so long that something is wrong.
  void run(const std::function<bool()>& done) {
    const std::uint64_t end_ns = port_.time_ns() + kLongNs;
    for (link_.poll(); !done() && port_.time_ns() < end_ns; link_.poll()) {
      while (!link_.has_news() && port_.time_ns() < end_ns)
        port_.advance(std::max(port_.next_deadline_ns(), port_.time_ns() + 1));
    }
    EXPECT_LT(port_.time_ns(), end_ns);
  }
  std::vector<std::uint8_t> echo(const std::vector<std::uint8_t>& sent) {
    std::vector<std::uint8_t> back(sent.size());
    std::size_t out = 0;
    std::size_t in = 0;
    run([&] {
      out += link_.write(std::span(sent).subspan(out));
      in += link_.read(std::span(back).subspan(in));
      return in == sent.size();
    });
    return back;
  }
  static std::vector<std::uint8_t> random_bytes(std::size_t count) {
    Random random(count);
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    return bytes;
  }

  Ft2232h chip_{Ft2232hSettings{}};
  UartEcho echo_;
  HostController port_{chip_, echo_};
  ModelByteLink link_;
};

// 1.2 MB/s each way; what is more than that is the way through FIFOs and transfers, once.
TEST_F(ModelLink, EchoesAtTheLinesFullRate) {
  const auto sent = random_bytes(1'200'000);
  const std::uint64_t start_ns = port_.time_ns();
  EXPECT_EQ(echo(sent), sent);
  EXPECT_LT(port_.time_ns() - start_ns, 1010 * kMs);
  EXPECT_EQ(link_.counters().overruns, 0U);
  EXPECT_EQ(link_.counters().bytes_in, sent.size());
}

TEST_F(ModelLink, IsFullAtSomePointAndDrainsAgain) {
  const auto sent = random_bytes(20'000);
  EXPECT_EQ(link_.room(), 8192U);
  EXPECT_EQ(link_.write(sent), 8192U);
  EXPECT_EQ(link_.room(), 0U);
  EXPECT_FALSE(link_.drained());
  run([&] { return link_.drained(); });
  EXPECT_EQ(link_.room(), 8192U);
  EXPECT_EQ(chip_.uart().counters().sent, 8192U);
}

TEST_F(ModelLink, ChangesItsRate) {
  for (const std::uint32_t baud : {1'000'000u, 8'000'000u, 115'200u}) {
    ASSERT_TRUE(link_.set_baud(baud));
    const auto sent = random_bytes(3'000);
    EXPECT_EQ(echo(sent), sent);
    run([&] { return link_.drained(); });
  }
  EXPECT_EQ(chip_.uart().baud(), 115'246U);
  EXPECT_FALSE(link_.set_baud(7'000'000));
}

TEST_F(ModelLink, FollowsTheCable) {
  for (std::uint32_t session = 1; session <= 3; ++session) {
    EXPECT_EQ(link_.session(), session);
    link_.write(random_bytes(5'000));
    port_.advance(port_.time_ns() + kMs);
    port_.unplug();
    EXPECT_TRUE(link_.has_news());
    link_.poll();
    EXPECT_TRUE(link_.lost());
    EXPECT_EQ(link_.room(), 0U);
    port_.plug();
    link_.poll();
    EXPECT_FALSE(link_.lost());
    const auto sent = random_bytes(4'000);
    EXPECT_EQ(echo(sent), sent);
  }
  EXPECT_EQ(link_.counters().losses, 3U);
}

// Out and in again between two looks.
TEST_F(ModelLink, IsSeenLostHoweverSoonItIsBack) {
  port_.unplug();
  port_.plug();
  link_.poll();
  EXPECT_TRUE(link_.lost());
  link_.poll();
  EXPECT_FALSE(link_.lost());
  EXPECT_EQ(link_.session(), 2U);
}

TEST_F(ModelLink, TheSameRunTakesTheSameTime) {
  const auto run_once = [] {
    Ft2232hSettings settings;
    settings.faults = {0.001, 0.001};
    Ft2232h chip(settings);
    UartEcho far;
    HostController port(chip, far);
    ModelByteLink link(port, settings_for(12'000'000));
    std::vector<std::uint8_t> buffer(4096);
    std::uint64_t sum = 0;
    for (int i = 0; i < 2000; ++i) {
      link.poll();
      link.write(buffer);
      const std::size_t bytes = link.read(buffer);
      for (std::size_t at = 0; at < bytes; ++at) sum = sum * 31 + buffer[at];
      port.advance(port.next_deadline_ns());
    }
    return std::pair(sum, port.time_ns());
  };
  EXPECT_EQ(run_once(), run_once());
}

}  // namespace
}  // namespace sockwire::sim
