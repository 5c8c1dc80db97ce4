// SPDX-License-Identifier: Apache-2.0
// A virtual instance alone: its clock, its packets, and calls that wait. What a SYN looks like is RFC 9293 3.1's.
#include <thread>

#include "tests/host/api/virtual_pair.hpp"
#include "tests/host/stack/packets.hpp"

namespace sockwire::api::test {
namespace {

namespace hand = sockwire::stack::test;
using hand::operator+;

const char* const kPeer = "192.0.2.9";
constexpr std::uint8_t kSynAck = 0x12;
constexpr std::uint8_t kRstAck = 0x14;

class Instance : public ::testing::Test {
 public:
  sockwire_t* sw() { return instance_.get(); }

 protected:
  Instance() { reopen(options("192.0.2.1/24")); }

  void reopen(const sockwire_virtual_options& made) { instance_.reset(sockwire_open_virtual(&made)); }
  Bytes take(std::uint64_t* time_ns = nullptr) {
    Bytes packet(1500);
    const ssize_t bytes = sockwire_packet_out(sw(), packet.data(), packet.size(), time_ns);
    packet.resize(bytes < 0 ? 0 : static_cast<std::size_t>(bytes));
    return packet;
  }
  /// What the peer's port 80 says to ours.
  static Bytes answer(const Bytes& to, std::uint8_t flags, std::uint32_t seq = 1000) {
    const std::uint16_t port = load_be16(&to[20]);
    const std::uint32_t ack = load_be32(&to[24]) + 1;
    const Ipv4Address peer(192, 0, 2, 9);
    const Ipv4Address ours(192, 0, 2, 1);
    const Bytes segment = hand::be16(80) + hand::be16(port) + hand::be32(seq) + hand::be32(ack) + Bytes{0x50, flags} +
                          hand::be16(65535) + hand::be32(0);
    return hand::ipv4(6, hand::with_l4_checksum(segment, 16, 6, peer, ours), {.source = peer, .destination = ours});
  }
  int connect(int type = SOCK_STREAM | SOCK_NONBLOCK) {
    fd_ = sockwire_socket(sw(), AF_INET, type, 0);
    return sockwire_connect(sw(), fd_, raw(at(kPeer, 80)), sizeof(sockaddr_in));
  }

  InstancePtr instance_;
  int fd_ = -1;
};

TEST_F(Instance, RefusesOptionsThatMakeNoSense) {
  for (const char* address : {"nonsense", "10.0.0.1/33", "2001:db8::1/64"}) {
    const sockwire_virtual_options made = options(address);
    EXPECT_EQ(sockwire_open_virtual(&made), nullptr) << address;
    EXPECT_EQ(errno, EINVAL);
  }
  sockwire_virtual_options small = options("10.0.0.1/24");
  small.mtu = 500;
  EXPECT_EQ(sockwire_open_virtual(&small), nullptr);
  sockwire_virtual_options nobody = options(nullptr);
  EXPECT_EQ(sockwire_open_virtual(&nobody), nullptr);
  EXPECT_NE(InstancePtr(sockwire_open_virtual(nullptr)), nullptr);
  EXPECT_EQ(sockwire_socket(nullptr, AF_INET, SOCK_STREAM, 0), -1);
}

TEST_F(Instance, ConnectSendsASynAtOnceAndNothingElse) {
  EXPECT_EQ(connect(), -1);
  EXPECT_EQ(errno, EINPROGRESS);
  std::uint64_t time_ns = 1;
  const Bytes syn = take(&time_ns);
  ASSERT_GE(syn.size(), 44u);
  EXPECT_EQ(syn[0], 0x45);
  EXPECT_EQ(load_be16(&syn[2]), syn.size());
  EXPECT_EQ(load_be16(&syn[22]), 80);
  EXPECT_EQ(syn[33], 0x02);
  EXPECT_EQ(time_ns, 0u);
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(errno, EAGAIN);
}

TEST_F(Instance, TheClockMovesOnlyAsFarAsItIsTold) {
  EXPECT_EQ(connect(), -1);
  EXPECT_FALSE(take().empty());
  EXPECT_EQ(sockwire_next_deadline(sw()), kSecond);  // RFC 6298 2.1
  EXPECT_EQ(sockwire_advance_to(sw(), kSecond - 1), 0);
  EXPECT_EQ(sockwire_now_ns(sw()), kSecond - 1);
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(sockwire_advance_to(sw(), 10 * kSecond), 0);
  std::vector<std::uint64_t> times;
  std::uint64_t time_ns = 0;
  while (!take(&time_ns).empty()) times.push_back(time_ns);
  EXPECT_EQ(times, (std::vector<std::uint64_t>{kSecond, 3 * kSecond, 7 * kSecond}));
  EXPECT_EQ(sockwire_now_ns(sw()), 10 * kSecond);
}

TEST_F(Instance, PacketWaitLetsTimePassUntilThereIsOne) {
  EXPECT_EQ(connect(), -1);
  Bytes packet(1500);
  std::uint64_t time_ns = 1;
  EXPECT_GT(sockwire_packet_wait(sw(), packet.data(), packet.size(), &time_ns, kSecond / 2), 0);
  EXPECT_EQ(time_ns, 0u);
  EXPECT_EQ(sockwire_packet_wait(sw(), packet.data(), packet.size(), &time_ns, kSecond / 2), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(sockwire_now_ns(sw()), kSecond / 2);
  EXPECT_GT(sockwire_packet_wait(sw(), packet.data(), packet.size(), &time_ns, UINT64_MAX), 0);
  EXPECT_EQ(time_ns, kSecond);
}

TEST_F(Instance, WhatIsNoPacketIsRefused) {
  const Bytes nothing(60);
  EXPECT_EQ(sockwire_packet_in(sw(), nothing.data(), nothing.size()), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(sockwire_packet_in(sw(), nullptr, 0), -1);
}

TEST_F(Instance, ABlockingConnectLivesOnWhatTheCallbackHandsIn) {
  sockwire_virtual_options made = options("192.0.2.1/24");
  made.on_packet = [](void* context, const void* data, size_t bytes, uint64_t time_ns) {
    const auto* first = static_cast<const std::uint8_t*>(data);
    const Bytes packet(first, first + bytes);
    if (packet[33] != 0x02) return;
    const Bytes reply = answer(packet, kSynAck);
    sockwire_t* const self = static_cast<Instance*>(context)->sw();
    EXPECT_EQ(sockwire_packet_in_at(self, reply.data(), reply.size(), time_ns + 20 * kMs), 0);
  };
  made.context = this;
  reopen(made);
  EXPECT_EQ(connect(SOCK_STREAM), 0);
  EXPECT_EQ(sockwire_now_ns(sw()), 20 * kMs);
}

TEST_F(Instance, AWaitThatNothingCanEndIsADeadlock) {
  const int fd = sockwire_socket(sw(), AF_INET, SOCK_STREAM, 0);
  EXPECT_EQ(sockwire_bind(sw(), fd, raw(at("192.0.2.1", 80)), sizeof(sockaddr_in)), 0);
  EXPECT_EQ(sockwire_listen(sw(), fd, 1), 0);
  EXPECT_EQ(sockwire_accept(sw(), fd, nullptr, nullptr), -1);
  EXPECT_EQ(errno, EDEADLK);
}

TEST_F(Instance, ABlockingConnectGivesUpInVirtualTime) {
  EXPECT_EQ(connect(SOCK_STREAM), -1);
  EXPECT_EQ(errno, ETIMEDOUT);
  EXPECT_EQ(sockwire_now_ns(sw()), 183 * kSecond);  // 1 + 2 + ... + 32 + 60 + 60 s
}

TEST_F(Instance, WithAClockThatWaitsAnotherThreadEndsTheCall) {
  sockwire_virtual_options made = options("192.0.2.1/24");
  made.clock = SOCKWIRE_CLOCK_WAITS;
  reopen(made);
  int result = -2;
  std::thread blocked([&] { result = connect(SOCK_STREAM); });
  Bytes packet(1500);
  std::uint64_t time_ns = 0;
  const ssize_t bytes = sockwire_packet_wait(sw(), packet.data(), packet.size(), &time_ns, UINT64_MAX);
  EXPECT_GT(bytes, 0);
  packet.resize(static_cast<std::size_t>(bytes));
  const Bytes reply = answer(packet, kSynAck);
  EXPECT_EQ(sockwire_packet_in(sw(), reply.data(), reply.size()), 0);
  blocked.join();
  EXPECT_EQ(result, 0);
  EXPECT_EQ(sockwire_now_ns(sw()), 0u);
}

TEST_F(Instance, TheLineMayTakeTime) {
  sockwire_virtual_options made = options("192.0.2.1/24");
  made.line_bits_per_s = 1'000'000;
  reopen(made);
  EXPECT_EQ(connect(), -1);
  EXPECT_TRUE(take().empty());
  EXPECT_EQ(sockwire_advance_to(sw(), kSecond / 2), 0);
  std::uint64_t time_ns = 0;
  const Bytes syn = take(&time_ns);
  EXPECT_FALSE(syn.empty());
  // Preamble, header, packet and FCS at 1 Mb/s; the card is ahead of that with its own few cycles of 64 bits.
  const std::uint64_t least_ns = (8 + 14 + syn.size() + 4) * 8 * 1000;
  EXPECT_GE(time_ns, least_ns);
  EXPECT_LT(time_ns, least_ns + 10 * kMs);
}

TEST_F(Instance, EqualSeedsGiveEqualRuns) {
  EXPECT_EQ(connect(), -1);
  const Bytes first = take();
  reopen(options("192.0.2.1/24"));
  EXPECT_EQ(connect(), -1);
  EXPECT_EQ(take(), first);
  reopen(options("192.0.2.1/24", 2));
  EXPECT_EQ(connect(), -1);
  EXPECT_NE(take(), first);
}

TEST_F(Instance, ARefusalIsReportedOnceAndTheSocketCanTryAgain) {
  EXPECT_EQ(connect(), -1);
  const Bytes reset = answer(take(), kRstAck, 0);
  EXPECT_EQ(sockwire_packet_in(sw(), reset.data(), reset.size()), 0);
  EXPECT_EQ(int_option(sw(), fd_, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
  EXPECT_EQ(int_option(sw(), fd_, SOL_SOCKET, SO_ERROR), 0);
  EXPECT_EQ(sockwire_connect(sw(), fd_, raw(at(kPeer, 80)), sizeof(sockaddr_in)), -1);
  EXPECT_EQ(errno, EINPROGRESS);
  EXPECT_FALSE(take().empty());
  EXPECT_EQ(sockwire_connect(sw(), fd_, raw(at(kPeer, 80)), sizeof(sockaddr_in)), -1);
  EXPECT_EQ(errno, EALREADY);
}

// RFC 2474 3: the second byte of the header.
TEST_F(Instance, TheDiffservFieldIsOnEveryPacket) {
  fd_ = sockwire_socket(sw(), AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int tos = 0x2b;
  EXPECT_EQ(sockwire_setsockopt(sw(), fd_, IPPROTO_IP, IP_TOS, &tos, sizeof tos), 0);
  EXPECT_EQ(sockwire_connect(sw(), fd_, raw(at(kPeer, 80)), sizeof(sockaddr_in)), -1);
  EXPECT_EQ(take().at(1), 0x28);
}

TEST_F(Instance, SpeaksIpv6WithoutAskingForNeighbours) {
  sockwire_virtual_options made = options(nullptr);
  made.ipv6 = "2001:db8::1/64";
  reopen(made);
  const int fd = sockwire_socket(sw(), AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in6 far{};
  far.sin6_family = AF_INET6;
  far.sin6_port = htons(80);
  ASSERT_EQ(inet_pton(AF_INET6, "2001:db8:ffff::9", &far.sin6_addr), 1);
  EXPECT_EQ(sockwire_connect(sw(), fd, reinterpret_cast<const sockaddr*>(&far), sizeof far), -1);
  EXPECT_EQ(errno, EINPROGRESS);
  const Bytes syn = take();
  ASSERT_GE(syn.size(), 64u);
  EXPECT_EQ(syn[0] >> 4, 6);
  EXPECT_EQ(syn[6], 6);
  EXPECT_TRUE(take().empty());
}

}  // namespace
}  // namespace sockwire::api::test
