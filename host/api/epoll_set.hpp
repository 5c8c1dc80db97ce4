// SPDX-License-Identifier: Apache-2.0
// Sockets that are waited for together, as epoll(7) has it: level- or edge-triggered, or once.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <map>

#include "host/socket/host.hpp"

namespace sockwire::api {

/// What poll(2) says of a socket: POLLIN, POLLOUT, POLLRDHUP, POLLERR, POLLHUP (EPOLLIN and so on have the same
/// values).
std::uint32_t poll_events(const PollRequest& answer);

class EpollSet {
 public:
  /// An epoll_ctl(2) operation on one of the host's descriptors. Returns 0 or an errno.
  int control(int operation, int descriptor, const epoll_event* event);
  void remove(int descriptor) { entries_.erase(descriptor); }

  /// Fills in what is ready now, beginning behind the one that was told last, so that none is starved. Returns how
  /// many.
  int collect(Host& host, epoll_event* events, int room);

 private:
  struct Entry {
    std::uint32_t wanted = 0;  ///< EPOLL bits.
    epoll_data_t data{};
    std::uint64_t told_activity = 0;  ///< EPOLLET: of the socket, when it was told last.
    std::uint32_t told = 0;           ///< EPOLLET: what was told then.
  };
  std::uint32_t ready(Host& host, int descriptor, Entry& entry);

  std::map<int, Entry> entries_;
  int last_told_ = -1;
};

}  // namespace sockwire::api
