// SPDX-License-Identifier: Apache-2.0
// Sequences of calls of the C interface on two virtual instances with a cable between them, and packets of the fuzzer's
// own making besides. Whatever is called with whatever, a call returns what its manual page allows, and all ends in
// time.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "host/api/sockwire.h"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

using sockwire::fuzz::Input;
using sockwire::fuzz::require;

constexpr std::size_t kMaxSockets = 24;
constexpr std::uint64_t kMs = 1'000'000;

sockwire_t* open(const char* address, bool joined) {
  sockwire_virtual_options options = SOCKWIRE_VIRTUAL_OPTIONS_INIT;
  options.ipv4 = address;
  options.ipv6 = joined ? nullptr : "2001:db8::1/64";
  options.max_sockets = static_cast<int>(kMaxSockets);
  return sockwire_open_virtual(&options);
}

class Harness {
 public:
  explicit Harness(Input& input) : input_(input) {
    ends_[0] = open("10.0.0.1/24", true);
    ends_[1] = open("10.0.0.2/24", true);
    ends_[2] = open("10.0.0.3/24", false);  // alone, with packets of the fuzzer's
    require(sockwire_join(ends_[0], ends_[1], input.byte() * kMs / 8) == 0, "two instances can be joined");
  }
  ~Harness() {
    for (sockwire_t* end : ends_) sockwire_free(end);
  }
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  void run() {
    for (int step = 0; step < 150 && !input_.done(); ++step) {
      end_ = ends_[input_.below(3)];
      errno = 0;
      const long result = call();
      require(result >= -1, "a call returns -1 or a count");
      require(result >= 0 || errno != 0, "a call that fails says why");
    }
  }

 private:
  int fd() { return static_cast<int>(input_.below(kMaxSockets + 6)); }

  sockaddr_storage address(socklen_t& length) {
    sockaddr_storage storage{};
    auto& in = reinterpret_cast<sockaddr_in&>(storage);
    in.sin_family = static_cast<sa_family_t>(input_.below(8) == 0 ? int{input_.byte()} : AF_INET);
    in.sin_port = htons(static_cast<std::uint16_t>(input_.below(4)));
    const std::uint8_t last = input_.below(5);
    in.sin_addr.s_addr = htonl(last == 4 ? 0 : 0x0a000000u + last);
    length = input_.below(8) == 0 ? input_.byte() : sizeof in;
    if (length > sizeof storage) length = sizeof storage;
    return storage;
  }

  /// Sockets never wait, or only for so long: a wait that another's timers keep alive has no end.
  long make_socket() {
    const int type = input_.flag() ? SOCK_STREAM : SOCK_DGRAM;
    const int domain = input_.below(8) == 0 ? AF_INET6 : AF_INET;
    const bool waits = input_.below(4) == 0;
    const int made = sockwire_socket(end_, domain, type | (waits ? 0 : int{SOCK_NONBLOCK}), 0);
    const timeval patience{1, 0};
    for (const int name : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      if (made >= 0) sockwire_setsockopt(end_, made, SOL_SOCKET, name, &patience, sizeof patience);
    }
    return made;
  }

  long send() {
    const std::size_t bytes = input_.two() % data_.size();
    const int flags = input_.below(4) == 0 ? int{input_.two()} : int{MSG_NOSIGNAL};
    if (input_.flag()) return sockwire_send(end_, fd(), data_.data(), bytes, flags);
    socklen_t length = 0;
    const sockaddr_storage to = address(length);
    return sockwire_sendto(end_, fd(), data_.data(), bytes, flags, reinterpret_cast<const sockaddr*>(&to), length);
  }

  long receive() {
    const std::size_t room = input_.two() % data_.size();
    std::vector<std::uint8_t> out(room);
    const int flags = input_.below(4) == 0 ? input_.two() & ~MSG_TRUNC : 0;
    sockaddr_storage from{};
    socklen_t length = input_.below(static_cast<std::uint32_t>(sizeof from));
    const ssize_t taken =
        sockwire_recvfrom(end_, fd(), out.data(), room, flags, reinterpret_cast<sockaddr*>(&from), &length);
    require(taken <= static_cast<ssize_t>(room), "no more comes than there is room for");
    return taken;
  }

  long option() {
    static constexpr std::array<int, 5> kLevels{SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6, 77};
    const int level = kLevels[input_.below(kLevels.size())];
    const int name = input_.byte() % 72;
    std::array<std::uint8_t, 300> value{};
    socklen_t length = input_.below(16) == 0 ? input_.byte() : 4;
    if (input_.flag()) {
      const socklen_t room = length;
      const int got = sockwire_getsockopt(end_, fd(), level, name, value.data(), &length);
      require(length <= room, "no more is written than there is room for");
      return got;
    }
    // What makes waits endless, or takes memory without end, is not for this.
    if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO)) return 0;
    const auto given = input_.take(length);
    std::copy(given.begin(), given.end(), value.begin());
    if (level == SOL_SOCKET && (name == SO_RCVBUF || name == SO_SNDBUF)) value[2] = value[3] = 0;
    return sockwire_setsockopt(end_, fd(), level, name, value.data(), length);
  }

  long wait() {
    std::vector<pollfd> fds(input_.below(6));
    for (pollfd& one : fds) one = {fd() - 1, static_cast<short>(input_.two()), 0};
    return sockwire_poll(end_, fds.data(), fds.size(), static_cast<int>(input_.byte()));
  }

  long epoll() {
    epoll_event event{};
    event.events = input_.four();
    std::array<epoll_event, 4> events{};
    const int set = static_cast<int>(3 + kMaxSockets + input_.below(3));
    switch (input_.below(3)) {
      case 0:
        return sockwire_epoll_create1(end_, 0);
      case 1:
        return sockwire_epoll_ctl(end_, set, static_cast<int>(input_.below(5)), fd(), &event);
      default:
        return sockwire_epoll_wait(end_, set, events.data(), 4, input_.byte());
    }
  }

  /// Of a packet that is bound for the lone instance the fuzzer chooses everything behind the length.
  long packet() {
    std::vector<std::uint8_t> bytes = input_.take(20 + input_.byte());
    if (bytes.size() < 20) return 0;
    bytes[0] = 0x45;
    bytes[2] = static_cast<std::uint8_t>(bytes.size() >> 8);
    bytes[3] = static_cast<std::uint8_t>(bytes.size());
    return sockwire_packet_in(ends_[2], bytes.data(), bytes.size());
  }

  long control() {
    int value = static_cast<int>(input_.byte());
    const bool nonblocking = input_.flag();
    static constexpr std::array<unsigned long, 4> kRequests{FIONREAD, 0x5411, 0x894B, 0x1234};
    if (input_.flag()) return sockwire_ioctl(end_, fd(), kRequests[input_.below(4)], &value);
    return sockwire_fcntl(end_, fd(), input_.flag() ? F_SETFL : F_GETFL, nonblocking ? O_NONBLOCK : 0);
  }

  long name() {
    sockaddr_storage out{};
    socklen_t length = input_.below(static_cast<std::uint32_t>(sizeof out));
    auto* at = reinterpret_cast<sockaddr*>(&out);
    return input_.flag() ? sockwire_getsockname(end_, fd(), at, &length)
                         : sockwire_getpeername(end_, fd(), at, &length);
  }

  long call() {
    socklen_t length = 0;
    const int how = input_.byte() % 20;
    switch (how) {
      case 0:
      case 1:
        return make_socket();
      case 2:
      case 3: {
        const sockaddr_storage where = address(length);
        const auto* at = reinterpret_cast<const sockaddr*>(&where);
        return how == 2 ? sockwire_bind(end_, fd(), at, length) : sockwire_connect(end_, fd(), at, length);
      }
      case 4:
        return sockwire_listen(end_, fd(), input_.byte());
      case 5:
        return sockwire_accept4(end_, fd(), nullptr, nullptr, SOCK_NONBLOCK);
      case 6:
      case 7:
      case 8:
        return send();
      case 9:
      case 10:
        return receive();
      case 11:
        return sockwire_shutdown(end_, fd(), static_cast<int>(input_.below(4)));
      case 12:
        return sockwire_close(end_, input_.flag() ? fd() : fd() + static_cast<int>(kMaxSockets));
      case 13:
        return option();
      case 14:
        return wait();
      case 15:
        return epoll();
      case 16:
        return packet();
      case 17:
        return control();
      case 18:
        return name();
      default:
        return sockwire_advance_to(end_, sockwire_now_ns(end_) + input_.two() * kMs);
    }
  }

  Input& input_;
  std::array<sockwire_t*, 3> ends_{};
  sockwire_t* end_ = nullptr;
  std::vector<std::uint8_t> data_ = std::vector<std::uint8_t>(20000, 0x5a);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Harness(input).run();
  return 0;
}
