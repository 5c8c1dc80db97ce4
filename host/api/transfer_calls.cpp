// SPDX-License-Identifier: Apache-2.0
// The BSD calls that carry data. All of them are one gathering send and one scattering receive.
#include <algorithm>
#include <climits>
#include <cstring>
#include <optional>
#include <vector>

#include "host/api/instance.hpp"
#include "host/api/socket_address.hpp"

using sockwire::Endpoint;
using sockwire::api::enter;
using sockwire::api::fail;
using sockwire::api::SocketKind;

namespace {

constexpr int kSendFlags = MSG_DONTWAIT | MSG_MORE | MSG_NOSIGNAL | MSG_EOR | MSG_CONFIRM;
constexpr int kReceiveFlags = MSG_DONTWAIT | MSG_PEEK | MSG_WAITALL | MSG_TRUNC | MSG_NOSIGNAL | MSG_CMSG_CLOEXEC;

/// Where the bytes of a call are. A single part is used as it is; several are copied together.
struct Parts {
  const iovec* first = nullptr;
  std::size_t count = 0;

  /// Nothing: the sizes do not fit into a ssize_t, or there are too many.
  std::optional<std::size_t> bytes() const {
    if (count > IOV_MAX) return std::nullopt;
    std::size_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (first[i].iov_len > SSIZE_MAX - total) return std::nullopt;
      total += first[i].iov_len;
    }
    return total;
  }
};

/// What recvmsg() says besides the data.
struct Received {
  Endpoint from;
  bool has_address = false;  ///< Streams give none.
  int flags = 0;
};

ssize_t send_parts(sockwire_t& self, int fd, const Parts& parts, int flags, const sockaddr* address, socklen_t length) {
  sockwire::Host& host = self.host();
  const int descriptor = self.descriptor_of(fd);
  const SocketKind* kind = self.kind(descriptor);
  if (kind == nullptr) return fail(EBADF);
  if ((flags & MSG_OOB) != 0 || (flags & ~kSendFlags) != 0) return fail(EOPNOTSUPP);
  const auto bytes = parts.bytes();
  if (!bytes) return fail(EINVAL);
  std::vector<std::uint8_t> gathered;
  std::span<const std::uint8_t> data;
  if (parts.count == 1) {
    data = {static_cast<const std::uint8_t*>(parts.first->iov_base), *bytes};
  } else {
    gathered.reserve(*bytes);
    for (std::size_t i = 0; i < parts.count; ++i) {
      const auto* from = static_cast<const std::uint8_t*>(parts.first[i].iov_base);
      gathered.insert(gathered.end(), from, from + parts.first[i].iov_len);
    }
    data = gathered;
  }
  const sockwire::SendOptions options{.dont_wait = (flags & MSG_DONTWAIT) != 0, .more = (flags & MSG_MORE) != 0};
  // A stream has its peer: Linux ignores the address (send(2) says EISCONN may come, but it does not).
  const bool addressed = address != nullptr && kind->type == SOCK_DGRAM;
  sockwire::SocketResult<std::size_t> sent = std::size_t{0};
  if (addressed) {
    const auto to = sockwire::api::read_address(kind->domain, address, length);
    if (!to) return fail(to.error());
    sent = host.sendto(descriptor, data, *to, options);
  } else {
    sent = host.send(descriptor, data, options);
  }
  return sent ? static_cast<ssize_t>(*sent) : fail(sent.error());
}

/// Receives into the parts, in order.
ssize_t receive_parts(sockwire_t& self, int fd, const Parts& parts, int flags, Received& received) {
  const int descriptor = self.descriptor_of(fd);
  const SocketKind* kind = self.kind(descriptor);
  if (kind == nullptr) return fail(EBADF);
  if ((flags & MSG_OOB) != 0) return fail(EINVAL);  // there is never urgent data apart: RFC 6093 has it in line
  if ((flags & ~kReceiveFlags) != 0) return fail(EOPNOTSUPP);
  const auto room = parts.bytes();
  if (!room) return fail(EINVAL);
  std::vector<std::uint8_t> gathered;
  std::span<std::uint8_t> out;
  if (parts.count == 1) {
    out = {static_cast<std::uint8_t*>(parts.first->iov_base), *room};
  } else {
    gathered.resize(*room);
    out = gathered;
  }
  const sockwire::ReceiveOptions options{.dont_wait = (flags & MSG_DONTWAIT) != 0,
                                         .peek = (flags & MSG_PEEK) != 0,
                                         .wait_all = (flags & MSG_WAITALL) != 0 && kind->type == SOCK_STREAM};
  const auto taken = self.host().recvfrom(descriptor, out, options);
  if (!taken) return fail(taken.error());
  std::size_t at = 0;
  for (std::size_t i = 0; parts.count != 1 && at < taken->bytes; ++i) {
    const std::size_t piece = std::min(parts.first[i].iov_len, taken->bytes - at);
    if (piece > 0) std::memcpy(parts.first[i].iov_base, gathered.data() + at, piece);
    at += piece;
  }
  received.from = taken->from;
  received.has_address = kind->type == SOCK_DGRAM;
  const bool cut = kind->type == SOCK_DGRAM && taken->whole_bytes > taken->bytes;
  if (cut) received.flags |= MSG_TRUNC;
  return static_cast<ssize_t>(cut && (flags & MSG_TRUNC) != 0 ? taken->whole_bytes : taken->bytes);
}

void tell_sender(sockwire_t& self, int fd, const Received& received, sockaddr* address, socklen_t* length) {
  if (address == nullptr || length == nullptr) return;
  if (!received.has_address) {
    *length = 0;
    return;
  }
  sockwire::api::write_address(self.kind(self.descriptor_of(fd))->domain, received.from, address, length);
}

}  // namespace

ssize_t sockwire_read(sockwire_t* instance, int fd, void* buffer, size_t bytes) {
  return sockwire_recvfrom(instance, fd, buffer, bytes, 0, nullptr, nullptr);
}

ssize_t sockwire_readv(sockwire_t* instance, int fd, const struct iovec* parts, int count) {
  if (count < 0 || (parts == nullptr && count > 0)) return fail(EINVAL);
  return enter(instance, [&](sockwire_t& self) {
    Received received;
    return receive_parts(self, fd, {parts, static_cast<std::size_t>(count)}, 0, received);
  });
}

ssize_t sockwire_recv(sockwire_t* instance, int fd, void* buffer, size_t bytes, int flags) {
  return sockwire_recvfrom(instance, fd, buffer, bytes, flags, nullptr, nullptr);
}

ssize_t sockwire_recvfrom(sockwire_t* instance, int fd, void* buffer, size_t bytes, int flags, struct sockaddr* address,
                          socklen_t* length) {
  if (buffer == nullptr && bytes > 0) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) {
    const iovec part{buffer, std::min<std::size_t>(bytes, SSIZE_MAX)};
    Received received;
    const ssize_t taken = receive_parts(self, fd, {&part, 1}, flags, received);
    if (taken >= 0) tell_sender(self, fd, received, address, length);
    return taken;
  });
}

ssize_t sockwire_recvmsg(sockwire_t* instance, int fd, struct msghdr* message, int flags) {
  if (message == nullptr || (message->msg_iov == nullptr && message->msg_iovlen > 0)) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) {
    Received received;
    const ssize_t taken = receive_parts(self, fd, {message->msg_iov, message->msg_iovlen}, flags, received);
    if (taken < 0) return taken;
    tell_sender(self, fd, received, static_cast<sockaddr*>(message->msg_name), &message->msg_namelen);
    message->msg_controllen = 0;
    message->msg_flags = received.flags;
    return taken;
  });
}

ssize_t sockwire_write(sockwire_t* instance, int fd, const void* buffer, size_t bytes) {
  return sockwire_sendto(instance, fd, buffer, bytes, 0, nullptr, 0);
}

ssize_t sockwire_writev(sockwire_t* instance, int fd, const struct iovec* parts, int count) {
  if (count < 0 || (parts == nullptr && count > 0)) return fail(EINVAL);
  return enter(instance, [&](sockwire_t& self) {
    return send_parts(self, fd, {parts, static_cast<std::size_t>(count)}, 0, nullptr, 0);
  });
}

ssize_t sockwire_send(sockwire_t* instance, int fd, const void* buffer, size_t bytes, int flags) {
  return sockwire_sendto(instance, fd, buffer, bytes, flags, nullptr, 0);
}

ssize_t sockwire_sendto(sockwire_t* instance, int fd, const void* buffer, size_t bytes, int flags,
                        const struct sockaddr* address, socklen_t length) {
  if (buffer == nullptr && bytes > 0) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) {
    const iovec part{const_cast<void*>(buffer), std::min<std::size_t>(bytes, SSIZE_MAX)};  // only read
    return send_parts(self, fd, {&part, 1}, flags, address, length);
  });
}

ssize_t sockwire_sendmsg(sockwire_t* instance, int fd, const struct msghdr* message, int flags) {
  if (message == nullptr || (message->msg_iov == nullptr && message->msg_iovlen > 0)) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) {
    return send_parts(self, fd, {message->msg_iov, message->msg_iovlen}, flags,
                      static_cast<const sockaddr*>(message->msg_name), message->msg_namelen);
  });
}

ssize_t sockwire_send_zero_copy(sockwire_t* instance, int fd, const void* buffer, size_t bytes, uint64_t token) {
  if (buffer == nullptr && bytes > 0) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) -> ssize_t {
    const int descriptor = self.descriptor_of(fd);
    if (self.kind(descriptor) == nullptr) return fail(EBADF);
    const auto sent = self.host().send_zero_copy(descriptor, {static_cast<const std::uint8_t*>(buffer), bytes}, token);
    return sent ? static_cast<ssize_t>(bytes) : fail(sent.error());
  });
}

int sockwire_completion(sockwire_t* instance, int fd, uint64_t* token) {
  if (token == nullptr) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) {
    const int descriptor = self.descriptor_of(fd);
    if (self.kind(descriptor) == nullptr) return fail(EBADF);
    const auto taken = self.host().poll_completion(descriptor);
    if (!taken) return fail(taken.error());
    if (*taken) *token = **taken;
    return *taken ? 1 : 0;
  });
}
