// SPDX-License-Identifier: Apache-2.0
#include "sim/board/uart_pins.hpp"

#include "hls/link/link_frame.hpp"

namespace sockwire::sim {

namespace {

using sc_core::sc_time;

/// So many halves of a bit.
sc_time half_bits(std::uint32_t baud, unsigned halves) { return sc_time(halves * (0.5e15 / baud), sc_core::SC_FS); }

sc_time at_ns(std::uint64_t ns) { return sc_time(static_cast<double>(ns), sc_core::SC_NS); }

}  // namespace

UartPins::UartPins(const sc_core::sc_module_name& name) : sc_module(name), baud_(kLinkStartBaud) {
  SC_METHOD(play);
  SC_METHOD(listen);
  sensitive << from_card.neg();
  dont_initialize();
}

void UartPins::send(const UartByte& byte) {
  out_.push_back(byte);
  queued_.notify(sc_core::SC_ZERO_TIME);
}

std::optional<UartByte> UartPins::take() {
  if (in_.empty() || at_ns(in_.front().end_ns) > sc_core::sc_time_stamp()) {
    return std::nullopt;
  }
  const UartByte byte = in_.front();
  in_.pop_front();
  return byte;
}

void UartPins::play() {
  const sc_time& now = sc_core::sc_time_stamp();
  if (play_bit_ == 0) {
    to_card.write(true);
    if (out_.empty()) return next_trigger(queued_);
    const sc_time begin = at_ns(out_.front().end_ns);
    if (begin > now) return next_trigger(begin - now);
    playing_ = out_.front();
    out_.pop_front();
    play_start_ = now;
  }
  const bool start = play_bit_ == 0;
  const bool stop = play_bit_ + 1 == kUartBitsPerByte;
  to_card.write(!start && (stop ? playing_.stop_bit : (playing_.value >> (play_bit_ - 1) & 1) != 0));
  ++play_bit_;
  next_trigger(play_start_ + half_bits(playing_.baud, 2 * play_bit_) - now);
  if (stop) play_bit_ = 0;
}

// Begins with an edge of the line, then looks at the middle of each bit; edges in between are not looked at.
void UartPins::listen() {
  const sc_time& now = sc_core::sc_time_stamp();
  if (heard_bit_ == 0) {
    heard_ = UartByte{.baud = baud_};
    heard_start_ = now;
  } else if (heard_bit_ + 1 < kUartBitsPerByte) {
    heard_.value = static_cast<std::uint8_t>(heard_.value | (from_card.read() ? 1U << (heard_bit_ - 1) : 0U));
  } else {
    const sc_time end = heard_start_ + half_bits(heard_.baud, 2 * kUartBitsPerByte);
    heard_.end_ns = static_cast<std::uint64_t>(end.to_seconds() * 1e9);
    heard_.stop_bit = from_card.read();
    in_.push_back(heard_);
    heard_bit_ = 0;
    return;  // to the next edge
  }
  ++heard_bit_;
  next_trigger(heard_start_ + half_bits(heard_.baud, 2 * heard_bit_ + 1) - now);
}

}  // namespace sockwire::sim
