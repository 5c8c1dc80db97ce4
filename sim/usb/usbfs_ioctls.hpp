// SPDX-License-Identifier: Apache-2.0
// Carries the ioctls that umockdev hands over to a modelled usbfs: structures and buffers are fetched from the client's
// memory and written back there.
#pragma once

#include <umockdev.h>

#include <cstdint>
#include <map>
#include <memory>

#include "sim/usb/usbfs_device.hpp"

namespace sockwire::sim {

/// Gives a reference of umockdev's data back.
struct IoctlDataUnref {
  void operator()(UMockdevIoctlData* data) const { umockdev_ioctl_data_unref(data); }
};
using IoctlData = std::unique_ptr<UMockdevIoctlData, IoctlDataUnref>;

class UsbfsIoctls {
 public:
  /// first_urb: what the numbers of its URBs begin with; no other one at the device's controller may have these.
  UsbfsIoctls(UsbfsDevice& device, std::uint64_t first_urb) : device_(device), next_urb_(first_urb) {}

  /// Does what a client asks for; 0 or a positive errno. The client is to be told by whoever calls.
  int handle(UMockdevIoctlClient* client);

 private:
  /// A URB as its client has it.
  struct ClientUrb {
    IoctlData urb;
    std::uint8_t type = 0;
    std::uint64_t address = 0;  // in the client's memory
  };
  int with_data(UMockdevIoctlClient* client, unsigned long request);
  int interface_ioctl(UMockdevIoctlData* data);
  int get_driver(UMockdevIoctlData* data);
  int submit(UMockdevIoctlClient* client);
  int discard(UMockdevIoctlClient* client);
  int reap(UMockdevIoctlClient* client);

  UsbfsDevice& device_;
  std::uint64_t next_urb_;
  std::map<std::uint64_t, ClientUrb> urbs_;
};

}  // namespace sockwire::sim
