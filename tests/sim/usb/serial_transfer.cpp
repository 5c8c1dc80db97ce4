// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/usb/serial_transfer.hpp"

#include <array>
#include <random>

namespace sockwire::test {

SerialTransfer::SerialTransfer(SerialLab& lab, Direction direction, std::size_t bytes, unsigned seed)
    : lab_(lab), direction_(direction), content_(bytes) {
  std::mt19937 random(seed);
  for (std::uint8_t& byte : content_) byte = static_cast<std::uint8_t>(random());
  received_.reserve(bytes);
  const auto port = static_cast<std::uint16_t>(5000 + seed);
  // The near host always connects: a client behind a USB cable is what the card is for.
  Host& server = lab.far();
  Host& client = lab.near();
  listener_ = *server.socket();
  static_cast<void>(server.set_nonblocking(listener_, true));
  static_cast<void>(server.bind(listener_, {{}, port}));
  static_cast<void>(server.listen(listener_, 4));
  const int connecting = *client.socket();
  static_cast<void>(client.set_nonblocking(connecting, true));
  static_cast<void>(client.connect(connecting, {SerialLab::far_address(), port}));
  (direction == Direction::kUp ? out_ : in_) = connecting;
}

SerialTransfer::~SerialTransfer() {
  if (out_ >= 0) static_cast<void>(sender().close(out_));
  if (in_ >= 0) static_cast<void>(receiver().close(in_));
  if (listener_ >= 0) static_cast<void>(lab_.far().close(listener_));
}

bool SerialTransfer::take_connection() {
  int& accepted = direction_ == Direction::kUp ? in_ : out_;
  if (accepted >= 0) return false;
  const auto descriptor = lab_.far().accept(listener_);
  if (!descriptor) return false;
  accepted = *descriptor;
  static_cast<void>(lab_.far().set_nonblocking(accepted, true));
  return true;
}

bool SerialTransfer::send_some() {
  if (out_ < 0 || shut_) return false;
  if (sent_ == content_.size()) {
    shut_ = static_cast<bool>(sender().shutdown(out_, Shutdown::kWrite));
    return shut_;
  }
  const auto taken = sender().send(out_, std::span(content_).subspan(sent_));
  if (!taken) {
    const SocketErrc code = taken.error().code;
    const bool waits =
        code == SocketErrc::kWouldBlock || code == SocketErrc::kInProgress || code == SocketErrc::kNotConnected;
    if (!waits) wrong_ = "send: " + taken.error().message;
    return false;
  }
  sent_ += *taken;
  return *taken > 0;
}

bool SerialTransfer::receive_some() {
  if (in_ < 0 || ended_) return false;
  std::array<std::uint8_t, 4096> piece;
  const auto got = receiver().recv(in_, piece);
  if (!got) {
    const SocketErrc code = got.error().code;
    if (code != SocketErrc::kWouldBlock && code != SocketErrc::kNotConnected) wrong_ = "recv: " + got.error().message;
    return false;
  }
  const TimePoint now = lab_.loop().now();
  if (*got == 0) {
    ended_ = true;
    if (const auto info = sender().tcp_info(out_); info && *info) info_ = **info;
    return true;
  }
  if (received_.empty()) first_ = now;
  last_ = now;
  if (received_.size() + *got > content_.size() ||
      !std::equal(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got),
                  content_.begin() + static_cast<std::ptrdiff_t>(received_.size()))) {
    wrong_ = "other bytes from " + std::to_string(received_.size()) + " on";
    ended_ = true;
  }
  received_.insert(received_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got));
  return true;
}

bool SerialTransfer::turn() {
  bool any = take_connection();
  any |= send_some();
  any |= receive_some();
  return any;
}

bool SerialTransfer::run(Duration longest) {
  // Asked at the end of each turn: so the transfer needs no task that would outlive it.
  return lab_.loop().run_until(
             [this] {
               while (turn()) {
               }
               return done() || !wrong_.empty();
             },
             lab_.loop().now() + longest) &&
         wrong_.empty();
}

std::string SerialTransfer::state() const {
  return wrong_ + " sent " + std::to_string(sent_) + ", received " + std::to_string(received_.size()) + " of " +
         std::to_string(content_.size());
}

}  // namespace sockwire::test
