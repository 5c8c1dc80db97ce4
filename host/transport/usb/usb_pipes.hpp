// SPDX-License-Identifier: Apache-2.0
// The two bulk pipes of a card's UART: transfers that are always under way in one, and bytes that gather for the next
// transfer in the other. All memory is taken when they are made.
#pragma once

#include <libusb.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "host/transport/usb/ftdi.hpp"

namespace sockwire::transport {

/// A transfer with its memory. Both ends of a pipe are a ring of these.
struct UsbSlot {
  enum class State : std::uint8_t {
    kIdle,
    kFlying,  ///< libusb has it
    kFull,    ///< to the host: what has come waits to be read
  };
  libusb_transfer* transfer = nullptr;
  std::vector<std::uint8_t> buffer;
  State state = State::kIdle;
  std::size_t bytes = 0;     ///< in the buffer
  std::size_t consumed = 0;  ///< of these
};

/// What both pipes have: a ring of slots, and what their callbacks found.
class UsbPipe {
 public:
  /// bytes: of each; a multiple of 512.
  UsbPipe(std::size_t slots, std::size_t bytes);
  virtual ~UsbPipe();
  UsbPipe(const UsbPipe&) = delete;
  UsbPipe& operator=(const UsbPipe&) = delete;

  /// A transfer holds on to the device that it was for, which must not outlive libusb's context: makes new ones.
  /// Precondition: flying() == 0.
  void renew();
  /// Asks libusb to give all back: each comes with its callback.
  void cancel();
  std::size_t flying() const { return flying_; }
  /// A transfer has failed since start(); why, in libusb's words: a libusb_transfer_status, or a negative libusb_error.
  int fault() const { return fault_; }

 protected:
  /// A transfer has ended well.
  virtual void on_done(UsbSlot& slot) = 0;
  void restart(libusb_device_handle* handle);
  void submit(std::size_t slot, std::uint8_t endpoint, std::size_t bytes);
  UsbSlot& slot(std::size_t position) { return slots_[position % slots_.size()]; }
  const UsbSlot& slot(std::size_t position) const { return slots_[position % slots_.size()]; }
  std::size_t slots() const { return slots_.size(); }

 private:
  static void LIBUSB_CALL on_ended(libusb_transfer* transfer);
  void free_transfers();

  libusb_device_handle* handle_ = nullptr;
  std::vector<UsbSlot> slots_;
  std::size_t flying_ = 0;
  int fault_ = 0;
};

/// From the card.
class UsbInPipe final : public UsbPipe {
 public:
  using UsbPipe::UsbPipe;

  /// Precondition: flying() == 0.
  void start(libusb_device_handle* handle);
  /// Gives the oldest bytes, and lets what was emptied fly again.
  std::size_t read(std::span<std::uint8_t> out);

  /// Since it was made.
  std::uint64_t overruns() const { return overruns_; }
  std::uint64_t framing_errors() const { return framing_errors_; }
  /// The chip's last status said that its transmitter is empty.
  bool transmitter_empty() const { return transmitter_empty_; }
  /// That was before bytes went out.
  void forget_transmitter() { transmitter_empty_ = false; }

 private:
  void on_done(UsbSlot& slot) override;

  std::size_t oldest_ = 0;  // position in the ring; they come back in the order in which they went
  std::uint64_t overruns_ = 0;
  std::uint64_t framing_errors_ = 0;
  bool transmitter_empty_ = false;
};

/// To the card.
class UsbOutPipe final : public UsbPipe {
 public:
  UsbOutPipe(std::size_t slots, std::size_t bytes, UsbInPipe& in) : UsbPipe(slots, bytes), in_(in), bytes_(bytes) {}

  /// Precondition: flying() == 0.
  void start(libusb_device_handle* handle);
  std::size_t room() const;
  std::size_t queued() const { return queued_; }
  std::size_t write(std::span<const std::uint8_t> bytes);
  /// What has gathered goes when nothing is under way.
  void flush();

 private:
  void on_done(UsbSlot& slot) override;
  void send();

  UsbInPipe& in_;
  std::size_t bytes_;
  std::size_t filling_ = 0;  // position of the slot that gathers
  std::size_t queued_ = 0;
};

}  // namespace sockwire::transport
