// SPDX-License-Identifier: Apache-2.0
// The errnos are those of the kernel's drivers/usb/core/devio.c.
#include "sim/usb/usbfs_device.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sockwire::sim {
namespace {

constexpr const char* kUsbfs = "usbfs";
constexpr std::size_t kSetupBytes = 8;

int status_of(UsbOutcome outcome) {
  switch (outcome) {
    case UsbOutcome::kDone:
    case UsbOutcome::kNotReady:
      return 0;
    case UsbOutcome::kStall:
      return -EPIPE;
    case UsbOutcome::kGone:
      return -ESHUTDOWN;
  }
  return -EPROTO;
}

UsbSetup setup_from(std::span<const std::uint8_t> bytes) {
  const auto word = [&](std::size_t at) { return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8); };
  return {bytes[0], bytes[1], word(2), word(4), word(6)};
}

}  // namespace

int UsbfsDevice::claim(UsbfsClient client, unsigned interface) {
  if (!present_) return ENODEV;
  if (interface >= kInterfaces) return ENOENT;
  if (owners_[interface] == client) return 0;
  if (!drivers_[interface].empty()) return EBUSY;
  drivers_[interface] = kUsbfs;
  owners_[interface] = client;
  return 0;
}

int UsbfsDevice::disconnect_and_claim(UsbfsClient client, unsigned interface) {
  if (!present_) return ENODEV;
  if (interface >= kInterfaces) return ENOENT;
  if (owners_[interface] == nullptr) drivers_[interface].clear();
  return claim(client, interface);
}

int UsbfsDevice::release(UsbfsClient client, unsigned interface) {
  if (!present_) return ENODEV;
  if (interface >= kInterfaces || owners_[interface] != client) return EINVAL;
  owners_[interface] = nullptr;
  drivers_[interface].clear();
  return 0;
}

int UsbfsDevice::disconnect(unsigned interface) {
  if (!present_) return ENODEV;
  if (interface >= kInterfaces) return EINVAL;
  if (drivers_[interface].empty()) return ENODATA;
  if (owners_[interface] != nullptr) return EBUSY;
  drivers_[interface].clear();
  return 0;
}

int UsbfsDevice::connect(unsigned interface) {
  if (!present_) return ENODEV;
  if (interface >= kInterfaces) return EINVAL;
  if (!drivers_[interface].empty()) return EBUSY;
  drivers_[interface] = kernel_driver_;
  return 0;
}

int UsbfsDevice::clear_halt(std::uint8_t endpoint) {
  if (!present_) return ENODEV;
  const UsbSetup setup{0x02, static_cast<std::uint8_t>(UsbRequest::kClearFeature), 0, endpoint, 0};
  return -status_of(controller_.control(setup, {}).outcome);
}

int UsbfsDevice::may_use(UsbfsClient client, std::uint8_t endpoint) const {
  if (!present_) return ENODEV;
  switch (endpoint) {
    case Ft2232h::kJtagIn:
    case Ft2232h::kJtagOut:
      return owners_[0] == client ? 0 : EBUSY;
    case Ft2232h::kUartIn:
    case Ft2232h::kUartOut:
      return owners_[1] == client ? 0 : EBUSY;
    default:
      return ENOENT;
  }
}

int UsbfsDevice::submit_control(UsbfsClient client, std::uint64_t id, std::span<const std::uint8_t> setup_and_data) {
  if (!present_) return ENODEV;
  if (setup_and_data.size() < kSetupBytes) return EINVAL;
  ++urbs_;
  UsbControlReply reply = controller_.control(setup_from(setup_and_data), setup_and_data.subspan(kSetupBytes));
  const std::size_t bytes = reply.data.size();
  finish(client, {id, status_of(reply.outcome), bytes, std::move(reply.data)});
  return 0;
}

int UsbfsDevice::submit_bulk_in(UsbfsClient client, std::uint64_t id, std::uint8_t endpoint, std::size_t bytes) {
  if (const int code = may_use(client, endpoint); code != 0) return code;
  ++urbs_;
  flying_[id] = client;
  controller_.submit_in(id, endpoint, bytes);
  collect();
  return 0;
}

int UsbfsDevice::submit_bulk_out(UsbfsClient client, std::uint64_t id, std::uint8_t endpoint,
                                 std::vector<std::uint8_t> data) {
  if (const int code = may_use(client, endpoint); code != 0) return code;
  ++urbs_;
  flying_[id] = client;
  controller_.submit_out(id, endpoint, std::move(data));
  collect();
  return 0;
}

void UsbfsDevice::collect() {
  while (auto done = controller_.take_completed()) {
    const auto found = flying_.find(done->id);
    if (found == flying_.end()) continue;
    finish(found->second, {done->id, status_of(done->outcome), done->bytes, std::move(done->data)});
    flying_.erase(found);
  }
}

int UsbfsDevice::discard(std::uint64_t id) {
  collect();
  const auto found = flying_.find(id);
  if (found == flying_.end()) return EINVAL;  // it has ended already, and will be reaped so
  auto cancelled = controller_.cancel(id);
  if (!cancelled) return EINVAL;
  finish(found->second, {id, -ENOENT, cancelled->bytes, std::move(cancelled->data)});
  flying_.erase(found);
  return 0;
}

int UsbfsDevice::reap(UsbfsClient client, ReapedUrb& urb) {
  const auto found = ended_.find(client);
  if (found == ended_.end() || found->second.empty()) return present_ ? EAGAIN : ENODEV;
  urb = std::move(found->second.front());
  found->second.pop_front();
  return 0;
}

bool UsbfsDevice::reapable() const {
  return std::any_of(ended_.begin(), ended_.end(), [](const auto& one) { return !one.second.empty(); });
}

void UsbfsDevice::remove() {
  collect();
  present_ = false;
}

void UsbfsDevice::vanish(UsbfsClient client) {
  for (auto one = flying_.begin(); one != flying_.end();) {
    const bool theirs = one->second == client;
    if (theirs) controller_.cancel(one->first);
    one = theirs ? flying_.erase(one) : std::next(one);
  }
  ended_.erase(client);
  for (unsigned interface = 0; interface < kInterfaces; ++interface) {
    if (owners_[interface] == client) {
      owners_[interface] = nullptr;
      drivers_[interface].clear();
    }
  }
}

}  // namespace sockwire::sim
