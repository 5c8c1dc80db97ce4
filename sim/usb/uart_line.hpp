// SPDX-License-Identifier: Apache-2.0
// Two wires with bytes on them, 8N1, and whoever holds their other ends.
#pragma once

#include <cstdint>
#include <optional>

namespace sockwire::sim {

/// Start bit, eight data bits, stop bit.
inline constexpr unsigned kUartBitsPerByte = 10;

/// A byte as its sender drives it.
struct UartByte {
  std::uint64_t end_ns = 0;  ///< when its stop bit ends
  std::uint32_t baud = 0;    ///< of the sender
  std::uint8_t value = 0;
  bool stop_bit = true;  ///< false: the line was low where the stop bit belongs
};

/// What a receiver makes of it.
struct SampledByte {
  std::uint8_t value = 0;
  bool framing_error = false;  ///< the stop bit was sampled low
};

/// Samples the line in the middle of each bit of a receiver that runs at `baud`, beginning with the edge of the start
/// bit. Each byte is looked at alone: the line is high after its stop bit. So two rates that are within some 5 % of one
/// another understand each other, and others get one wrong byte for each, with or without a framing error. A real
/// receiver that is faster would find further start bits in the byte, and a slower one would take two bytes for one:
/// that is left out. Precondition: both rates are above 0.
SampledByte sample(const UartByte& byte, std::uint32_t baud);

/// When the bytes end that a sender puts on the line one after the other. Parts of a picosecond are carried on, so that
/// no rate drifts.
class UartPacer {
 public:
  /// A byte begins at start_ns, or when the one before has ended if that is later; returns when it ends. Precondition:
  /// baud > 0.
  std::uint64_t next_end_ns(std::uint64_t start_ns, std::uint32_t baud);

 private:
  std::uint64_t end_ps_ = 0;
  std::uint64_t remainder_ = 0;  // of a picosecond, in units of 1 / baud_
  std::uint32_t baud_ = 0;
};

/// What is wired to a UART: a card, or an echo. Sans-IO, and its times are those of the UART.
class UartPeer {
 public:
  virtual ~UartPeer() = default;

  /// The UART has sent a byte. Times never go back.
  virtual void on_byte(const UartByte& byte) = 0;
  /// Time has passed, up to now_ns.
  virtual void advance(std::uint64_t now_ns) = 0;
  /// The oldest byte whose stop bit has ended, of those that were not taken yet; in the order of time.
  virtual std::optional<UartByte> take_byte() = 0;
  /// When advance() has something to do next, if no byte comes before; kNeverNs: then never.
  virtual std::uint64_t next_deadline_ns() const = 0;
  /// The cable was pulled, or is back. A card that the cable feeds resets now.
  virtual void on_power(bool /*on*/) {}
};

}  // namespace sockwire::sim
