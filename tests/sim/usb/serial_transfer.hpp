// SPDX-License-Identifier: Apache-2.0
// A file over TCP between the two hosts of a SerialLab; what arrives is compared byte by byte.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/usb/serial_lab.hpp"

namespace sockwire::test {

enum class Direction : std::uint8_t {
  kUp,    ///< to the far host: out of the card on the USB cable
  kDown,  ///< from it
};

class SerialTransfer {
 public:
  /// The content is drawn from `seed`, which is also its port's: transfers may run at the same time.
  SerialTransfer(SerialLab& lab, Direction direction, std::size_t bytes, unsigned seed);
  SerialTransfer(const SerialTransfer&) = delete;
  SerialTransfer& operator=(const SerialTransfer&) = delete;
  ~SerialTransfer();

  /// Does what can be done now; returns whether there was anything.
  bool turn();
  /// Until it is done(), for so long at most. Returns done().
  bool run(Duration longest);
  /// All has come, and both sides have closed.
  bool done() const { return received_.size() == content_.size() && ended_ && wrong_.empty(); }
  std::size_t received() const { return received_.size(); }
  /// For a failed assertion.
  std::string state() const;
  /// From the first byte to the last, at the receiver.
  Duration duration() const { return last_ - first_; }
  /// Of the sending side, at its end.
  const tcp::Info& sender_info() const { return info_; }

 private:
  bool take_connection();
  bool send_some();
  bool receive_some();

  Host& sender() { return direction_ == Direction::kUp ? lab_.near() : lab_.far(); }
  Host& receiver() { return direction_ == Direction::kUp ? lab_.far() : lab_.near(); }

  SerialLab& lab_;
  Direction direction_;
  std::vector<std::uint8_t> content_;
  std::vector<std::uint8_t> received_;
  int listener_ = -1;
  int out_ = -1;
  int in_ = -1;
  std::size_t sent_ = 0;
  bool shut_ = false;
  bool ended_ = false;
  std::string wrong_;
  TimePoint first_{};
  TimePoint last_{};
  tcp::Info info_{};
};

}  // namespace sockwire::test
