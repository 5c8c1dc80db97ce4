// SPDX-License-Identifier: Apache-2.0
// Socket options, addresses and names over the C interface. What is expected is what Linux's manual pages say:
// socket(7), tcp(7), ip(7), getaddrinfo(3).
#include "tests/host/api/virtual_pair.hpp"

namespace sockwire::api::test {
namespace {

class Options : public ::testing::Test {
 protected:
  Options() {
    const sockwire_virtual_options made = options("192.0.2.1/24");
    instance_.reset(sockwire_open_virtual(&made));
    tcp_ = sockwire_socket(sw(), AF_INET, SOCK_STREAM, 0);
    udp_ = sockwire_socket(sw(), AF_INET, SOCK_DGRAM, 0);
  }
  sockwire_t* sw() { return instance_.get(); }
  int get(int fd, int level, int name) { return int_option(sw(), fd, level, name); }
  int set(int fd, int level, int name, int value) {
    return sockwire_setsockopt(sw(), fd, level, name, &value, sizeof value);
  }

  InstancePtr instance_;
  int tcp_ = -1;
  int udp_ = -1;
};

TEST_F(Options, TellWhatASocketIs) {
  EXPECT_EQ(get(tcp_, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
  EXPECT_EQ(get(udp_, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
  EXPECT_EQ(get(tcp_, SOL_SOCKET, SO_DOMAIN), AF_INET);
  EXPECT_EQ(get(udp_, SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP);
  EXPECT_EQ(get(tcp_, SOL_SOCKET, SO_ACCEPTCONN), 0);
  EXPECT_EQ(sockwire_listen(sw(), tcp_, 5), 0);
  EXPECT_EQ(get(tcp_, SOL_SOCKET, SO_ACCEPTCONN), 1);
  EXPECT_EQ(sockwire_socket(sw(), AF_UNIX, SOCK_STREAM, 0), -1);
  EXPECT_EQ(errno, EAFNOSUPPORT);
  EXPECT_EQ(sockwire_socket(sw(), AF_INET, SOCK_RAW, 0), -1);
  EXPECT_EQ(errno, ESOCKTNOSUPPORT);
  EXPECT_EQ(sockwire_socket(sw(), AF_INET, SOCK_STREAM, IPPROTO_UDP), -1);
  EXPECT_EQ(errno, EPROTONOSUPPORT);
}

TEST_F(Options, NumbersComeBackAsTheyWereSet) {
  const struct {
    int level;
    int name;
    int value;
  } settings[] = {
      {SOL_SOCKET, SO_REUSEADDR, 1},   {SOL_SOCKET, SO_KEEPALIVE, 1},   {SOL_SOCKET, SO_RCVBUF, 65536},
      {SOL_SOCKET, SO_SNDBUF, 131072}, {IPPROTO_TCP, TCP_NODELAY, 1},   {IPPROTO_TCP, TCP_CORK, 1},
      {IPPROTO_TCP, TCP_MAXSEG, 1000}, {IPPROTO_TCP, TCP_KEEPIDLE, 60}, {IPPROTO_TCP, TCP_KEEPINTVL, 5},
      {IPPROTO_TCP, TCP_KEEPCNT, 3},   {IPPROTO_TCP, TCP_SYNCNT, 2},    {IPPROTO_TCP, TCP_LINGER2, 30},
      {IPPROTO_TCP, TCP_QUICKACK, 0},  {IPPROTO_IP, IP_TOS, 0x28},      {IPPROTO_TCP, TCP_USER_TIMEOUT, 30000}};
  for (const auto& setting : settings) {
    EXPECT_EQ(set(tcp_, setting.level, setting.name, setting.value), 0) << setting.level << '/' << setting.name;
    EXPECT_EQ(get(tcp_, setting.level, setting.name), setting.value) << setting.level << '/' << setting.name;
  }
}

TEST_F(Options, UnknownOnesAndBadValuesAreRefused) {
  EXPECT_EQ(set(tcp_, IPPROTO_TCP, 999, 1), -1);
  EXPECT_EQ(errno, ENOPROTOOPT);
  EXPECT_EQ(set(tcp_, 12345, 1, 1), -1);
  EXPECT_EQ(errno, EOPNOTSUPP);
  EXPECT_EQ(set(udp_, IPPROTO_TCP, TCP_NODELAY, 1), -1);
  EXPECT_EQ(errno, ENOPROTOOPT);
  EXPECT_EQ(set(tcp_, SOL_SOCKET, SO_TYPE, SOCK_STREAM), -1);
  EXPECT_EQ(errno, ENOPROTOOPT);
  EXPECT_EQ(set(tcp_, IPPROTO_TCP, TCP_KEEPCNT, 0), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sockwire_setsockopt(sw(), tcp_, IPPROTO_TCP, TCP_NODELAY, "", 1), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(set(99, SOL_SOCKET, SO_KEEPALIVE, 1), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST_F(Options, TimeoutsAndLingerAreStructures) {
  const timeval time{2, 500'000};
  EXPECT_EQ(sockwire_setsockopt(sw(), tcp_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time), 0);
  timeval back{};
  socklen_t length = sizeof back;
  EXPECT_EQ(sockwire_getsockopt(sw(), tcp_, SOL_SOCKET, SO_RCVTIMEO, &back, &length), 0);
  EXPECT_EQ(back.tv_sec, 2);
  EXPECT_EQ(back.tv_usec, 500'000);
  const timeval wrong{0, 2'000'000};
  EXPECT_EQ(sockwire_setsockopt(sw(), tcp_, SOL_SOCKET, SO_SNDTIMEO, &wrong, sizeof wrong), -1);
  EXPECT_EQ(errno, EDOM);
  const linger hold{1, 7};
  EXPECT_EQ(sockwire_setsockopt(sw(), tcp_, SOL_SOCKET, SO_LINGER, &hold, sizeof hold), 0);
  linger held{};
  length = sizeof held;
  EXPECT_EQ(sockwire_getsockopt(sw(), tcp_, SOL_SOCKET, SO_LINGER, &held, &length), 0);
  EXPECT_EQ(held.l_onoff, 1);
  EXPECT_EQ(held.l_linger, 7);
}

TEST_F(Options, AReceiveTimeoutEndsACallWithEagain) {
  const timeval time{3, 0};
  EXPECT_EQ(sockwire_setsockopt(sw(), udp_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time), 0);
  const sockaddr_in own = at("192.0.2.1", 9000);
  EXPECT_EQ(sockwire_bind(sw(), udp_, raw(own), sizeof own), 0);
  char byte = 0;
  EXPECT_EQ(sockwire_recv(sw(), udp_, &byte, 1, 0), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(sockwire_now_ns(sw()), 3 * kSecond);
}

TEST_F(Options, CongestionControlGoesByName) {
  char name[16]{};
  socklen_t length = sizeof name;
  EXPECT_EQ(sockwire_getsockopt(sw(), tcp_, IPPROTO_TCP, TCP_CONGESTION, name, &length), 0);
  EXPECT_STREQ(name, "cubic");
  EXPECT_EQ(sockwire_setsockopt(sw(), tcp_, IPPROTO_TCP, TCP_CONGESTION, "reno", 4), 0);
  EXPECT_EQ(sockwire_getsockopt(sw(), tcp_, IPPROTO_TCP, TCP_CONGESTION, name, &length), 0);
  EXPECT_STREQ(name, "reno");
  EXPECT_EQ(sockwire_setsockopt(sw(), tcp_, IPPROTO_TCP, TCP_CONGESTION, "vegas", 5), -1);
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(Options, GroupsAreJoinedAndLeft) {
  ip_mreq request{};
  ASSERT_EQ(inet_pton(AF_INET, "239.1.2.3", &request.imr_multiaddr), 1);
  const auto set_group = [&](int name) {
    return sockwire_setsockopt(sw(), udp_, IPPROTO_IP, name, &request, sizeof request);
  };
  EXPECT_EQ(set_group(IP_ADD_MEMBERSHIP), 0);
  EXPECT_EQ(set_group(IP_ADD_MEMBERSHIP), -1);
  EXPECT_EQ(errno, EADDRINUSE);
  EXPECT_EQ(set_group(IP_DROP_MEMBERSHIP), 0);
  EXPECT_EQ(set_group(IP_DROP_MEMBERSHIP), -1);
  EXPECT_EQ(errno, EADDRNOTAVAIL);
  EXPECT_EQ(get(udp_, IPPROTO_IP, IP_MULTICAST_TTL), 1);
  EXPECT_EQ(set(udp_, IPPROTO_IP, IP_MULTICAST_TTL, 7), 0);
  EXPECT_EQ(get(udp_, IPPROTO_IP, IP_MULTICAST_TTL), 7);
}

TEST_F(Options, TcpInfoIsCutToWhatThereIsRoomFor) {
  std::uint8_t state = 0;
  socklen_t length = 1;
  EXPECT_EQ(sockwire_getsockopt(sw(), tcp_, IPPROTO_TCP, TCP_INFO, &state, &length), 0);
  EXPECT_EQ(length, 1u);
  EXPECT_EQ(state, TCP_CLOSE);
  EXPECT_EQ(sockwire_listen(sw(), tcp_, 5), 0);
  EXPECT_EQ(sockwire_getsockopt(sw(), tcp_, IPPROTO_TCP, TCP_INFO, &state, &length), 0);
  EXPECT_EQ(state, TCP_LISTEN);
}

TEST_F(Options, NamesOfSocketsAreThoseOfTheirFamily) {
  const sockaddr_in own = at("0.0.0.0", 8080);
  EXPECT_EQ(sockwire_bind(sw(), tcp_, raw(own), sizeof own), 0);
  sockaddr_in name{};
  socklen_t length = sizeof name;
  EXPECT_EQ(sockwire_getsockname(sw(), tcp_, reinterpret_cast<sockaddr*>(&name), &length), 0);
  EXPECT_EQ(length, sizeof name);
  EXPECT_EQ(name.sin_family, AF_INET);
  EXPECT_EQ(ntohs(name.sin_port), 8080);
  EXPECT_EQ(sockwire_getpeername(sw(), tcp_, reinterpret_cast<sockaddr*>(&name), &length), -1);
  EXPECT_EQ(errno, ENOTCONN);
  const sockaddr_in foreign = at("198.51.100.1", 1);
  const int other = sockwire_socket(sw(), AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(sockwire_bind(sw(), other, raw(foreign), sizeof foreign), -1);
  EXPECT_EQ(errno, EADDRNOTAVAIL);
  EXPECT_EQ(sockwire_bind(sw(), other, raw(own), sizeof own), -1);
  EXPECT_EQ(errno, EADDRINUSE);
  EXPECT_EQ(sockwire_bind(sw(), other, raw(own), 4), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(Options, GetaddrinfoReadsAddressesAndServices) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  ASSERT_EQ(sockwire_getaddrinfo(sw(), "192.0.2.7", "443", &hints, &found), 0);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->ai_family, AF_INET);
  EXPECT_EQ(found->ai_socktype, SOCK_STREAM);
  EXPECT_EQ(found->ai_next, nullptr);
  const auto* in = reinterpret_cast<const sockaddr_in*>(found->ai_addr);
  EXPECT_EQ(ntohs(in->sin_port), 443);
  EXPECT_EQ(in->sin_addr.s_addr, at("192.0.2.7", 0).sin_addr.s_addr);
  sockwire_freeaddrinfo(found);
  EXPECT_EQ(sockwire_getaddrinfo(sw(), "no address", "443", &hints, &found), EAI_NONAME);
  EXPECT_EQ(sockwire_getaddrinfo(sw(), nullptr, nullptr, &hints, &found), EAI_NONAME);
  hints.ai_family = AF_UNIX;
  EXPECT_EQ(sockwire_getaddrinfo(sw(), "192.0.2.7", "443", &hints, &found), EAI_FAMILY);
  sockwire_freeaddrinfo(nullptr);
}

}  // namespace
}  // namespace sockwire::api::test
