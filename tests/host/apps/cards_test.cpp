// SPDX-License-Identifier: Apache-2.0
// `sockwire cards` as people and programs meet it: the program itself, with modelled cards plugged in.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "host/transport/usb/usb_byte_link.hpp"
#include "sim/phy/line_peer.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/uart_echo.hpp"
#include "sim/usb/umockdev_front.hpp"
#include "tests/command_outcome.hpp"

namespace sockwire::test {
namespace {

/// Nothing is at its other end, but it is known whether something was sent.
class OpenLine final : public sim::LinePeer<1> {
 public:
  sim::LineInputs<1> exchange(std::uint64_t, const Line<1>& from_engine) override {
    sent = sent || from_engine.valid;
    return {};
  }
  std::uint64_t next_arrival_ns() const override { return sim::kNeverNs; }

  bool sent = false;  ///< while time stands still, as the front's
};

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
  /// A whole card: its link's kernels and its engine, with nothing at the other end of its line.
  unsigned add_card(const std::string& serial) {
    sim::Ft2232hSettings settings;
    settings.serial = serial;
    return front_->add(settings, card_);
  }
  void set_phy(unsigned port, const PhyStatus& phy) {
    front_->with(port, [&](sim::Ft2232h&, sim::HostController&) { card_.set_phy(phy); });
  }
  static CommandOutcome cards(const std::string& options = "") {
    return run_command(std::string(SOCKWIRE_BINARY) + " cards " + options);
  }

  sim::UartEcho echo_;
  OpenLine line_;
  sim::SerialCard card_{sim::native_card_parts(1), line_};
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
      "  does not answer: load the bitstream ('./run program'), or press the board's red button\n"
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
  EXPECT_NE(card["reason"].get<std::string>().find("does not answer"), std::string::npos);
  EXPECT_TRUE(card["link"].is_null());
  EXPECT_EQ(card["usb"], "1-1");
  EXPECT_EQ(card["bus"], 1);
}

TEST_F(Cards, TellOfTheirLink) {
  const unsigned port = add_card("210319A00001");
  const auto says = [&](const PhyStatus& phy) {
    set_phy(port, phy);
    const std::string output = cards().output;
    return output.substr(output.find('\n') + 1);
  };
  const std::string row = "210319A00001  ready          1-1      Digilent USB Device (Digilent)\n";
  const PhyStatus up{.present = true, .link = true, .hundred = true, .full_duplex = true};
  EXPECT_EQ(says(up), row + "  link up, 100 Mb/s, full duplex\n");
  const auto with = nlohmann::json::parse(cards("--json").output)["cards"][0];
  EXPECT_EQ(with["reason"], "");
  EXPECT_EQ(with["link"]["text"], "link up, 100 Mb/s, full duplex");
  EXPECT_EQ(with["link"]["up"], true);
  EXPECT_EQ(with["link"]["mbps"], 100);
  EXPECT_EQ(with["link"]["full_duplex"], true);

  EXPECT_EQ(says({.present = true, .link = true}), row + "  link up, 10 Mb/s, half duplex\n");
  EXPECT_EQ(says({.present = true}), row + "  no link\n");
  const auto without = nlohmann::json::parse(cards("--json").output)["cards"][0]["link"];
  EXPECT_EQ(without["up"], false);
  EXPECT_TRUE(without["mbps"].is_null());
  EXPECT_EQ(says({}), row + "  its PHY does not answer\n");
}

TEST_F(Cards, WithoutALinkFetchNothing) {
  set_phy(add_card("210319A00001"), {.present = true});
  const auto outcome = run_command(std::string(SOCKWIRE_BINARY) +
                                   " get --card usb --address 10.18.0.2/24 http://10.18.0.1/ -o /dev/null");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("the card has no link: plug in its network cable"), std::string::npos)
      << outcome.output;
}

// The network cable is pulled when the first frame has left.
TEST_F(Cards, ThatLoseTheirLinkSaySoWhileTheyFetch) {
  const unsigned port = add_card("210319A00001");
  std::thread puller([&] {
    front_->wait_until(port, [&](const sim::Ft2232h&) { return line_.sent; });
    set_phy(port, {.present = true});
  });
  const auto outcome = run_command(std::string(SOCKWIRE_BINARY) +
                                   " get --card usb --address 10.18.0.2/24 http://10.18.0.1/ -o /dev/null");
  puller.join();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.output.find("the card has no link: is its network cable plugged in?"), std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("no answer to ARP"), std::string::npos) << outcome.output;
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
