// SPDX-License-Identifier: Apache-2.0
// DHCP through a whole stack: frames in, frames out.
#include "host/stack/dhcp/dhcp_service.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/dhcp/server.hpp"
#include "tests/host/stack/packets.hpp"

namespace sockwire::stack::dhcp {
namespace {

using namespace std::chrono_literals;
using stack::test::kPeerMac;
using test::Answer;
using test::Bytes;
using test::kLent;
using test::kServer;
using test::Said;

Config without_address() {
  Config config = stack::test::config();
  config.ipv4 = {Ipv4Address(), 32};
  config.gateway.reset();
  return config;
}

struct DhcpServiceTest : testing::Test {
  stack::test::Bench bench{without_address()};

  void start() {
    ClientConfig config;
    config.mac = stack::test::kOurMac;
    config.max_start_delay = Duration::zero();
    ASSERT_TRUE(bench.stack.dhcp().start(bench.now, config));
  }
  std::optional<Said> said() {
    for (TxFrame& frame : bench.frames()) {
      if (load_be16(&frame.bytes[12]) != 0x0800) continue;
      last = frame.bytes;
      return Said(Bytes(frame.bytes.begin() + 42, frame.bytes.end()));
    }
    return std::nullopt;
  }
  void answer(std::uint8_t type, std::uint32_t xid, const Bytes& more = {}) {
    Answer made;
    made.type = type;
    made.xid = xid;
    made.more = more;
    stack::test::IpOptions options;
    options.source = kServer;
    options.destination = Ipv4Address(255, 255, 255, 255);
    bench.receive(stack::test::ethernet(stack::test::ipv4(17, stack::test::udp(67, 68, made.bytes(), false), options),
                                        0x0800, MacAddress::broadcast()));
  }
  void lend() {
    start();
    answer(2, said()->xid());
    answer(5, said()->xid(), test::option(26, Bytes{5, 0x78}));
  }
  Bytes last;
};

// RFC 2131 4.1: from 0.0.0.0 to 255.255.255.255; RFC 5227 2.1.1: the probe has no sender address, and
// within seven seconds (1.1) three of them without an answer make the address ours.
TEST_F(DhcpServiceTest, TheInterfaceGetsItsAddressAfterAProbe) {
  start();
  const auto discover = said();
  ASSERT_TRUE(discover);
  EXPECT_EQ(MacAddress::from_bytes(last.data()), MacAddress::broadcast());
  EXPECT_EQ(load_be32(&last[26]), 0u);
  EXPECT_EQ(load_be32(&last[30]), 0xffffffffu);
  EXPECT_EQ(load_be16(&last[34]), 68);
  EXPECT_EQ(load_be16(&last[36]), 67);
  answer(2, discover->xid());
  answer(5, said()->xid(), test::option(26, Bytes{5, 0x78}));
  bench.pass(1s);  // PROBE_WAIT
  const auto probes = bench.frames();
  ASSERT_EQ(probes.size(), 1u);
  EXPECT_EQ(load_be16(&probes[0].bytes[12]), 0x0806);
  EXPECT_EQ(load_be32(&probes[0].bytes[14 + 14]), 0u) << "the sender's address";
  EXPECT_EQ(load_be32(&probes[0].bytes[14 + 24]), kLent.value());
  EXPECT_FALSE(bench.stack.dhcp().lease());
  for (int i = 0; i < 7; ++i) bench.pass(1s);
  ASSERT_TRUE(bench.stack.dhcp().lease());
  EXPECT_EQ(bench.stack.network().own_address(), kLent);
  EXPECT_EQ(bench.stack.network().path_mtu(bench.now, kServer), 1400);
  EXPECT_EQ(bench.stack.network().next_hop(Ipv4Address(10, 0, 0, 200)), IpAddress(Ipv4Address(10, 0, 0, 200)));
}

TEST_F(DhcpServiceTest, AnAddressThatAnswersIsDeclined) {
  lend();
  bench.receive(
      stack::test::ethernet(stack::test::arp(2, kPeerMac, kLent, stack::test::kOurMac, Ipv4Address()), 0x0806));
  const auto decline = said();
  ASSERT_TRUE(decline);
  EXPECT_EQ(decline->type, 4);
  for (int i = 0; i < 8; ++i) bench.pass(1s);
  EXPECT_TRUE(bench.stack.network().interface().addresses().empty());
}

// RFC 5227 2.4 (b): defended once; if the other one goes on within ten seconds, it may keep the address, of which the
// server is told (RFC 2131 4.4.4), and another one is asked for.
TEST_F(DhcpServiceTest, AContestedAddressIsGivenUp) {
  lend();
  for (int i = 0; i < 8; ++i) bench.pass(1s);
  ASSERT_TRUE(bench.stack.dhcp().lease());
  while (said()) {
  }
  const auto other_uses_it = [&] {
    bench.receive(stack::test::ethernet(stack::test::arp(1, kPeerMac, kLent, MacAddress(), Ipv4Address(10, 0, 0, 200)),
                                        0x0806, MacAddress::broadcast()));
  };
  other_uses_it();
  EXPECT_FALSE(said());
  EXPECT_TRUE(bench.stack.dhcp().lease());
  bench.pass(5s);
  other_uses_it();
  const auto decline = said();
  ASSERT_TRUE(decline);
  EXPECT_EQ(decline->type, 4);
  EXPECT_FALSE(bench.stack.dhcp().lease());
  EXPECT_TRUE(bench.stack.network().interface().addresses().empty());
  std::optional<Said> next;
  for (int i = 0; i < 15 && !next; ++i) {
    bench.pass(1s);
    next = said();
  }
  ASSERT_TRUE(next);
  EXPECT_EQ(next->type, 1) << "DISCOVER";
}

// RFC 2131 4.4.6: the RELEASE leaves from the address that it gives back.
TEST_F(DhcpServiceTest, ReleaseLeavesFromTheAddress) {
  lend();
  for (int i = 0; i < 8; ++i) bench.pass(1s);
  (void)bench.frames();
  ASSERT_EQ(bench.stack.network().own_address(), kLent);
  bench.stack.dhcp().release(bench.now);
  EXPECT_TRUE(bench.stack.network().interface().addresses().empty());
  (void)bench.frames();  // who has the server?
  bench.receive(stack::test::ethernet(stack::test::arp(2, kPeerMac, kServer, stack::test::kOurMac, kLent), 0x0806));
  const auto release = said();
  ASSERT_TRUE(release);
  EXPECT_EQ(release->type, 7);
  EXPECT_EQ(load_be32(&last[26]), kLent.value());
  EXPECT_EQ(bench.stack.network().routes().size(), 0u);
  EXPECT_FALSE(bench.stack.udp().port_in_use(68));
}

// What is being asked for is no address of ours any more once nobody wants it.
TEST_F(DhcpServiceTest, ReleaseWhileItAsksTakesTheAddressOff) {
  lend();
  bench.stack.dhcp().release(bench.now);
  for (int i = 0; i < 8; ++i) bench.pass(1s);
  EXPECT_TRUE(bench.stack.network().interface().addresses().empty());
  EXPECT_EQ(bench.stack.network().routes().size(), 0u);
}

// Without an address there is nothing to answer for, and nobody else's probe is a conflict.
TEST_F(DhcpServiceTest, WithoutAnAddressItAnswersNoArp) {
  bench.receive(stack::test::ethernet(stack::test::arp(1, kPeerMac, Ipv4Address(), MacAddress(), kLent), 0x0806,
                                      MacAddress::broadcast()));
  bench.receive(stack::test::ethernet(stack::test::arp(1, kPeerMac, kServer, MacAddress(), Ipv4Address()), 0x0806,
                                      MacAddress::broadcast()));
  EXPECT_TRUE(bench.frames().empty());
  EXPECT_EQ(bench.stack.counters().arp_conflict, 0u);
}

TEST_F(DhcpServiceTest, OnlyTheServersPortIsHeard) {
  start();
  const auto discover = said();
  Answer made;
  made.xid = discover->xid();
  stack::test::IpOptions options;
  options.source = kServer;
  options.destination = Ipv4Address(255, 255, 255, 255);
  bench.receive(stack::test::ethernet(stack::test::ipv4(17, stack::test::udp(66, 68, made.bytes(), false), options),
                                      0x0800, MacAddress::broadcast()));
  EXPECT_EQ(bench.stack.counters().dhcp_not_ours, 1u);
  EXPECT_FALSE(said());
}

}  // namespace
}  // namespace sockwire::stack::dhcp
