// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/ft2232h.hpp"

#include <algorithm>
#include <cassert>

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;
constexpr std::uint8_t kPowerUpLatencyMs = 16;
constexpr std::uint64_t kFastClockHz = 12'000'000;  // 120 MHz, ten clocks a bit
constexpr std::uint64_t kSlowClockHz = 3'000'000;   // 48 MHz, sixteen clocks a bit
constexpr std::uint8_t kFastClockBit = 0x02;        // of wIndex's upper half
constexpr std::uint8_t kHighSpeedStatus = 0x02;     // modem status: packets of 512; no handshake line is active

/// Vendor requests, bRequest.
enum class FtdiRequest : std::uint8_t {
  kReset = 0,
  kSetModemControl = 1,
  kSetFlowControl = 2,
  kSetBaudRate = 3,
  kSetData = 4,
  kGetModemStatus = 5,
  kSetEventCharacter = 6,
  kSetErrorCharacter = 7,
  kSetLatencyTimer = 9,
  kGetLatencyTimer = 10,
  kSetBitMode = 11,
};

// wValue of kReset. The names are the chip's: what it receives from the host is sent on the wire.
constexpr std::uint16_t kResetAll = 0;
constexpr std::uint16_t kPurgeFromHost = 1;
constexpr std::uint16_t kPurgeToHost = 2;

constexpr std::uint16_t kEndpointHalt = 0;
constexpr std::uint8_t kRecipientEndpoint = 2;

UsbControlReply done(std::vector<std::uint8_t> data = {}) { return {UsbOutcome::kDone, std::move(data)}; }
UsbControlReply stalled() { return {UsbOutcome::kStall, {}}; }

/// wIndex's lower half: 1 and 2 are the channels, and 0 is the first as well.
unsigned channel_of(const UsbSetup& setup) { return (setup.index & 0xff) == 2 ? 1 : 0; }

}  // namespace

std::uint32_t ft2232h_baud(std::uint16_t value, std::uint8_t index_high) {
  // Three bits say the eighths of the divisor, in an order of their own.
  constexpr std::array<unsigned, 8> kEighths{0, 4, 2, 1, 3, 5, 6, 7};
  const unsigned code = static_cast<unsigned>(value >> 14) | (index_high & 1u) << 2;
  const unsigned whole = value & 0x3fffu;
  const std::uint64_t clock_hz = (index_high & kFastClockBit) != 0 ? kFastClockHz : kSlowClockHz;
  if (whole == 0) return code == 0 ? static_cast<std::uint32_t>(clock_hz) : 0;
  if (whole == 1) return code == 0 ? static_cast<std::uint32_t>(clock_hz * 2 / 3) : 0;  // none between 1, 1.5 and 2
  return static_cast<std::uint32_t>(clock_hz * 8 / (whole * 8 + kEighths[code]));
}

Ft2232h::Ft2232h(const Ft2232hSettings& settings) : settings_(settings), uart_(settings.seed) {
  latency_ms_.fill(kPowerUpLatencyMs);
  uart_.set_faults(settings.faults);
}

void Ft2232h::unplug(std::uint64_t now_ns) {
  advance(now_ns);
  plugged_ = false;
}

void Ft2232h::plug(std::uint64_t now_ns) {
  plugged_ = true;
  configuration_ = 0;
  halted_.fill(false);
  latency_ms_.fill(kPowerUpLatencyMs);
  last_packet_ns_.fill(now_ns);
  uart_.reset();
}

void Ft2232h::advance(std::uint64_t now_ns) {
  if (plugged_) uart_.advance(now_ns);
}

void Ft2232h::receive(const UartByte& byte) {
  if (plugged_) uart_.receive(byte);
}

std::uint64_t Ft2232h::latency_end_ns(unsigned channel) const {
  return last_packet_ns_[channel] + latency_ms_[channel] * kNsPerMs;
}

std::uint64_t Ft2232h::in_ready_ns(std::uint8_t endpoint) const {
  const unsigned channel = endpoint == kUartIn ? 1 : 0;
  const bool full = channel == 1 && uart_.receive_waiting() >= kPacketBytes - kStatusBytes;
  return full ? last_packet_ns_[channel] : latency_end_ns(channel);
}

bool* Ft2232h::halted(std::uint8_t endpoint) {
  switch (endpoint) {
    case kJtagIn:
      return &halted_[0];
    case kJtagOut:
      return &halted_[1];
    case kUartIn:
      return &halted_[2];
    case kUartOut:
      return &halted_[3];
    default:
      return nullptr;
  }
}

void Ft2232h::stall(std::uint8_t endpoint) {
  bool* flag = halted(endpoint);
  assert(flag != nullptr);
  *flag = true;
}

UsbPacketReply Ft2232h::in_packet(std::uint64_t now_ns, std::uint8_t endpoint, std::span<std::uint8_t> out) {
  assert(out.size() >= kPacketBytes);
  if (!plugged_) return {UsbOutcome::kGone, 0};
  if ((endpoint != kJtagIn && endpoint != kUartIn) || *halted(endpoint)) return {UsbOutcome::kStall, 0};
  advance(now_ns);
  const unsigned channel = endpoint == kUartIn ? 1 : 0;
  if (now_ns < in_ready_ns(endpoint)) return {UsbOutcome::kNotReady, 0};
  const std::size_t waiting = channel == 1 ? uart_.receive_waiting() : 0;
  last_packet_ns_[channel] = now_ns;
  const std::size_t bytes = std::min(waiting, kPacketBytes - kStatusBytes);
  for (std::size_t i = 0; i < bytes; ++i) out[kStatusBytes + i] = uart_.take_received();
  out[0] = kHighSpeedStatus;
  out[1] = channel == 1 ? uart_.take_status() : line_status::kHoldingEmpty | line_status::kTransmitterEmpty;
  return {UsbOutcome::kDone, kStatusBytes + bytes};
}

UsbPacketReply Ft2232h::out_packet(std::uint64_t now_ns, std::uint8_t endpoint, std::span<const std::uint8_t> data) {
  assert(data.size() <= kPacketBytes);
  if (!plugged_) return {UsbOutcome::kGone, 0};
  if ((endpoint != kJtagOut && endpoint != kUartOut) || *halted(endpoint)) return {UsbOutcome::kStall, 0};
  advance(now_ns);
  if (endpoint == kUartOut) {
    if (uart_.transmit_room() < data.size()) return {UsbOutcome::kNotReady, 0};
    uart_.transmit(now_ns, data);
  }
  return {UsbOutcome::kDone, 0};
}

UsbControlReply Ft2232h::control(std::uint64_t now_ns, const UsbSetup& setup, std::span<const std::uint8_t> data) {
  static_cast<void>(data);  // none of the requests that are modelled has any
  if (!plugged_) return {UsbOutcome::kGone, {}};
  advance(now_ns);
  UsbControlReply reply = setup.standard() ? standard(setup) : setup.vendor() ? vendor(now_ns, setup) : stalled();
  if (reply.data.size() > setup.data_bytes) reply.data.resize(setup.data_bytes);
  return reply;
}

UsbControlReply Ft2232h::standard(const UsbSetup& setup) {
  const bool of_endpoint = (setup.request_type & 0x1f) == kRecipientEndpoint;
  bool* flag = of_endpoint ? halted(static_cast<std::uint8_t>(setup.index)) : nullptr;
  switch (static_cast<UsbRequest>(setup.request)) {
    case UsbRequest::kGetStatus:
      return done({static_cast<std::uint8_t>(flag != nullptr && *flag ? 1 : 0), 0});
    case UsbRequest::kClearFeature:
    case UsbRequest::kSetFeature:
      if (flag == nullptr || setup.value != kEndpointHalt) return stalled();
      *flag = static_cast<UsbRequest>(setup.request) == UsbRequest::kSetFeature;
      return done();
    case UsbRequest::kGetDescriptor:
      return descriptor(static_cast<UsbDescriptor>(setup.value >> 8), static_cast<std::uint8_t>(setup.value));
    case UsbRequest::kGetConfiguration:
      return done({configuration_});
    case UsbRequest::kSetConfiguration:
      if (setup.value > 1) return stalled();
      configuration_ = static_cast<std::uint8_t>(setup.value);
      halted_.fill(false);
      return done();
    case UsbRequest::kGetInterface:
      return setup.index < 2 ? done({0}) : stalled();
    case UsbRequest::kSetInterface:
      return setup.index < 2 && setup.value == 0 ? done() : stalled();
    case UsbRequest::kSetAddress:
      return done();
  }
  return stalled();
}

UsbControlReply Ft2232h::vendor(std::uint64_t now_ns, const UsbSetup& setup) {
  if (refusals_ > 0 && setup.request == refused_request_) {
    --refusals_;
    return stalled();
  }
  const unsigned channel = channel_of(setup);
  switch (static_cast<FtdiRequest>(setup.request)) {
    case FtdiRequest::kReset:
      if (setup.value > kPurgeToHost) return stalled();
      reset_sio(now_ns, channel, setup.value);
      return done();
    case FtdiRequest::kSetBaudRate:
      return set_rate(channel, setup) ? done() : stalled();
    case FtdiRequest::kSetData:  // 8 data bits, no parity, one stop bit, no break: nothing else is modelled
      return setup.value == 8 ? done() : stalled();
    case FtdiRequest::kSetFlowControl:  // no handshake line is wired
      return setup.index >> 8 == 0 ? done() : stalled();
    case FtdiRequest::kSetModemControl:
    case FtdiRequest::kSetEventCharacter:
    case FtdiRequest::kSetErrorCharacter:
    case FtdiRequest::kSetBitMode:
      return done();
    case FtdiRequest::kGetModemStatus:
      return done({kHighSpeedStatus, channel == 1 ? uart_.status() : line_status::kHoldingEmpty});
    case FtdiRequest::kSetLatencyTimer:
      if (setup.value < 1 || setup.value > 255) return stalled();
      latency_ms_[channel] = static_cast<std::uint8_t>(setup.value);
      return done();
    case FtdiRequest::kGetLatencyTimer:
      return done({latency_ms_[channel]});
  }
  return stalled();
}

bool Ft2232h::set_rate(unsigned channel, const UsbSetup& setup) {
  const std::uint32_t baud = ft2232h_baud(setup.value, static_cast<std::uint8_t>(setup.index >> 8));
  if (baud == 0) return false;
  if (channel == 1) uart_.set_baud(baud);
  return true;
}

void Ft2232h::reset_sio(std::uint64_t now_ns, unsigned channel, std::uint16_t what) {
  if (channel != 1) return;
  if (what == kResetAll || what == kPurgeFromHost) uart_.purge_transmit();
  if (what == kResetAll || what == kPurgeToHost) uart_.purge_receive();
  if (what == kResetAll) last_packet_ns_[channel] = now_ns;
}

}  // namespace sockwire::sim
