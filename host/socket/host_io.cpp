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

SocketResult<int> Host::socket(SocketType type, const IpAddress& wildcard) {
  const auto descriptor = table_.add();
  if (!descriptor) return fail(SocketErrc::kTooManySockets, "the socket table is full: close some sockets");
  SocketState& state = *table_.find(*descriptor);
  if (type == SocketType::kDatagram) state.role = SocketRole::kDatagram;
  state.bound.address = state.local.address = wildcard;
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
  Endpoint bound = local;
  if (local.port == 0) {
    const auto port =
        stack_.tcp().free_port(local.address, [this](std::uint16_t candidate) { return table_.is_bound(candidate); });
    if (!port) return Failure{open_error(stack::OpenError::kNoPorts, local, {})};
    bound.port = *port;
  } else if (table_.is_bound(local.port)) {
    return Failure{open_error(stack::OpenError::kAddressInUse, local, {})};
  }
  table_.bind_local(descriptor, bound);
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
    const auto waited = wait(state->receive_timeout, "waiting for a connection", ready);
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
  // It was reset while it waited to be accepted.
  if (accepted.ended) accepted.error = reset_error(accepted.remote);
  const SocketState& from = *table_.find(descriptor);
  accepted.config = from.config;
  accepted.linger = from.linger;
  accepted.receive_timeout = from.receive_timeout;
  accepted.send_timeout = from.send_timeout;
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
    if (!state->connected && !state->ended) return fail(SocketErrc::kAlready, "the connection is being made");
    if (state->connected) return fail(SocketErrc::kIsConnected, "the socket was connected before");
    forget_connection(descriptor, *state);
    if (state->error) return take_error(*state);
  }
  const auto opened = stack_.tcp().connect(now(), state->config, state->bound, remote);
  if (!opened) return Failure{open_error(opened.error(), state->bound, remote)};
  state->role = SocketRole::kConnection;
  state->remote = remote;
  state->local = stack_.tcp().connection(*opened)->local();
  table_.bind_connection(descriptor, *opened);
  push(now());
  if (state->nonblocking) return fail(SocketErrc::kInProgress, "the connection is being made");

  const auto waited = wait(state->send_timeout, "connecting to " + to_string(remote), [&] {
    const SocketState* current = table_.find_connection(*opened);
    return current == nullptr || current->connected || current->ended;
  });
  state = table_.find_connection(*opened);
  if (state == nullptr) return bad_descriptor(descriptor);
  if (!waited) {
    stack_.tcp().abort(now(), *opened);
    forget_connection(descriptor, *state);
    return Failure{waited.error()};
  }
  if (!state->error && state->connected) return {};
  if (!state->connected) forget_connection(descriptor, *state);
  if (state->error) return take_error(*state);
  return fail(SocketErrc::kReset, "the connection to " + to_string(remote) + " was ended");
}

void Host::forget_connection(int descriptor, SocketState& state) {
  stack_.tcp().close(now(), state.connection);
  table_.bind_connection(descriptor, stack::kNoConnection);
  state.role = SocketRole::kNew;
  state.local = state.bound;
  state.remote = {};
  state.ended = false;
  push(now());
}

SocketResult<std::size_t> Host::send(int descriptor, std::span<const std::uint8_t> data, const SendOptions& options) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role == SocketRole::kDatagram) return send_datagram(descriptor, data, std::nullopt, options);
  if (state->role == SocketRole::kNew) return fail(SocketErrc::kBrokenPipe, "the socket is not connected");
  if (state->role != SocketRole::kConnection) return not_connected();
  const bool dont_wait = options.dont_wait || state->nonblocking;
  const stack::ConnectionId id = state->connection;
  std::size_t sent = 0;
  while (true) {
    // What was taken before is told first; the next call tells the error.
    if (sent > 0 && (state->error || state->ended)) return sent;
    if (state->error) return take_error(*state);
    if (state->ended || state->write_shut) return fail(SocketErrc::kBrokenPipe, "the socket is closed for sending");
    if (dont_wait && !state->connected) return would_block();
    announce_more(*state, options.more);
    if (const std::size_t taken = stack_.tcp().send(now(), id, data.subspan(sent)); taken > 0) {
      sent += taken;
      push(now());
    }
    if (sent == data.size() || (dont_wait && sent > 0)) return sent;
    if (dont_wait) return would_block();
    const auto waited = wait(state->send_timeout, "sending to " + to_string(state->remote), [&] {
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

void Host::announce_more(SocketState& state, bool more) {
  if (state.corked || state.more == more) return;
  state.more = more;
  stack_.tcp().set_cork(now(), state.connection, more);
}

SocketResult<std::size_t> Host::recv(int descriptor, std::span<std::uint8_t> out, const ReceiveOptions& options) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role == SocketRole::kDatagram) {
    const auto received = recvfrom(descriptor, out, options);
    if (!received) return Failure{received.error()};
    return received.value().bytes;
  }
  if (state->role != SocketRole::kConnection) return not_connected();
  const stack::ConnectionId id = state->connection;
  const auto over = [&](const SocketState& current) {
    return current.ended || current.read_shut || current.error || stack_.tcp().connection(id)->end_of_stream();
  };
  const bool dont_wait = options.dont_wait || state->nonblocking;
  std::size_t taken = 0;
  while (true) {
    // A peek that waits for more sees what it has seen again.
    const std::size_t seen = options.peek ? 0 : taken;
    const std::size_t readable = stack_.tcp().connection(id)->readable_bytes();
    if (readable > 0) taken = seen + take(id, out.subspan(seen), options.peek);
    const bool enough = taken == out.size() || (taken > 0 && !options.wait_all);
    if (enough || (taken > 0 && (dont_wait || over(*state)))) return taken;
    if (state->error) return take_error(*state);
    if (over(*state) || out.empty()) return std::size_t{0};
    if (dont_wait) return would_block();
    const std::size_t known = options.peek ? readable : 0;
    const auto waited = wait(state->receive_timeout, "waiting for data from " + to_string(state->remote), [&] {
      const SocketState* current = table_.find_connection(id);
      return current == nullptr || over(*current) || stack_.tcp().connection(id)->readable_bytes() > known;
    });
    state = table_.find_connection(id);
    if (state == nullptr) return bad_descriptor(descriptor);
    if (!waited && taken > 0) return taken;
    if (!waited) return Failure{waited.error()};
  }
}

std::size_t Host::take(stack::ConnectionId id, std::span<std::uint8_t> out, bool peek) {
  if (peek) return stack_.tcp().peek(id, out);
  const std::size_t taken = stack_.tcp().recv(now(), id, out);
  push(now());
  return taken;
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
  for (const IpAddress& group : (*socket)->groups) stack_.network().groups().leave(group);
  if ((*socket)->role == SocketRole::kListener) stack_.tcp().close_listener(now(), (*socket)->listener);
  const std::optional<Duration> linger = (*socket)->linger;
  if ((*socket)->role != SocketRole::kConnection) {
    table_.remove(descriptor);
    push(now());
    return {};
  }
  if (linger == Duration::zero()) return abort(descriptor);
  const stack::ConnectionId id = (*socket)->connection;
  stack_.tcp().close(now(), id);
  table_.remove(descriptor);
  push(now());
  // What is not acknowledged by then goes on being sent behind the caller's back, as on Linux.
  const auto told = [&] {
    const tcp::Connection* connection = stack_.tcp().connection(id);
    return connection == nullptr || connection->all_acked();
  };
  if (linger) static_cast<void>(wait(linger, "the peer to acknowledge everything", told));
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
  request.readable = request.writable = request.peer_closed = request.hung_up = request.failed = false;
  request.completion = false;
  if (state == nullptr) {
    request.failed = true;
    return true;
  }
  if (state->role == SocketRole::kDatagram) {
    fill_datagram(request, *state);
  } else if (const tcp::Listener* listener = stack_.tcp().listener(state->listener)) {
    request.readable = listener->ready() > 0;
    request.activity = listener->counters().accepted;
  } else if (const tcp::Connection* connection = stack_.tcp().connection(state->connection)) {
    fill_connection(request, *state, *connection);
  } else {
    request.hung_up = true;  // never connected: Linux says so, too
    request.writable = true;
  }
  return (request.want_readable && request.readable) || (request.want_writable && request.writable) ||
         (request.want_completion && request.completion) || request.hung_up || request.failed;
}

void Host::fill_connection(PollRequest& request, const SocketState& state, const tcp::Connection& connection) const {
  const bool end = state.ended || state.read_shut || connection.end_of_stream();
  request.failed = state.error.has_value();
  request.readable = connection.readable_bytes() > 0 || end || request.failed;
  request.writable = state.ended || (state.connected && (state.write_shut || connection.send_space() > 0));
  request.peer_closed = end;
  request.hung_up = state.ended || (end && state.write_shut);
  request.completion = connection.has_completion();
  request.activity = state.activity;
}

SocketResult<int> Host::poll(std::span<PollRequest> requests, std::optional<Duration> timeout) {
  int answered = 0;
  const auto any = [&] {
    answered = static_cast<int>(std::count_if(requests.begin(), requests.end(), [&](auto& r) { return fill(r); }));
    return answered > 0;
  };
  const auto waited = wait_until(timeout, "polling", any);
  if (!waited) return Failure{waited.error()};
  return answered;
}

SocketResult<void> Host::wait_until(std::optional<Duration> timeout, const std::string& what,
                                    const std::function<bool()>& ready) {
  if (ready() || (timeout && *timeout <= Duration::zero())) return {};
  const auto waited = wait(timeout, what, ready);
  if (!waited && waited.error().code != SocketErrc::kExpired) return waited;
  return {};
}

}  // namespace sockwire
