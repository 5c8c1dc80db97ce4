// SPDX-License-Identifier: Apache-2.0
// The resolver through a whole stack: UDP sockets, a TCP connection, and what DHCP told.
#include "host/stack/dns/dns_service.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/dns/server.hpp"
#include "tests/host/stack/packets.hpp"

namespace sockwire::stack::dns {
namespace {

using namespace std::chrono_literals;
using stack::test::kPeer;
using test::Bytes;
using test::Reply;

struct DnsServiceTest : testing::Test {
  static Config config() {
    Config made = stack::test::config();
    made.dns.servers = {{kPeer, 53}};
    return made;
  }
  stack::test::Bench bench{config()};

  void SetUp() override { bench.know_peer(); }
  struct Sent {
    std::uint16_t port = 0;
    std::uint16_t id = 0;
    Question question;
  };
  std::optional<Sent> sent() {
    for (const TxFrame& frame : bench.frames()) {
      if (frame.bytes[23] != 17 || load_be16(&frame.bytes[36]) != 53) continue;
      Sent made;
      made.port = load_be16(&frame.bytes[34]);
      const auto message = std::span(frame.bytes).subspan(42);
      made.id = load_be16(message.data());
      std::size_t offset = 12;
      made.question.name = *Name::read(message, offset);
      made.question.type = static_cast<RecordType>(load_be16(&message[offset]));
      return made;
    }
    return std::nullopt;
  }
  void answer(const Sent& to, const Bytes& message, std::uint16_t from_port = 53) {
    bench.receive(stack::test::ethernet(stack::test::ipv4(17, stack::test::udp(from_port, to.port, message))));
  }
};

TEST_F(DnsServiceTest, ANameIsLookedUpOverUdp) {
  bench.stack.dns().start(bench.now, "host.example.org", {true, false});
  const auto asked = sent();
  ASSERT_TRUE(asked);
  const Bytes good = Reply(asked->id, asked->question).a("host.example.org", 60, 0xc0000207).bytes();
  answer(*asked, good, 54);  // RFC 5452 9.1: another port than was asked
  EXPECT_FALSE(bench.stack.dns().poll_result());
  EXPECT_EQ(bench.stack.counters().udp_other_peer, 1u);
  answer(*asked, good);
  const auto result = bench.stack.dns().poll_result();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->addresses, std::vector{*IpAddress::parse("192.0.2.7")});
  EXPECT_FALSE(bench.stack.udp().port_in_use(asked->port)) << "its socket is closed";
}

TEST_F(DnsServiceTest, ARefusedPortIsNotWaitedFor) {
  bench.stack.dns().start(bench.now, "host.example.org", {true, false});
  for (int i = 0; i < 3; ++i) {
    const auto asked = sent();
    ASSERT_TRUE(asked) << i;
    stack::test::IpOptions ours;
    ours.source = stack::test::kOurs;
    ours.destination = kPeer;
    using stack::test::operator+;
    using stack::test::be16;
    const Bytes original = stack::test::ipv4(17, be16(asked->port) + be16(53) + be16(8) + be16(0), ours);
    bench.receive(stack::test::ethernet(stack::test::ipv4(1, stack::test::icmp(3, 3, Bytes(4) + original))));
  }
  EXPECT_EQ(bench.stack.dns().poll_result()->error, LookupError::kServerFailure);
}

TEST_F(DnsServiceTest, ATruncatedAnswerOpensAConnection) {
  bench.stack.dns().start(bench.now, "host.example.org", {true, false});
  const auto asked = sent();
  ASSERT_TRUE(asked);
  answer(*asked, Reply(asked->id, asked->question).truncated().bytes());
  const auto frames = bench.frames();
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames[0].bytes[23], 6);
  EXPECT_EQ(load_be16(&frames[0].bytes[36]), 53);
  EXPECT_EQ(frames[0].bytes[47], 0x02) << "SYN";
}

}  // namespace
}  // namespace sockwire::stack::dns
