// SPDX-License-Identifier: Apache-2.0
// A program with its card on a USB cable that can be pulled at a chosen moment, and Linux at the card's far end.
//
//   replug_program --libusb--> umockdev --> FT2232H's model --UART--> link, engine --line--> TAP --> Linux
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "host/base/ipv4_address.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/umockdev_front.hpp"
#include "tests/bench/usb/tcp_watch.hpp"

namespace sockwire::bench {

/// What is going on, as the card, its chip and its line show it.
enum class Moment : std::uint8_t {
  kHandshake,   ///< TCP's
  kBulk,        ///< payload is under way
  kFin,         ///< a FIN was sent, and not both are acknowledged
  kRateChange,  ///< one end of the UART has the new rate, the other has not
  kLinkUp,      ///< the link begins at 1 Mbaud
  kOpening,     ///< the program sets the chip up
  kNone,        ///< the transfer has ended
};
inline constexpr unsigned kMoments = 6;
const char* name_of(Moment moment);

/// The moment that is waited for.
struct Pull {
  Moment moment = Moment::kBulk;
  std::uint32_t bytes = 1;  ///< kBulk: so many on the line before
  unsigned looks = 0;       ///< it has been that moment for so many looks: 20 us of the card's time, or a request
};

/// The card with its cable. One time after which nothing of it is used any more from outside: its parts live on the
/// front's threads.
class ReplugBoard {
 public:
  /// Precondition: this process is in a lab of its own. Throws std::runtime_error.
  explicit ReplugBoard(std::uint64_t seed);

  Ipv4Address address() const { return address_; }
  /// A new connection is watched from now on.
  void watch_next();
  /// Pulls the cable at that moment, or when the transfer has ended. Returns what moment it really was.
  Moment pull(const Pull& wanted);
  void plug();

 private:
  Moment moment_of(const sim::Ft2232h& chip);

  Ipv4Address address_;
  TcpWatch watch_;
  std::unique_ptr<sim::TapPeer<1>> line_;
  std::unique_ptr<sim::SerialCard> card_;
  bool begun_ = true;  // since it was plugged in: both ends of the UART had one rate
  std::uint64_t sent_before_ = 0;
  std::unique_ptr<sim::UmockdevFront> front_;
  unsigned port_ = 0;
};

/// replug_program, as a process.
class ReplugProgram {
 public:
  /// Throws std::runtime_error.
  ReplugProgram(const std::string& path, const std::string& address);
  ~ReplugProgram();
  ReplugProgram(const ReplugProgram&) = delete;
  ReplugProgram& operator=(const ReplugProgram&) = delete;

  void say(const std::string& line);
  /// What it says next but that the card is lost or back; "nothing" if it says nothing for too long.
  std::string hear();
  /// Whether it has told that the card was lost since this was asked last.
  bool lost_since() { return std::exchange(lost_, false); }
  std::size_t descriptors() const { return entries("fd"); }
  /// What each of them is, in a line each.
  std::string descriptor_names() const;
  std::size_t threads() const { return entries("task"); }
  /// Ends its input, and waits for it: its exit code.
  int end();

 private:
  std::size_t entries(const std::string& folder) const;

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  bool lost_ = false;
};

}  // namespace sockwire::bench
