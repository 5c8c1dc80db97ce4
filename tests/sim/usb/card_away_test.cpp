// SPDX-License-Identifier: Apache-2.0
// A card on a USB cable that is pulled and stays away: what the application is told, and when. In virtual time.
#include <gtest/gtest.h>

#include <vector>

#include "tests/sim/usb/serial_lab.hpp"

namespace sockwire::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t kPort = 5000;
constexpr Duration kUserTimeout = 5s;

class CardAway : public testing::Test {
 protected:
  CardAway() {
    EXPECT_EQ(lab_.start(), "");
    listener_ = *lab_.far().socket();
    EXPECT_TRUE(lab_.far().set_nonblocking(listener_, true));
    EXPECT_TRUE(lab_.far().bind(listener_, {{}, kPort}));
    EXPECT_TRUE(lab_.far().listen(listener_, 4));
  }

  /// A socket with these settings; its calls block.
  int make(Duration user_timeout, const tcp::KeepaliveConfig& keepalive = {}) {
    const int made = *lab_.near().socket();
    tcp::Config config = lab_.near().config(made).value();
    config.user_timeout = user_timeout;
    config.keepalive = keepalive;
    EXPECT_TRUE(lab_.near().set_config(made, config));
    return made;
  }
  SocketResult<void> connect(int descriptor) {
    return lab_.near().connect(descriptor, {SerialLab::far_address(), kPort});
  }
  int connected(Duration user_timeout, const tcp::KeepaliveConfig& keepalive = {}) {
    const int made = make(user_timeout, keepalive);
    EXPECT_TRUE(connect(made));
    const auto accept = [this] {
      const auto descriptor = lab_.far().accept(listener_);
      if (descriptor) accepted_ = *descriptor;
      return accepted_ >= 0;
    };
    EXPECT_TRUE(lab_.loop().run_until(accept, lab_.loop().now() + 1s));
    EXPECT_TRUE(lab_.far().set_nonblocking(accepted_, true));
    return made;
  }
  /// Writes until the call fails. The peer reads nothing.
  SocketError write_until_it_fails(int descriptor) {
    const std::vector<std::uint8_t> some(10'000, 0x5a);
    while (true) {
      const auto sent = lab_.near().send(descriptor, some);
      if (!sent) return sent.error();
    }
  }
  SocketError read_until_it_fails(int descriptor) {
    std::vector<std::uint8_t> out(100);
    const auto got = lab_.near().recv(descriptor, out);
    EXPECT_FALSE(got);
    return got ? SocketError{} : got.error();
  }
  void pull() {
    lab_.usb().unplug();
    pulled_ = lab_.loop().now();
  }
  Duration since_pull() { return lab_.loop().now() - pulled_; }
  void expect_told(const SocketError& error, Duration after) {
    EXPECT_EQ(error.code, SocketErrc::kTimedOut) << error.message;
    EXPECT_NE(error.message.find("the card is gone"), std::string::npos) << error.message;
    EXPECT_GE(since_pull(), after - 100ms);  // what was sent before counts from then
    EXPECT_LE(since_pull(), after + 1s);
  }

  SerialLab lab_;
  int listener_ = -1;
  int accepted_ = -1;
  TimePoint pulled_{};
};

// RFC 5482 1, RFC 9293 3.9.1.1: what was sent stays unacknowledged for so long.
TEST_F(CardAway, ABlockedWriteFailsAfterTheUserTimeout) {
  const int descriptor = connected(kUserTimeout);
  ASSERT_TRUE(lab_.near().send(descriptor, std::vector<std::uint8_t>(3'000)));
  pull();
  expect_told(write_until_it_fails(descriptor), kUserTimeout);
}

TEST_F(CardAway, ABlockedReadFailsAfterTheUserTimeout) {
  const int descriptor = connected(kUserTimeout);
  ASSERT_TRUE(lab_.near().send(descriptor, std::vector<std::uint8_t>(3'000)));
  pull();
  expect_told(read_until_it_fails(descriptor), kUserTimeout);
}

// Nothing of it has ever left.
TEST_F(CardAway, WhatIsWrittenMeanwhileHasTheSameTime) {
  const int descriptor = connected(kUserTimeout);
  lab_.loop().run_until([] { return false; }, lab_.loop().now() + 1s);  // all is quiet
  pull();
  lab_.loop().run_until([] { return false; }, lab_.loop().now() + 3s);
  ASSERT_TRUE(lab_.near().send(descriptor, std::vector<std::uint8_t>(100)));
  expect_told(read_until_it_fails(descriptor), 3s + kUserTimeout);
}

TEST_F(CardAway, AConnectFailsAfterTheUserTimeout) {
  connected(0s);  // so that the neighbour is known
  pull();
  lab_.loop().run_until([] { return false; }, lab_.loop().now() + 1s);
  const auto outcome = connect(make(kUserTimeout));
  ASSERT_FALSE(outcome);
  expect_told(outcome.error(), 1s + kUserTimeout);
}

// RFC 9293 3.10.1: five minutes, if the application says nothing.
TEST_F(CardAway, WithoutAUserTimeoutItIsFiveMinutes) {
  const int descriptor = connected(0s);
  ASSERT_TRUE(lab_.near().send(descriptor, std::vector<std::uint8_t>(3'000)));
  pull();
  expect_told(write_until_it_fails(descriptor), 5min);
}

// Who only reads learns of it as of any peer that is silent: by keep-alives, which cannot leave.
TEST_F(CardAway, AReaderLearnsOfItByKeepalives) {
  const int descriptor = connected(0s, {.enabled = true, .idle = 2s, .interval = 1s, .probes = 3});
  lab_.loop().run_until([] { return false; }, lab_.loop().now() + 100ms);
  pull();
  expect_told(read_until_it_fails(descriptor), 4500ms);
}

TEST_F(CardAway, BackInTimeNothingIsTold) {
  const int descriptor = connected(kUserTimeout);
  ASSERT_TRUE(lab_.near().send(descriptor, std::vector<std::uint8_t>(3'000)));
  pull();
  lab_.loop().run_until([] { return false; }, lab_.loop().now() + 4s);
  ASSERT_TRUE(lab_.near().send(descriptor, std::vector<std::uint8_t>(3'000)));
  lab_.usb().plug();
  lab_.loop().run_until([] { return false; }, lab_.loop().now() + 20s);
  std::vector<std::uint8_t> in(10'000);
  std::size_t came = 0;
  for (auto got = lab_.far().recv(accepted_, in); got; got = lab_.far().recv(accepted_, in)) came += *got;
  EXPECT_EQ(came, 6'000u);
  const auto last = lab_.near().send(descriptor, std::vector<std::uint8_t>(100));
  EXPECT_TRUE(last) << last.error().message;
}

}  // namespace
}  // namespace sockwire::test
