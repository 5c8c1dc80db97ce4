// SPDX-License-Identifier: Apache-2.0
#include "host/transport/usb/usb_byte_link.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <new>
#include <utility>

namespace sockwire::transport {
namespace {

/// How often a lost card is looked for without being told that one came.
constexpr long kRetryNs = 250'000'000;
constexpr unsigned kControlTimeoutMs = 500;
/// What a wait for transfers to come back is cut into; they always do.
constexpr int kCloseWaitMs = 100;

std::string words_for(int fault) {
  if (fault == LIBUSB_ERROR_NO_DEVICE) fault = LIBUSB_TRANSFER_NO_DEVICE;
  if (fault < 0) return libusb_strerror(static_cast<libusb_error>(fault));
  switch (static_cast<libusb_transfer_status>(fault)) {
    case LIBUSB_TRANSFER_STALL:
      return "it refused a transfer";
    case LIBUSB_TRANSFER_NO_DEVICE:
      return "it was unplugged";
    case LIBUSB_TRANSFER_TIMED_OUT:
      return "it did not answer";
    case LIBUSB_TRANSFER_OVERFLOW:
      return "it sent more than it was asked for";
    default:
      return "a transfer failed";
  }
}

}  // namespace

UsbByteLink::UsbByteLink(std::unique_ptr<UsbContext> usb, const UsbLinkSettings& settings, const ftdi::Divisor& rate)
    : settings_(settings),
      usb_(std::move(usb)),
      wanted_(rate),
      in_(settings.in_transfers, settings.in_transfer_bytes),
      out_(settings.out_transfers, settings.out_transfer_bytes, in_) {}

Result<std::unique_ptr<UsbByteLink>, UsbError> UsbByteLink::open(const UsbLinkSettings& settings) {
  const auto rate = ftdi::divisor_for(settings.baud);
  if (!rate) {
    return Failure{UsbError{UsbProblem::kFailed, "the chip makes no rate near " + std::to_string(settings.baud) +
                                                     " baud: 12, 8 and 6 Mbaud " + "it makes, and nearly all below"}};
  }
  auto usb = UsbContext::open();
  if (!usb) return Failure{usb.error()};
  std::unique_ptr<UsbByteLink> link(new UsbByteLink(std::move(usb).value(), settings, *rate));
  if (!link->prepare()) return Failure{UsbError{UsbProblem::kFailed, "no descriptor is left to wait for USB with"}};
  if (const auto opened = link->try_open(); !opened) return Failure{opened.error()};
  return link;
}

bool UsbByteLink::prepare() {
  control_ = libusb_alloc_transfer(0);
  retry_timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (control_ == nullptr || retry_timer_ < 0 || !usb_->watch(retry_timer_)) return false;
  register_hotplug();
  return true;
}

/// Where hot-plug is not told of, the timer finds out.
void UsbByteLink::register_hotplug() {
  hotplug_registered_ =
      libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) != 0 &&
      libusb_hotplug_register_callback(
          usb_->get(), LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, LIBUSB_HOTPLUG_NO_FLAGS,
          ftdi::kVendor, ftdi::kFt2232h, LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, this, &hotplug_) == LIBUSB_SUCCESS;
}

UsbByteLink::~UsbByteLink() {
  if (state_ == State::kOpen) fail("closed");
  while (flying() > 0) usb_->wait_for_events(kCloseWaitMs);
  card_.reset();
  if (hotplug_registered_) libusb_hotplug_deregister_callback(usb_->get(), hotplug_);
  libusb_free_transfer(control_);
  if (retry_timer_ >= 0) close(retry_timer_);
}

int LIBUSB_CALL UsbByteLink::on_hotplug(libusb_context* /*context*/, libusb_device* device, libusb_hotplug_event event,
                                        void* self) {
  auto& link = *static_cast<UsbByteLink*>(self);
  if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED) {
    link.arrived_ = true;
  } else if (link.state_ == State::kOpen && link.card_->device() == device) {
    link.fail(words_for(LIBUSB_TRANSFER_NO_DEVICE));
  }
  return 0;  // and stay registered
}

Result<std::unique_ptr<UsbCard>, UsbError> UsbByteLink::find_card() {
  // The card that it was before comes first, if any will do.
  if (settings_.serial.empty() && !card_info_.serial.empty()) {
    auto same = UsbCard::open(*usb_, card_info_.serial, wanted_, settings_.latency_ms);
    if (same || same.error().problem != UsbProblem::kNotFound) return same;
  }
  return UsbCard::open(*usb_, settings_.serial, wanted_, settings_.latency_ms);
}

Result<void, UsbError> UsbByteLink::try_open() {
  auto card = find_card();
  if (!card) return Failure{card.error()};
  card_ = std::move(card).value();
  card_info_ = card_->info();
  baud_ = wanted_.baud;
  state_ = State::kOpen;
  ++session_;
  trouble_.clear();
  set_retry_timer(false);
  out_.start(card_->handle());
  in_.start(card_->handle());
  check_pipes();
  return {};
}

void UsbByteLink::poll() {
  usb_->handle_events();
  counters_.overruns = in_.overruns();
  counters_.framing_errors = in_.framing_errors();
  if (state_ == State::kOpen) {
    out_.flush();
    check_pipes();
  }
  std::uint64_t ticks = 0;
  const bool due = ::read(retry_timer_, &ticks, sizeof ticks) > 0;
  // One step at a time: whoever looks after each poll() sees that it was lost, however soon it is back.
  if (state_ == State::kAway) {
    look_for_card(due);
  } else if (state_ == State::kClosing && flying() == 0) {
    finish_closing();
  }
}

void UsbByteLink::check_pipes() {
  const int fault = in_.fault() != 0 ? in_.fault() : out_.fault();
  if (fault != 0) fail(words_for(fault));
}

void UsbByteLink::fail(std::string why) {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  ++counters_.losses;
  loss_ = "lost card " + card_info_.serial + " on USB " + card_info_.port + ": " + std::move(why);
  trouble_ = loss_;
  in_.cancel();
  out_.cancel();
  if (control_flying_) libusb_cancel_transfer(control_);
  set_retry_timer(true);  // poll() must be called again, even if no transfer was under way
}

void UsbByteLink::finish_closing() {
  card_.reset();
  state_ = State::kAway;
  arrived_ = true;  // it may be there again already
  set_retry_timer(true);
}

void UsbByteLink::look_for_card(bool due) {
  if (!due && !arrived_) return;
  if (!arrived_) renew_libusb();
  arrived_ = false;
  const auto opened = try_open();
  if (!opened) trouble_ = loss_ + "; " + opened.error().message;
}

void UsbByteLink::renew_libusb() {
  in_.renew();
  out_.renew();
  libusb_free_transfer(control_);
  control_ = libusb_alloc_transfer(0);
  if (control_ == nullptr) throw std::bad_alloc();
  if (usb_->renew()) register_hotplug();
}

void UsbByteLink::set_retry_timer(bool on) {
  itimerspec period{};
  period.it_interval.tv_nsec = on ? kRetryNs : 0;
  period.it_value.tv_nsec = on ? 1 : 0;  // the first at once
  timerfd_settime(retry_timer_, 0, &period, nullptr);
}

std::size_t UsbByteLink::write(std::span<const std::uint8_t> bytes) {
  if (lost()) return 0;
  const std::size_t taken = out_.write(bytes);
  counters_.bytes_out += taken;
  check_pipes();
  return taken;
}

std::size_t UsbByteLink::read(std::span<std::uint8_t> out) {
  if (lost()) return 0;
  const std::size_t given = in_.read(out);
  counters_.bytes_in += given;
  check_pipes();
  return given;
}

std::uint32_t UsbByteLink::nearest_baud(std::uint32_t baud) const {
  const auto divisor = ftdi::divisor_for(baud);
  return divisor ? divisor->baud : 0;
}

bool UsbByteLink::set_baud(std::uint32_t baud) {
  const auto divisor = ftdi::divisor_for(baud);
  if (!divisor || lost()) return false;
  wanted_ = *divisor;
  submit_baud();
  return true;
}

void UsbByteLink::submit_baud() {
  if (control_flying_ || baud_ == wanted_.baud) return;
  libusb_fill_control_setup(control_setup_, ftdi::kVendorOut, static_cast<std::uint8_t>(ftdi::Request::kSetBaudRate),
                            wanted_.value, wanted_.index, 0);
  libusb_fill_control_transfer(control_, card_->handle(), control_setup_, on_control_ended, this, kControlTimeoutMs);
  const int code = libusb_submit_transfer(control_);
  if (code != LIBUSB_SUCCESS) return fail(words_for(code));
  control_flying_ = true;
  control_baud_ = wanted_.baud;
}

void LIBUSB_CALL UsbByteLink::on_control_ended(libusb_transfer* transfer) {
  auto& link = *static_cast<UsbByteLink*>(transfer->user_data);
  link.control_flying_ = false;
  if (link.state_ != State::kOpen) return;
  if (transfer->status != LIBUSB_TRANSFER_COMPLETED) return link.fail(words_for(transfer->status));
  link.baud_ = link.control_baud_;
  link.submit_baud();  // another rate may have been asked for meanwhile
}

}  // namespace sockwire::transport
