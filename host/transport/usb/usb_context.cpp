// SPDX-License-Identifier: Apache-2.0
#include "host/transport/usb/usb_context.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

namespace sockwire::transport {

Result<std::unique_ptr<UsbContext>, UsbError> UsbContext::open() {
  libusb_context* context = nullptr;
  const int code = libusb_init(&context);
  if (code != LIBUSB_SUCCESS) {
    return Failure{
        UsbError{UsbProblem::kNoUsb, std::string("there is no USB here: /dev/bus/usb is missing or cannot be read (") +
                                         libusb_strerror(static_cast<libusb_error>(code)) + ")"}};
  }
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) {
    libusb_exit(context);
    return Failure{UsbError{UsbProblem::kFailed, "no descriptor is left to wait for USB with"}};
  }
  std::unique_ptr<UsbContext> usb(new UsbContext(context, epoll));
  if (!usb->watch_libusb()) {
    return Failure{UsbError{UsbProblem::kFailed, "libusb does not tell which descriptors to wait for"}};
  }
  return usb;
}

UsbContext::~UsbContext() {
  libusb_set_pollfd_notifiers(context_, nullptr, nullptr, nullptr);
  libusb_exit(context_);
  close(epoll_);
}

bool UsbContext::renew() {
  libusb_context* fresh = nullptr;
  if (libusb_init(&fresh) != LIBUSB_SUCCESS) return false;
  libusb_exit(std::exchange(context_, fresh));
  return watch_libusb();
}

bool UsbContext::watch_libusb() {
  const libusb_pollfd** descriptors = libusb_get_pollfds(context_);
  if (descriptors == nullptr) return false;
  for (const libusb_pollfd** one = descriptors; *one != nullptr; ++one) {
    on_descriptor_added((*one)->fd, (*one)->events, this);
  }
  libusb_free_pollfds(descriptors);
  libusb_set_pollfd_notifiers(context_, on_descriptor_added, on_descriptor_removed, this);
  return true;
}

bool UsbContext::watch(int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void LIBUSB_CALL UsbContext::on_descriptor_added(int descriptor, short events, void* self) {
  epoll_event event{};
  event.events = ((events & POLLIN) != 0 ? EPOLLIN : 0u) | ((events & POLLOUT) != 0 ? EPOLLOUT : 0u);
  event.data.fd = descriptor;
  epoll_ctl(static_cast<UsbContext*>(self)->epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void LIBUSB_CALL UsbContext::on_descriptor_removed(int descriptor, void* self) {
  epoll_ctl(static_cast<UsbContext*>(self)->epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void UsbContext::handle_events() { wait_for_events(0); }

void UsbContext::wait_for_events(int timeout_ms) {
  timeval timeout{timeout_ms / 1000, timeout_ms % 1000 * 1000L};
  libusb_handle_events_timeout_completed(context_, &timeout, nullptr);
}

}  // namespace sockwire::transport
