// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/usbfs_ioctls.hpp"

#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace sockwire::sim {
namespace {

/// What the pointer at an offset of `data` points to, in the client's memory.
IoctlData resolve(UMockdevIoctlData* data, std::size_t offset, std::size_t bytes) {
  GError* error = nullptr;
  UMockdevIoctlData* target = umockdev_ioctl_data_resolve(data, offset, bytes, &error);
  if (error != nullptr) g_error_free(error);
  return IoctlData(target);
}

void put(UMockdevIoctlData* data, std::size_t offset, const void* bytes, std::size_t count) {
  std::vector<guint8> copy(count);
  std::memcpy(copy.data(), bytes, count);
  umockdev_ioctl_data_update(data, offset, copy.data(), static_cast<gint>(count));
}

template <typename T>
T get(const UMockdevIoctlData* data) {
  T value{};
  if (data != nullptr && data->data_len >= static_cast<gint>(sizeof value))
    std::memcpy(&value, data->data, sizeof value);
  return value;
}

}  // namespace

int UsbfsIoctls::handle(UMockdevIoctlClient* client) {
  const unsigned long request = umockdev_ioctl_client_get_request(client);
  switch (request) {
    case USBDEVFS_SUBMITURB:
      return submit(client);
    case USBDEVFS_DISCARDURB:
      return discard(client);
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY:
      return reap(client);
    default:
      return with_data(client, request);
  }
}

/// Those with a structure of a fixed size.
int UsbfsIoctls::with_data(UMockdevIoctlClient* client, unsigned long request) {
  if (_IOC_SIZE(request) == 0) return ENOTTY;
  const IoctlData data = resolve(umockdev_ioctl_client_get_arg(client), 0, _IOC_SIZE(request));
  if (!data) return EFAULT;
  switch (request) {
    case USBDEVFS_GET_CAPABILITIES: {
      const std::uint32_t capabilities =
          USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      put(data.get(), 0, &capabilities, sizeof capabilities);
      return 0;
    }
    case USBDEVFS_CLAIMINTERFACE:
      return device_.claim(client, get<unsigned>(data.get()));
    case USBDEVFS_RELEASEINTERFACE:
      return device_.release(client, get<unsigned>(data.get()));
    case USBDEVFS_DISCONNECT_CLAIM:
      return device_.disconnect_and_claim(client, get<usbdevfs_disconnect_claim>(data.get()).interface);
    case USBDEVFS_IOCTL:
      return interface_ioctl(data.get());
    case USBDEVFS_GETDRIVER:
      return get_driver(data.get());
    case USBDEVFS_CLEAR_HALT:
      return device_.clear_halt(static_cast<std::uint8_t>(get<unsigned>(data.get())));
    default:
      return ENOTTY;
  }
}

int UsbfsIoctls::interface_ioctl(UMockdevIoctlData* data) {
  const auto inner = get<usbdevfs_ioctl>(data);
  const auto interface = static_cast<unsigned>(inner.ifno);
  switch (static_cast<unsigned long>(static_cast<unsigned>(inner.ioctl_code))) {
    case USBDEVFS_DISCONNECT:
      return device_.disconnect(interface);
    case USBDEVFS_CONNECT:
      return device_.connect(interface);
    default:
      return ENOTTY;
  }
}

int UsbfsIoctls::get_driver(UMockdevIoctlData* data) {
  auto asked = get<usbdevfs_getdriver>(data);
  const std::string name = device_.driver(asked.interface);
  if (name.empty()) return ENODATA;
  std::memset(asked.driver, 0, sizeof asked.driver);
  std::memcpy(asked.driver, name.data(), std::min(name.size(), sizeof asked.driver - 1));
  put(data, 0, &asked, sizeof asked);
  return 0;
}

int UsbfsIoctls::submit(UMockdevIoctlClient* client) {
  UMockdevIoctlData* const argument = umockdev_ioctl_client_get_arg(client);
  const auto address = get<std::uint64_t>(argument);
  IoctlData urb = resolve(argument, 0, sizeof(usbdevfs_urb));
  const auto asked = get<usbdevfs_urb>(urb.get());
  if (asked.buffer_length < 0) return EINVAL;
  const auto bytes = static_cast<std::size_t>(asked.buffer_length);
  const bool control = asked.type == USBDEVFS_URB_TYPE_CONTROL;
  if (!control && asked.type != USBDEVFS_URB_TYPE_BULK) return EINVAL;
  const bool to_host = !control && (asked.endpoint & 0x80) != 0;
  // What goes to the device is fetched from the client's memory now, and only that.
  const IoctlData buffer = to_host ? nullptr : resolve(urb.get(), offsetof(usbdevfs_urb, buffer), bytes);
  std::vector<std::uint8_t> content;
  if (buffer) content.assign(buffer->data, buffer->data + buffer->data_len);
  const std::uint64_t id = next_urb_++;
  const int code = control   ? device_.submit_control(client, id, content)
                   : to_host ? device_.submit_bulk_in(client, id, asked.endpoint, bytes)
                             : device_.submit_bulk_out(client, id, asked.endpoint, std::move(content));
  if (code == 0) urbs_[id] = {std::move(urb), asked.type, address};
  return code;
}

int UsbfsIoctls::discard(UMockdevIoctlClient* client) {
  const auto address = get<std::uint64_t>(umockdev_ioctl_client_get_arg(client));
  const auto found =
      std::find_if(urbs_.begin(), urbs_.end(), [&](const auto& one) { return one.second.address == address; });
  return found == urbs_.end() ? EINVAL : device_.discard(found->first);
}

int UsbfsIoctls::reap(UMockdevIoctlClient* client) {
  const IoctlData pointer = resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(void*));
  ReapedUrb ended;
  if (const int code = device_.reap(client, ended); code != 0) return code;
  const auto found = urbs_.find(ended.id);
  if (found == urbs_.end()) return EAGAIN;
  const ClientUrb& urb = found->second;
  const bool control = urb.type == USBDEVFS_URB_TYPE_CONTROL;
  if (!ended.data.empty()) {
    const std::size_t header = control ? 8 : 0;
    const IoctlData buffer = resolve(urb.urb.get(), offsetof(usbdevfs_urb, buffer), header + ended.data.size());
    if (buffer) put(buffer.get(), header, ended.data.data(), ended.data.size());
  }
  const auto bytes = static_cast<int>(ended.bytes);
  put(urb.urb.get(), offsetof(usbdevfs_urb, status), &ended.status, sizeof ended.status);
  put(urb.urb.get(), offsetof(usbdevfs_urb, actual_length), &bytes, sizeof bytes);
  umockdev_ioctl_data_set_ptr(pointer.get(), 0, urb.urb.get());
  urbs_.erase(found);
  return 0;
}

}  // namespace sockwire::sim
