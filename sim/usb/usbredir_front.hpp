// SPDX-License-Identifier: Apache-2.0
// A modelled card for a whole machine: QEMU's usb-redir device, at the other end of a Unix socket, shows it to its
// guest's kernel as a real one. Time is the wall's, and stands still while the host is behind
// (HostController::advance).
//
//   qemu-system-x86_64 … -device qemu-xhci,id=x -chardev socket,id=c0,path=SOCKET -device usb-redir,chardev=c0,bus=x.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/base/result.hpp"
#include "sim/usb/ft2232h.hpp"
#include "sim/usb/host_controller.hpp"
#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {

class UsbredirFront {
 public:
  /// Waits for one QEMU at a time on a socket that it makes. The card is plugged in. `peer` outlives this. The error
  /// says why there can be no socket there.
  static Result<std::unique_ptr<UsbredirFront>, std::string> open(const std::string& socket_path,
                                                                  const Ft2232hSettings& settings, UartPeer& peer);
  /// Hangs up, and removes the socket.
  ~UsbredirFront();
  UsbredirFront(const UsbredirFront&) = delete;
  UsbredirFront& operator=(const UsbredirFront&) = delete;

  /// Pulls the cable, with whatever is under way.
  void unplug();
  void plug();
  /// Looks at the card, or does something to it, while time stands still.
  void with(const std::function<void(Ft2232h&, HostController&)>& what);

 private:
  struct Impl;
  explicit UsbredirFront(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockwire::sim
