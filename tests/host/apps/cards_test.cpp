// SPDX-License-Identifier: Apache-2.0
// `sockwire cards` as people and programs meet it: the program itself, with modelled cards plugged in.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "host/transport/usb/usb_byte_link.hpp"
#include "sim/usb/uart_echo.hpp"
#include "sim/usb/umockdev_front.hpp"
#include "tests/command_outcome.hpp"

namespace sockwire::test {
namespace {

class Cards : public testing::Test {
 protected:
  Cards() : front_(std::move(sim::UmockdevFront::open()).value()) {}

#ifdef __SANITIZE_THREAD__
  void SetUp() override { GTEST_SKIP() << "a shell does not start with ThreadSanitizer's runtime in it"; }
#endif

  unsigned add(const std::string& serial, const std::string& manufacturer = "Digilent") {
    sim::Ft2232hSettings settings;
    settings.serial = serial;
    settings.manufacturer = manufacturer;
    return front_->add(settings, echo_);
  }
  static CommandOutcome cards(const std::string& options = "") {
    return run_command(std::string(SOCKWIRE_BINARY) + " cards " + options);
  }

  sim::UartEcho echo_;
  std::unique_ptr<sim::UmockdevFront> front_;
};

TEST_F(Cards, NoneIsNoError) {
  EXPECT_EQ(cards().output, "no card is on USB\n");
  EXPECT_EQ(cards().exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(cards("--json").output)["cards"].size(), 0U);
}

// A transfer that was to go through one ends at once, with one sentence.
TEST_F(Cards, WithoutOneATransferSaysSo) {
  const auto get = [](const std::string& card) {
    return run_command(std::string(SOCKWIRE_BINARY) + " get --address 10.0.0.2/24 http://10.0.0.1/ --card " + card);
  };
  const auto none = get("usb");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.output, "sockwire: no card is on USB: plug in the board's USB cable, and see 'sockwire cards'\n");
  add("210319A00001");
  const auto other = get("usb:210319A00002");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_EQ(other.output, "sockwire: no card with the serial number 210319A00002 is on USB: there is 210319A00001\n");
}

TEST_F(Cards, AreListedWithTheirState) {
  add("210319A00001");
  add("FT1ABCDE", "Somebody");
  const auto outcome = cards();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(
      outcome.output,
      "SERIAL        STATE          USB      BOARD\n"
      "210319A00001  ready          1-1      Digilent USB Device (Digilent)\n"
      "FT1ABCDE      other board    1-2      Digilent USB Device (Somebody)\n"
      "  card FT1ABCDE on USB 1-2 is an FT2232H of 'Somebody', which is no Digilent board: if it is a card all the "
      "same, choose it by its serial number\n");
}

TEST_F(Cards, AreListedForPrograms) {
  add("210319A00001");
  const auto document = nlohmann::json::parse(cards("--json").output);
  ASSERT_EQ(document["cards"].size(), 1U);
  const auto& card = document["cards"][0];
  EXPECT_EQ(card["serial"], "210319A00001");
  EXPECT_EQ(card["state"], "ready");
  EXPECT_EQ(card["reason"], "");
  EXPECT_EQ(card["usb"], "1-1");
  EXPECT_EQ(card["bus"], 1);
}

TEST_F(Cards, InUseByAnotherProgramAreBusy) {
  add("210319A00001");
  const auto link = transport::UsbByteLink::open({});
  ASSERT_TRUE(link) << link.error().message;
  const auto document = nlohmann::json::parse(cards("--json").output);
  EXPECT_EQ(document["cards"][0]["state"], "busy");
  EXPECT_NE(document["cards"][0]["reason"].get<std::string>().find("end that one first"), std::string::npos);
}

}  // namespace
}  // namespace sockwire::test
