// SPDX-License-Identifier: Apache-2.0
// The calls of datagram sockets: UDP.
#include <algorithm>

#include "host/socket/host.hpp"
#include "host/socket/text.hpp"

namespace sockwire {

namespace {

Failure<SocketError> fail(SocketErrc code, std::string message) { return {SocketError{code, std::move(message)}}; }

Failure<SocketError> send_error(stack::UdpSendError reason, const Endpoint& to) {
  switch (reason) {
    case stack::UdpSendError::kNoDestination:
      return fail(SocketErrc::kNoDestination, "the datagram has no destination: connect() or use sendto()");
    case stack::UdpSendError::kOtherPeer:
      return fail(SocketErrc::kIsConnected, "the socket is connected to somebody else than " + to_string(to));
    case stack::UdpSendError::kNoRoute:
      return Failure{open_error(stack::OpenError::kNoRoute, {}, to)};
    case stack::UdpSendError::kTooLong:
      return fail(SocketErrc::kTooLong, "the datagram is longer than a packet on the way to " + to_string(to));
    case stack::UdpSendError::kNotPermitted:
      return fail(SocketErrc::kNotPermitted, to_string(to.address) + " is a broadcast address: allow it first");
    case stack::UdpSendError::kQueueFull:
      break;
  }
  return fail(SocketErrc::kWouldBlock, "the call would have to wait");
}

Failure<SocketError> not_datagram() { return fail(SocketErrc::kInvalid, "the socket is not for datagrams"); }

}  // namespace

SocketResult<void> Host::bind_datagram(SocketState& state, const Endpoint& local) {
  if (state.udp != stack::kNoUdpSocket) return fail(SocketErrc::kInvalid, "the socket has its address already");
  const auto opened = stack_.udp().open(local, state.udp_config);
  if (!opened) return Failure{open_error(opened.error(), local, {})};
  state.udp = *opened;
  state.local = stack_.udp().local(*opened);
  return {};
}

SocketResult<void> Host::connect_datagram(SocketState& state, const Endpoint& remote) {
  if (state.udp == stack::kNoUdpSocket) {
    auto bound = bind_datagram(state, state.local);
    if (!bound) return bound;
  }
  // As with AF_UNSPEC: back to anybody.
  if (remote == Endpoint{}) {
    stack_.udp().disconnect(state.udp);
    state.connected = false;
    state.remote = {};
    return {};
  }
  const auto connected = stack_.udp().connect(state.udp, remote);
  if (!connected) return Failure{open_error(connected.error(), state.local, remote)};
  state.remote = remote;
  state.connected = true;
  return {};
}

SocketResult<std::size_t> Host::sendto(int descriptor, std::span<const std::uint8_t> data, const Endpoint& to,
                                       const SendOptions& options) {
  return send_datagram(descriptor, data, to, options);
}

SocketResult<std::size_t> Host::send_datagram(int descriptor, std::span<const std::uint8_t> data,
                                              const std::optional<Endpoint>& to, const SendOptions& options) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role != SocketRole::kDatagram) return not_datagram();
  if (state->write_shut) return fail(SocketErrc::kBrokenPipe, "the socket is closed for sending");
  if (state->udp == stack::kNoUdpSocket) {
    const auto bound = bind_datagram(*state, state->local);
    if (!bound) return Failure{bound.error()};
  }
  const stack::UdpSocketId id = state->udp;
  while (true) {
    const stack::Unreachable told = stack_.udp().take_error(id);
    if (told != stack::Unreachable::kNone) return Failure{unreachable_error(told, state->remote)};
    const auto sent = stack_.udp().send(now(), id, to, data);
    if (sent) break;
    if (sent.error() != stack::UdpSendError::kQueueFull || options.dont_wait || state->nonblocking) {
      return send_error(sent.error(), to ? *to : state->remote);
    }
    push(now());
    const auto waited = wait(state->send_timeout, "sending to " + to_string(to ? *to : state->remote),
                             [&] { return stack_.udp().writable(id); });
    state = table_.find(descriptor);
    if (state == nullptr || state->udp != id) return bad_descriptor(descriptor);
    if (!waited) return Failure{waited.error()};
  }
  push(now());
  return data.size();
}

SocketResult<ReceivedDatagram> Host::recvfrom(int descriptor, std::span<std::uint8_t> out,
                                              const ReceiveOptions& options) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState* state = *socket;
  if (state->role != SocketRole::kDatagram) {
    const auto received = recv(descriptor, out, options);
    if (!received) return Failure{received.error()};
    return ReceivedDatagram{received.value(), received.value(), state->remote, state->local};
  }
  // One that is bound to nothing hears nothing, but it may wait.
  if (state->udp == stack::kNoUdpSocket) {
    const auto bound = bind_datagram(*state, state->local);
    if (!bound) return Failure{bound.error()};
  }
  const stack::UdpSocketId id = state->udp;
  while (true) {
    const stack::Unreachable told = stack_.udp().take_error(id);
    if (told != stack::Unreachable::kNone) return Failure{unreachable_error(told, state->remote)};
    if (state->read_shut) return ReceivedDatagram{};
    if (const auto info = options.peek ? stack_.udp().peek(id, out) : stack_.udp().recv(id, out)) {
      return ReceivedDatagram{std::min(info->bytes, out.size()), info->bytes, info->source, info->destination};
    }
    if (options.dont_wait || state->nonblocking) return fail(SocketErrc::kWouldBlock, "the call would have to wait");
    const auto waited = wait(state->receive_timeout, "waiting for a datagram", [&] {
      return !stack_.udp().is_open(id) || stack_.udp().front_bytes(id) ||
             stack_.udp().error(id) != stack::Unreachable::kNone;
    });
    state = table_.find(descriptor);
    if (state == nullptr || state->udp != id) return bad_descriptor(descriptor);
    if (!waited) return Failure{waited.error()};
  }
}

SocketResult<void> Host::configure_datagram(int descriptor, const std::function<void(stack::UdpConfig&)>& change) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role != SocketRole::kDatagram) return not_datagram();
  change((*socket)->udp_config);
  stack_.udp().configure((*socket)->udp, (*socket)->udp_config);
  return {};
}

SocketResult<void> Host::set_broadcast(int descriptor, bool allowed) {
  return configure_datagram(descriptor, [&](stack::UdpConfig& config) { config.broadcast = allowed; });
}

SocketResult<void> Host::set_multicast_ttl(int descriptor, std::uint8_t ttl) {
  return configure_datagram(descriptor, [&](stack::UdpConfig& config) { config.multicast_ttl = ttl; });
}

SocketResult<void> Host::join_group(int descriptor, const IpAddress& group) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role != SocketRole::kDatagram) return not_datagram();
  std::vector<IpAddress>& groups = (*socket)->groups;
  if (std::find(groups.begin(), groups.end(), group) != groups.end()) {
    return fail(SocketErrc::kAddressInUse, "the socket is in " + to_string(group) + " already");
  }
  if (!stack_.network().groups().join(now(), group)) {
    return fail(SocketErrc::kInvalid, to_string(group) + " is no multicast group, or one too many");
  }
  groups.push_back(group);
  push(now());
  return {};
}

SocketResult<void> Host::leave_group(int descriptor, const IpAddress& group) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if (std::erase((*socket)->groups, group) == 0) {
    return fail(SocketErrc::kAddressNotLocal, "the socket is not in " + to_string(group));
  }
  stack_.network().groups().leave(group);
  push(now());
  return {};
}

SocketResult<stack::UdpCounts> Host::udp_counts(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role != SocketRole::kDatagram) return not_datagram();
  return stack_.udp().counts((*socket)->udp);
}

void Host::fill_datagram(PollRequest& request, const SocketState& state) const {
  const stack::UdpCounts counts = stack_.udp().counts(state.udp);
  request.failed = stack_.udp().error(state.udp) != stack::Unreachable::kNone;
  request.readable = stack_.udp().front_bytes(state.udp).has_value() || state.read_shut || request.failed;
  request.writable = stack_.udp().writable(state.udp);
  request.peer_closed = state.read_shut;
  request.hung_up = state.read_shut && state.write_shut;
  request.activity = counts.datagrams_in + counts.errors_in;
}

void Host::list_datagram(SocketRow& out, const SocketState& state) const {
  out.datagram = true;
  out.receive_queue = stack_.udp().received_bytes(state.udp);
  out.send_queue = stack_.udp().queued_bytes(state.udp);
  out.udp = stack_.udp().counts(state.udp);
}

}  // namespace sockwire
