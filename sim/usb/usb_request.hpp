// SPDX-License-Identifier: Apache-2.0
// What a host asks a USB device for: USB 2.0, chapter 9.
#pragma once

#include <cstdint>
#include <vector>

namespace sockwire::sim {

/// A SETUP packet (9.3).
struct UsbSetup {
  std::uint8_t request_type = 0;  ///< bit 7: to the host; bits 6-5: standard, class, vendor; bits 4-0: the recipient
  std::uint8_t request = 0;
  std::uint16_t value = 0;
  std::uint16_t index = 0;
  std::uint16_t data_bytes = 0;  ///< wLength

  bool to_host() const { return (request_type & 0x80) != 0; }
  bool standard() const { return (request_type & 0x60) == 0x00; }
  bool vendor() const { return (request_type & 0x60) == 0x40; }
};

/// Standard requests (table 9-4).
enum class UsbRequest : std::uint8_t {
  kGetStatus = 0,
  kClearFeature = 1,
  kSetFeature = 3,
  kSetAddress = 5,
  kGetDescriptor = 6,
  kGetConfiguration = 8,
  kSetConfiguration = 9,
  kGetInterface = 10,
  kSetInterface = 11,
};

/// Descriptor types (tables 9-5 and 9-6).
enum class UsbDescriptor : std::uint8_t {
  kDevice = 1,
  kConfiguration = 2,
  kString = 3,
  kInterface = 4,
  kEndpoint = 5,
  kDeviceQualifier = 6,
};

/// How a packet or a control transfer ended.
enum class UsbOutcome : std::uint8_t {
  kDone,
  kNotReady,  ///< NAK: the host asks again
  kStall,     ///< refused; an endpoint that has stalled does so until its halt is cleared
  kGone,      ///< nothing is plugged in
};

/// The answer to a control transfer.
struct UsbControlReply {
  UsbOutcome outcome = UsbOutcome::kDone;
  std::vector<std::uint8_t> data;  ///< to the host; at most what it asked for
};

/// One packet of a bulk pipe.
struct UsbPacketReply {
  UsbOutcome outcome = UsbOutcome::kNotReady;
  std::size_t bytes = 0;  ///< to the host
};

}  // namespace sockwire::sim
