// SPDX-License-Identifier: Apache-2.0
// Sockwire for C++20: owners for what sockwire.h hands out, errors as values, and coroutines. A header alone; all that
// it calls is the C interface, so that it is as stable as that.
//
//   sockwire::Task<void> greet(sockwire::Reactor& reactor, sockwire::Socket& socket) {
//     auto sent = co_await socket.async_send_all(reactor, text);
//     if (!sent) std::cerr << sent.error().message() << '\n';
//   }
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "sockwire.h"

namespace sockwire {

/// A value, or the errno that says why there is none. Precondition of *: there is a value; of error(): there is none.
template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : content_(std::in_place_index<0>, std::move(value)) {}     // NOLINT(google-explicit-constructor)
  Outcome(std::error_code error) : content_(std::in_place_index<1>, error) {}  // NOLINT(google-explicit-constructor)
  static Outcome from_errno() { return std::error_code(errno, std::generic_category()); }

  explicit operator bool() const { return content_.index() == 0; }
  T& operator*() & { return *std::get_if<0>(&content_); }
  const T& operator*() const& { return *std::get_if<0>(&content_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&content_)); }
  T* operator->() { return std::get_if<0>(&content_); }
  const std::error_code& error() const { return *std::get_if<1>(&content_); }

 private:
  std::variant<T, std::error_code> content_;
};

template <>
class [[nodiscard]] Outcome<void> {
 public:
  Outcome() = default;
  Outcome(std::error_code error) : error_(error) {}  // NOLINT(google-explicit-constructor)
  static Outcome from_errno() { return std::error_code(errno, std::generic_category()); }
  /// As C calls return: 0, or -1 and errno.
  static Outcome of(int result) { return result < 0 ? from_errno() : Outcome(); }

  explicit operator bool() const { return !error_; }
  const std::error_code& error() const { return error_; }

 private:
  std::error_code error_;
};

/// Counts as C calls return them: bytes, or -1 and errno.
inline Outcome<std::size_t> count_of(ssize_t result) {
  if (result < 0) return Outcome<std::size_t>::from_errno();
  return static_cast<std::size_t>(result);
}

/// An address and a port.
class Address {
 public:
  Address() = default;
  /// "192.0.2.1" or "2001:db8::1". EINVAL: neither.
  static Outcome<Address> parse(const std::string& text, std::uint16_t port) {
    Address made;
    auto& ipv4 = reinterpret_cast<sockaddr_in&>(made.storage_);
    auto& ipv6 = reinterpret_cast<sockaddr_in6&>(made.storage_);
    if (inet_pton(AF_INET, text.c_str(), &ipv4.sin_addr) == 1) {
      ipv4.sin_family = AF_INET;
      ipv4.sin_port = htons(port);
      made.length_ = sizeof ipv4;
      return made;
    }
    if (inet_pton(AF_INET6, text.c_str(), &ipv6.sin6_addr) == 1) {
      ipv6.sin6_family = AF_INET6;
      ipv6.sin6_port = htons(port);
      made.length_ = sizeof ipv6;
      return made;
    }
    return std::error_code(EINVAL, std::generic_category());
  }

  int family() const { return storage_.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t length() const { return length_; }

 private:
  sockaddr_storage storage_{};
  socklen_t length_ = 0;
};

/// Owns a sockwire_t. Its sockets must not outlive it.
class Instance {
 public:
  explicit Instance(sockwire_t* owned) : instance_(owned) {}
  /// EINVAL: options that make no sense.
  static Outcome<Instance> open_virtual(
      const sockwire_virtual_options& options = sockwire_virtual_options SOCKWIRE_VIRTUAL_OPTIONS_INIT) {
    sockwire_t* opened = sockwire_open_virtual(&options);
    if (opened == nullptr) return Outcome<Instance>::from_errno();
    return Instance(opened);
  }

  /// EINVAL, or why there is no TAP device.
  static Outcome<Instance> open_tap(
      const sockwire_tap_options& options = sockwire_tap_options SOCKWIRE_TAP_OPTIONS_INIT) {
    sockwire_t* opened = sockwire_open_tap(&options);
    if (opened == nullptr) return Outcome<Instance>::from_errno();
    return Instance(opened);
  }

  sockwire_t* get() const { return instance_.get(); }
  std::chrono::nanoseconds now() const {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(sockwire_now_ns(get())));
  }

 private:
  struct Free {
    void operator()(sockwire_t* instance) const { sockwire_free(instance); }
  };
  std::unique_ptr<sockwire_t, Free> instance_;
};

// --- coroutines
// -------------------------------------------------------------------------------------------------------

/// What a coroutine comes to. It begins when it is awaited, or given to a Reactor.
template <typename T>
class Task;

namespace detail {

/// Goes on with whoever awaits the task.
struct Finish {
  bool await_ready() const noexcept { return false; }
  template <typename Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
    return done.promise().awaiter ? done.promise().awaiter : std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

struct PromiseBase {
  std::coroutine_handle<> awaiter;
  std::exception_ptr exception;
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Finish final_suspend() const noexcept { return {}; }
  void unhandled_exception() { exception = std::current_exception(); }
};

template <typename T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  void return_value(T returned) { value.emplace(std::move(returned)); }
  T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool done() const { return handle_.done(); }
  /// Begins it, or lets it go on after what it waited for has come.
  void resume() { handle_.resume(); }
  /// What it has come to; passes on what it has thrown. Precondition: done().
  T result() {
    if (handle_.promise().exception) std::rethrow_exception(handle_.promise().exception);
    return handle_.promise().take();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    handle_.promise().awaiter = awaiter;
    return handle_;
  }
  T await_resume() { return result(); }

 private:
  Handle handle_;
};

template <typename T>
Task<T> detail::Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

/// Lets coroutines go on when their sockets are ready. One thread; a socket is awaited by one coroutine at a time.
class Reactor {
 public:
  explicit Reactor(const Instance& instance)
      : instance_(instance.get()), epfd_(sockwire_epoll_create1(instance.get(), 0)) {}
  ~Reactor() {
    if (epfd_ >= 0) sockwire_close(instance_, epfd_);
  }
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// Runs a task beside the others until it ends.
  void spawn(Task<void> task) {
    tasks_.push_back(std::move(task));
    tasks_.back().resume();
    reap();
  }
  /// Waits for sockets, at most `timeout_ms`, and lets their coroutines go on. EDEADLK: nothing will ever be ready.
  Outcome<void> run_once(int timeout_ms = -1) {
    epoll_event events[64];
    const int count = sockwire_epoll_wait(instance_, epfd_, events, 64, timeout_ms);
    if (count < 0) return Outcome<void>::from_errno();
    for (int i = 0; i < count; ++i) std::coroutine_handle<>::from_address(events[i].data.ptr).resume();
    reap();
    return {};
  }
  /// Until `task` has ended; the others go on beside it. EDEADLK: it waits for what will never come.
  template <typename T>
  Outcome<void> run(Task<T>& task) {
    task.resume();
    while (!task.done()) {
      if (auto turned = run_once(); !turned) return turned;
    }
    return {};
  }

  /// co_await reactor.ready(fd, EPOLLIN): goes on when one of the events is there, or an error, or the end.
  auto ready(int fd, std::uint32_t events) {
    struct Wait {
      Reactor& reactor;
      int fd;
      std::uint32_t events;
      bool await_ready() const noexcept { return false; }
      bool await_suspend(std::coroutine_handle<> waiting) const { return reactor.arm(fd, events, waiting); }
      void await_resume() const noexcept {}
    };
    return Wait{*this, fd, events};
  }

 private:
  bool arm(int fd, std::uint32_t events, std::coroutine_handle<> waiting) {
    epoll_event event{};
    event.events = events | EPOLLRDHUP | EPOLLONESHOT;
    event.data.ptr = waiting.address();
    if (sockwire_epoll_ctl(instance_, epfd_, EPOLL_CTL_MOD, fd, &event) == 0) return true;
    return sockwire_epoll_ctl(instance_, epfd_, EPOLL_CTL_ADD, fd, &event) == 0;
  }
  void reap() {
    tasks_.remove_if([](const Task<void>& task) { return task.done(); });
  }

  sockwire_t* instance_;
  int epfd_;
  std::list<Task<void>> tasks_;
};

// --- sockets
// ----------------------------------------------------------------------------------------------------------

/// Owns a descriptor. The plain calls wait unless set_nonblocking(); the async_ ones want a non-blocking socket.
class Socket {
 public:
  Socket() = default;
  Socket(const Instance& instance, int owned) : instance_(instance.get()), fd_(owned) {}
  Socket(Socket&& other) noexcept
      : instance_(std::exchange(other.instance_, nullptr)), fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(instance_, other.instance_);
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() { close(); }

  /// type: SOCK_STREAM or SOCK_DGRAM, with SOCK_NONBLOCK if wanted.
  static Outcome<Socket> open(const Instance& instance, int type, int family = AF_INET) {
    const int fd = sockwire_socket(instance.get(), family, type, 0);
    if (fd < 0) return Outcome<Socket>::from_errno();
    return Socket(instance, fd);
  }

  int fd() const { return fd_; }
  sockwire_t* instance() const { return instance_; }
  void close() {
    if (fd_ >= 0) sockwire_close(instance_, std::exchange(fd_, -1));
  }

  Outcome<void> bind(const Address& local) {
    return Outcome<void>::of(sockwire_bind(instance_, fd_, local.get(), local.length()));
  }
  Outcome<void> listen(int backlog = 128) { return Outcome<void>::of(sockwire_listen(instance_, fd_, backlog)); }
  Outcome<Socket> accept(int flags = 0) {
    const int fd = sockwire_accept4(instance_, fd_, nullptr, nullptr, flags);
    if (fd < 0) return Outcome<Socket>::from_errno();
    return Socket(instance_, fd);
  }
  Outcome<void> connect(const Address& remote) {
    return Outcome<void>::of(sockwire_connect(instance_, fd_, remote.get(), remote.length()));
  }
  Outcome<std::size_t> send(std::span<const std::byte> data, int flags = 0) {
    return count_of(sockwire_send(instance_, fd_, data.data(), data.size(), flags));
  }
  /// Zero copy: `data` stays as it is until completion() returns the token (sockwire_send_zero_copy()).
  Outcome<std::size_t> send_zero_copy(std::span<const std::byte> data, std::uint64_t token) {
    return count_of(sockwire_send_zero_copy(instance_, fd_, data.data(), data.size(), token));
  }
  /// Nothing: there is none now.
  Outcome<std::optional<std::uint64_t>> completion() {
    std::uint64_t token = 0;
    const int taken = sockwire_completion(instance_, fd_, &token);
    if (taken < 0) return Outcome<std::optional<std::uint64_t>>::from_errno();
    return taken == 0 ? std::nullopt : std::optional(token);
  }
  Outcome<std::size_t> recv(std::span<std::byte> out, int flags = 0) {
    return count_of(sockwire_recv(instance_, fd_, out.data(), out.size(), flags));
  }
  Outcome<void> shutdown(int how) { return Outcome<void>::of(sockwire_shutdown(instance_, fd_, how)); }
  Outcome<void> set_nonblocking(bool nonblocking) {
    return Outcome<void>::of(sockwire_fcntl(instance_, fd_, F_SETFL, nonblocking ? O_NONBLOCK : 0));
  }
  template <typename T>
  Outcome<void> set_option(int level, int name, const T& value) {
    return Outcome<void>::of(sockwire_setsockopt(instance_, fd_, level, name, &value, sizeof value));
  }
  template <typename T>
  Outcome<T> option(int level, int name) const {
    T value{};
    socklen_t length = sizeof value;
    if (sockwire_getsockopt(instance_, fd_, level, name, &value, &length) < 0) return Outcome<T>::from_errno();
    return value;
  }

  /// These hold on to the socket and to their spans until they end.
  Task<Outcome<void>> async_connect(Reactor& reactor, Address remote) {
    auto connected = connect(remote);
    if (connected || connected.error().value() != EINPROGRESS) co_return connected;
    co_await reactor.ready(fd_, EPOLLOUT);
    const auto error = option<int>(SOL_SOCKET, SO_ERROR);
    if (!error) co_return error.error();
    co_return *error == 0 ? Outcome<void>() : Outcome<void>(std::error_code(*error, std::generic_category()));
  }
  Task<Outcome<Socket>> async_accept(Reactor& reactor) {
    while (true) {
      auto accepted = accept(SOCK_NONBLOCK);
      if (accepted || !would_block(accepted.error())) co_return accepted;
      co_await reactor.ready(fd_, EPOLLIN);
    }
  }
  /// 0: the end of the stream.
  Task<Outcome<std::size_t>> async_recv(Reactor& reactor, std::span<std::byte> out) {
    while (true) {
      const auto taken = recv(out);
      if (taken || !would_block(taken.error())) co_return taken;
      co_await reactor.ready(fd_, EPOLLIN);
    }
  }
  /// Until the send buffer has taken all of it.
  Task<Outcome<void>> async_send_all(Reactor& reactor, std::span<const std::byte> data) {
    while (!data.empty()) {
      const auto sent = send(data);
      if (sent) {
        data = data.subspan(*sent);
      } else if (would_block(sent.error())) {
        co_await reactor.ready(fd_, EPOLLOUT);
      } else {
        co_return sent.error();
      }
    }
    co_return Outcome<void>();
  }
  /// The token of the next zero-copy send that is complete.
  Task<Outcome<std::uint64_t>> async_completion(Reactor& reactor) {
    while (true) {
      const auto taken = completion();
      if (!taken) co_return taken.error();
      if (*taken) co_return **taken;
      co_await reactor.ready(fd_, EPOLLPRI);
    }
  }

 private:
  Socket(sockwire_t* instance, int owned) : instance_(instance), fd_(owned) {}
  static bool would_block(const std::error_code& error) { return error.value() == EAGAIN; }

  sockwire_t* instance_ = nullptr;
  int fd_ = -1;
};

}  // namespace sockwire
