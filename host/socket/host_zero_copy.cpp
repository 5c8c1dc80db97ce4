// SPDX-License-Identifier: Apache-2.0
// Sends from the application's own memory, and its return.
#include "host/socket/host.hpp"
#include "host/socket/text.hpp"
#include "host/tcp/send_buffer.hpp"

namespace sockwire {

namespace {

Failure<SocketError> fail(SocketErrc code, std::string message) { return {SocketError{code, std::move(message)}}; }

}  // namespace

SocketResult<void> Host::send_zero_copy(int descriptor, std::span<const std::uint8_t> data, std::uint64_t token,
                                        const SendOptions& options) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role == SocketRole::kDatagram) return fail(SocketErrc::kNotSupported, "datagrams are copied: use send");
  if (state->role == SocketRole::kNew) return fail(SocketErrc::kBrokenPipe, "the socket is not connected");
  if (state->role != SocketRole::kConnection) return fail(SocketErrc::kNotConnected, "the socket is not connected");
  if (data.size() > tcp::SendBuffer::kLentBytesMax) {
    return fail(SocketErrc::kTooLong, "so much cannot be lent at once: send it in pieces");
  }
  const bool dont_wait = options.dont_wait || state->nonblocking;
  const stack::ConnectionId id = state->connection;
  const auto completed = [&] { return stack_.tcp().connection(id)->has_completion(); };
  while (true) {
    if (state->error) {
      Failure<SocketError> failure{std::move(*state->error)};
      state->error.reset();
      return failure;
    }
    if (state->ended || state->write_shut) return fail(SocketErrc::kBrokenPipe, "the socket is closed for sending");
    if (dont_wait && !state->connected) return fail(SocketErrc::kWouldBlock, "the call would have to wait");
    announce_more(*state, options.more);
    if (stack_.tcp().send_zero_copy(now(), id, data, token)) {
      push(now());
      return {};
    }
    // Only the caller can make room then.
    if (completed()) return fail(SocketErrc::kNoBuffers, "completions wait to be taken");
    if (dont_wait) return fail(SocketErrc::kWouldBlock, "the call would have to wait");
    const auto waited = wait(state->send_timeout, "sending to " + to_string(state->remote), [&] {
      const SocketState* current = table_.find_connection(id);
      return current == nullptr || current->ended || current->error || completed();
    });
    state = table_.find_connection(id);
    if (state == nullptr) return bad_descriptor(descriptor);
    if (!waited) return Failure{waited.error()};
  }
}

SocketResult<std::optional<std::uint64_t>> Host::poll_completion(int descriptor) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  return stack_.tcp().take_completion((*socket)->connection);
}

}  // namespace sockwire
