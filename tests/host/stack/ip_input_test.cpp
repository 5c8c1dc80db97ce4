// SPDX-License-Identifier: Apache-2.0
// Packets of both versions on their way up: options, fragments, extension headers, VLAN tags, and the errors that are
// sent about them.
#include <gtest/gtest.h>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::be16;
using test::be32;
using test::Bytes;
using test::icmpv6;
using test::ip;
using test::kOurs6;
using test::kPeer6;

const Bytes kSyn = test::tcp(1000, 80, 1, 0, 0x02);

/// An IPv4 packet with options before its payload.
Bytes with_options(std::uint8_t protocol, const Bytes& options, const Bytes& payload) {
  Bytes packet = test::ipv4(protocol, options + payload);
  packet[0] = static_cast<std::uint8_t>(0x45 + options.size() / 4);
  store_be16(&packet[10], 0);
  store_be16(&packet[10], internet_checksum(std::span(packet).first(20 + options.size())));
  return packet;
}

struct Ipv6Input : testing::Test {
  Ipv6Input() {
    bench.know_peer6();
    bench.pass(10s);
    (void)bench.frames();
  }
  Bench bench{test::config6()};
  const Counters& counters = bench.stack.counters();
};

// RFC 7126 4.3 and 4.4: source routes are refused; 4.5 and others: ignored. RFC 1122 3.2.1.8.
TEST(Ipv4Input, OptionsAreTakenAndSourceRoutesRefused) {
  Bench bench;
  const auto& counters = bench.stack.counters();
  bench.receive(test::ethernet(with_options(6, {0x94, 4, 0, 0}, kSyn)));
  bench.receive(test::ethernet(with_options(6, {1, 7, 7, 4, 0, 0, 0, 0}, kSyn)));
  bench.receive(test::ethernet(with_options(6, {0, 0x83, 0, 0}, kSyn)));
  EXPECT_EQ(counters.tcp_no_connection, 3u) << "router alert, record route, nothing behind the end of the list";
  bench.receive(test::ethernet(with_options(6, {0x83, 7, 4, 10, 0, 0, 9, 0}, kSyn)));
  bench.receive(test::ethernet(with_options(6, {1, 0x89, 3, 4}, kSyn)));
  EXPECT_EQ(counters.ipv4_source_route, 2u);
  bench.receive(test::ethernet(with_options(6, {0x44, 1, 0, 0}, kSyn)));
  bench.receive(test::ethernet(with_options(6, {0x44, 5, 0, 0}, kSyn)));
  bench.receive(test::ethernet(with_options(6, {1, 1, 1, 0x44}, kSyn)));
  EXPECT_EQ(counters.ipv4_options, 3u);
}

TEST(Ipv4Input, FragmentsBecomeADatagram) {
  Bench bench;
  bench.know_peer();
  const Bytes echo = test::icmp(8, 0, be16(1) + be16(1) + Bytes(1000, 0x77));
  test::IpOptions first;
  first.fragment = 0x2000;
  test::IpOptions second;
  second.fragment = 504 / 8;
  bench.receive(test::ethernet(test::ipv4(1, Bytes(echo.begin() + 504, echo.end()), second)));
  EXPECT_TRUE(bench.frames().empty());
  bench.receive(test::ethernet(test::ipv4(1, Bytes(echo.begin(), echo.begin() + 504), first)));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes.size(), 34 + echo.size());
  EXPECT_EQ(bench.stack.counters().reassembled, 1u);
}

// RFC 1122 3.3.2: "time exceeded", code 1, to who sent the first fragment.
TEST(Ipv4Input, ReassemblyTimeoutIsTold) {
  Bench bench;
  bench.know_peer();
  test::IpOptions first;
  first.fragment = 0x2000;
  bench.receive(test::ethernet(test::ipv4(17, Bytes(504), first)));
  bench.pass(60s);
  auto frames = bench.frames();
  std::erase_if(frames, [](const TxFrame& frame) { return load_be16(&frame.bytes[12]) != 0x0800; });  // ARP, by now
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes[34], 11);
  EXPECT_EQ(frames[0].bytes[35], 1);
}

// A card's verdict on a fragment's "checksum" says nothing of the datagram's.
TEST(Ipv4Input, ReassembledChecksumIsVerified) {
  Bench bench;
  Bytes segment = test::udp(1, 2, Bytes(1000, 1));
  segment[500] ^= 1;
  test::IpOptions first;
  first.fragment = 0x2000;
  test::IpOptions second;
  second.fragment = 504 / 8;
  bench.receive(test::ethernet(test::ipv4(17, Bytes(segment.begin(), segment.begin() + 504), first)), Verdict::kGood,
                Verdict::kGood);
  bench.receive(test::ethernet(test::ipv4(17, Bytes(segment.begin() + 504, segment.end()), second)), Verdict::kGood,
                Verdict::kGood);
  EXPECT_EQ(bench.stack.counters().udp_checksum, 1u);
}

TEST_F(Ipv6Input, EveryDropHasItsName) {
  struct Drop {
    const char* what;
    Bytes packet;
    std::uint64_t Counters::* counter;
  };
  const Bytes segment(20);
  const auto from = [](const char* source) { return test::Ip6Options{.source = ip(source)}; };
  const std::vector<Drop> drops = {
      {"version 4", Bytes{0x45} + Bytes(60), &Counters::ipv6_malformed},
      {"another host", test::ipv6(6, segment, {.destination = ip("2001:db8::7")}), &Counters::ipv6_not_ours},
      {"a group that we are not in", test::ipv6(6, segment, {.destination = ip("ff02::99")}), &Counters::ipv6_not_ours},
      {"from a group", test::ipv6(6, segment, from("ff02::1")), &Counters::ipv6_source},
      {"from loopback", test::ipv6(6, segment, from("::1")), &Counters::ipv6_source},
      {"from ourselves", test::ipv6(6, segment, from("2001:db8::1")), &Counters::ipv6_source},
      {"TCP from nobody", test::ipv6(6, segment, from("::")), &Counters::ipv6_source},
      {"TCP checksum", test::ipv6(6, Bytes(20, 1)), &Counters::tcp_checksum},
      {"UDP without checksum (RFC 8200 8.1)", test::ipv6(17, test::udp(1, 2, {1, 2}, false)), &Counters::udp_checksum},
      {"ICMPv6 checksum", test::ipv6(58, Bytes{128, 0, 1, 1, 0, 0, 0, 0}), &Counters::icmp_checksum},
      {"redirect", icmpv6(137, 0, Bytes(36), {.source = test::kRouter6, .hop_limit = 255}), &Counters::ndp_ignored},
      {"first fragment without its headers (RFC 7112)", test::ipv6(44, Bytes{6, 0, 0, 1, 0, 0, 0, 1} + Bytes(16)),
       &Counters::ipv6_first_fragment},
  };
  for (const Drop& drop : drops) {
    const std::uint64_t before = counters.*drop.counter;
    bench.receive(test::ethernet6(drop.packet));
    EXPECT_EQ(counters.*drop.counter, before + 1) << drop.what;
    EXPECT_TRUE(bench.frames().empty()) << drop.what;
  }
}

// RFC 4443 3.4, 4.2 and 2.4 (e): parameter problems with their pointers; never about a multicast but code 2.
TEST_F(Ipv6Input, ParameterProblemsAreReported) {
  struct Case {
    Bytes packet;
    std::uint8_t code;
    std::uint32_t pointer;
    std::uint64_t Counters::* counter;
  };
  const Bytes segment(20);
  for (const Case& each : {
           Case{test::ipv6(99, segment), 1, 6, &Counters::ipv6_next_header},
           Case{test::ipv6(43, Bytes{6, 0, 0, 1, 0, 0, 0, 0} + segment), 0, 42, &Counters::ipv6_routing},
           Case{test::ipv6(60, Bytes{6, 0, 0x9e, 4, 0, 0, 0, 0} + segment), 2, 42, &Counters::ipv6_option},
       }) {
    bench.receive(test::ethernet6(each.packet));
    EXPECT_EQ(counters.*each.counter, 1u);
    const auto frames = bench.frames();
    ASSERT_EQ(frames.size(), 1u) << int{each.code};
    const Bytes& bytes = frames[0].bytes;
    EXPECT_EQ(bytes[54], 4);
    EXPECT_EQ(bytes[55], each.code);
    EXPECT_EQ(load_be32(&bytes[58]), each.pointer);
    EXPECT_EQ(Bytes(bytes.begin() + 62, bytes.end()), each.packet);
  }
  bench.receive(test::ethernet6(test::ipv6(99, segment, {.destination = ip("ff02::1")})));
  EXPECT_TRUE(bench.frames().empty());
}

// RFC 4443 3.1 and 2.4 (c): port unreachable, and no more than 1280 bytes of it.
TEST_F(Ipv6Input, ClosedUdpPortIsUnreachable) {
  const Bytes datagram = test::with_l4_checksum6(be16(1) + be16(2) + be16(1408) + be16(0) + Bytes(1400, 0x31), 6, 17);
  bench.receive(test::ethernet6(test::ipv6(17, datagram)));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes.size(), 14u + 1280);
  EXPECT_EQ(frames[0].bytes[54], 1);
  EXPECT_EQ(frames[0].bytes[55], 4);
}

// RFC 4443 4.2, and the checksum with its pseudo header for the card to fill in.
TEST_F(Ipv6Input, EchoIsAnswered) {
  bench.receive(test::ethernet6(icmpv6(128, 0, be16(0x1234) + be16(7) + Bytes{1, 2, 3})));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(Bytes(frames[0].bytes.begin() + 54, frames[0].bytes.end()),
            Bytes({129, 0, 0, 0, 0x12, 0x34, 0, 7, 1, 2, 3}));
  EXPECT_FALSE(frames[0].insert_l3);
  EXPECT_EQ(frames[0].checksum_offset, 56);
  EXPECT_EQ(frames[0].pseudo_sum, pseudo_header_sum(kOurs6, kPeer6, 58, 11));
}

TEST_F(Ipv6Input, FragmentsBecomeADatagram) {
  const Bytes echo = icmpv6(128, 0, be16(1) + be16(1) + Bytes(1000, 0x55));
  const Bytes message(echo.begin() + 40, echo.end());
  const auto fragment = [&](std::size_t from, std::size_t to, std::uint16_t more) {
    return test::ethernet6(test::ipv6(44, Bytes{58, 0} + be16(static_cast<std::uint16_t>(from | more)) + be32(77) +
                                              Bytes(message.begin() + static_cast<std::ptrdiff_t>(from),
                                                    message.begin() + static_cast<std::ptrdiff_t>(to))));
  };
  bench.receive(fragment(504, message.size(), 0));
  bench.receive(fragment(0, 504, 1));
  const auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].bytes.size(), 54 + message.size());
}

// RFC 6980 5: neighbour discovery in fragments is ignored.
TEST_F(Ipv6Input, FragmentedNeighbourDiscoveryIsIgnored) {
  const Bytes whole = icmpv6(135, 0, be32(0) + test::raw(kOurs6) + Bytes{14, 1, 0, 0, 0, 0, 0, 0}, {.hop_limit = 255});
  const Bytes message(whole.begin() + 40, whole.end());
  const auto send = [&](std::size_t from, std::size_t to, std::uint16_t more) {
    bench.receive(test::ethernet6(test::ipv6(44,
                                             Bytes{58, 0} + be16(static_cast<std::uint16_t>(from | more)) + be32(5) +
                                                 Bytes(message.begin() + static_cast<std::ptrdiff_t>(from),
                                                       message.begin() + static_cast<std::ptrdiff_t>(to)),
                                             {.hop_limit = 255})));
  };
  send(0, 24, 1);
  send(24, message.size(), 0);
  EXPECT_EQ(counters.ndp_malformed, 1u);
  EXPECT_TRUE(bench.frames().empty());
}

// IEEE 802.1Q: one VLAN, in and out; ARP, IPv4 and IPv6 alike.
TEST(Vlan, FramesAreTaggedInAndOut) {
  Config tagged = test::config6();
  tagged.vlan = 5;
  Bench bench(tagged);
  const Bytes tag = {0x60, 5};
  const auto in = [&](std::uint16_t type, const Bytes& packet) {
    bench.receive(test::ethernet(tag + be16(type) + packet, 0x8100));
  };
  in(0x0806, test::arp(1, test::kPeerMac, test::kPeer, MacAddress(), test::kOurs));
  auto frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(Bytes(frames[0].bytes.begin() + 12, frames[0].bytes.begin() + 18), Bytes({0x81, 0, 0, 5, 8, 6}));
  EXPECT_EQ(frames[0].bytes.size(), 18u + 28);
  in(0x0800, test::ipv4(6, kSyn));
  frames = bench.frames();
  ASSERT_EQ(frames.size(), 1u) << "a reset";
  EXPECT_EQ(frames[0].l3_offset, 18);
  EXPECT_EQ(frames[0].l4_offset, 38);
  EXPECT_EQ(frames[0].checksum_offset, 38 + 16);
  EXPECT_EQ(frames[0].bytes[18], 0x45);
  bench.receive(test::ethernet(test::ipv4(6, kSyn)));
  bench.receive(test::ethernet(Bytes{0, 6, 8, 0} + test::ipv4(6, kSyn), 0x8100));
  EXPECT_EQ(bench.stack.counters().frame_vlan, 2u) << "without a tag, and with another's";
}

}  // namespace
}  // namespace sockwire::stack
