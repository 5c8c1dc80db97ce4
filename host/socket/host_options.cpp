// SPDX-License-Identifier: Apache-2.0
// What sockets can be set to and asked for.
#include "host/socket/host.hpp"
#include "host/socket/text.hpp"

namespace sockwire {

SocketResult<void> Host::set_nonblocking(int descriptor, bool nonblocking) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->nonblocking = nonblocking;
  return {};
}

SocketResult<void> Host::set_nodelay(int descriptor, bool nodelay) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->config.nodelay = nodelay;
  stack_.tcp().set_nodelay(now(), (*socket)->connection, nodelay);
  push(now());
  return {};
}

SocketResult<void> Host::set_cork(int descriptor, bool cork) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->corked = cork;
  (*socket)->more = false;
  stack_.tcp().set_cork(now(), (*socket)->connection, cork);
  push(now());
  return {};
}

SocketResult<void> Host::set_dscp(int descriptor, std::uint8_t dscp) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->config.dscp = dscp;
  stack_.tcp().set_dscp((*socket)->connection, dscp);
  return {};
}

SocketResult<void> Host::set_quick_acks(int descriptor, unsigned segments) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->config.quick_acks = segments;
  stack_.tcp().set_quick_acks((*socket)->connection, segments);
  return {};
}

SocketResult<void> Host::set_linger(int descriptor, std::optional<Duration> linger) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->linger = linger;
  return {};
}

SocketResult<void> Host::set_timeouts(int descriptor, std::optional<Duration> receive, std::optional<Duration> send) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  (*socket)->receive_timeout = receive;
  (*socket)->send_timeout = send;
  return {};
}

SocketResult<void> Host::set_buffers(int descriptor, std::size_t send_bytes, std::size_t receive_bytes) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role == SocketRole::kDatagram && (*socket)->udp == stack::kNoUdpSocket) {
    (*socket)->udp_config.send_queue_bytes = send_bytes;
    (*socket)->udp_config.receive_queue_bytes = receive_bytes;
    return {};
  }
  if ((*socket)->role != SocketRole::kNew) {
    return Failure{SocketError{SocketErrc::kInvalid, "buffers are sized before bind(), connect() or listen()"}};
  }
  (*socket)->config.send_buffer_bytes = send_bytes;
  (*socket)->config.receive_buffer_bytes = receive_bytes;
  return {};
}

SocketResult<void> Host::set_config(int descriptor, const tcp::Config& config) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  SocketState& state = **socket;
  const bool keepalive = config.keepalive != state.config.keepalive;
  const bool user_timeout = config.user_timeout != state.config.user_timeout;
  state.config = config;
  if (state.role != SocketRole::kConnection) return {};
  stack_.tcp().set_nodelay(now(), state.connection, config.nodelay);
  // These two begin anew when they are set.
  if (keepalive) stack_.tcp().set_keepalive(now(), state.connection, config.keepalive);
  if (user_timeout) stack_.tcp().set_user_timeout(now(), state.connection, config.user_timeout);
  push(now());
  return {};
}

SocketResult<tcp::Config> Host::config(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  return (*socket)->config;
}

SocketResult<bool> Host::nonblocking(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  return (*socket)->nonblocking;
}

SocketResult<bool> Host::nodelay(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  return (*socket)->config.nodelay;
}

SocketResult<Endpoint> Host::getsockname(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  return (*socket)->local;
}

SocketResult<Endpoint> Host::getpeername(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if (!(*socket)->connected) {
    return Failure{SocketError{SocketErrc::kNotConnected, "the socket is not connected"}};
  }
  return (*socket)->remote;
}

SocketResult<std::optional<SocketError>> Host::error(int descriptor) {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  std::optional<SocketError> taken;
  std::swap(taken, (*socket)->error);
  const stack::Unreachable told = stack_.udp().take_error((*socket)->udp);
  if (told != stack::Unreachable::kNone) taken = unreachable_error(told, (*socket)->remote);
  return taken;
}

SocketResult<std::size_t> Host::readable_bytes(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  if ((*socket)->role == SocketRole::kDatagram) return stack_.udp().front_bytes((*socket)->udp).value_or(0);
  const tcp::Connection* connection = stack_.tcp().connection((*socket)->connection);
  return connection == nullptr ? std::size_t{0} : connection->readable_bytes();
}

SocketResult<std::size_t> Host::unacknowledged_bytes(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  const tcp::Connection* connection = stack_.tcp().connection((*socket)->connection);
  if (connection == nullptr) return stack_.udp().queued_bytes((*socket)->udp);
  return connection->info().send_queue_bytes;
}

SocketResult<std::optional<tcp::Info>> Host::tcp_info(int descriptor) const {
  const auto socket = row(descriptor);
  if (!socket) return Failure{socket.error()};
  const tcp::Connection* connection = stack_.tcp().connection((*socket)->connection);
  return connection == nullptr ? std::optional<tcp::Info>() : connection->info();
}

}  // namespace sockwire
