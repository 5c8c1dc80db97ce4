// SPDX-License-Identifier: Apache-2.0
// What a stack makes of router advertisements, and duplicate address detection.
#include "host/stack/slaac.hpp"

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
using test::kPeerMac;
using test::kRouter6;
using test::raw;

/// RFC 4861 4.6.2.
Bytes prefix_option(const char* prefix, std::uint32_t valid_s, std::uint32_t preferred_s, std::uint8_t flags = 0xc0) {
  const IpPrefix parsed = *IpPrefix::parse(prefix);
  return Bytes{3, 4, static_cast<std::uint8_t>(parsed.bits), flags} + be32(valid_s) + be32(preferred_s) + be32(0) +
         raw(parsed.address);
}

Bytes advertisement(std::uint16_t lifetime_s, const Bytes& options, const IpAddress& from = kRouter6,
                    std::uint8_t hop_limit = 255) {
  return test::ethernet6(icmpv6(134, 0, Bytes{64, 0} + be16(lifetime_s) + be32(0) + be32(0) + options,
                                {.source = from, .destination = ip("ff02::1"), .hop_limit = hop_limit}),
                         MacAddress({0x33, 0x33, 0, 0, 0, 1}));
}

Config config(InterfaceIdentifier identifier = InterfaceIdentifier::kEui64, unsigned dad_transmits = 1) {
  Config made = test::config();
  made.ipv6.enabled = true;
  made.ipv6.identifier = identifier;
  made.ipv6.dad_transmits = dad_transmits;
  return made;
}

/// Kinds of the ICMPv6 messages among the frames; MLD stands behind a hop-by-hop header.
std::vector<int> kinds(const std::vector<TxFrame>& frames) {
  std::vector<int> kinds;
  for (const TxFrame& frame : frames) {
    if (load_be16(&frame.bytes[12]) == 0x86dd) kinds.push_back(frame.bytes[frame.bytes[20] == 0 ? 62 : 54]);
  }
  return kinds;
}

int count(const std::vector<int>& kinds, int kind) {
  return static_cast<int>(std::count(kinds.begin(), kinds.end(), kind));
}

/// Lets time pass until nothing is due before `until`, and takes what is sent.
std::vector<TxFrame> run(Bench& bench, Duration duration) {
  const TimePoint until = bench.now + duration;
  std::vector<TxFrame> sent;
  while (true) {
    for (auto& frame : bench.frames()) sent.push_back(std::move(frame));
    const TimePoint next = bench.stack.next_deadline();
    if (next > until) break;
    bench.now = std::max(bench.now, next);
    bench.stack.on_timeout(bench.now);
  }
  bench.now = until;
  return sent;
}

const IpAddress kLinkLocal = ip("fe80::ff:fe00:1");  // 02:00:00:00:00:01, RFC 4291 appendix A
const IpAddress kGlobal = ip("2001:db8:5::ff:fe00:1");

std::optional<AddressState> state(const Bench& bench, const IpAddress& address) {
  const InterfaceAddress* own = bench.stack.network().interface().find(address);
  return own == nullptr ? std::nullopt : std::optional(own->state);
}

// RFC 4862 5.3 and 5.4.2, RFC 4861 6.3.7: the link-local address is asked for once, used a second later, and routers
// are asked for three times.
TEST(Slaac, BeginsWithALinkLocalAddressAndAsksForRouters) {
  Bench bench(config());
  bench.pass(0s);
  EXPECT_EQ(state(bench, kLinkLocal), AddressState::kTentative);
  const auto sent = kinds(run(bench, 30s));
  EXPECT_EQ(count(sent, 135), 1) << "duplicate address detection";
  EXPECT_EQ(count(sent, 133), 3);
  EXPECT_EQ(count(sent, 131), 2) << "MLD reports of the solicited-node group";
  EXPECT_EQ(count(sent, 136), 1) << "announced";
  EXPECT_EQ(state(bench, kLinkLocal), AddressState::kPreferred);
  const auto event = bench.stack.network().poll_address_event();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, AddressEvent::Kind::kUsable);
}

// RFC 4862 5.4.3 and 5.4.4: another one asks for it, or has it.
TEST(Slaac, DuplicateIsNotUsed) {
  for (const bool asks : {true, false}) {
    Bench bench(config());
    bench.pass(0s);
    (void)run(bench, 1s);
    const Bytes message =
        asks ? icmpv6(135, 0, be32(0) + raw(kLinkLocal),
                      {.source = IpAddress(), .destination = ip("ff02::1:ff00:1"), .hop_limit = 255})
             : icmpv6(136, 0, Bytes{0x20, 0, 0, 0} + raw(kLinkLocal) + Bytes{2, 1} + test::mac(kPeerMac),
                      {.source = kLinkLocal, .destination = ip("ff02::1"), .hop_limit = 255});
    bench.receive(test::ethernet6(message));
    (void)run(bench, 30s);
    EXPECT_EQ(state(bench, kLinkLocal), std::nullopt);
    EXPECT_EQ(bench.stack.counters().address_duplicate, 1u);
  }
}

// RFC 7217 5: with a DAD counter another identifier is tried.
TEST(Slaac, OpaqueIdentifierHasASecondChoice) {
  Bench bench(config(InterfaceIdentifier::kStableOpaque));
  bench.pass(0s);
  const IpAddress first = bench.stack.network().interface().addresses().back().prefix.address;
  EXPECT_TRUE(first.is_link_local());
  EXPECT_NE(first, kLinkLocal);
  bench.receive(test::ethernet6(icmpv6(136, 0, Bytes{0x20, 0, 0, 0} + raw(first) + Bytes{2, 1} + test::mac(kPeerMac),
                                       {.source = first, .destination = ip("ff02::1"), .hop_limit = 255})));
  (void)run(bench, 10s);
  EXPECT_EQ(state(bench, first), std::nullopt);
  const IpAddress second = bench.stack.network().interface().addresses().back().prefix.address;
  EXPECT_TRUE(second.is_link_local());
  EXPECT_EQ(state(bench, second), AddressState::kPreferred);
}

// RFC 4861 6.3.4 and RFC 4862 5.5.3: default route, on-link prefix, address, MTU, the router's MAC address.
TEST(Slaac, AdvertisementBringsRoutesAndAnAddress) {
  Bench bench(config(InterfaceIdentifier::kEui64, 0));
  bench.pass(0s);
  const Bytes options =
      prefix_option("2001:db8:5::/64", 3600, 1800) + Bytes{5, 1, 0, 0} + be32(1400) + Bytes{1, 1} + test::mac(kPeerMac);
  bench.receive(advertisement(1800, options));
  const Network& network = bench.stack.network();
  EXPECT_EQ(state(bench, kGlobal), AddressState::kPreferred);
  EXPECT_EQ(network.next_hop(ip("2001:db8:9::1")), kRouter6);
  EXPECT_EQ(network.next_hop(ip("2001:db8:5::99")), ip("2001:db8:5::99"));
  EXPECT_EQ(network.source_for(ip("2001:db8:9::1")), kGlobal);
  EXPECT_EQ(network.path_mtu(bench.now, ip("2001:db8:9::1")), 1400);
  EXPECT_EQ(network.path_mtu(bench.now, Ipv4Address(192, 0, 2, 1)), 1500);
  EXPECT_EQ(network.neighbours(false).view(kRouter6)->mac, kPeerMac);
  EXPECT_EQ(count(kinds(run(bench, 20s)), 133), 0) << "no question any more";
}

// RFC 4862 5.5.4: deprecated, then gone; RFC 4861 6.3.5: so is the router.
TEST(Slaac, WhatHasALifetimeEnds) {
  Bench bench(config(InterfaceIdentifier::kEui64, 0));
  bench.pass(0s);
  bench.receive(advertisement(600, prefix_option("2001:db8:5::/64", 7300, 1800)));
  (void)run(bench, 601s);
  EXPECT_EQ(bench.stack.network().next_hop(ip("2001:db8:9::1")), std::nullopt);
  (void)run(bench, 1200s);
  EXPECT_EQ(state(bench, kGlobal), AddressState::kDeprecated);
  (void)run(bench, 5500s);
  EXPECT_EQ(state(bench, kGlobal), std::nullopt);
  EXPECT_EQ(bench.stack.network().next_hop(ip("2001:db8:5::99")), std::nullopt);
}

// RFC 4862 5.5.3 (e): a forged advertisement cannot end an address sooner than in two hours.
TEST(Slaac, TwoHoursAreLeft) {
  Bench bench(config(InterfaceIdentifier::kEui64, 0));
  bench.pass(0s);
  const auto remaining = [&] { return bench.stack.network().interface().find(kGlobal)->valid_until - bench.now; };
  bench.receive(advertisement(1800, prefix_option("2001:db8:5::/64", 86400, 3600)));
  bench.receive(advertisement(1800, prefix_option("2001:db8:5::/64", 0, 0)));
  EXPECT_EQ(remaining(), Duration(2h));
  EXPECT_EQ(state(bench, kGlobal), AddressState::kDeprecated) << "the preferred lifetime is believed";
  bench.receive(advertisement(1800, prefix_option("2001:db8:5::/64", 60, 60)));
  EXPECT_EQ(remaining(), Duration(2h)) << "less than two hours are left: ignored";
  bench.receive(advertisement(1800, prefix_option("2001:db8:5::/64", 7300, 7300)));
  EXPECT_EQ(remaining(), Duration(7300s));
  EXPECT_EQ(state(bench, kGlobal), AddressState::kPreferred);
}

// RFC 4861 6.1.2; RFC 4862 5.5.3 (b), (c).
TEST(Slaac, WhatBreaksTheRulesIsDropped) {
  Bench bench(config(InterfaceIdentifier::kEui64, 0));
  bench.pass(0s);
  const Bytes good = prefix_option("2001:db8:5::/64", 3600, 1800);
  bench.receive(advertisement(1800, good, ip("2001:db8::fe")));
  bench.receive(advertisement(1800, good, kRouter6, 254));
  bench.receive(advertisement(1800, good + Bytes{1, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(bench.stack.counters().ndp_malformed, 3u);
  bench.receive(advertisement(0, prefix_option("2001:db8:5::/64", 1800, 3600, 0x40)));
  bench.receive(advertisement(0, prefix_option("fe80::/64", 1800, 1800)));
  bench.receive(advertisement(0, prefix_option("2001:db8:5::/63", 1800, 1800, 0x40)));
  bench.receive(advertisement(0, Bytes{5, 1, 0, 0} + be32(1279)));
  bench.receive(advertisement(0, Bytes{5, 1, 0, 0} + be32(9000)));
  EXPECT_EQ(bench.stack.counters().router_advertisements_in, 5u);
  EXPECT_EQ(bench.stack.counters().slaac_addresses, 1u) << "the link-local one";
  EXPECT_EQ(bench.stack.network().next_hop(ip("2001:db8:9::1")), std::nullopt);
  EXPECT_EQ(bench.stack.network().path_mtu(bench.now, ip("2001:db8:9::1")), 1500);
}

TEST(Slaac, FloodOfAdvertisementsIsBounded) {
  Bench bench(config(InterfaceIdentifier::kEui64, 0));
  bench.pass(0s);
  for (std::uint32_t i = 0; i < 2000; ++i) {
    auto prefix = kGlobal.bytes();
    store_be32(&prefix[4], i);
    auto router = kRouter6.bytes();
    store_be32(&router[12], i + 2);
    const std::string text = to_string(IpAddress(prefix)) + "/64";
    bench.receive(advertisement(1800, prefix_option(text.c_str(), 3600, 1800), IpAddress(router)));
  }
  EXPECT_LE(bench.stack.network().routes().size(), 32u);
  EXPECT_LE(bench.stack.network().interface().addresses().size(), 24u);
  EXPECT_GT(bench.stack.counters().advertised_too_many, 0u);
}

// RFC 4861 6.3.6: a router that does not answer is avoided while there is another.
TEST(Slaac, UnreachableRouterIsAvoided) {
  Bench bench(config(InterfaceIdentifier::kEui64, 0));
  bench.pass(0s);
  const IpAddress other = ip("fe80::fd");
  bench.receive(advertisement(1800, prefix_option("2001:db8:5::/64", 3600, 1800)));
  bench.receive(advertisement(1800, Bytes(), other));
  ASSERT_EQ(bench.stack.network().next_hop(ip("2001:db8:9::1")), kRouter6);
  ASSERT_TRUE(bench.stack.icmp().send_echo(bench.now, ip("2001:db8:9::1"), 1, 4));
  (void)run(bench, 5s);
  EXPECT_EQ(bench.stack.network().next_hop(ip("2001:db8:9::1")), other);
}

// RFC 4291 appendix A and RFC 2464 4, with its example: 34-56-78-9A-BC-DE.
TEST(InterfaceIdentifier, Eui64OfTheRfcsExample) {
  EXPECT_EQ(to_string(join(*IpPrefix::parse("fe80::/64"), eui64_identifier(*MacAddress::parse("34:56:78:9a:bc:de")))),
            "fe80::3656:78ff:fe9a:bcde");
}

// RFC 7217 4: stable in a subnet, another in another, and nobody can tell without the key.
TEST(InterfaceIdentifier, OpaqueIsStableAndUnlinkable) {
  const MacAddress mac = test::kOurMac;
  const IpPrefix here = *IpPrefix::parse("2001:db8:1::/64");
  const IpPrefix there = *IpPrefix::parse("2001:db8:2::/64");
  const auto one = opaque_identifier({1}, here, mac, 0);
  EXPECT_EQ(one, opaque_identifier({1}, here, mac, 0));
  EXPECT_NE(one, opaque_identifier({1}, there, mac, 0));
  EXPECT_NE(one, opaque_identifier({2}, here, mac, 0));
  EXPECT_NE(one, opaque_identifier({1}, here, mac, 1));
}

}  // namespace
}  // namespace sockwire::stack
