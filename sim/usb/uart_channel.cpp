// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/uart_channel.hpp"

#include <cassert>

namespace sockwire::sim {
void UartChannel::reset() {
  transmit_.clear();
  receive_.clear();
  errors_ = 0;
  sending_ = false;
  baud_ = 9600;
}

void UartChannel::transmit(std::uint64_t now_ns, std::span<const std::uint8_t> bytes) {
  assert(bytes.size() <= transmit_.room());
  for (const std::uint8_t byte : bytes) transmit_.push(byte);
  if (!sending_) start_sending(now_ns);
}

std::uint8_t UartChannel::status() const {
  std::uint8_t status = errors_;
  if (receive_.size() > 0) status |= line_status::kDataReady;
  if (transmit_.size() == 0) status |= line_status::kHoldingEmpty;
  if (transmit_.size() == 0 && !sending_) status |= line_status::kTransmitterEmpty;
  return status;
}

std::uint8_t UartChannel::take_status() {
  const std::uint8_t told = status();
  errors_ = 0;
  return told;
}

void UartChannel::start_sending(std::uint64_t start_ns) {
  if (transmit_.size() == 0 || baud_ == 0) return;
  sending_ = true;
  sending_value_ = transmit_.pop();
  sending_baud_ = baud_;
  send_end_ns_ = pacer_.next_end_ns(start_ns, baud_);
}

void UartChannel::advance(std::uint64_t now_ns) {
  while (sending_ && send_end_ns_ <= now_ns) {
    sending_ = false;
    ++counters_.sent;
    const bool stop_bit = !random_.chance(faults_.framing_errors);
    if (!stop_bit) ++counters_.injected;
    sent_.push_back({send_end_ns_, sending_baud_, damaged(sending_value_), stop_bit});
    start_sending(send_end_ns_);
  }
  if (!sending_) start_sending(now_ns);
}

std::optional<UartByte> UartChannel::take_sent() {
  if (sent_.empty()) return std::nullopt;
  const UartByte byte = sent_.front();
  sent_.pop_front();
  return byte;
}

void UartChannel::receive(const UartByte& byte) {
  if (baud_ == 0 || byte.baud == 0) return;
  UartByte seen = byte;
  seen.value = damaged(byte.value);
  if (random_.chance(faults_.framing_errors)) {
    seen.stop_bit = false;
    ++counters_.injected;
  }
  const SampledByte sampled = sample(seen, baud_);
  if (sampled.framing_error) {
    errors_ |= line_status::kFraming;
    ++counters_.framing_errors;
  }
  if (receive_.room() == 0) {
    errors_ |= line_status::kOverrun;
    ++counters_.overruns;
    return;
  }
  receive_.push(sampled.value);
  ++counters_.received;
}

std::uint8_t UartChannel::damaged(std::uint8_t value) {
  if (!random_.chance(faults_.byte_errors)) return value;
  ++counters_.injected;
  return static_cast<std::uint8_t>(value ^ (1 + random_.below(255)));
}

}  // namespace sockwire::sim
