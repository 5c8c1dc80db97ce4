// SPDX-License-Identifier: Apache-2.0
// What the modelled usbfs allows to whom, and which transfers come back how.
#include "sim/usb/usbfs_device.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "sim/usb/uart_echo.hpp"

namespace sockwire::sim {
namespace {

constexpr unsigned kUart = 1;

class Usbfs : public testing::Test {
 protected:
  UsbfsClient one() const { return &chip_; }
  UsbfsClient other() const { return &echo_; }
  int in(std::uint64_t id) { return device_.submit_bulk_in(one(), id, Ft2232h::kUartIn, 4096); }
  ReapedUrb reaped() {
    ReapedUrb urb;
    EXPECT_EQ(device_.reap(one(), urb), 0);
    return urb;
  }

  Ft2232h chip_{Ft2232hSettings{}};
  UartEcho echo_;
  HostController controller_{chip_, echo_};
  UsbfsDevice device_{controller_, "ftdi_sio"};
};

TEST_F(Usbfs, AnInterfaceHasOneOwner) {
  EXPECT_EQ(device_.claim(one(), kUart), EBUSY);  // the kernel's driver
  EXPECT_EQ(device_.disconnect_and_claim(one(), kUart), 0);
  EXPECT_EQ(device_.driver(kUart), "usbfs");
  EXPECT_EQ(device_.driver(0), "ftdi_sio");
  EXPECT_EQ(device_.claim(one(), kUart), 0);  // twice is no error
  EXPECT_EQ(device_.claim(other(), kUart), EBUSY);
  EXPECT_EQ(device_.disconnect_and_claim(other(), kUart), EBUSY);
  EXPECT_EQ(device_.disconnect(kUart), EBUSY);
  EXPECT_EQ(device_.release(other(), kUart), EINVAL);
  EXPECT_EQ(device_.release(one(), kUart), 0);
  EXPECT_EQ(device_.driver(kUart), "");
  EXPECT_EQ(device_.connect(kUart), 0);
  EXPECT_EQ(device_.driver(kUart), "ftdi_sio");
  EXPECT_EQ(device_.claim(one(), 2), ENOENT);
}

TEST_F(Usbfs, ItsPipesAreForTheOwner) {
  EXPECT_EQ(in(1), EBUSY);
  ASSERT_EQ(device_.disconnect_and_claim(one(), kUart), 0);
  EXPECT_EQ(in(1), 0);
  EXPECT_EQ(device_.submit_bulk_in(one(), 2, Ft2232h::kJtagIn, 512), EBUSY);
  EXPECT_EQ(device_.submit_bulk_in(one(), 3, 0x85, 512), ENOENT);
}

TEST_F(Usbfs, WhatIsDiscardedComesBackAsSuch) {
  ASSERT_EQ(device_.disconnect_and_claim(one(), kUart), 0);
  ASSERT_EQ(in(1), 0);
  ReapedUrb urb;
  EXPECT_EQ(device_.reap(one(), urb), EAGAIN);
  EXPECT_FALSE(device_.reapable());
  EXPECT_EQ(device_.discard(1), 0);
  EXPECT_TRUE(device_.reapable());
  EXPECT_EQ(reaped().status, -ENOENT);
  EXPECT_EQ(device_.discard(1), EINVAL);
}

TEST_F(Usbfs, UnpluggedItGivesBackWhatWasUnderWayAndThenNothing) {
  ASSERT_EQ(device_.disconnect_and_claim(one(), kUart), 0);
  ASSERT_EQ(in(1), 0);
  ASSERT_EQ(in(2), 0);
  controller_.unplug();
  device_.remove();
  EXPECT_EQ(in(3), ENODEV);
  EXPECT_EQ(reaped().status, -ESHUTDOWN);
  EXPECT_EQ(reaped().id, 2U);
  ReapedUrb urb;
  EXPECT_EQ(device_.reap(one(), urb), ENODEV);
  EXPECT_EQ(device_.claim(one(), kUart), ENODEV);
}

TEST_F(Usbfs, AClientThatVanishesLeavesNothing) {
  ASSERT_EQ(device_.disconnect_and_claim(one(), kUart), 0);
  ASSERT_EQ(in(1), 0);
  ASSERT_EQ(device_.submit_control(one(), 2, std::vector<std::uint8_t>{0xc0, 10, 0, 0, 2, 0, 1, 0}), 0);
  EXPECT_TRUE(device_.reapable());
  device_.vanish(one());
  EXPECT_FALSE(device_.reapable());
  EXPECT_EQ(device_.claim(other(), kUart), 0);
  controller_.advance(100'000'000);
  device_.collect();
  EXPECT_FALSE(device_.reapable());
}

TEST_F(Usbfs, ARefusedRequestIsAStall) {
  ASSERT_EQ(device_.submit_control(one(), 1, std::vector<std::uint8_t>{0x40, 0x77, 0, 0, 2, 0, 0, 0}), 0);
  EXPECT_EQ(reaped().status, -EPIPE);
  EXPECT_EQ(device_.submit_control(one(), 2, std::vector<std::uint8_t>{0x40, 0}), EINVAL);
  ASSERT_EQ(device_.submit_control(one(), 3, std::vector<std::uint8_t>{0xc0, 10, 0, 0, 2, 0, 1, 0}), 0);
  EXPECT_EQ(reaped().data, std::vector<std::uint8_t>{16});  // the latency timer
}

}  // namespace
}  // namespace sockwire::sim
