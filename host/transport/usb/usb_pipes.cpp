// SPDX-License-Identifier: Apache-2.0
#include "host/transport/usb/usb_pipes.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace sockwire::transport {

UsbPipe::UsbPipe(std::size_t slots, std::size_t bytes) : slots_(slots) {
  assert(slots > 0 && bytes > 0 && bytes % ftdi::kPacketBytes == 0);
  for (UsbSlot& one : slots_) one.buffer.resize(bytes);
  renew();
}

UsbPipe::~UsbPipe() {
  assert(flying_ == 0);
  free_transfers();
}

void UsbPipe::renew() {
  assert(flying_ == 0);
  free_transfers();
  for (UsbSlot& one : slots_) {
    one.transfer = libusb_alloc_transfer(0);
    if (one.transfer == nullptr) throw std::bad_alloc();
  }
}

void UsbPipe::free_transfers() {
  for (UsbSlot& one : slots_) libusb_free_transfer(std::exchange(one.transfer, nullptr));
}

void UsbPipe::restart(libusb_device_handle* handle) {
  assert(flying_ == 0);
  handle_ = handle;
  fault_ = 0;
  for (UsbSlot& one : slots_) {
    one.state = UsbSlot::State::kIdle;
    one.bytes = 0;
    one.consumed = 0;
  }
}

void UsbPipe::submit(std::size_t position, std::uint8_t endpoint, std::size_t bytes) {
  UsbSlot& one = slot(position);
  assert(one.state != UsbSlot::State::kFlying);
  if (fault_ != 0) return;
  libusb_fill_bulk_transfer(one.transfer, handle_, endpoint, one.buffer.data(), static_cast<int>(bytes), on_ended, this,
                            0);
  const int code = libusb_submit_transfer(one.transfer);
  if (code != LIBUSB_SUCCESS) {
    fault_ = code;
    return;
  }
  one.state = UsbSlot::State::kFlying;
  ++flying_;
}

void UsbPipe::cancel() {
  for (UsbSlot& one : slots_) {
    if (one.state == UsbSlot::State::kFlying) libusb_cancel_transfer(one.transfer);
  }
}

void LIBUSB_CALL UsbPipe::on_ended(libusb_transfer* transfer) {
  auto& pipe = *static_cast<UsbPipe*>(transfer->user_data);
  const auto found = std::find_if(pipe.slots_.begin(), pipe.slots_.end(),
                                  [&](const UsbSlot& one) { return one.transfer == transfer; });
  assert(found != pipe.slots_.end());
  found->state = UsbSlot::State::kIdle;
  --pipe.flying_;
  if (transfer->status == LIBUSB_TRANSFER_COMPLETED) {
    pipe.on_done(*found);
  } else if (pipe.fault_ == 0) {
    pipe.fault_ = transfer->status;
  }
}

void UsbInPipe::start(libusb_device_handle* handle) {
  restart(handle);
  oldest_ = 0;
  transmitter_empty_ = false;
  for (std::size_t i = 0; i < slots(); ++i) submit(i, ftdi::kUartIn, slot(i).buffer.size());
}

void UsbInPipe::on_done(UsbSlot& slot) {
  const auto bytes = static_cast<std::size_t>(slot.transfer->actual_length);
  const ftdi::LineReport report = ftdi::strip_status(std::span(slot.buffer).first(bytes));
  overruns_ += report.overruns;
  framing_errors_ += report.framing_errors;
  if (report.any) transmitter_empty_ = report.transmitter_empty;
  slot.state = UsbSlot::State::kFull;
  slot.bytes = report.payload_bytes;
  slot.consumed = 0;
}

std::size_t UsbInPipe::read(std::span<std::uint8_t> out) {
  std::size_t given = 0;
  // Not more than once around: each transfer that is emptied flies again, and may be full again before long.
  for (std::size_t i = 0; i < slots() && slot(oldest_).state == UsbSlot::State::kFull; ++i) {
    UsbSlot& one = slot(oldest_);
    const std::size_t bytes = std::min(out.size() - given, one.bytes - one.consumed);
    std::memcpy(out.data() + given, one.buffer.data() + one.consumed, bytes);
    given += bytes;
    one.consumed += bytes;
    if (one.consumed < one.bytes) break;
    one.state = UsbSlot::State::kIdle;
    submit(oldest_, ftdi::kUartIn, one.buffer.size());
    ++oldest_;
  }
  return given;
}

void UsbOutPipe::start(libusb_device_handle* handle) {
  restart(handle);
  filling_ = 0;
  queued_ = 0;
}

std::size_t UsbOutPipe::room() const {
  // The slots from the one that gathers on, up to the oldest that is under way.
  std::size_t room = 0;
  for (std::size_t i = 0; i < slots(); ++i) {
    const UsbSlot& one = slot(filling_ + i);
    if (one.state != UsbSlot::State::kIdle) break;
    room += bytes_ - one.bytes;
  }
  return room;
}

std::size_t UsbOutPipe::write(std::span<const std::uint8_t> bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && slot(filling_).state == UsbSlot::State::kIdle && fault() == 0) {
    UsbSlot& one = slot(filling_);
    const std::size_t part = std::min(bytes.size() - taken, bytes_ - one.bytes);
    std::memcpy(one.buffer.data() + one.bytes, bytes.data() + taken, part);
    one.bytes += part;
    taken += part;
    queued_ += part;
    if (one.bytes == bytes_) send();
  }
  flush();
  return taken;
}

void UsbOutPipe::flush() {
  if (flying() == 0 && slot(filling_).bytes > 0) send();
}

void UsbOutPipe::send() {
  submit(filling_, ftdi::kUartOut, slot(filling_).bytes);
  ++filling_;
}

void UsbOutPipe::on_done(UsbSlot& slot) {
  queued_ -= slot.bytes;
  slot.bytes = 0;
  in_.forget_transmitter();
}

}  // namespace sockwire::transport
