// SPDX-License-Identifier: Apache-2.0
// Cards on USB: which there are, which one is meant, and one that is open with its UART set up.
#pragma once

#include <libusb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/base/result.hpp"
#include "host/transport/usb/ftdi.hpp"
#include "host/transport/usb/usb_context.hpp"
#include "host/transport/usb/usb_error.hpp"

namespace sockwire::transport {

enum class CardState : std::uint8_t {
  kReady,         ///< can be opened
  kBusy,          ///< another program has it
  kNoPermission,  ///< the udev rule is missing
  kOtherBoard,    ///< an FT2232H on a board that is not Digilent's: only its serial number opens it
  kBroken,        ///< does not answer, or lacks the UART
};

/// "ready", "busy", "no permission", "other board", "broken".
const char* name_of(CardState state);

/// What is known about an FT2232H without talking to it: sysfs tells the strings even where it may not be opened.
struct CardInfo {
  std::string serial;  ///< may be empty: a chip without an EEPROM
  std::string manufacturer;
  std::string product;
  std::string port;  ///< bus and path of ports as the kernel writes them: "1-2.3"
  unsigned bus = 0;
  unsigned address = 0;  ///< on that bus: the file is /dev/bus/usb/BUS/ADDRESS, each with three digits
  CardState state = CardState::kReady;
  std::string reason;  ///< one line: why it cannot be used, and what to do; empty if it is ready
};

/// All that are plugged in, by bus and port. Looks whether each can be opened, and disturbs none: a kernel driver stays
/// where it is.
Result<std::vector<CardInfo>, UsbError> list_cards();
std::vector<CardInfo> list_cards(UsbContext& usb);

/// A card that is ours: opened, channel B claimed, the kernel's driver out of its way until it is closed again.
class UsbCard {
 public:
  /// serial: which one; empty: the only one of Digilent's boards. Talks to the card for some milliseconds, and leaves
  /// its UART empty, at this rate, 8N1, without flow control, with this latency timer.
  static Result<std::unique_ptr<UsbCard>, UsbError> open(UsbContext& usb, const std::string& serial,
                                                         const ftdi::Divisor& rate, unsigned latency_ms);
  /// Precondition: no transfer is under way.
  ~UsbCard();
  UsbCard(const UsbCard&) = delete;
  UsbCard& operator=(const UsbCard&) = delete;

  libusb_device_handle* handle() const { return handle_; }
  libusb_device* device() const { return libusb_get_device(handle_); }
  const CardInfo& info() const { return info_; }

 private:
  UsbCard(libusb_device_handle* handle, CardInfo info) : handle_(handle), info_(std::move(info)) {}
  Result<void, UsbError> claim();
  Result<void, UsbError> set_up(const ftdi::Divisor& rate, unsigned latency_ms);

  libusb_device_handle* handle_;
  CardInfo info_;
  bool claimed_ = false;
};

}  // namespace sockwire::transport
