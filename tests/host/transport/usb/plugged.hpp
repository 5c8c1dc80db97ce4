// SPDX-License-Identifier: Apache-2.0
// A card that is plugged in, an echo behind its UART, and waiting for a link as a program's loop does.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "host/transport/usb/usb_byte_link.hpp"
#include "sim/phy/random.hpp"
#include "sim/usb/uart_echo.hpp"
#include "sim/usb/umockdev_front.hpp"

namespace sockwire::test {

class Plugged : public testing::Test {
 protected:
  Plugged() : front_(std::move(sim::UmockdevFront::open()).value()) {}

  /// Plugs one in, and says at which port.
  unsigned add(const std::string& serial, const std::string& manufacturer = "Digilent") {
    sim::Ft2232hSettings settings;
    settings.serial = serial;
    settings.manufacturer = manufacturer;
    echoes_.push_back(std::make_unique<sim::UartEcho>());
    return front_->add(settings, *echoes_.back());
  }

  static std::unique_ptr<transport::UsbByteLink> open(const transport::UsbLinkSettings& settings) {
    auto link = transport::UsbByteLink::open(settings);
    if (!link) {
      ADD_FAILURE() << link.error().message;
      return nullptr;
    }
    return std::move(link).value();
  }

  /// Turns of a loop until `done`. It never gives up: a test that hangs is ended by its time-out.
  static void run(transport::ByteLink& link, const std::function<bool()>& done) {
    link.poll();
    while (!done()) {
      pollfd waited{link.wait_fd(), POLLIN, 0};
      ::poll(&waited, 1, -1);
      link.poll();
    }
  }

  /// Writes all of it, and reads until as much has come back.
  static std::vector<std::uint8_t> echo(transport::ByteLink& link, const std::vector<std::uint8_t>& sent) {
    std::vector<std::uint8_t> back(sent.size());
    std::size_t out = 0;
    std::size_t in = 0;
    run(link, [&] {
      out += link.write(std::span(sent).subspan(out));
      in += link.read(std::span(back).subspan(in));
      return in == back.size() || link.lost();
    });
    back.resize(in);
    return back;
  }

  static std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint64_t seed) {
    sim::Random random(seed);
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    return bytes;
  }

  std::vector<std::unique_ptr<sim::UartEcho>> echoes_;  // outlive the front
  std::unique_ptr<sim::UmockdevFront> front_;
};

}  // namespace sockwire::test
