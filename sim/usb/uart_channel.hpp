// SPDX-License-Identifier: Apache-2.0
// The UART of one channel of an FT2232H: two FIFOs, a shift register that takes ten bit times a byte, a receiver that
// loses what it has no room for, and the line status that tells so.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "sim/phy/line_peer.hpp"
#include "sim/phy/random.hpp"
#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {

/// Bits of the line status, the second of the two bytes in front of each packet (they are those of a 16550's LSR).
namespace line_status {
inline constexpr std::uint8_t kDataReady = 0x01;
inline constexpr std::uint8_t kOverrun = 0x02;
inline constexpr std::uint8_t kParity = 0x04;
inline constexpr std::uint8_t kFraming = 0x08;
inline constexpr std::uint8_t kBreak = 0x10;
inline constexpr std::uint8_t kHoldingEmpty = 0x20;      ///< THRE: the transmit FIFO is empty
inline constexpr std::uint8_t kTransmitterEmpty = 0x40;  ///< TEMT: and so is the shift register
}  // namespace line_status

/// Per byte, in both directions alike.
struct UartFaults {
  double byte_errors = 0;     ///< probability that one to eight of its bits are turned
  double framing_errors = 0;  ///< probability that its stop bit is low
};

/// First in, first out, of a fixed size.
template <std::size_t kSize>
class ByteFifo {
 public:
  std::size_t size() const { return size_; }
  std::size_t room() const { return kSize - size_; }
  /// Precondition: room() > 0.
  void push(std::uint8_t byte) { bytes_[(first_ + size_++) % kSize] = byte; }
  /// Precondition: size() > 0.
  std::uint8_t pop() {
    const std::uint8_t byte = bytes_[first_];
    first_ = (first_ + 1) % kSize;
    --size_;
    return byte;
  }
  void clear() { size_ = 0; }

 private:
  std::array<std::uint8_t, kSize> bytes_{};
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

/// Totals since it was made.
struct UartCounters {
  std::uint64_t sent = 0;            ///< bytes that left on the wire
  std::uint64_t received = 0;        ///< bytes that reached the receive FIFO
  std::uint64_t overruns = 0;        ///< bytes that were lost, since the receive FIFO was full
  std::uint64_t framing_errors = 0;  ///< bytes that came without a stop bit
  std::uint64_t injected = 0;        ///< faults, in either direction
};

class UartChannel {
 public:
  /// Of each FIFO (FT2232H data sheet: 4 kB in each direction of each channel).
  static constexpr std::size_t kFifoBytes = 4096;

  explicit UartChannel(std::uint64_t seed) : random_(seed) {}

  /// As after power-up: 9600 baud, all empty.
  void reset();
  void purge_transmit() { transmit_.clear(); }
  void purge_receive() { receive_.clear(); }

  std::uint32_t baud() const { return baud_; }
  /// From the next byte on. 0: neither direction moves.
  void set_baud(std::uint32_t baud) { baud_ = baud; }
  void set_faults(const UartFaults& faults) { faults_ = faults; }

  // --- the host's side ---
  std::size_t transmit_room() const { return transmit_.room(); }
  /// Precondition: bytes.size() <= transmit_room(), and advance(now_ns) was called.
  void transmit(std::uint64_t now_ns, std::span<const std::uint8_t> bytes);
  std::size_t receive_waiting() const { return receive_.size(); }
  /// The oldest received byte. Precondition: receive_waiting() > 0.
  std::uint8_t take_received() { return receive_.pop(); }
  /// The line status; errors since the last call are told once.
  std::uint8_t take_status();
  /// The same, and the errors stay.
  std::uint8_t status() const;

  // --- the wires ---
  void advance(std::uint64_t now_ns);
  /// When the byte that is being sent ends; kNeverNs if none is.
  std::uint64_t next_deadline_ns() const { return sending_ ? send_end_ns_ : kNeverNs; }
  /// The oldest byte that has been sent and was not taken yet.
  std::optional<UartByte> take_sent();
  /// A byte has come in.
  void receive(const UartByte& byte);

  const UartCounters& counters() const { return counters_; }

 private:
  void start_sending(std::uint64_t start_ns);
  std::uint8_t damaged(std::uint8_t value);

  Random random_;
  UartFaults faults_;
  std::uint32_t baud_ = 9600;
  ByteFifo<kFifoBytes> transmit_;
  ByteFifo<kFifoBytes> receive_;
  std::uint8_t errors_ = 0;  // of the line status
  bool sending_ = false;
  std::uint8_t sending_value_ = 0;
  std::uint32_t sending_baud_ = 0;
  std::uint64_t send_end_ns_ = 0;
  UartPacer pacer_;
  std::deque<UartByte> sent_;
  UartCounters counters_;
};

}  // namespace sockwire::sim
