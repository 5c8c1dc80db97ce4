// SPDX-License-Identifier: Apache-2.0
// Waiting for a socket with an eye on Ctrl-C and on the time.
#pragma once

#include <string>

#include "host/apps/setup.hpp"
#include "host/base/result.hpp"
#include "host/socket/host.hpp"

namespace sockwire::apps {

/// Why a command ends without having done what it was to do. `message` is one line for people; empty if it was
/// interrupted.
struct CommandError {
  std::string message;
  bool interrupted = false;
};

/// How long Ctrl-C may go unnoticed.
inline constexpr Duration kInterruptSlice = std::chrono::milliseconds(50);

template <typename T>
using CommandResult = Result<T, CommandError>;

enum class Direction : std::uint8_t { kReadable, kWritable };

/// Runs the loop until the socket is ready, has failed or hung up (all of which the next call on it will tell), or
/// until `patience` is over or somebody pressed Ctrl-C, which are errors. `what` is being waited for.
CommandResult<void> wait_for(Host& host, int descriptor, Direction direction, Duration patience,
                             const std::string& what);

/// Connects a new socket, and says what to do if that cannot be.
CommandResult<int> connect_to(Setup& setup, const Endpoint& remote, Duration patience);

/// The error of a socket call in the words of a command: "WHAT: reason; advice".
CommandError explain(const std::string& what, const SocketError& error);

/// Closes a socket and waits until the peer has everything. Not being told so in time is an error.
CommandResult<void> close_and_drain(Host& host, int descriptor, Duration patience);

}  // namespace sockwire::apps
