// SPDX-License-Identifier: Apache-2.0
// What umockdev is told of devices, in its own format: sysfs attributes, udev's properties, descriptors.
#pragma once

#include <string>

#include "sim/usb/ft2232h.hpp"

namespace sockwire::sim {

/// Linux's own hub, which the cards are plugged into: descriptors of a USB 2.0 root hub (0x1d6b:0x0002).
inline constexpr const char* kUmockdevRootHub =
    "P: /devices/usb1\nN: bus/usb/001/001\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/001\n"
    "E: BUSNUM=001\nE: DEVNUM=001\nA: busnum=1\nA: devnum=1\nA: speed=480\nA: bConfigurationValue=1\n"
    "H: descriptors=12010002090000406B1D020006030201000109021900010100E0000904000001090000000705810304000C\n";

/// A card that is plugged in. path: of the device below /sys; devnode: its file; address: on bus 1.
std::string umockdev_card(const std::string& path, const std::string& devnode, unsigned address, const Ft2232h& chip);

}  // namespace sockwire::sim
