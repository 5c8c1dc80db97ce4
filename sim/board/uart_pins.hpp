// SPDX-License-Identifier: Apache-2.0
// The FT2232H's end of the two UART wires as a SystemC module: bytes to levels and back, 8N1, at the chip's rate
// exactly, whatever the card's clock does.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <systemc>

#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {

class UartPins final : public sc_core::sc_module {
 public:
  sc_core::sc_out<bool> to_card{"to_card"};
  sc_core::sc_in<bool> from_card{"from_card"};

  SC_HAS_PROCESS(UartPins);
  explicit UartPins(const sc_core::sc_module_name& name);

  /// A byte that the chip has sent; its levels follow from its end on, so they come a byte late. Call it between two
  /// calls of sc_start(), in the order of time.
  void send(const UartByte& byte);
  /// The rate at which the chip listens, from the next start bit on. Precondition: above 0.
  void listen_at(std::uint32_t baud) { baud_ = baud; }
  /// The oldest byte of the card that has ended.
  std::optional<UartByte> take();

 private:
  void play();
  void listen();

  std::deque<UartByte> out_;
  sc_core::sc_event queued_;
  UartByte playing_;
  sc_core::sc_time play_start_;
  unsigned play_bit_ = 0;  // the next one; 0 between two bytes

  std::deque<UartByte> in_;
  std::uint32_t baud_;
  UartByte heard_;
  sc_core::sc_time heard_start_;
  unsigned heard_bit_ = 0;  // the next one; 0 while the line is at rest
};

}  // namespace sockwire::sim
