// SPDX-License-Identifier: Apache-2.0
// The BSD calls that make, join and end sockets. Those that carry data: transfer_calls.cpp.
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include <cstdarg>

#include "host/api/instance.hpp"
#include "host/api/socket_address.hpp"

using sockwire::Endpoint;
using sockwire::IpAddress;
using sockwire::api::enter;
using sockwire::api::fail;
using sockwire::api::read_address;
using sockwire::api::SocketKind;
using sockwire::api::write_address;

namespace {

/// As a C call returns it.
int result(const sockwire::SocketResult<void>& done) { return done ? 0 : fail(done.error()); }

/// What a socket is bound to; an AF_INET6 socket that wants no IPv4 is not to be had: :: takes both.
int local_name(sockwire_t& self, int fd, sockaddr* address, socklen_t* length) {
  const SocketKind* kind = self.kind(self.descriptor_of(fd));
  if (kind == nullptr) return fail(EBADF);
  if (address == nullptr || length == nullptr) return fail(EFAULT);
  const auto name = self.host().getsockname(self.descriptor_of(fd));
  if (!name) return fail(name.error());
  write_address(kind->domain, *name, address, length);
  return 0;
}

int take_connection(sockwire_t& self, int fd, sockaddr* address, socklen_t* length, int flags) {
  if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) return fail(EINVAL);
  const SocketKind* listener = self.kind(self.descriptor_of(fd));
  if (listener == nullptr) return fail(EBADF);
  const SocketKind kind = *listener;
  if (kind.type != SOCK_STREAM) return fail(EOPNOTSUPP);
  const auto accepted = self.host().accept(self.descriptor_of(fd));
  if (!accepted) return fail(accepted.error());
  self.add_socket(*accepted, kind);
  if ((flags & SOCK_NONBLOCK) != 0) static_cast<void>(self.host().set_nonblocking(*accepted, true));
  write_address(kind.domain, (*self.host().state(*accepted))->remote, address, length);
  return self.fd_of(*accepted);
}

int control(sockwire_t& self, int fd, unsigned long request, int* value) {
  sockwire::Host& host = self.host();
  const int descriptor = self.descriptor_of(fd);
  if (self.kind(descriptor) == nullptr) return fail(EBADF);
  if (value == nullptr) return fail(EFAULT);
  if (request == FIONBIO) return result(host.set_nonblocking(descriptor, *value != 0));
  const auto state = host.state(descriptor);
  if (state && (*state)->role == sockwire::SocketRole::kListener) return fail(EINVAL);
  std::size_t bytes = 0;
  switch (request) {
    case FIONREAD:  // the same number as SIOCINQ
      bytes = host.readable_bytes(descriptor).value();
      break;
    case SIOCOUTQ:
      bytes = host.unacknowledged_bytes(descriptor).value();
      break;
    case SIOCOUTQNSD: {
      const auto info = host.tcp_info(descriptor);
      bytes = *info ? (*info)->unsent_bytes : 0;
      break;
    }
    default:
      return fail(ENOTTY);
  }
  *value = static_cast<int>(bytes);
  return 0;
}

}  // namespace

int sockwire_socket(sockwire_t* instance, int domain, int type, int protocol) {
  return enter(instance, [&](sockwire_t& self) {
    if (domain != AF_INET && domain != AF_INET6) return fail(EAFNOSUPPORT);
    const int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (kind != SOCK_STREAM && kind != SOCK_DGRAM) return fail(ESOCKTNOSUPPORT);
    const int usual = kind == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
    if (protocol != 0 && protocol != usual) return fail(EPROTONOSUPPORT);
    // The wildcard of an IPv4 socket is not that of both versions.
    const IpAddress wildcard = domain == AF_INET ? IpAddress::from_ipv4(0) : IpAddress();
    const auto made = self.host().socket(
        kind == SOCK_STREAM ? sockwire::SocketType::kStream : sockwire::SocketType::kDatagram, wildcard);
    if (!made) return fail(made.error());
    self.add_socket(*made, {.domain = domain, .type = kind});
    if ((type & SOCK_NONBLOCK) != 0) static_cast<void>(self.host().set_nonblocking(*made, true));
    return self.fd_of(*made);
  });
}

int sockwire_bind(sockwire_t* instance, int fd, const struct sockaddr* address, socklen_t length) {
  return enter(instance, [&](sockwire_t& self) {
    const SocketKind* kind = self.kind(self.descriptor_of(fd));
    if (kind == nullptr) return fail(EBADF);
    const auto local = read_address(kind->domain, address, length);
    if (!local) return fail(local.error());
    return result(self.host().bind(self.descriptor_of(fd), *local));
  });
}

int sockwire_listen(sockwire_t* instance, int fd, int backlog) {
  return enter(instance, [&](sockwire_t& self) {
    const SocketKind* kind = self.kind(self.descriptor_of(fd));
    if (kind == nullptr) return fail(EBADF);
    if (kind->type != SOCK_STREAM) return fail(EOPNOTSUPP);
    return result(self.host().listen(self.descriptor_of(fd), backlog));
  });
}

int sockwire_accept(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length) {
  return sockwire_accept4(instance, fd, address, length, 0);
}

int sockwire_accept4(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length, int flags) {
  return enter(instance, [&](sockwire_t& self) { return take_connection(self, fd, address, length, flags); });
}

int sockwire_connect(sockwire_t* instance, int fd, const struct sockaddr* address, socklen_t length) {
  return enter(instance, [&](sockwire_t& self) {
    const int descriptor = self.descriptor_of(fd);
    const SocketKind* kind = self.kind(descriptor);
    if (kind == nullptr) return fail(EBADF);
    // AF_UNSPEC takes a datagram socket's peer away (connect(2)).
    const bool none = address != nullptr && length >= sizeof(sa_family_t) && address->sa_family == AF_UNSPEC;
    if (none && kind->type == SOCK_DGRAM) return result(self.host().connect(descriptor, Endpoint{}));
    const auto remote = read_address(kind->domain, address, length);
    if (!remote) return fail(remote.error());
    const auto connected = self.host().connect(descriptor, *remote);
    // Linux says of SO_SNDTIMEO what it says of O_NONBLOCK.
    if (!connected && connected.error().code == sockwire::SocketErrc::kExpired) return fail(EINPROGRESS);
    return result(connected);
  });
}

int sockwire_shutdown(sockwire_t* instance, int fd, int how) {
  return enter(instance, [&](sockwire_t& self) {
    using sockwire::Shutdown;
    if (self.kind(self.descriptor_of(fd)) == nullptr) return fail(EBADF);
    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) return fail(EINVAL);
    const Shutdown ends = how == SHUT_RD ? Shutdown::kRead : how == SHUT_WR ? Shutdown::kWrite : Shutdown::kBoth;
    return result(self.host().shutdown(self.descriptor_of(fd), ends));
  });
}

int sockwire_close(sockwire_t* instance, int fd) {
  return enter(instance, [&](sockwire_t& self) {
    if (self.remove_epoll(fd)) return 0;
    const int descriptor = self.descriptor_of(fd);
    if (self.kind(descriptor) == nullptr) return fail(EBADF);
    self.remove_socket(descriptor);
    return result(self.host().close(descriptor));
  });
}

int sockwire_fcntl(sockwire_t* instance, int fd, int command, ...) {
  std::va_list arguments;
  va_start(arguments, command);
  const int flags = command == F_SETFL ? va_arg(arguments, int) : 0;
  va_end(arguments);
  return enter(instance, [&](sockwire_t& self) {
    const int descriptor = self.descriptor_of(fd);
    if (self.kind(descriptor) == nullptr) return fail(EBADF);
    if (command == F_GETFL) return O_RDWR | (*self.host().nonblocking(descriptor) ? O_NONBLOCK : 0);
    if (command != F_SETFL) return fail(EINVAL);
    return result(self.host().set_nonblocking(descriptor, (flags & O_NONBLOCK) != 0));
  });
}

int sockwire_ioctl(sockwire_t* instance, int fd, unsigned long request, ...) {
  std::va_list arguments;
  va_start(arguments, request);
  int* const value = va_arg(arguments, int*);
  va_end(arguments);
  return enter(instance, [&](sockwire_t& self) { return control(self, fd, request, value); });
}

int sockwire_getsockname(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length) {
  return enter(instance, [&](sockwire_t& self) { return local_name(self, fd, address, length); });
}

int sockwire_getpeername(sockwire_t* instance, int fd, struct sockaddr* address, socklen_t* length) {
  return enter(instance, [&](sockwire_t& self) {
    const SocketKind* kind = self.kind(self.descriptor_of(fd));
    if (kind == nullptr) return fail(EBADF);
    if (address == nullptr || length == nullptr) return fail(EFAULT);
    const auto name = self.host().getpeername(self.descriptor_of(fd));
    if (!name) return fail(name.error());
    write_address(kind->domain, *name, address, length);
    return 0;
  });
}
