// SPDX-License-Identifier: Apache-2.0
#include "host/api/instance.hpp"

using sockwire::api::EpollSet;
using sockwire::api::SocketKind;

void sockwire_instance::remove_socket(int descriptor) {
  kinds_.erase(descriptor);
  for (auto& [fd, set] : epolls_) set.remove(descriptor);
}

SocketKind* sockwire_instance::kind(int descriptor) {
  const auto found = kinds_.find(descriptor);
  return found == kinds_.end() ? nullptr : &found->second;
}

int sockwire_instance::add_epoll() {
  int fd = first_epoll_;
  while (epolls_.contains(fd)) ++fd;
  epolls_.emplace(fd, EpollSet());
  return fd;
}

EpollSet* sockwire_instance::epoll(int fd) {
  const auto found = epolls_.find(fd);
  return found == epolls_.end() ? nullptr : &found->second;
}
