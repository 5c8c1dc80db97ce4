// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dhcp/dhcp_message.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/host/stack/dhcp/server.hpp"

namespace sockwire::stack::dhcp {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::Bytes;
using test::kLent;
using test::kMac;
using test::kServer;
using test::option;

// RFC 2131 figure 1 and table 5.
TEST(DhcpMessage, DiscoverHasTheFieldsOfTable5) {
  ClientMessage message;
  message.xid = 0x3903f326;
  message.seconds = 3;
  message.broadcast = true;
  message.mac = kMac;
  message.host_name = "card";
  const Bytes bytes = write(message);
  EXPECT_EQ(bytes.size(), 300u) << "RFC 1542 2.1: the least that relays take";
  EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 12), (Bytes{1, 1, 6, 0, 0x39, 0x03, 0xf3, 0x26, 0, 3, 0x80, 0}));
  EXPECT_EQ(Bytes(bytes.begin() + 12, bytes.begin() + 28), Bytes(16)) << "no address yet";
  EXPECT_EQ(MacAddress::from_bytes(&bytes[28]), kMac);
  EXPECT_EQ(Bytes(bytes.begin() + 34, bytes.begin() + 236), Bytes(202));
  const Bytes options{99, 130, 83, 99, 53, 1, 1,  61, 7,  1,  2,  0,  0, 0,   0,   1,   57,  2,  2,
                      64, 55,  8,  1,  3,  6, 15, 26, 51, 58, 59, 12, 4, 'c', 'a', 'r', 'd', 255};
  EXPECT_EQ(Bytes(bytes.begin() + 236, bytes.begin() + 236 + static_cast<long>(options.size())), options);
}

TEST(DhcpMessage, ReadsALease) {
  Answer answer;
  answer.type = 5;
  answer.xid = 7;
  for (const Bytes& more : {option(3, 0x0a0000fe), option(6, {10, 0, 0, 2, 8, 8, 8, 8}), option(26, Bytes{5, 0x78}),
                            option(15, {'l', 'a', 'n', 0}), option(58, 100), option(59, 200)}) {
    answer.more.insert(answer.more.end(), more.begin(), more.end());
  }
  const auto message = parse(answer.bytes());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, MessageType::kAck);
  EXPECT_EQ(message->xid, 7u);
  EXPECT_EQ(message->mac, kMac);
  EXPECT_EQ(message->server, kServer);
  ASSERT_TRUE(message->lease);
  EXPECT_EQ(message->lease->interface, (Ipv4Interface{kLent, 24}));
  EXPECT_EQ(message->lease->router, Ipv4Address(10, 0, 0, 254));
  EXPECT_EQ(message->lease->dns_servers, (std::vector{Ipv4Address(10, 0, 0, 2), Ipv4Address(8, 8, 8, 8)}));
  EXPECT_EQ(message->lease->mtu, 1400);
  EXPECT_EQ(message->lease->domain, "lan");
  EXPECT_EQ(message->lease->duration, Duration(1h));
  EXPECT_EQ(message->lease->t1, Duration(100s));
  EXPECT_EQ(message->lease->t2, Duration(200s));
}

// What dnsmasq 2.90 answers with --dhcp-range=10.18.0.100,10.18.0.150,255.255.255.0,120 and options for the router, T1
// and the domain: fixed fields up to chaddr, zeros, and what begins with the cookie.
TEST(DhcpMessage, ReadsWhatDnsmasqAnswers) {
  Bytes captured{0x02, 0x01, 0x06, 0x00, 0x3e, 0xe4, 0xb2, 0xac, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a,
                 0x12, 0x00, 0x7c, 0x0a, 0x12, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x53, 0x57, 0x00, 0x01, 0x02};
  const Bytes options{0x63, 0x82, 0x53, 0x63, 0x35, 0x01, 0x05, 0x36, 0x04, 0x0a, 0x12, 0x00, 0x01, 0x33,
                      0x04, 0x00, 0x00, 0x00, 0x78, 0x3a, 0x04, 0x00, 0x00, 0x00, 0x05, 0x3b, 0x04, 0x00,
                      0x00, 0x00, 0x69, 0x01, 0x04, 0xff, 0xff, 0xff, 0x00, 0x1c, 0x04, 0x0a, 0x12, 0x00,
                      0xff, 0x06, 0x04, 0x0a, 0x12, 0x00, 0x01, 0x0f, 0x08, 0x6c, 0x61, 0x62, 0x2e, 0x74,
                      0x65, 0x73, 0x74, 0x03, 0x04, 0x0a, 0x12, 0x00, 0x01, 0xff};
  captured.resize(236);
  captured.insert(captured.end(), options.begin(), options.end());
  const auto message = parse(captured);
  ASSERT_TRUE(message && message->lease);
  EXPECT_EQ(message->type, MessageType::kAck);
  EXPECT_EQ(message->xid, 0x3ee4b2acu);
  EXPECT_EQ(message->mac, MacAddress({0x02, 0x53, 0x57, 0x00, 0x01, 0x02}));
  const Lease& lease = *message->lease;
  EXPECT_EQ(lease.interface, (Ipv4Interface{Ipv4Address(10, 18, 0, 124), 24}));
  EXPECT_EQ(lease.router, Ipv4Address(10, 18, 0, 1));
  EXPECT_EQ(lease.dns_servers, std::vector{Ipv4Address(10, 18, 0, 1)});
  EXPECT_EQ(lease.domain, "lab.test");
  EXPECT_EQ(lease.duration, Duration(120s));
  EXPECT_EQ(lease.t1, Duration(5s));
  EXPECT_EQ(lease.t2, Duration(105s));
}

// RFC 2131 4.4.5 and 3.3.
TEST(DhcpMessage, TimesDefaultToHalfAndSevenEighths) {
  Answer answer;
  auto lease = parse(answer.bytes())->lease;
  EXPECT_EQ(lease->t1, Duration(30min));
  EXPECT_EQ(lease->t2, Duration(3150s));
  answer.more = option(58, 5000);  // later than the end
  lease = parse(answer.bytes())->lease;
  EXPECT_EQ(lease->t1, Duration(30min));
  answer.more = option(59, 60);  // T2 before the default T1
  lease = parse(answer.bytes())->lease;
  EXPECT_EQ(lease->t2, Duration(60s));
  EXPECT_LE(lease->t1, lease->t2);
  answer.lease_seconds = 0xffffffff;
  EXPECT_EQ(parse(answer.bytes())->lease->duration, Lease::kForever);
}

// RFC 2132 9.3, RFC 3396: a server that needs more room goes on in `file`, then in `sname`; parts are joined.
TEST(DhcpMessage, OverloadedFieldsAndPartsOfOptionsAreRead) {
  Answer answer;
  answer.more = option(52, Bytes{3});
  const Bytes domain_start = option(15, {'e', 'x', 'a'});
  answer.more.insert(answer.more.end(), domain_start.begin(), domain_start.end());
  Bytes bytes = answer.bytes();
  const Bytes in_file{15, 4, 'm', 'p', 'l', 'e', 255};
  const Bytes in_sname{3, 4, 10, 0, 0, 9, 15, 4, '.', 'o', 'r', 'g', 255};
  std::copy(in_file.begin(), in_file.end(), bytes.begin() + 108);
  std::copy(in_sname.begin(), in_sname.end(), bytes.begin() + 44);
  const auto message = parse(bytes);
  ASSERT_TRUE(message && message->lease);
  EXPECT_EQ(message->lease->domain, "example.org");
  EXPECT_EQ(message->lease->router, Ipv4Address(10, 0, 0, 9));
}

TEST(DhcpMessage, WhatCannotBeReadIsNotRead) {
  const Bytes good = Answer().bytes();
  ASSERT_TRUE(parse(good));
  for (std::size_t bytes = 0; bytes < 243; ++bytes) EXPECT_FALSE(parse(std::span(good).first(bytes))) << bytes;
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes bad = good;
    bad[at] = value;
    return parse(bad);
  };
  EXPECT_FALSE(with(0, 1)) << "a request";
  EXPECT_FALSE(with(1, 6)) << "not Ethernet";
  EXPECT_FALSE(with(2, 16)) << "not Ethernet";
  EXPECT_FALSE(with(236, 98)) << "no magic cookie";
  EXPECT_FALSE(with(241, 200)) << "an option beyond the end";
  EXPECT_FALSE(with(242, 1)) << "a client's message type";
  for (const std::uint8_t overload : {0, 4, 255}) {
    Answer answer;
    answer.more = option(52, Bytes{overload});
    EXPECT_FALSE(parse(answer.bytes())) << int{overload};
  }
}

TEST(DhcpMessage, LeasesThatNoHostCanUseAreNone) {
  const auto lease_of = [](Ipv4Address address, std::uint32_t seconds = 60, const Bytes& more = {}) {
    Answer answer;
    answer.address = address;
    answer.lease_seconds = seconds;
    answer.more = more;
    const auto message = parse(answer.bytes());
    return message && message->lease.has_value();
  };
  EXPECT_TRUE(lease_of(kLent));
  for (const Ipv4Address bad :
       {Ipv4Address(0, 0, 0, 0), Ipv4Address(127, 0, 0, 1), Ipv4Address(224, 0, 0, 1), Ipv4Address(255, 255, 255, 255),
        Ipv4Address(10, 0, 0, 255), Ipv4Address(10, 0, 0, 0)}) {
    EXPECT_FALSE(lease_of(bad)) << to_string(bad);
  }
  EXPECT_FALSE(lease_of(kLent, 0));
  Answer gaps;
  gaps.more = option(1, 0xff00ff00);  // joined to the mask that is there: eight bytes
  EXPECT_FALSE(parse(gaps.bytes())->lease);
  Answer nobody;
  nobody.server = Ipv4Address();
  EXPECT_FALSE(parse(nobody.bytes())->lease);
}

TEST(DhcpMessage, AServersNonsenseAboutTheNetworkIsLeftOut) {
  Answer answer;
  for (const Bytes& more : {option(3, 0x0b000001), option(6, {127, 0, 0, 1, 224, 0, 0, 1, 10, 0, 0, 3}),
                            option(26, Bytes{0, 68}), option(15, {'a', 7, 'b'})}) {
    answer.more.insert(answer.more.end(), more.begin(), more.end());
  }
  const auto lease = parse(answer.bytes())->lease;
  ASSERT_TRUE(lease);
  EXPECT_FALSE(lease->router) << "not on the link";
  EXPECT_EQ(lease->dns_servers, (std::vector{Ipv4Address(10, 0, 0, 3)}));
  EXPECT_FALSE(lease->mtu) << "less than RFC 1122 3.3.3 asks for";
  EXPECT_EQ(lease->domain, "");
}

}  // namespace
}  // namespace sockwire::stack::dhcp
