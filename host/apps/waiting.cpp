// SPDX-License-Identifier: Apache-2.0
#include "host/apps/waiting.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "host/apps/interrupt.hpp"
#include "host/apps/text.hpp"
#include "host/socket/text.hpp"

namespace sockwire::apps {

namespace {

Failure<CommandError> timed_out(const std::string& what, Duration patience) {
  return Failure{CommandError{what + ": nothing happened for " + duration_text(patience) +
                              "; look whether the peer still runs, or give --timeout more time"}};
}

}  // namespace

CommandResult<void> wait_for(Host& host, int descriptor, Direction direction, Duration patience,
                             const std::string& what) {
  const TimePoint deadline = host.now() + patience;
  while (true) {
    if (interrupted()) return Failure{CommandError{"", true}};
    std::array<PollRequest, 1> request{};
    request[0].descriptor = descriptor;
    request[0].want_readable = direction == Direction::kReadable;
    request[0].want_writable = direction == Direction::kWritable;
    const auto answered = host.poll(request, std::min(kInterruptSlice, deadline - host.now()));
    if (!answered) return Failure{explain(what, answered.error())};
    if (*answered > 0) return {};
    if (host.now() >= deadline) return timed_out(what, patience);
  }
}

CommandResult<int> connect_to(Setup& setup, const Endpoint& remote, Duration patience) {
  const std::string what = "cannot connect to " + to_string(remote);
  Host& host = setup.host();
  const auto descriptor = setup.new_socket();
  if (!descriptor) return Failure{explain(what, descriptor.error())};
  const auto connected = host.connect(*descriptor, remote);
  if (!connected && connected.error().code != SocketErrc::kInProgress) {
    return Failure{explain(what, connected.error())};
  }
  const auto waited = wait_for(host, *descriptor, Direction::kWritable, patience, what);
  const auto error = host.error(*descriptor);
  const auto problem = error ? *error : std::optional<SocketError>(error.error());
  if (waited && !problem) return *descriptor;
  static_cast<void>(host.abort(*descriptor));
  return Failure{problem && waited ? explain(what, *problem) : waited.error()};
}

CommandError explain(const std::string& what, const SocketError& error) {
  // The messages of these name the peer: saying what was tried would only repeat it.
  switch (error.code) {
    case SocketErrc::kRefused:
      return {error.message + "; is a server listening on that port?"};
    case SocketErrc::kTimedOut:
      return {error.message + "; is the peer there, and the wire not too lossy?"};
    case SocketErrc::kNetworkUnreachable:
      return {error.message + "; in a lab, Linux is 10.18.0.1"};
    case SocketErrc::kHostUnreachable:
      return {error.message};
    case SocketErrc::kReset:
      return {error.message + "; the peer gave up, look at its log"};
    default:
      return {what + ": " + error.message};
  }
}

CommandResult<void> close_and_drain(Host& host, int descriptor, Duration patience) {
  static_cast<void>(host.close(descriptor));
  const TimePoint deadline = host.now() + patience;
  while (!host.drain(std::min(kInterruptSlice, deadline - host.now()))) {
    if (interrupted()) return Failure{CommandError{"", true}};
    if (host.now() >= deadline) return timed_out("waiting for the last acknowledgement", patience);
  }
  return {};
}

}  // namespace sockwire::apps
