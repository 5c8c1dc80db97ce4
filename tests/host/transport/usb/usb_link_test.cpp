// SPDX-License-Identifier: Apache-2.0
// The link through unmodified libusb to a modelled card.
#include <algorithm>

#include "tests/command_outcome.hpp"
#include "tests/host/transport/usb/plugged.hpp"

namespace sockwire::test {
namespace {

using transport::UsbLinkSettings;
using transport::UsbProblem;

constexpr const char* kSerial = "210319A00001";
constexpr const char* kOther = "210319A00002";

UsbLinkSettings at_baud(std::uint32_t baud) {
  UsbLinkSettings settings;
  settings.baud = baud;
  return settings;
}

UsbLinkSettings of(const std::string& serial) {
  UsbLinkSettings settings = at_baud(12'000'000);
  settings.serial = serial;
  return settings;
}

class UsbLink : public Plugged {
 protected:
  /// The error of opening.
  static transport::UsbError refusal(const std::string& serial) {
    const auto link = transport::UsbByteLink::open(of(serial));
    if (link) ADD_FAILURE() << "opened " << link.value()->card().serial;
    return link ? transport::UsbError{} : link.error();
  }
  sim::UartCounters counters(unsigned port) {
    sim::UartCounters counters;
    front_->with(port, [&](sim::Ft2232h& chip, sim::HostController&) { counters = chip.uart().counters(); });
    return counters;
  }
};

TEST_F(UsbLink, EchoesAtTwelveMbaud) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(12'000'000));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->card().serial, kSerial);
  EXPECT_EQ(link->session(), 1U);
  const auto sent = random_bytes(600'000, 1);
  EXPECT_EQ(echo(*link, sent), sent);
  EXPECT_EQ(link->counters().bytes_out, sent.size());
  EXPECT_EQ(link->counters().bytes_in, sent.size());
  EXPECT_EQ(link->counters().overruns, 0U);
  EXPECT_EQ(link->queued(), 0U);
  EXPECT_EQ(counters(port).overruns, 0U);
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) {
    EXPECT_EQ(chip.uart().baud(), 12'000'000U);
    EXPECT_EQ(chip.latency_ms(), 1U);
  });
}

TEST_F(UsbLink, NeedsOneDescriptorForItsWholeLife) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  const int descriptor = link->wait_fd();
  front_->unplug(port);
  run(*link, [&] { return link->lost(); });
  front_->plug(port);
  run(*link, [&] { return !link->lost(); });
  EXPECT_EQ(link->wait_fd(), descriptor);
}

TEST_F(UsbLink, IsFullAtSomePoint) {
  add(kSerial);
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  const std::size_t room = link->room();
  EXPECT_EQ(room, 4U * 2048U);
  const auto sent = random_bytes(3 * room, 2);
  const std::size_t taken = link->write(sent);
  EXPECT_EQ(taken, room);
  EXPECT_EQ(link->room(), 0U);
  EXPECT_EQ(link->queued(), room);
  EXPECT_EQ(link->write(sent), 0U);
  run(*link, [&] { return link->room() > 0; });
}

TEST_F(UsbLink, ChangesItsRateWhenAllHasLeft) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  const auto first = random_bytes(2'000, 3);
  EXPECT_EQ(echo(*link, first), first);
  run(*link, [&] { return link->drained(); });
  for (const std::uint32_t baud : {12'000'000u, 6'000'000u, 8'000'000u, 1'000'000u}) {
    ASSERT_TRUE(link->set_baud(baud));
    run(*link, [&] { return link->baud_settled(); });
    front_->with(port, [&](sim::Ft2232h& chip, sim::HostController&) { EXPECT_EQ(chip.uart().baud(), baud); });
    const auto sent = random_bytes(5'000, baud);
    EXPECT_EQ(echo(*link, sent), sent);
    run(*link, [&] { return link->drained(); });
  }
  EXPECT_FALSE(link->set_baud(10'000'000));
  EXPECT_EQ(link->nearest_baud(10'000'000), 0U);
  EXPECT_EQ(link->nearest_baud(11'900'000), 12'000'000U);
}

TEST_F(UsbLink, IsNotDrainedBeforeTheLastByteHasLeft) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  ASSERT_EQ(link->write(random_bytes(3'000, 4)), 3'000U);
  EXPECT_FALSE(link->drained());
  run(*link, [&] {
    const std::uint64_t sent = counters(port).sent;  // before it is asked, so that it is the fewer
    std::vector<std::uint8_t> back(4096);
    link->read(back);
    if (!link->drained()) return false;
    EXPECT_EQ(counters(port).sent, 3'000U);
    return sent == 3'000U;
  });
}

// The last of several changes counts, however many were asked for while one was under way.
TEST_F(UsbLink, TheLastRateThatWasAskedForStays) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  for (const std::uint32_t baud : {12'000'000u, 6'000'000u, 115'200u, 8'000'000u}) ASSERT_TRUE(link->set_baud(baud));
  EXPECT_FALSE(link->baud_settled());
  run(*link, [&] { return link->baud_settled(); });
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) { EXPECT_EQ(chip.uart().baud(), 8'000'000U); });
}

TEST_F(UsbLink, CountsBytesWithoutAStopBit) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(12'000'000));
  ASSERT_TRUE(link);
  front_->with(port, [](sim::Ft2232h& chip, sim::HostController&) { chip.set_faults({0, 0.01}); });
  EXPECT_EQ(echo(*link, random_bytes(20'000, 5)).size(), 20'000U);
  run(*link, [&] { return link->counters().framing_errors > 0; });
}

TEST_F(UsbLink, AnOverrunIsSeenAndCounted) {
  const unsigned port = add(kSerial);
  const auto link = open(at_baud(12'000'000));
  ASSERT_TRUE(link);
  // What nobody reads: eight transfers of at most eight packets, the chip's 4 KiB, and then bytes are lost.
  front_->with(port, [](sim::Ft2232h&, sim::HostController& controller) { controller.wait_for_host(false); });
  const auto sent = random_bytes(60'000, 6);
  std::size_t out = 0;
  run(*link, [&] {
    out += link->write(std::span(sent).subspan(out));
    return out == sent.size();
  });
  run(*link, [&] { return link->queued() == 0; });
  front_->wait_until(port, [&](const sim::Ft2232h& chip) { return chip.uart().counters().sent == sent.size(); });
  std::vector<std::uint8_t> back(sent.size());
  std::size_t in = 0;
  run(*link, [&] {
    in += link->read(std::span(back).subspan(in));
    return link->counters().overruns > 0;
  });
  EXPECT_GT(counters(port).overruns, 0U);
  EXPECT_LT(in, sent.size());
  // What came before is as it was: at least what the chip holds.
  EXPECT_TRUE(std::equal(back.begin(), back.begin() + 4096, sent.begin()));
  EXPECT_FALSE(link->lost());
}

TEST_F(UsbLink, ClosesWithAllUnderWayAndGivesTheDriverBack) {
  const unsigned port = add(kSerial);
  EXPECT_EQ(front_->driver(port, 1), "ftdi_sio");
  {
    const auto link = open(at_baud(1'000'000));
    ASSERT_TRUE(link);
    EXPECT_EQ(front_->driver(port, 1), "usbfs");
    EXPECT_EQ(front_->driver(port, 0), "ftdi_sio");  // JTAG is not ours
    link->write(random_bytes(link->room(), 7));
  }
  EXPECT_EQ(front_->driver(port, 1), "ftdi_sio");
  // And what was under way does not come back in the next session.
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  const auto sent = random_bytes(1'000, 8);
  EXPECT_EQ(echo(*link, sent), sent);
}

TEST_F(UsbLink, ChoosesBySerialNumber) {
  const unsigned first = add(kSerial);
  const unsigned second = add(kOther);
  const auto link = open(of(kOther));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->card().serial, kOther);
  EXPECT_EQ(link->card().port, "1-2");
  const auto sent = random_bytes(2'000, 9);
  EXPECT_EQ(echo(*link, sent), sent);
  EXPECT_EQ(counters(second).sent, sent.size());
  EXPECT_EQ(counters(first).sent, 0U);
  // Both at once.
  const auto other = open(of(kSerial));
  ASSERT_TRUE(other);
  EXPECT_EQ(echo(*other, sent), sent);
}

TEST_F(UsbLink, SaysThatItCannotMakeARate) {
  add(kSerial);
  const auto link = transport::UsbByteLink::open(at_baud(10'000'000));
  ASSERT_FALSE(link);
  EXPECT_NE(link.error().message.find("no rate near 10000000 baud"), std::string::npos) << link.error().message;
}

TEST_F(UsbLink, SaysThatThereIsNone) {
  const auto error = refusal("");
  EXPECT_EQ(error.problem, UsbProblem::kNotFound);
  EXPECT_NE(error.message.find("no card is on USB"), std::string::npos) << error.message;
}

TEST_F(UsbLink, SaysWhichThereAreIfTheRightOneIsNot) {
  add(kSerial);
  const auto error = refusal("210319AFFFFF");
  EXPECT_EQ(error.problem, UsbProblem::kNotFound);
  EXPECT_NE(error.message.find(kSerial), std::string::npos) << error.message;
}

TEST_F(UsbLink, SaysThatOneOfSeveralMustBeChosen) {
  add(kSerial);
  add(kOther);
  const auto error = refusal("");
  EXPECT_EQ(error.problem, UsbProblem::kAmbiguous);
  EXPECT_NE(error.message.find(std::string(kSerial) + ", " + kOther), std::string::npos) << error.message;
}

TEST_F(UsbLink, SaysThatAnotherHasIt) {
  add(kSerial);
  const auto link = open(at_baud(1'000'000));
  ASSERT_TRUE(link);
  const auto error = refusal(kSerial);
  EXPECT_EQ(error.problem, UsbProblem::kBusy);
  EXPECT_NE(error.message.find("in use by another program"), std::string::npos) << error.message;
  const auto sent = random_bytes(1'000, 10);
  EXPECT_EQ(echo(*link, sent), sent);  // which does not notice
}

TEST_F(UsbLink, AProgramThatEndsWithoutClosingLeavesTheCardToOthers) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "a shell does not start with ThreadSanitizer's runtime in it";
#endif
  const unsigned port = add(kSerial);
  const CommandOutcome outcome = run_command(std::string(SOCKWIRE_LINK_ECHO) + " 10000 abandon");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  front_->wait_for_driver(port, 1, "");  // as on Linux, nobody gives the driver back then
  const auto link = open(of(kSerial));
  ASSERT_TRUE(link);
  const auto sent = random_bytes(1'000, 12);
  EXPECT_EQ(echo(*link, sent), sent);
}

TEST_F(UsbLink, TakesAnotherBoardOnlyBySerialNumber) {
  add("FT1ABCDE", "Somebody");
  const auto error = refusal("");
  EXPECT_EQ(error.problem, UsbProblem::kWrongDevice);
  EXPECT_NE(error.message.find("Somebody"), std::string::npos) << error.message;
  const auto link = open(of("FT1ABCDE"));
  ASSERT_TRUE(link);
  const auto sent = random_bytes(1'000, 11);
  EXPECT_EQ(echo(*link, sent), sent);
}

}  // namespace
}  // namespace sockwire::test
