// SPDX-License-Identifier: Apache-2.0
// A virtual machine with Debian's own kernel, on this machine's files (read-only): so a program runs unmodified over a
// real kernel's USB stack. It is emulated (TCG), and needs neither privilege nor KVM.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace sockwire::test {

/// What is missing on this machine to run a guest, as one line; empty if nothing is.
std::string guest_lacks();

struct GuestOutcome {
  int exit_code = -1;   ///< of the script; 124 if it was ended after two minutes; -1 if the guest did not come so far
  std::string console;  ///< everything that was written to its console
  double seconds = 0;   ///< from QEMU's start to its end
};

/// Starts a guest, runs a shell script as its root, and ends it. /run and /tmp can be written to, udev does not run.
/// usb_socket: where sim::UsbredirFront waits. on_line: is told each line of the console as it comes.
/// Precondition: guest_lacks() is empty.
GuestOutcome run_guest(const std::string& script, const std::string& usb_socket,
                       const std::function<void(const std::string& line)>& on_line);

}  // namespace sockwire::test
