// SPDX-License-Identifier: Apache-2.0
// What Linux's usbfs does with one device that is plugged in: who has which interface, whose transfers (URBs) are under
// way, and which wait to be fetched. Without IO; the front end (umockdev_front.hpp) carries the ioctls.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/usb/host_controller.hpp"

namespace sockwire::sim {

/// Whoever has opened the device's file; never dereferenced.
using UsbfsClient = const void*;

/// A URB that has ended.
struct ReapedUrb {
  std::uint64_t id = 0;
  int status = 0;                  ///< 0 or a negative errno
  std::size_t bytes = 0;           ///< moved
  std::vector<std::uint8_t> data;  ///< to the host
};

/// All calls that return an int give 0 or a positive errno.
class UsbfsDevice {
 public:
  /// driver: of the kernel, bound to both interfaces to begin with; empty: none.
  UsbfsDevice(HostController& controller, const std::string& driver) : controller_(controller), kernel_driver_(driver) {
    drivers_.fill(driver);
  }

  // --- interfaces ---
  /// What is bound: a kernel's driver, "usbfs", or nothing.
  std::string driver(unsigned interface) const { return interface < drivers_.size() ? drivers_[interface] : ""; }
  int claim(UsbfsClient client, unsigned interface);
  /// The same, after the kernel's driver has been unbound.
  int disconnect_and_claim(UsbfsClient client, unsigned interface);
  int release(UsbfsClient client, unsigned interface);
  int disconnect(unsigned interface);
  /// The kernel's driver is back, if nobody else is there.
  int connect(unsigned interface);
  int clear_halt(std::uint8_t endpoint);

  // --- transfers. id: the front end's ---
  int submit_control(UsbfsClient client, std::uint64_t id, std::span<const std::uint8_t> setup_and_data);
  int submit_bulk_in(UsbfsClient client, std::uint64_t id, std::uint8_t endpoint, std::size_t bytes);
  int submit_bulk_out(UsbfsClient client, std::uint64_t id, std::uint8_t endpoint, std::vector<std::uint8_t> data);
  int discard(std::uint64_t id);
  /// EAGAIN: nothing yet; ENODEV: nothing any more.
  int reap(UsbfsClient client, ReapedUrb& urb);
  bool reapable() const;

  // --- the rest ---
  /// Fetches what the controller has completed.
  void collect();
  /// It is unplugged, after the controller's chip was: transfers that were under way can still be reaped.
  void remove();
  /// A client has closed its file: what it had is free again, and its transfers are gone.
  void vanish(UsbfsClient client);
  /// Since it was plugged in.
  std::uint64_t urbs() const { return urbs_; }

 private:
  static constexpr unsigned kInterfaces = 2;
  int may_use(UsbfsClient client, std::uint8_t endpoint) const;
  void finish(UsbfsClient client, ReapedUrb urb) { ended_[client].push_back(std::move(urb)); }

  HostController& controller_;
  bool present_ = true;
  std::array<std::string, kInterfaces> drivers_;
  std::array<UsbfsClient, kInterfaces> owners_{};
  std::string kernel_driver_;
  std::map<std::uint64_t, UsbfsClient> flying_;
  std::map<UsbfsClient, std::deque<ReapedUrb>> ended_;
  std::uint64_t urbs_ = 0;
};

}  // namespace sockwire::sim
