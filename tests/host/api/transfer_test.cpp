// SPDX-License-Identifier: Apache-2.0
// Data over the C interface: streams and datagrams between two instances.
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "tests/host/api/virtual_pair.hpp"

namespace sockwire::api::test {
namespace {

Bytes pattern(std::size_t bytes) {
  Bytes made(bytes);
  for (std::size_t i = 0; i < bytes; ++i) made[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return made;
}

/// Sends all of it and reads it at the other end. Returns what came.
Bytes carry(VirtualPair& pair, int client, int server, const Bytes& data) {
  Bytes came;
  std::size_t sent = 0;
  pair.run_until([&] {
    while (sent < data.size()) {
      const ssize_t taken = sockwire_send(pair.near(), client, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
      if (taken < 0) break;
      sent += static_cast<std::size_t>(taken);
    }
    Bytes buffer(65536);
    for (ssize_t bytes = 0; (bytes = sockwire_read(pair.far(), server, buffer.data(), buffer.size())) > 0;) {
      came.insert(came.end(), buffer.begin(), buffer.begin() + bytes);
    }
    return came.size() >= data.size();
  });
  return came;
}

TEST(Transfer, AMegabyteComesAsItWasSent) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  const Bytes data = pattern(1'000'000);
  EXPECT_EQ(carry(pair, client, server, data), data);
}

// Retransmissions are sent from the caller's memory, too, which must be the caller's again only after them.
TEST(Transfer, LentMemoryComesBackOnceAndInOrder) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  pair.lose = [&pair](bool, const Bytes&) { return pair.packets % 50 == 49; };
  const Bytes data = pattern(300'000);
  constexpr std::size_t kPiece = 30'000;
  for (std::size_t at = 0; at < data.size(); at += kPiece) {
    ASSERT_EQ(sockwire_send_zero_copy(pair.near(), client, &data[at], kPiece, at), static_cast<ssize_t>(kPiece));
  }
  Bytes came;
  std::vector<std::uint64_t> tokens;
  pollfd completion{.fd = client, .events = POLLPRI, .revents = 0};
  EXPECT_EQ(sockwire_poll(pair.near(), &completion, 1, 0), 0);
  EXPECT_TRUE(pair.run_until([&] {
    Bytes buffer(65536);
    for (ssize_t bytes = 0; (bytes = sockwire_read(pair.far(), server, buffer.data(), buffer.size())) > 0;) {
      came.insert(came.end(), buffer.begin(), buffer.begin() + bytes);
    }
    std::uint64_t token = 0;
    while (sockwire_poll(pair.near(), &completion, 1, 0) == 1 && completion.revents == POLLPRI) {
      EXPECT_EQ(sockwire_completion(pair.near(), client, &token), 1);
      EXPECT_GE(came.size(), token + kPiece) << "it has arrived";
      tokens.push_back(token);
    }
    EXPECT_EQ(sockwire_completion(pair.near(), client, &token), 0);
    return tokens.size() == data.size() / kPiece;
  }));
  EXPECT_EQ(came, data);
  EXPECT_TRUE(std::is_sorted(tokens.begin(), tokens.end()));
}

TEST(Transfer, WhatZeroCopyRefuses) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  std::uint64_t token = 0;
  EXPECT_EQ(sockwire_send_zero_copy(pair.near(), client, nullptr, 1, 0), -1);
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(sockwire_send_zero_copy(pair.near(), 999, &token, 1, 0), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(sockwire_send_zero_copy(pair.near(), pair.socket(pair.near(), SOCK_DGRAM), &token, 1, 0), -1);
  EXPECT_EQ(errno, EOPNOTSUPP);
  EXPECT_EQ(sockwire_completion(pair.near(), 999, &token), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(sockwire_completion(pair.near(), client, nullptr), -1);
  EXPECT_EQ(errno, EFAULT);
  sockwire_close(pair.far(), server);
}

TEST(Transfer, ALossyPathOnlyCostsTime) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  pair.lose = [&pair](bool, const Bytes&) { return pair.packets % 50 == 49; };
  const Bytes data = pattern(300'000);
  EXPECT_EQ(carry(pair, client, server, data), data);
  tcp_info info{};
  socklen_t length = sizeof info;
  ASSERT_EQ(sockwire_getsockopt(pair.near(), client, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
  EXPECT_EQ(length, sizeof info);
  EXPECT_EQ(info.tcpi_state, TCP_ESTABLISHED);
  EXPECT_GT(info.tcpi_total_retrans, 0u);
  EXPECT_EQ(info.tcpi_snd_mss, 1448u);
  EXPECT_EQ(info.tcpi_options, TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE);
  EXPECT_NEAR(info.tcpi_rtt, 2000, 1000);
}

TEST(Transfer, PartsAreGatheredAndScattered) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  char hello[] = "hello, ";
  char world[] = "world";
  const iovec out[] = {{hello, 7}, {nullptr, 0}, {world, 5}};
  EXPECT_EQ(sockwire_writev(pair.near(), client, out, 3), 12);
  int waiting = 0;
  EXPECT_EQ(sockwire_ioctl(pair.near(), client, SIOCOUTQ, &waiting), 0);
  EXPECT_EQ(waiting, 12);
  EXPECT_TRUE(pair.run_until([&] {
    EXPECT_EQ(sockwire_ioctl(pair.far(), server, FIONREAD, &waiting), 0);
    return waiting == 12;
  }));
  char first[5]{};
  char second[20]{};
  EXPECT_EQ(sockwire_recv(pair.far(), server, second, sizeof second, MSG_PEEK), 12);
  const iovec in[] = {{first, 5}, {second, 20}};
  EXPECT_EQ(sockwire_readv(pair.far(), server, in, 2), 12);
  EXPECT_EQ(std::string(first, 5), "hello");
  EXPECT_EQ(std::string(second, 7), ", world");
}

TEST(Transfer, EndsAndErrorsAreThoseOfLinux) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  char byte = 0;
  EXPECT_EQ(sockwire_recv(pair.near(), client, &byte, 1, 0), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(sockwire_send(pair.near(), client, &byte, 1, MSG_OOB), -1);
  EXPECT_EQ(errno, EOPNOTSUPP);
  EXPECT_EQ(sockwire_recv(pair.near(), client, &byte, 1, MSG_OOB), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sockwire_shutdown(pair.near(), client, SHUT_WR), 0);
  EXPECT_EQ(sockwire_write(pair.near(), client, &byte, 1), -1);
  EXPECT_EQ(errno, EPIPE);
  EXPECT_TRUE(pair.run_until([&, fd = server] { return sockwire_read(pair.far(), fd, &byte, 1) == 0; }));
  EXPECT_EQ(sockwire_write(pair.far(), server, "x", 1), 1);
  EXPECT_TRUE(pair.run_until([&, fd = client] { return sockwire_read(pair.near(), fd, &byte, 1) == 1; }));
  EXPECT_EQ(byte, 'x');
  EXPECT_EQ(sockwire_close(pair.far(), server), 0);
  EXPECT_TRUE(pair.run_until([&, fd = client] { return sockwire_read(pair.near(), fd, &byte, 1) == 0; }));
  EXPECT_EQ(sockwire_close(pair.near(), client), 0);
  EXPECT_EQ(sockwire_close(pair.near(), client), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(sockwire_read(pair.near(), client, &byte, 1), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST(Transfer, ALingerOfZeroResets) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  const linger now{1, 0};
  EXPECT_EQ(sockwire_setsockopt(pair.near(), client, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
  EXPECT_EQ(sockwire_close(pair.near(), client), 0);
  char byte = 0;
  EXPECT_TRUE(pair.run_until(
      [&, fd = server] { return sockwire_read(pair.far(), fd, &byte, 1) == -1 && errno == ECONNRESET; }));
}

TEST(Transfer, AnnouncedDataWaitsForTheRest) {
  VirtualPair pair;
  const auto [client, server] = pair.connect();
  const std::uint64_t before = pair.packets;
  EXPECT_EQ(sockwire_send(pair.near(), client, "one", 3, MSG_MORE), 3);
  EXPECT_EQ(pair.packets, before);
  pair.run(10 * kMs);
  EXPECT_EQ(sockwire_send(pair.near(), client, "two", 3, 0), 3);
  char text[7]{};
  EXPECT_TRUE(pair.run_until([&, fd = server] { return sockwire_recv(pair.far(), fd, text, 6, 0) == 6; }));
  EXPECT_STREQ(text, "onetwo");
}

TEST(Transfer, DatagramsKeepTheirBoundsAndSenders) {
  VirtualPair pair;
  const int near = pair.socket(pair.near(), SOCK_DGRAM);
  const int far = pair.socket(pair.far(), SOCK_DGRAM);
  const sockaddr_in to = at(VirtualPair::kFar, 9000);
  ASSERT_EQ(sockwire_bind(pair.far(), far, raw(to), sizeof to), 0);
  EXPECT_EQ(sockwire_send(pair.near(), near, "x", 1, 0), -1);
  EXPECT_EQ(errno, EDESTADDRREQ);
  EXPECT_EQ(sockwire_sendto(pair.near(), near, "datagram", 8, 0, raw(to), sizeof to), 8);
  EXPECT_EQ(sockwire_sendto(pair.near(), near, "", 0, 0, raw(to), sizeof to), 0);
  char text[4]{};
  sockaddr_in from{};
  iovec part{text, sizeof text};
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  EXPECT_TRUE(pair.run_until([&] { return sockwire_recvmsg(pair.far(), far, &message, 0) == 4; }));
  EXPECT_EQ(std::string(text, 4), "data");
  EXPECT_EQ(message.msg_flags, MSG_TRUNC);
  EXPECT_EQ(message.msg_namelen, sizeof from);
  EXPECT_EQ(from.sin_addr.s_addr, at(VirtualPair::kNear, 0).sin_addr.s_addr);
  EXPECT_TRUE(pair.run_until([&] { return sockwire_recv(pair.far(), far, text, 4, 0) == 0; }));
}

TEST(Transfer, NonBlockingIsAFlag) {
  VirtualPair pair;
  const int fd = sockwire_socket(pair.near(), AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(sockwire_fcntl(pair.near(), fd, F_GETFL), O_RDWR);
  EXPECT_EQ(sockwire_fcntl(pair.near(), fd, F_SETFL, O_NONBLOCK), 0);
  EXPECT_EQ(sockwire_fcntl(pair.near(), fd, F_GETFL), O_RDWR | O_NONBLOCK);
}

}  // namespace
}  // namespace sockwire::api::test
