// SPDX-License-Identifier: Apache-2.0
// The same programs over a real Linux kernel's USB stack: its drivers, its udev and our rule, in a guest of QEMU.
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/usb/uart_echo.hpp"
#include "sim/usb/usbredir_front.hpp"
#include "tests/guest/qemu_guest.hpp"
#include "tests/guest/usb_boot.hpp"

namespace sockwire::test {
namespace {

class Guest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string lacks = guest_lacks();
    if (!lacks.empty()) GTEST_SKIP() << lacks;
    socket_ = testing::TempDir() + "sockwire-usb-" + std::to_string(getpid()) + ".sock";
    auto front = sim::UsbredirFront::open(socket_, {}, echo_);
    ASSERT_TRUE(front) << front.error();
    front_ = std::move(front).value();
  }

  /// Runs a script. Lines between "begin NAME" and "end" are kept under that name.
  GuestOutcome run(const std::string& script) {
    return run_guest(kUsbBoot + script, socket_, [this](const std::string& line) {
      if (line == "link_echo: pull the cable") front_->unplug();
      if (line == "link_echo: plug it in again") front_->plug();
      if (line.rfind("begin ", 0) == 0) {
        section_ = line.substr(6);
      } else if (line == "end") {
        section_.clear();
      } else if (!section_.empty()) {
        sections_[section_] += line + "\n";
      }
    });
  }

  sim::UartEcho echo_;
  std::string socket_;
  std::unique_ptr<sim::UsbredirFront> front_;
  std::string section_;
  std::map<std::string, std::string> sections_;
};

TEST_F(Guest, ARealKernelShowsTheCardAndBytesGoRound) {
  const GuestOutcome outcome = run(std::string(R"(
echo begin locked; as_member )") + SOCKWIRE_BINARY +
                                   R"( cards --json; echo end
cp )" + SOCKWIRE_UDEV_RULES + R"( /run/udev/rules.d/
udevadm control --reload
udevadm trigger --action=add --settle
echo begin ready; as_member )" + SOCKWIRE_BINARY +
                                   R"( cards --json; echo end
echo begin echo; as_member )" + SOCKWIRE_LINK_ECHO +
                                   R"( 100000; echo end
udevadm settle
echo begin driver; for i in /sys/bus/usb/drivers/ftdi_sio/*:1.*; do echo ${i##*:}; done; echo end
)");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.console;
  RecordProperty("seconds", std::to_string(outcome.seconds));
  const auto locked = nlohmann::json::parse(sections_["locked"])["cards"].at(0);
  EXPECT_EQ(locked["state"], "no permission");
  EXPECT_EQ(locked["serial"], sim::Ft2232hSettings{}.serial);
  EXPECT_NE(locked["reason"].get<std::string>().find("70-sockwire-usb.rules"), std::string::npos);
  const auto ready = nlohmann::json::parse(sections_["ready"])["cards"].at(0);
  EXPECT_EQ(ready["state"], "ready") << ready["reason"];
  EXPECT_EQ(ready["product"], "Digilent USB Device");
  EXPECT_NE(sections_["echo"].find("back as session 2\nlink_echo: 100000 of 100000 bytes came back, equal\n"),
            std::string::npos)
      << sections_["echo"];
  EXPECT_EQ(sections_["driver"], "1.0\n1.1\n");  // the kernel's driver has both channels again
  EXPECT_EQ(echo_.framing_errors(), 0U);
}

}  // namespace
}  // namespace sockwire::test
