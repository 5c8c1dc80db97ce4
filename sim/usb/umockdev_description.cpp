// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/umockdev_description.hpp"

#include <array>
#include <cstdio>

namespace sockwire::sim {

std::string umockdev_card(const std::string& path, const std::string& devnode, unsigned address, const Ft2232h& chip) {
  const Ft2232hSettings& settings = chip.settings();
  std::string hex;
  for (const std::uint8_t byte : chip.descriptors()) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02X", byte);
    hex += digits.data();
  }
  const std::string number = std::to_string(address);
  return "P: " + path + "\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=" + devnode +
         "\nE: BUSNUM=001\nE: DEVNUM=" + number + "\nA: busnum=1\nA: devnum=" + number +
         "\nA: speed=480\nA: bConfigurationValue=1\nA: idVendor=0403\nA: idProduct=6010\nA: serial=" + settings.serial +
         "\nA: manufacturer=" + settings.manufacturer + "\nA: product=" + settings.product + "\nH: descriptors=" + hex +
         "\n";
}

}  // namespace sockwire::sim
