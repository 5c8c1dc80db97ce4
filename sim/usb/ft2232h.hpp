// SPDX-License-Identifier: Apache-2.0
// An FT2232H as it sits on an Arty A7: interface A is JTAG (here it only swallows), interface B is a UART on two wires.
// Sans-IO and in virtual time: packets of the USB on one side, bytes with their times on the other.
//
// What it is a model of: FT2232H data sheet (FIFOs, channels), USB 2.0 chapter 9 (descriptors, standard requests), and
// the vendor requests as the drivers of Linux and libftdi use them. Left out: MPSSE and bit modes, the EEPROM, event
// and error characters, handshake lines (nothing is wired to them on the board), suspend, and the bus's own bandwidth.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/usb/uart_channel.hpp"
#include "sim/usb/usb_request.hpp"

namespace sockwire::sim {

inline constexpr std::uint16_t kFtdiVendor = 0x0403;
inline constexpr std::uint16_t kFt2232hProduct = 0x6010;

struct Ft2232hSettings {
  std::string manufacturer = "Digilent";
  std::string product = "Digilent USB Device";
  std::string serial = "210319A00001";
  UartFaults faults;
  std::uint64_t seed = 1;  ///< of the faults
};

/// The rate that a divisor means: what SET_BAUD_RATE has in wValue, and in the upper half of wIndex. 0 if the chip
/// makes no rate of it.
std::uint32_t ft2232h_baud(std::uint16_t value, std::uint8_t index_high);

class Ft2232h {
 public:
  static constexpr std::size_t kPacketBytes = 512;  ///< of a bulk pipe at high speed
  static constexpr std::size_t kStatusBytes = 2;    ///< in front of each packet to the host: modem status, line status
  static constexpr std::uint8_t kJtagIn = 0x81;
  static constexpr std::uint8_t kJtagOut = 0x02;
  static constexpr std::uint8_t kUartIn = 0x83;
  static constexpr std::uint8_t kUartOut = 0x04;

  explicit Ft2232h(const Ft2232hSettings& settings);

  // --- the cable ---
  bool plugged() const { return plugged_; }
  /// All that was in the chip is gone. Bytes that come in while it is unplugged are, too.
  void unplug(std::uint64_t now_ns);
  /// It begins as after power-up. It is plugged in when it is made.
  void plug(std::uint64_t now_ns);

  // --- the host's side of the bus: time never goes back ---
  /// A control transfer: `data` is what came with it, if it is one to the device.
  UsbControlReply control(std::uint64_t now_ns, const UsbSetup& setup, std::span<const std::uint8_t> data);
  /// The host asks for a packet. Each has two bytes of status first; one that is shorter than kPacketBytes ends a
  /// transfer. There is one when 510 bytes wait, or when the latency timer has run since the last. Precondition:
  /// out.size() >= kPacketBytes.
  UsbPacketReply in_packet(std::uint64_t now_ns, std::uint8_t endpoint, std::span<std::uint8_t> out);
  /// When in_packet() has one if no further byte comes: since the last packet, or when the latency timer has run.
  std::uint64_t in_ready_ns(std::uint8_t endpoint) const;
  /// The host sends a packet, of kPacketBytes at most. Not ready: it does not fit the FIFO as a whole.
  UsbPacketReply out_packet(std::uint64_t now_ns, std::uint8_t endpoint, std::span<const std::uint8_t> data);
  /// The descriptors as a Linux kernel shows them in sysfs: device, then configuration with all that belongs to it.
  std::vector<std::uint8_t> descriptors() const;

  // --- the UART ---
  void advance(std::uint64_t now_ns);
  /// When the byte ends that is being sent; kNeverNs if none is.
  std::uint64_t next_deadline_ns() const { return plugged_ ? uart_.next_deadline_ns() : kNeverNs; }
  /// The oldest byte that has been sent.
  std::optional<UartByte> take_sent() { return uart_.take_sent(); }
  /// A byte has come in. Call it in the order of end_ns.
  void receive(const UartByte& byte);
  UartChannel& uart() { return uart_; }
  const UartChannel& uart() const { return uart_; }
  /// Of channel B.
  unsigned latency_ms() const { return latency_ms_[1]; }
  const Ft2232hSettings& settings() const { return settings_; }

  // --- faults ---
  void set_faults(const UartFaults& faults) { uart_.set_faults(faults); }
  /// The endpoint refuses everything until the host clears its halt.
  void stall(std::uint8_t endpoint);
  /// The next so many of this vendor request are refused.
  void refuse(std::uint8_t request, unsigned times) {
    refused_request_ = request;
    refusals_ = times;
  }

 private:
  bool* halted(std::uint8_t endpoint);
  UsbControlReply standard(const UsbSetup& setup);
  UsbControlReply vendor(std::uint64_t now_ns, const UsbSetup& setup);
  UsbControlReply descriptor(UsbDescriptor type, std::uint8_t number) const;
  bool set_rate(unsigned channel, const UsbSetup& setup);
  void reset_sio(std::uint64_t now_ns, unsigned channel, std::uint16_t what);
  std::uint64_t latency_end_ns(unsigned channel) const;

  Ft2232hSettings settings_;
  bool plugged_ = true;
  std::uint8_t configuration_ = 0;
  std::array<bool, 4> halted_{};
  std::uint8_t refused_request_ = 0;
  unsigned refusals_ = 0;
  std::array<std::uint8_t, 2> latency_ms_{};
  std::array<std::uint64_t, 2> last_packet_ns_{};
  UartChannel uart_;
};

}  // namespace sockwire::sim
