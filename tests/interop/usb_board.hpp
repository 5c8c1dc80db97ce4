// SPDX-License-Identifier: Apache-2.0
// Cards on USB cables for the command `sockwire`, as it is installed: libusb is real, cables are umockdev's, the
// FT2232H is its model, a card's link and engine run natively, and behind the engine's line is Linux.
//
//   sockwire --libusb--> umockdev --> FT2232H's model --UART--> link, engine --line--> TAP --> Linux
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/base/ipv4_address.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/umockdev_front.hpp"

namespace sockwire::interop {

struct UsbBoardOptions {
  std::string serial = "210319AB0001";
  sim::Impairments wire{};  ///< each way
  sim::UartFaults uart{};
  std::uint64_t seed = 5;  ///< of both
};

/// Boards in one test bed: their USB cables are there, their network connectors in Linux of this namespace. One such
/// object at a time.
class UsbBoards {
 public:
  /// Plugs them in. They are numbered as they stand here, from 0. Throws std::runtime_error where there is no TAP
  /// device.
  explicit UsbBoards(const std::vector<UsbBoardOptions>& options);

  /// The command line of `sockwire WHAT...` on a board. timeout: as the option has it.
  std::vector<std::string> command(std::size_t board, const std::vector<std::string>& what,
                                   const std::string& timeout = "120s") const;

  void pull(std::size_t board) { front_->unplug(boards_[board].port); }
  void plug(std::size_t board) { front_->plug(boards_[board].port); }
  /// The card's own button.
  void reset(std::size_t board);
  /// The pipe that brings what the card says stalls, once.
  void stall(std::size_t board);
  /// Waits until a card has carried so many bytes to the host.
  void wait_for_bytes(std::size_t board, std::uint64_t bytes);

  /// What has gone wrong on purpose: frames on the wire, and bytes on the UART.
  struct Damage {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
  };
  Damage damage(std::size_t board);

 private:
  struct Board {
    std::string serial;
    Ipv4Address address;
    std::unique_ptr<sim::TapPeer<1>> line;
    std::unique_ptr<sim::SerialCard> card;
    unsigned port = 0;
  };
  std::vector<Board> boards_;
  std::unique_ptr<sim::UmockdevFront> front_;  // gone before the cards
};

struct Ended {
  int status = -1;  ///< its exit code, or 128 and the signal
  std::string errors;
};

/// A program that runs while its caller does something else.
class Running {
 public:
  /// errors: the file that its standard error goes to.
  Running(std::vector<std::string> arguments, const std::string& errors);
  Ended wait();

 private:
  std::string errors_;
  pid_t pid_;
};

}  // namespace sockwire::interop
