// SPDX-License-Identifier: Apache-2.0
// Modelled cards for unmodified programs: umockdev shows them a sysfs, a udev and device files of ours, and their
// ioctls come here. Time is the wall's, and stands still while a host is behind (HostController::advance).
//
// It works in a process that was started with umockdev's preload library (start_again_with_umockdev() sees to that),
// for the process itself and for all that it starts.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/base/result.hpp"
#include "sim/usb/ft2232h.hpp"
#include "sim/usb/host_controller.hpp"
#include "sim/usb/uart_line.hpp"
#include "sim/usb/umockdev_preload.hpp"

namespace sockwire::sim {

class UmockdevFront {
 public:
  /// Nothing is plugged in. The error says what is missing.
  static Result<std::unique_ptr<UmockdevFront>, std::string> open();
  /// Everything is unplugged, and no file is left.
  ~UmockdevFront();
  UmockdevFront(const UmockdevFront&) = delete;
  UmockdevFront& operator=(const UmockdevFront&) = delete;

  /// Plugs a new card into the next free port: 1 for USB 1-1, and so on. The peer outlives this. As on Linux, its
  /// interfaces belong to ftdi_sio to begin with.
  unsigned add(const Ft2232hSettings& settings, UartPeer& peer);
  /// Pulls its cable, with whatever is under way. Programs are told.
  void unplug(unsigned port);
  /// The same, at the very moment when this is true of a card: it is asked after each request of a host, and every 20
  /// us of the card's time. Waits for that.
  void unplug_when(unsigned port, std::function<bool(const Ft2232h&)> condition);
  /// Plugs it in again. It has another address on the bus from now on. announce: whether udev tells programs.
  void plug(unsigned port, bool announce = true);
  /// Whether its file may be opened by those who are not root (they may, to begin with).
  void allow(unsigned port, bool allowed);
  /// Looks at a card, or does something to it, while time stands still.
  void with(unsigned port, const std::function<void(Ft2232h&, HostController&)>& what);
  /// Waits until this is true of a card. It is asked whenever time has passed.
  void wait_until(unsigned port, const std::function<bool(const Ft2232h&)>& condition);
  /// What is bound to an interface of it: "ftdi_sio", "usbfs", or nothing.
  std::string driver(unsigned port, unsigned interface);
  /// Waits until that is this one.
  void wait_for_driver(unsigned port, unsigned interface, const std::string& name);
  /// Its address on the bus, since it was plugged in last.
  unsigned address(unsigned port);
  /// Where programs find the test bed: the variable UMOCKDEV_DIR.
  std::string folder() const;

 private:
  struct Impl;
  explicit UmockdevFront(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockwire::sim
