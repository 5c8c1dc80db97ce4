// SPDX-License-Identifier: Apache-2.0
// The cable is pulled and plugged in again, and USB fails, while bytes are under way.
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/host/transport/usb/plugged.hpp"

namespace sockwire::test {
namespace {

using transport::UsbLinkSettings;

constexpr const char* kSerial = "210319A00001";
constexpr const char* kOther = "210319A00002";
constexpr std::uint64_t kSeed = 20;

UsbLinkSettings fast(const std::string& serial = "") {
  UsbLinkSettings settings;
  settings.baud = 12'000'000;
  settings.serial = serial;
  return settings;
}

/// Of this process, without sockets: those are umockdev's.
std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code closed_meanwhile;
    const std::string target = std::filesystem::read_symlink(entry.path(), closed_meanwhile).string();
    if (!closed_meanwhile && target.rfind("socket:", 0) != 0) ++count;
  }
  return count;
}

class UsbCable : public Plugged {
 protected:
  /// Bytes go both ways until so many have come back.
  static void keep_busy(transport::ByteLink& link, std::size_t bytes) {
    const std::vector<std::uint8_t> some(4096, 0x5a);
    std::vector<std::uint8_t> back(4096);
    std::size_t in = 0;
    run(link, [&] {
      link.write(some);
      in += link.read(back);
      return in >= bytes || link.lost();
    });
  }
  /// The session that is open is one with the card as it is plugged in now.
  bool knows_the_last_cable(const transport::UsbByteLink& link, unsigned port) {
    return front_->address(port) == link.card().address;
  }
  static void wait_until_lost(transport::ByteLink& link) {
    run(link, [&] { return link.lost(); });
  }
  static void wait_until_back(transport::ByteLink& link) {
    run(link, [&] { return !link.lost(); });
  }
  static void expect_echo(transport::ByteLink& link, std::uint64_t seed) {
    const auto sent = random_bytes(20'000, seed);
    EXPECT_EQ(echo(link, sent), sent) << "seed " << seed;
  }
};

TEST_F(UsbCable, PulledInMidTransferTheLinkIsLost) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  keep_busy(*link, 50'000);
  ASSERT_FALSE(link->lost());
  front_->unplug(port);
  wait_until_lost(*link);
  EXPECT_EQ(link->room(), 0U);
  EXPECT_EQ(link->write(std::vector<std::uint8_t>(10)), 0U);
  std::vector<std::uint8_t> back(10);
  EXPECT_EQ(link->read(back), 0U);
  EXPECT_FALSE(link->set_baud(1'000'000));
  EXPECT_EQ(link->counters().losses, 1U);
  EXPECT_NE(link->trouble().find(kSerial), std::string::npos) << link->trouble();
}

TEST_F(UsbCable, PluggedInAgainItGoesOnInANewSession) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  for (std::uint32_t session = 1; session <= 5; ++session) {
    EXPECT_EQ(link->session(), session);
    expect_echo(*link, session);
    keep_busy(*link, 1'000 * session);
    front_->unplug(port);
    wait_until_lost(*link);
    front_->plug(port);
    wait_until_back(*link);
  }
  EXPECT_EQ(link->counters().losses, 5U);
  EXPECT_EQ(link->trouble(), "");
  expect_echo(*link, 6);
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) {
    EXPECT_EQ(chip.uart().baud(), 12'000'000U);
    EXPECT_EQ(chip.latency_ms(), 1U);
  });
}

// It may have been out for so short a time that both events are told at once.
TEST_F(UsbCable, PulledAndPluggedBeforeAnybodyLooks) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  keep_busy(*link, 5'000);
  front_->unplug(port);
  front_->plug(port);
  run(*link, [&] { return !link->lost() && link->session() == 2; });
  expect_echo(*link, 7);
}

TEST_F(UsbCable, AnotherCardMayTakeItsPlace) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  front_->unplug(port);
  wait_until_lost(*link);
  add(kOther);
  wait_until_back(*link);
  EXPECT_EQ(link->card().serial, kOther);
  expect_echo(*link, 8);
}

TEST_F(UsbCable, AnotherCardDoesNotIfOneWasChosen) {
  const unsigned port = add(kSerial);
  const auto link = open(fast(kSerial));
  ASSERT_TRUE(link);
  front_->unplug(port);
  wait_until_lost(*link);
  add(kOther);
  run(*link, [&] { return link->trouble().find(kOther) != std::string::npos; });  // it was seen, and named
  EXPECT_TRUE(link->lost());
  front_->plug(port);
  wait_until_back(*link);
  EXPECT_EQ(link->card().serial, kSerial);
}

TEST_F(UsbCable, TheSameCardIsPreferredToAnother) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  add(kOther);
  front_->unplug(port);
  front_->plug(port);
  run(*link, [&] { return !link->lost() && link->session() == 2; });
  EXPECT_EQ(link->card().serial, kSerial);
}

// udev does not run everywhere.
TEST_F(UsbCable, PluggedInAgainWithoutAnybodyBeingTold) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    front_->unplug(port);
    wait_until_lost(*link);
    front_->plug(port, false);
    wait_until_back(*link);
    expect_echo(*link, seed);
  }
}

// Among bytes, between them, while the rate changes, and while the card is being opened.
TEST_F(UsbCable, PulledAtRandomMoments) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  sim::Random random(kSeed);
  std::uint32_t baud = 12'000'000;
  for (std::uint64_t round = 0; round < 25; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    keep_busy(*link, random.below(10'000));
    if (random.chance(0.3)) {
      baud = random.chance(0.5) ? 6'000'000 : 12'000'000;
      ASSERT_TRUE(link->set_baud(baud));
    }
    const bool in_opening = random.chance(0.3);
    front_->unplug(port);
    std::thread cable([&] {
      front_->plug(port);
      if (!in_opening) return;
      front_->wait_until(port, [](const sim::Ft2232h& chip) { return chip.latency_ms() == 1; });  // half set up
      front_->unplug(port);
      front_->plug(port);
    });
    wait_until_lost(*link);
    run(*link, [&] { return !link->lost(); });
    cable.join();
    // It may have been lost once more since.
    run(*link, [&] { return !link->lost() && knows_the_last_cable(*link, port); });
    front_->with(port, [&](sim::Ft2232h& chip, sim::HostController&) { EXPECT_EQ(chip.uart().baud(), baud); });
    expect_echo(*link, round);
  }
}

TEST_F(UsbCable, AStalledPipeIsOpenedAnew) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  for (const std::uint8_t endpoint : {sim::Ft2232h::kUartIn, sim::Ft2232h::kUartOut}) {
    const std::uint32_t session = link->session();
    front_->with(port, [&](sim::Ft2232h& chip, sim::HostController&) { chip.stall(endpoint); });
    const std::vector<std::uint8_t> some(100, 0x5a);
    run(*link, [&] {
      if (link->session() == session) link->write(some);
      return !link->lost() && link->session() > session;
    });
    expect_echo(*link, endpoint);
  }
  EXPECT_EQ(link->counters().losses, 2U);
}

TEST_F(UsbCable, ARefusedChangeOfTheRateIsALoss) {
  const unsigned port = add(kSerial);
  const auto link = open(fast());
  ASSERT_TRUE(link);
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) {
    chip.refuse(static_cast<std::uint8_t>(transport::ftdi::Request::kSetBaudRate), 1);
  });
  ASSERT_TRUE(link->set_baud(6'000'000));
  run(*link, [&] { return !link->lost() && link->session() == 2; });
  EXPECT_EQ(link->counters().losses, 1U);
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) { EXPECT_EQ(chip.uart().baud(), 6'000'000U); });
  expect_echo(*link, 9);
}

TEST_F(UsbCable, ACardThatCannotBeSetUpIsTriedAgain) {
  const unsigned port = add(kSerial);
  const auto refuse = [&](unsigned times) {
    front_->with(port, [times](sim::Ft2232h& chip, sim::HostController&) {
      chip.refuse(static_cast<std::uint8_t>(transport::ftdi::Request::kSetLatencyTimer), times);
    });
  };
  refuse(1);
  const auto refused = transport::UsbByteLink::open(fast());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().problem, transport::UsbProblem::kFailed);
  EXPECT_NE(refused.error().message.find("does not answer"), std::string::npos) << refused.error().message;
  const auto link = open(fast());
  ASSERT_TRUE(link);
  front_->unplug(port);
  wait_until_lost(*link);
  refuse(2);
  front_->plug(port);
  wait_until_back(*link);
  expect_echo(*link, 10);
}

TEST_F(UsbCable, ClosedWhileItIsAwayAndWhileItIsLost) {
  const unsigned port = add(kSerial);
  {
    const auto link = open(fast());
    ASSERT_TRUE(link);
    keep_busy(*link, 1'000);
    front_->unplug(port);
    wait_until_lost(*link);
  }
  front_->plug(port);
  {
    const auto link = open(fast());
    ASSERT_TRUE(link);
    keep_busy(*link, 1'000);
    front_->unplug(port);  // and it does not even know
  }
}

TEST_F(UsbCable, LeavesNoDescriptor) {
  const unsigned port = add(kSerial);
  const auto once = [&] {
    const auto link = open(fast());
    ASSERT_TRUE(link);
    keep_busy(*link, 1'000);
    front_->unplug(port);
    wait_until_lost(*link);
    front_->plug(port);
    wait_until_back(*link);
  };
  once();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) once();
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace sockwire::test
