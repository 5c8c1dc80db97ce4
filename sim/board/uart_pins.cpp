// SPDX-License-Identifier: Apache-2.0
#include "sim/board/uart_pins.hpp"

#include "hls/link/link_frame.hpp"

namespace sockwire::sim {

namespace {

using sc_core::sc_time;

/// So many halves of a bit.
sc_time half_bits(std::uint32_t baud, unsigned halves) { return sc_time(halves * (0.5e15 / baud), sc_core::SC_FS); }

/// Waits until then, or not at all if it is over.
void wait_until(const sc_time& then) {
  const sc_time now = sc_core::sc_time_stamp();
  if (then > now) sc_core::wait(then - now);
}

}  // namespace

UartPins::UartPins(const sc_core::sc_module_name& name) : sc_module(name), baud_(kLinkStartBaud) {
  SC_THREAD(play);
  SC_THREAD(listen);
}

void UartPins::send(const UartByte& byte) {
  out_.push_back(byte);
  queued_.notify(sc_core::SC_ZERO_TIME);
}

std::optional<UartByte> UartPins::take() {
  if (in_.empty() || sc_time(static_cast<double>(in_.front().end_ns), sc_core::SC_NS) > sc_core::sc_time_stamp()) {
    return std::nullopt;
  }
  const UartByte byte = in_.front();
  in_.pop_front();
  return byte;
}

void UartPins::play() {
  to_card.write(true);
  while (true) {
    while (out_.empty()) wait(queued_);
    const UartByte byte = out_.front();
    out_.pop_front();
    wait_until(sc_time(static_cast<double>(byte.end_ns), sc_core::SC_NS));
    const sc_time start = sc_core::sc_time_stamp();
    for (unsigned bit = 0; bit < kUartBitsPerByte; ++bit) {
      const bool last = bit + 1 == kUartBitsPerByte;
      to_card.write(bit != 0 && (last ? byte.stop_bit : (byte.value >> (bit - 1) & 1) != 0));
      wait_until(start + half_bits(byte.baud, 2 * bit + 2));
    }
    to_card.write(true);
  }
}

void UartPins::listen() {
  while (true) {
    wait(from_card.negedge_event());
    const sc_time start = sc_core::sc_time_stamp();
    const std::uint32_t baud = baud_;
    UartByte byte;
    byte.baud = baud;
    for (unsigned bit = 1; bit < kUartBitsPerByte; ++bit) {
      wait_until(start + half_bits(baud, 2 * bit + 1));
      if (bit + 1 == kUartBitsPerByte) {
        byte.stop_bit = from_card.read();
      } else {
        byte.value = static_cast<std::uint8_t>(byte.value | (from_card.read() ? 1U << (bit - 1) : 0U));
      }
    }
    byte.end_ns = static_cast<std::uint64_t>((start + half_bits(baud, 2 * kUartBitsPerByte)).to_seconds() * 1e9);
    in_.push_back(byte);
  }
}

}  // namespace sockwire::sim
