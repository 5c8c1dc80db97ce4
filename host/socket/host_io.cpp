// SPDX-License-Identifier: Apache-2.0
// The calls that carry data and connections.
#include <algorithm>
#include <cassert>

#include "host/socket/host.hpp"
#include "host/socket/text.hpp"

namespace sockwire {

namespace {

Failure<SocketError> fail(SocketErrc code, std::string message) { return {SocketError{code, std::move(message)}}; }

Failure<SocketError> would_block() { return fail(SocketErrc::kWouldBlock, "the call would have to wait"); }

Failure<SocketError> not_connected() { return fail(SocketErrc::kNotConnected, "the socket is not connected"); }

Failure<SocketError> take_error(SocketState& socket) {
  assert(socket.error);
  Failure<SocketError> failure{std::move(*socket.error)};
  socket.error.reset();
  return failure;
}

}  // namespace

SocketResult<int> Host::socket(SocketType type) {
  const auto descriptor = table_.add();
  if (!descriptor) return fail(SocketErrc::kTooManySockets, "the socket table is full: close some sockets");
  if (type == SocketType::kDatagram) table_.find(*descriptor)->role = SocketRole::kDatagram;
  return *descriptor;
}

SocketResult<void> Host::bind(int descriptor, const Endpoint& local) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role == SocketRole::kDatagram) return bind_datagram(**socket, local);
  if ((*socket)->role != SocketRole::kNew || (*socket)->local.port != 0) {
    return fail(SocketErrc::kInvalid, "the socket has its address already");
  }
  if (!local.address.is_unspecified() && !stack_.network().owns(local.address)) {
    return Failure{open_error(stack::OpenError::kAddressNotLocal, local, {})};
  }
  for (int other = 0; other < table_.limit() && local.port != 0; ++other) {
    const SocketState* taken = table_.find(other);
    const bool holds = taken != nullptr && (taken->role == SocketRole::kNew || taken->role == SocketRole::kListener);
    if (holds && taken->local.port == local.port) {
      return Failure{open_error(stack::OpenError::kAddressInUse, local, {})};
    }
  }
  (*socket)->local = local;
  return {};
}

SocketResult<void> Host::listen(int descriptor, int backlog) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState& state = **socket;
  if (state.role != SocketRole::kNew) return fail(SocketErrc::kInvalid, "the socket is in use already");
  const auto opened =
      stack_.tcp().listen(state.config, state.local, static_cast<std::size_t>(std::clamp(backlog, 1, 4096)));
  if (!opened) return Failure{open_error(opened.error(), state.local, {})};
  state.role = SocketRole::kListener;
  state.listener = *opened;
  state.local = stack_.tcp().listener(*opened)->local();
  return {};
}

SocketResult<int> Host::accept(int descriptor) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role != SocketRole::kListener) return fail(SocketErrc::kInvalid, "the socket does not listen");
  const stack::ListenerId listener = state->listener;
  const auto ready = [&] {
    const tcp::Listener* found = stack_.tcp().listener(listener);
    return found == nullptr || found->ready() > 0;
  };
  if (!ready()) {
    if (state->nonblocking) return would_block();
    const auto waited = wait(state->timeout, "waiting for a connection", ready);
    if (!waited) return Failure{waited.error()};
  }
  state = table_.find(descriptor);
  if (state == nullptr || state->listener != listener) return bad_descriptor(descriptor);
  const auto added = table_.add();
  if (!added) return fail(SocketErrc::kTooManySockets, "the socket table is full: close some sockets");
  const auto connection = stack_.tcp().accept(listener);
  if (!connection) {
    table_.remove(*added);
    return would_block();
  }
  SocketState& accepted = *table_.find(*added);
  const tcp::Connection& core = *stack_.tcp().connection(*connection);
  accepted.role = SocketRole::kConnection;
  accepted.local = core.local();
  accepted.remote = core.remote();
  accepted.connected = true;
  accepted.ended = core.is_closed();
  accepted.config = table_.find(descriptor)->config;
  table_.bind_connection(*added, *connection);
  return *added;
}

SocketResult<void> Host::connect(int descriptor, const Endpoint& remote) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role == SocketRole::kDatagram) return connect_datagram(*state, remote);
  if (state->role == SocketRole::kListener) return fail(SocketErrc::kInvalid, "the socket listens");
  if (state->role == SocketRole::kConnection) {
    if (state->error) return take_error(*state);
    if (!state->connected && !state->ended) return fail(SocketErrc::kInProgress, "the connection is being made");
    return fail(SocketErrc::kIsConnected, "the socket was connected before");
  }
  const auto opened = stack_.tcp().connect(now(), state->config, state->local, remote);
  if (!opened) return Failure{open_error(opened.error(), state->local, remote)};
  state->role = SocketRole::kConnection;
  state->remote = remote;
  state->local = stack_.tcp().connection(*opened)->local();
  table_.bind_connection(descriptor, *opened);
  push(now());
  if (state->nonblocking) return fail(SocketErrc::kInProgress, "the connection is being made");

  const auto waited = wait(state->timeout, "connecting to " + to_string(remote), [&] {
    const SocketState* current = table_.find_connection(*opened);
    return current == nullptr || current->connected || current->ended;
  });
  state = table_.find_connection(*opened);
  if (state == nullptr) return bad_descriptor(descriptor);
  if (!waited) {
    stack_.tcp().abort(now(), *opened);
    push(now());
    state->ended = true;
    return Failure{waited.error()};
  }
  if (state->error) return take_error(*state);
  if (!state->connected) return fail(SocketErrc::kReset, "the connection to " + to_string(remote) + " was ended");
  return {};
}

SocketResult<std::size_t> Host::send(int descriptor, std::span<const std::uint8_t> data) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role == SocketRole::kDatagram) return send_datagram(descriptor, data, std::nullopt);
  if (state->role != SocketRole::kConnection) return not_connected();
  const stack::ConnectionId id = state->connection;
  std::size_t sent = 0;
  while (true) {
    // What was taken before is told first; the next call tells the error.
    if (sent > 0 && (state->error || state->ended)) return sent;
    if (state->error) return take_error(*state);
    if (state->ended || state->write_shut) return fail(SocketErrc::kBrokenPipe, "the socket is closed for sending");
    if (const std::size_t taken = stack_.tcp().send(now(), id, data.subspan(sent)); taken > 0) {
      sent += taken;
      push(now());
    }
    if (sent == data.size() || (state->nonblocking && sent > 0)) return sent;
    if (state->nonblocking) return would_block();
    const auto waited = wait(state->timeout, "sending to " + to_string(state->remote), [&] {
      const SocketState* current = table_.find_connection(id);
      if (current == nullptr || current->ended || current->error) return true;
      return stack_.tcp().connection(id)->send_space() > 0;
    });
    state = table_.find_connection(id);
    if (state == nullptr) return bad_descriptor(descriptor);
    if (!waited && sent > 0) return sent;
    if (!waited) return Failure{waited.error()};
  }
}

SocketResult<std::size_t> Host::recv(int descriptor, std::span<std::uint8_t> out) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role == SocketRole::kDatagram) {
    const auto received = recvfrom(descriptor, out);
    if (!received) return Failure{received.error()};
    return received.value().bytes;
  }
  if (state->role != SocketRole::kConnection) return not_connected();
  const stack::ConnectionId id = state->connection;
  const auto over = [&](const SocketState& current) {
    return current.ended || current.read_shut || current.error || stack_.tcp().connection(id)->end_of_stream();
  };
  while (true) {
    const tcp::Connection& connection = *stack_.tcp().connection(id);
    if (connection.readable_bytes() > 0 && !state->read_shut) {
      const std::size_t taken = stack_.tcp().recv(now(), id, out);
      push(now());
      return taken;
    }
    if (state->error) return take_error(*state);
    if (over(*state) || out.empty()) return std::size_t{0};
    if (state->nonblocking) return would_block();
    const auto waited = wait(state->timeout, "waiting for data from " + to_string(state->remote), [&] {
      const SocketState* current = table_.find_connection(id);
      return current == nullptr || over(*current) || stack_.tcp().connection(id)->readable_bytes() > 0;
    });
    state = table_.find_connection(id);
    if (state == nullptr) return bad_descriptor(descriptor);
    if (!waited) return Failure{waited.error()};
  }
}

SocketResult<void> Host::shutdown(int descriptor, Shutdown how) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState& state = **socket;
  const bool peer = state.role == SocketRole::kConnection || (state.role == SocketRole::kDatagram && state.connected);
  if (!peer) return not_connected();
  if (how != Shutdown::kWrite) state.read_shut = true;
  if (how != Shutdown::kRead && !state.write_shut) {
    state.write_shut = true;
    if (state.role == SocketRole::kConnection) stack_.tcp().shutdown_write(now(), state.connection);
    push(now());
  }
  return {};
}

SocketResult<void> Host::close(int descriptor) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role == SocketRole::kDatagram) stack_.udp().close((*socket)->udp);
  if ((*socket)->role == SocketRole::kListener) stack_.tcp().close_listener(now(), (*socket)->listener);
  if ((*socket)->role == SocketRole::kConnection) stack_.tcp().close(now(), (*socket)->connection);
  table_.remove(descriptor);
  push(now());
  return {};
}

SocketResult<void> Host::abort(int descriptor) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role != SocketRole::kConnection) return close(descriptor);
  stack_.tcp().abort(now(), (*socket)->connection);
  table_.remove(descriptor);
  push(now());
  return {};
}

bool Host::fill(PollRequest& request) const {
  const SocketState* state = table_.find(request.descriptor);
  request.readable = request.writable = request.hung_up = request.failed = false;
  if (state == nullptr) {
    request.failed = true;
    return true;
  }
  if (state->role == SocketRole::kDatagram) {
    fill_datagram(request, *state);
  } else if (const tcp::Listener* listener = stack_.tcp().listener(state->listener)) {
    request.readable = listener->ready() > 0;
  } else if (const tcp::Connection* connection = stack_.tcp().connection(state->connection)) {
    const bool end = state->ended || connection->end_of_stream();
    request.failed = state->error.has_value();
    request.readable = connection->readable_bytes() > 0 || end || state->read_shut || request.failed;
    request.writable = state->ended || (state->connected && connection->send_space() > 0);
    request.hung_up = state->ended || (end && state->write_shut);
  } else {
    request.hung_up = true;
  }
  return (request.want_readable && request.readable) || (request.want_writable && request.writable) ||
         request.hung_up || request.failed;
}

SocketResult<int> Host::poll(std::span<PollRequest> requests, std::optional<Duration> timeout) {
  int answered = 0;
  const auto any = [&] {
    answered = static_cast<int>(std::count_if(requests.begin(), requests.end(), [&](auto& r) { return fill(r); }));
    return answered > 0;
  };
  if (any() || (timeout && *timeout <= Duration::zero())) return answered;
  const auto waited = wait(timeout, "polling", any);
  if (!waited && waited.error().code != SocketErrc::kTimedOut) return Failure{waited.error()};
  return answered;
}

}  // namespace sockwire
