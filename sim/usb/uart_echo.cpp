// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/uart_echo.hpp"

namespace sockwire::sim {

void UartEcho::on_byte(const UartByte& byte) {
  const std::uint32_t baud = baud_ != 0 ? baud_ : byte.baud;
  const SampledByte sampled = sample(byte, baud);
  ++received_;
  if (sampled.framing_error) ++framing_errors_;
  bytes_.push_back({pacer_.next_end_ns(byte.end_ns, baud), baud, sampled.value});
}

std::optional<UartByte> UartEcho::take_byte() {
  if (bytes_.empty() || bytes_.front().end_ns > now_ns_) return std::nullopt;
  const UartByte byte = bytes_.front();
  bytes_.pop_front();
  return byte;
}

void UartEcho::on_power(bool on) {
  if (!on) bytes_.clear();
}

}  // namespace sockwire::sim
