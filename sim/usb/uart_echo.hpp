// SPDX-License-Identifier: Apache-2.0
// A far end that sends back each byte when it has come in whole.
#pragma once

#include <deque>

#include "sim/phy/line_peer.hpp"
#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {

class UartEcho final : public UartPeer {
 public:
  /// baud: of this end; 0: that of the byte that came.
  explicit UartEcho(std::uint32_t baud = 0) : baud_(baud) {}

  void on_byte(const UartByte& byte) override;
  void advance(std::uint64_t now_ns) override { now_ns_ = now_ns; }
  std::optional<UartByte> take_byte() override;
  std::uint64_t next_deadline_ns() const override { return bytes_.empty() ? kNeverNs : bytes_.front().end_ns; }
  void on_power(bool on) override;

  std::uint64_t framing_errors() const { return framing_errors_; }
  std::uint64_t received() const { return received_; }

 private:
  std::uint32_t baud_;
  std::uint64_t now_ns_ = 0;
  std::deque<UartByte> bytes_;
  UartPacer pacer_;
  std::uint64_t framing_errors_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace sockwire::sim
