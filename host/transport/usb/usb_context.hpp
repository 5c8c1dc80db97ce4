// SPDX-License-Identifier: Apache-2.0
// libusb, and one descriptor for all that it waits for.
#pragma once

#include <libusb.h>

#include <memory>

#include "host/base/result.hpp"
#include "host/transport/usb/usb_error.hpp"

namespace sockwire::transport {

class UsbContext {
 public:
  static Result<std::unique_ptr<UsbContext>, UsbError> open();
  ~UsbContext();
  UsbContext(const UsbContext&) = delete;
  UsbContext& operator=(const UsbContext&) = delete;

  libusb_context* get() const { return context_; }
  /// Begins anew with libusb: it learns of new devices only at its start, and from udev, which may not run (in a
  /// container, say). All callbacks for hot-plug must be registered again. False: it cannot, for now, and stays as it
  /// was. Precondition: nothing is open, and
  /// no transfer is left that was ever submitted.
  bool renew();
  /// Readable when handle_events() has something to do: an epoll descriptor, so that it is one for a whole life.
  int wait_fd() const { return epoll_; }
  /// Adds another descriptor to wait_fd(), for reading.
  bool watch(int descriptor);
  /// Runs what has happened: callbacks of transfers and of hot-plug. Never blocks.
  void handle_events();
  /// The same, but waits up to so long for something to happen.
  void wait_for_events(int timeout_ms);

 private:
  UsbContext(libusb_context* context, int epoll) : context_(context), epoll_(epoll) {}
  bool watch_libusb();
  static void LIBUSB_CALL on_descriptor_added(int descriptor, short events, void* self);
  static void LIBUSB_CALL on_descriptor_removed(int descriptor, void* self);

  libusb_context* context_;
  int epoll_;
};

}  // namespace sockwire::transport
