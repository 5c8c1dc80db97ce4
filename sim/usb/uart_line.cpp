// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/uart_line.hpp"

#include <algorithm>

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::uint64_t kPsPerSecond = 1'000'000'000'000;

}  // namespace

SampledByte sample(const UartByte& byte, std::uint32_t baud) {
  // The line, bit 0 first: low, the data, the stop bit; high from there on.
  const unsigned line = static_cast<unsigned>(byte.value) << 1 | (byte.stop_bit ? 1u << 9 : 0u) | 1u << 10;
  SampledByte sampled;
  for (unsigned bit = 1; bit < kUartBitsPerByte; ++bit) {
    // The middle of the receiver's bit is at (bit + 1/2) / baud; the sender's bit there is that times its rate.
    const std::uint64_t senders_bit = (2 * bit + 1) * std::uint64_t{byte.baud} / (2 * std::uint64_t{baud});
    const bool high = (line >> std::min<std::uint64_t>(senders_bit, kUartBitsPerByte) & 1) != 0;
    if (bit < kUartBitsPerByte - 1) {
      sampled.value = static_cast<std::uint8_t>(sampled.value | (high ? 1u << (bit - 1) : 0u));
    } else {
      sampled.framing_error = !high;
    }
  }
  return sampled;
}

std::uint64_t UartPacer::next_end_ns(std::uint64_t start_ns, std::uint32_t baud) {
  // A byte that begins in the nanosecond in which the one before ended follows it without a gap.
  if ((end_ps_ + kPsPerNs - 1) / kPsPerNs < start_ns) {
    end_ps_ = start_ns * kPsPerNs;
    remainder_ = 0;
  }
  if (baud != baud_) remainder_ = 0;
  baud_ = baud;
  const std::uint64_t numerator = kUartBitsPerByte * kPsPerSecond + remainder_;
  end_ps_ += numerator / baud;
  remainder_ = numerator % baud;
  return (end_ps_ + kPsPerNs - 1) / kPsPerNs;
}

}  // namespace sockwire::sim
