// SPDX-License-Identifier: Apache-2.0
// The UART of a card, through an FT2232H and libusb.
#pragma once

#include <memory>
#include <string>

#include "host/base/result.hpp"
#include "host/transport/byte_link.hpp"
#include "host/transport/usb/usb_card.hpp"
#include "host/transport/usb/usb_context.hpp"
#include "host/transport/usb/usb_error.hpp"
#include "host/transport/usb/usb_pipes.hpp"

namespace sockwire::transport {

struct UsbLinkSettings {
  std::string serial;              ///< which card; empty: the only one
  std::uint32_t baud = 1'000'000;  ///< to begin with
  unsigned latency_ms = 1;         ///< after so long the chip sends what it has, 1 to 255
  /// What comes in without anybody looking is bounded by these and the chip's 4 KiB: 36 KiB are 30 ms at 12 Mbaud.
  std::size_t in_transfers = 8;
  std::size_t in_transfer_bytes = 4096;  ///< a multiple of 512
  /// What write() takes: 8 KiB are 7 ms at 12 Mbaud, and the chip has 4 KiB more.
  std::size_t out_transfers = 4;
  std::size_t out_transfer_bytes = 2048;  ///< a multiple of 512
};

/// Stays with its card: when the cable is pulled, or USB fails, it is lost, and looks for the card again (or for
/// another, if none was chosen) until it is destroyed.
class UsbByteLink final : public ByteLink {
 public:
  /// Opens the card, which takes some milliseconds. Refuses a rate that the chip cannot make.
  static Result<std::unique_ptr<UsbByteLink>, UsbError> open(const UsbLinkSettings& settings);
  /// Takes back what is under way, and gives the interface back to the kernel's driver.
  ~UsbByteLink() override;

  void poll() override;
  int wait_fd() const override { return usb_->wait_fd(); }
  std::size_t room() const override { return lost() ? 0 : out_.room(); }
  std::size_t write(std::span<const std::uint8_t> bytes) override;
  std::size_t queued() const override { return lost() ? 0 : out_.queued(); }
  bool drained() const override { return lost() || (out_.queued() == 0 && in_.transmitter_empty()); }
  std::size_t read(std::span<std::uint8_t> out) override;
  std::uint32_t nearest_baud(std::uint32_t baud) const override;
  bool set_baud(std::uint32_t baud) override;
  bool baud_settled() const override { return !control_flying_ && baud_ == wanted_.baud; }
  bool lost() const override { return state_ != State::kOpen; }
  std::uint32_t session() const override { return session_; }
  const ByteLinkCounters& counters() const override { return counters_; }

  /// The card, or the last one.
  const CardInfo& card() const { return card_info_; }
  /// Why it is lost, and what the last attempt to find a card met; one line for people. Empty if it is not lost.
  const std::string& trouble() const { return trouble_; }

 private:
  enum class State : std::uint8_t {
    kOpen,
    kClosing,  ///< lost; transfers are coming back
    kAway,     ///< lost; no card is open
  };

  UsbByteLink(std::unique_ptr<UsbContext> usb, const UsbLinkSettings& settings, const ftdi::Divisor& rate);
  bool prepare();
  void register_hotplug();
  void renew_libusb();
  Result<void, UsbError> try_open();
  Result<std::unique_ptr<UsbCard>, UsbError> find_card();
  void fail(std::string why);
  void check_pipes();
  void submit_baud();
  std::size_t flying() const { return in_.flying() + out_.flying() + (control_flying_ ? 1 : 0); }
  void finish_closing();
  void look_for_card(bool due);
  void set_retry_timer(bool on);
  static int LIBUSB_CALL on_hotplug(libusb_context* context, libusb_device* device, libusb_hotplug_event event,
                                    void* self);
  static void LIBUSB_CALL on_control_ended(libusb_transfer* transfer);

  UsbLinkSettings settings_;
  std::unique_ptr<UsbContext> usb_;
  libusb_hotplug_callback_handle hotplug_ = 0;
  bool hotplug_registered_ = false;
  int retry_timer_ = -1;
  libusb_transfer* control_ = nullptr;
  std::uint8_t control_setup_[LIBUSB_CONTROL_SETUP_SIZE] = {};
  bool control_flying_ = false;
  std::uint32_t control_baud_ = 0;  // what is being set
  std::uint32_t baud_ = 0;
  ftdi::Divisor wanted_;
  UsbInPipe in_;
  UsbOutPipe out_;
  std::unique_ptr<UsbCard> card_;
  CardInfo card_info_;
  State state_ = State::kAway;
  bool arrived_ = false;  // since the last look
  std::uint32_t session_ = 0;
  std::string loss_;  // why the last card was lost
  std::string trouble_;
  ByteLinkCounters counters_;
};

}  // namespace sockwire::transport
