// SPDX-License-Identifier: Apache-2.0
// How a guest's script begins that has a card on USB.
#pragma once

namespace sockwire::test {

/// udev as the machine's own system would start it, and the driver of the USB port. Afterwards the kernel's driver has
/// the card, and `as_member PROGRAM…` runs a program as a user of the group of our udev rule.
inline constexpr const char* kUsbBoot = R"(set -e
mkdir -p /run/udev/rules.d
/lib/systemd/systemd-udevd --daemon
modprobe xhci_pci
udevadm trigger --action=add
udevadm wait --settle /dev/ttyUSB1
as_member() { setpriv --reuid=nobody --regid=nogroup --groups=plugdev "$@"; }
)";

}  // namespace sockwire::test
