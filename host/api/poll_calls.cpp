// SPDX-License-Identifier: Apache-2.0
// The calls that wait for several sockets.
#include <chrono>
#include <optional>
#include <vector>

#include "host/api/instance.hpp"

using sockwire::Duration;
using sockwire::PollRequest;
using sockwire::api::enter;
using sockwire::api::EpollSet;
using sockwire::api::fail;
using sockwire::api::poll_events;

namespace {

std::optional<Duration> timeout_of(int timeout_ms) {
  if (timeout_ms < 0) return std::nullopt;
  return Duration(std::chrono::milliseconds(timeout_ms));
}

/// What of `fd`'s events was asked for; errors and the end always are. Negative descriptors are left out (poll(2)).
short answer(sockwire_t& self, const pollfd& fd) {
  if (fd.fd < 0) return 0;
  const int descriptor = self.descriptor_of(fd.fd);
  if (self.kind(descriptor) == nullptr) return POLLNVAL;
  PollRequest request{.descriptor = descriptor};
  static_cast<void>(self.host().poll({&request, 1}, Duration::zero()));
  const auto asked = static_cast<std::uint32_t>(static_cast<unsigned short>(fd.events));
  return static_cast<short>(poll_events(request) & (asked | POLLERR | POLLHUP));
}

int poll_all(sockwire_t& self, std::span<pollfd> fds, int timeout_ms) {
  int ready = 0;
  const auto look = [&] {
    ready = 0;
    for (pollfd& fd : fds) {
      fd.revents = answer(self, fd);
      if (fd.revents != 0) ++ready;
    }
    return ready > 0;
  };
  const auto waited = self.host().wait_until(timeout_of(timeout_ms), "polling", look);
  return waited ? ready : fail(waited.error());
}

int collect(sockwire_t& self, int epfd, epoll_event* events, int count, int timeout_ms) {
  if (self.epoll(epfd) == nullptr) return fail(self.kind(self.descriptor_of(epfd)) == nullptr ? EBADF : EINVAL);
  if (events == nullptr) return fail(EFAULT);
  if (count <= 0) return fail(EINVAL);
  int found = 0;
  const auto look = [&] {
    EpollSet* set = self.epoll(epfd);  // another thread may have closed it
    if (set == nullptr) return true;
    found = set->collect(self.host(), events, count);
    return found > 0;
  };
  const auto waited = self.host().wait_until(timeout_of(timeout_ms), "waiting for events", look);
  return waited ? found : fail(waited.error());
}

}  // namespace

int sockwire_poll(sockwire_t* instance, struct pollfd* fds, nfds_t count, int timeout_ms) {
  if (fds == nullptr && count > 0) return fail(EFAULT);
  return enter(instance, [&](sockwire_t& self) { return poll_all(self, {fds, count}, timeout_ms); });
}

int sockwire_epoll_create1(sockwire_t* instance, int flags) {
  return enter(instance, [&](sockwire_t& self) {
    if ((flags & ~EPOLL_CLOEXEC) != 0) return fail(EINVAL);
    return self.add_epoll();
  });
}

int sockwire_epoll_ctl(sockwire_t* instance, int epfd, int operation, int fd, struct epoll_event* event) {
  return enter(instance, [&](sockwire_t& self) {
    const int descriptor = self.descriptor_of(fd);
    EpollSet* set = self.epoll(epfd);
    if (set == nullptr || self.kind(descriptor) == nullptr) {
      const bool known = set != nullptr ? self.epoll(fd) != nullptr : self.kind(self.descriptor_of(epfd)) != nullptr;
      return fail(known ? EINVAL : EBADF);
    }
    const int error = set->control(operation, descriptor, event);
    return error == 0 ? 0 : fail(error);
  });
}

int sockwire_epoll_wait(sockwire_t* instance, int epfd, struct epoll_event* events, int count, int timeout_ms) {
  return enter(instance, [&](sockwire_t& self) { return collect(self, epfd, events, count, timeout_ms); });
}
