// SPDX-License-Identifier: Apache-2.0
// What an FT2232H understands and what it puts in front of its data. No IO.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sockwire::transport::ftdi {

inline constexpr std::uint16_t kVendor = 0x0403;
inline constexpr std::uint16_t kFt2232h = 0x6010;

/// Channel B is the UART on an Arty: its USB interface, its endpoints, and its number in the vendor requests.
inline constexpr int kUartInterface = 1;
inline constexpr std::uint8_t kUartIn = 0x83;
inline constexpr std::uint8_t kUartOut = 0x04;
inline constexpr std::uint16_t kUartIndex = 2;

inline constexpr std::size_t kPacketBytes = 512;  ///< of a bulk pipe at high speed
inline constexpr std::size_t kStatusBytes = 2;    ///< in front of each packet from the chip

/// bmRequestType of a vendor request to the device.
inline constexpr std::uint8_t kVendorOut = 0x40;

/// bRequest.
enum class Request : std::uint8_t {
  kReset = 0,
  kSetFlowControl = 2,
  kSetBaudRate = 3,
  kSetData = 4,
  kSetLatencyTimer = 9,
};

// wValue of kReset; the names are the chip's, which receives from the host.
inline constexpr std::uint16_t kResetAll = 0;
inline constexpr std::uint16_t kPurgeFromHost = 1;
inline constexpr std::uint16_t kPurgeToHost = 2;
/// wValue of kSetData: eight bits, no parity, one stop bit.
inline constexpr std::uint16_t kEightNoneOne = 8;

/// How a rate is asked for.
struct Divisor {
  std::uint16_t value = 0;  ///< wValue
  std::uint16_t index = 0;  ///< wIndex, channel B included
  std::uint32_t baud = 0;   ///< the rate that it really makes
};

/// The divisor of 12 MHz that comes nearest to a rate, in eighths; above 6 Mbaud there are only 8 and 12. Nothing if it
/// misses the rate by more than 3 %, or if the rate is below 1200 (this clock goes no lower).
std::optional<Divisor> divisor_for(std::uint32_t baud);

/// What the status bytes of one transfer say.
struct LineReport {
  std::size_t payload_bytes = 0;
  unsigned overruns = 0;           ///< packets that say so
  unsigned framing_errors = 0;     ///< packets that say so
  bool any = false;                ///< there was a packet at all
  bool transmitter_empty = false;  ///< at the last packet's time: all bytes have left, stop bit included
};

/// Takes the status bytes out: of each packet of 512, not only of the transfer. What is left moves to the front of
/// `transfer`. A last packet without whole status has no data.
LineReport strip_status(std::span<std::uint8_t> transfer);

}  // namespace sockwire::transport::ftdi
