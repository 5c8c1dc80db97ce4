// SPDX-License-Identifier: Apache-2.0
// What is behind a sockwire_t, and how the calls of the C interface enter it: one at a time, with errors as errno.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>

#include "host/api/epoll_set.hpp"
#include "host/api/error_codes.hpp"
#include "host/api/sockwire.h"
#include "host/socket/host.hpp"

namespace sockwire::api {

/// What a C socket is besides a row of the host's table.
struct SocketKind {
  int domain = 0;  ///< AF_INET or AF_INET6.
  int type = 0;    ///< SOCK_STREAM or SOCK_DGRAM.
  bool reuse_address = false;
};

}  // namespace sockwire::api

/// A host, whatever is below it, and what the C interface adds. Precondition of all but mutex(): the caller holds it.
struct sockwire_instance {
 public:
  /// The descriptors that callers see begin with `first_descriptor`; those of epoll sets come after `max_sockets`.
  sockwire_instance(int first_descriptor, int max_sockets)
      : first_descriptor_(first_descriptor), first_epoll_(first_descriptor + max_sockets) {}
  virtual ~sockwire_instance() = default;
  sockwire_instance(const sockwire_instance&) = delete;
  sockwire_instance& operator=(const sockwire_instance&) = delete;

  virtual sockwire::Host& host() = 0;
  /// Carries out what has become possible at this moment: after every call that may have changed something.
  virtual void settle() = 0;
  /// Recursive, since packets are handed to the caller from within calls.
  std::recursive_mutex& mutex() { return *mutex_; }
  /// Locks it for a call. What else holds it for long gives way to calls that wait.
  class Turn {
   public:
    explicit Turn(sockwire_instance& instance) : mutex_(instance.mutex()) {
      ++instance.waiting_;
      mutex_.lock();
      --instance.waiting_;
    }
    ~Turn() { mutex_.unlock(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    std::recursive_mutex& mutex_;
  };

  /// The host's descriptor; one that it does not know for what is none of its own.
  int descriptor_of(int fd) const { return fd < first_descriptor_ || fd >= first_epoll_ ? -1 : fd - first_descriptor_; }
  int fd_of(int descriptor) const { return descriptor + first_descriptor_; }

  void add_socket(int descriptor, const sockwire::api::SocketKind& kind) { kinds_[descriptor] = kind; }
  void remove_socket(int descriptor);
  /// nullptr: no such socket.
  sockwire::api::SocketKind* kind(int descriptor);

  int add_epoll();
  bool remove_epoll(int fd) { return epolls_.erase(fd) != 0; }
  sockwire::api::EpollSet* epoll(int fd);

 protected:
  /// From now on calls on this instance and on `other` exclude each other.
  void share_mutex_of(const sockwire_instance& other) { mutex_ = other.mutex_; }
  /// Calls that wait for their turn.
  int waiting() const { return waiting_; }

 private:
  std::shared_ptr<std::recursive_mutex> mutex_ = std::make_shared<std::recursive_mutex>();
  std::atomic<int> waiting_ = 0;
  int first_descriptor_;
  int first_epoll_;
  std::unordered_map<int, sockwire::api::SocketKind> kinds_;
  std::map<int, sockwire::api::EpollSet> epolls_;
};

namespace sockwire::api {

/// Runs one call in an instance. No exception leaves it: what a program of C cannot catch is ENOMEM.
template <typename Call>
auto enter(sockwire_t* instance, Call call) -> decltype(call(*instance)) {
  if (instance == nullptr) return fail(EINVAL);
  const sockwire_instance::Turn turn(*instance);
  try {
    const auto result = call(*instance);
    const int error = errno;  // that settling must not change
    instance->settle();
    errno = error;
    return result;
  } catch (const std::bad_alloc&) {
    return fail(ENOMEM);
  }
}

}  // namespace sockwire::api
