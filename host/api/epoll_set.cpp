// SPDX-License-Identifier: Apache-2.0
#include "host/api/epoll_set.hpp"

#include <poll.h>

#include <cerrno>

namespace sockwire::api {

static_assert(EPOLLIN == POLLIN && EPOLLPRI == POLLPRI && EPOLLOUT == POLLOUT && EPOLLERR == POLLERR &&
              EPOLLHUP == POLLHUP && EPOLLRDHUP == POLLRDHUP);

std::uint32_t poll_events(const PollRequest& answer) {
  std::uint32_t events = 0;
  if (answer.readable) events |= POLLIN | POLLRDNORM;
  if (answer.completion) events |= POLLPRI;
  if (answer.writable) events |= POLLOUT | POLLWRNORM;
  if (answer.peer_closed) events |= POLLRDHUP;
  if (answer.failed) events |= POLLERR;
  if (answer.hung_up) events |= POLLHUP;
  return events;
}

int EpollSet::control(int operation, int descriptor, const epoll_event* event) {
  const auto found = entries_.find(descriptor);
  if (operation == EPOLL_CTL_DEL) return entries_.erase(descriptor) == 0 ? ENOENT : 0;
  if (event == nullptr) return EFAULT;
  if (operation == EPOLL_CTL_ADD) {
    if (found != entries_.end()) return EEXIST;
    entries_[descriptor] = {.wanted = event->events, .data = event->data};
    return 0;
  }
  if (operation != EPOLL_CTL_MOD) return EINVAL;
  if (found == entries_.end()) return ENOENT;
  found->second = {.wanted = event->events, .data = event->data};
  return 0;
}

std::uint32_t EpollSet::ready(Host& host, int descriptor, Entry& entry) {
  constexpr std::uint32_t kOptions = EPOLLET | EPOLLONESHOT | EPOLLWAKEUP | EPOLLEXCLUSIVE;
  if ((entry.wanted & ~kOptions) == 0) return 0;  // EPOLLONESHOT has disarmed it
  PollRequest request{.descriptor = descriptor};
  static_cast<void>(host.poll({&request, 1}, Duration::zero()));
  const std::uint32_t events = poll_events(request) & (entry.wanted | EPOLLERR | EPOLLHUP);
  if ((entry.wanted & EPOLLET) != 0) {
    // An edge: something that was not there when it was told last, or that has happened again since.
    const bool again = request.activity != entry.told_activity;
    const bool edge = events != 0 && (again || (events & ~entry.told) != 0);
    entry.told = events;
    if (!edge) return 0;
    entry.told_activity = request.activity;
  }
  return events;
}

int EpollSet::collect(Host& host, epoll_event* events, int room) {
  int count = 0;
  auto entry = entries_.upper_bound(last_told_);
  for (std::size_t seen = 0; seen < entries_.size() && count < room; ++seen, ++entry) {
    if (entry == entries_.end()) entry = entries_.begin();
    const std::uint32_t found = ready(host, entry->first, entry->second);
    if (found == 0) continue;
    events[count].events = found;
    events[count].data = entry->second.data;
    ++count;
    last_told_ = entry->first;
    if ((entry->second.wanted & EPOLLONESHOT) != 0) entry->second.wanted &= EPOLLET | EPOLLONESHOT;
  }
  return count;
}

}  // namespace sockwire::api
