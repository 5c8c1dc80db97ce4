// SPDX-License-Identifier: Apache-2.0
// Virtual instances as callers of the C interface see them: one alone with packets by hand, or two that talk.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/api/sockwire.h"

namespace sockwire::api::test {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::uint64_t kMs = 1'000'000;
inline constexpr std::uint64_t kSecond = 1000 * kMs;

struct Free {
  void operator()(sockwire_t* instance) const { sockwire_free(instance); }
};
using InstancePtr = std::unique_ptr<sockwire_t, Free>;

inline sockwire_virtual_options options(const char* ipv4, std::uint64_t seed = 1) {
  sockwire_virtual_options made = SOCKWIRE_VIRTUAL_OPTIONS_INIT;
  made.ipv4 = ipv4;
  made.seed = seed;
  return made;
}

inline sockaddr_in at(const char* address, std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  EXPECT_EQ(inet_pton(AF_INET, address, &in.sin_addr), 1);
  return in;
}
inline const sockaddr* raw(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

inline int int_option(sockwire_t* instance, int fd, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  EXPECT_EQ(sockwire_getsockopt(instance, fd, level, name, &value, &length), 0) << std::strerror(errno);
  return value;
}

/// Two instances in one time: what leaves one arrives at the other `delay_ns` later.
class VirtualPair {
 public:
  static constexpr const char* kNear = "10.0.0.1";
  static constexpr const char* kFar = "10.0.0.2";

  VirtualPair() : near_(open("10.0.0.1/24", 1)), far_(open("10.0.0.2/24", 2)) {}

  sockwire_t* near() { return near_.get(); }
  sockwire_t* far() { return far_.get(); }
  std::uint64_t now_ns() { return now_ns_; }

  /// Whether a packet is lost: from_near, its bytes.
  std::function<bool(bool, const Bytes&)> lose;
  std::uint64_t delay_ns = kMs;
  std::uint64_t packets = 0;

  /// Lets time pass until done(), at most `limit_ns`. Returns done().
  bool run_until(const std::function<bool()>& done, std::uint64_t limit_ns = 60 * kSecond) {
    const std::uint64_t end_ns = now_ns_ + limit_ns;
    while (!done()) {
      carry(near(), far(), true);
      carry(far(), near(), false);
      if (done()) break;
      const std::uint64_t next_ns = std::min(sockwire_next_deadline(near()), sockwire_next_deadline(far()));
      if (next_ns > end_ns) return false;
      now_ns_ = std::max(next_ns, now_ns_);
      EXPECT_EQ(sockwire_advance_to(near(), now_ns_), 0);
      EXPECT_EQ(sockwire_advance_to(far(), now_ns_), 0);
    }
    return true;
  }
  void run(std::uint64_t for_ns) {
    run_until([] { return false; }, for_ns);
  }

  int socket(sockwire_t* instance, int type = SOCK_STREAM) {
    return sockwire_socket(instance, AF_INET, type | SOCK_NONBLOCK, 0);
  }
  /// A connection from near to far: {near's, far's}.
  std::pair<int, int> connect(std::uint16_t port = 80) {
    const int listener = socket(far());
    EXPECT_EQ(sockwire_bind(far(), listener, raw(at(kFar, port)), sizeof(sockaddr_in)), 0);
    EXPECT_EQ(sockwire_listen(far(), listener, 8), 0);
    const int client = socket(near());
    EXPECT_EQ(sockwire_connect(near(), client, raw(at(kFar, port)), sizeof(sockaddr_in)), -1);
    EXPECT_EQ(errno, EINPROGRESS);
    int accepted = -1;
    EXPECT_TRUE(run_until([&] {
      accepted = sockwire_accept4(far(), listener, nullptr, nullptr, SOCK_NONBLOCK);
      return accepted >= 0;
    }));
    sockwire_close(far(), listener);
    return {client, accepted};
  }

 private:
  static InstancePtr open(const char* address, std::uint64_t seed) {
    const sockwire_virtual_options made = options(address, seed);
    return InstancePtr(sockwire_open_virtual(&made));
  }
  void carry(sockwire_t* from, sockwire_t* to, bool from_near) {
    std::uint64_t time_ns = 0;
    Bytes packet(1500);
    for (ssize_t bytes = 0; (bytes = sockwire_packet_out(from, packet.data(), packet.size(), &time_ns)) >= 0;) {
      ++packets;
      const Bytes whole(packet.begin(), packet.begin() + bytes);
      if (lose && lose(from_near, whole)) continue;
      EXPECT_EQ(sockwire_packet_in_at(to, whole.data(), whole.size(), time_ns + delay_ns), 0);
    }
  }

  InstancePtr near_;
  InstancePtr far_;
  std::uint64_t now_ns_ = 0;
};

}  // namespace sockwire::api::test
