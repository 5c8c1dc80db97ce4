// SPDX-License-Identifier: Apache-2.0
// The whole way, in one go: the command `sockwire` in a guest fetches a file from nginx on this machine, and sends it
// back to an ordinary TCP server. While it sends, the cable is pulled and plugged in again.
//
//   guest: sockwire --libusb--> Debian's kernel --xHCI--> QEMU
//   here:  QEMU --usbredir--> FT2232H's model --UART--> link, engine --line--> TAP --> Linux, nginx
//
// The guest has no network: what reaches it has come over USB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/guest/qemu_guest.hpp"

namespace sockwire::test {

struct GuestFetch {
  std::string lacks;    ///< What is missing on this machine for it, as one line; then nothing was done.
  GuestOutcome guest;   ///< with its console
  std::string served;   ///< the SHA-256 of what nginx has
  std::string fetched;  ///< that of what came, as the guest's sha256sum prints it
  std::string sent;     ///< that of what the server got, or why it got nothing
  bool pulled = false;  ///< while it was being sent, and the command told that
  bool equal() const { return guest.exit_code == 0 && !served.empty() && fetched == served && sent == served; }
};

/// Fetches so many bytes that follow from the seed, and sends them. This process is in a new lab afterwards
/// (apps::enter_new_lab). Precondition: it has one thread. Throws std::runtime_error where something goes wrong outside
/// the guest.
GuestFetch fetch_in_guest(std::size_t bytes, std::uint64_t seed);

}  // namespace sockwire::test
