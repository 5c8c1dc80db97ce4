// SPDX-License-Identifier: Apache-2.0
// Frames with random damage: nothing crashes, nothing grows without bound, and the stack still answers afterwards.
#include <gtest/gtest.h>

#include <random>

#include "tests/host/stack/packets.hpp"

namespace sockwire::stack {
namespace {

using test::Bench;
using namespace std::chrono_literals;
using test::operator+;
using test::be16;
using test::be32;
using test::Bytes;
using test::ip;

Config config() {
  Config made = test::config6();
  made.ipv6.router_advertisements = true;
  made.ipv6.link_local = true;
  made.icmp_errors_per_second = 1'000'000;
  made.icmp_error_burst = 1'000'000;
  return made;
}

using Random = std::mt19937;

/// Flips bytes and cuts or lengthens the end, more often not at all.
void damage(Random& random, Bytes& bytes) {
  for (std::uint32_t flips = random() % 4; flips > 0 && !bytes.empty(); --flips) {
    bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xff : random());
  }
  if (random() % 6 == 0) bytes.resize(random() % (bytes.size() + 1));
  if (random() % 12 == 0) bytes.resize(bytes.size() + random() % 40);
}

/// An ICMPv6 message of any kind, with options behind it.
Bytes icmpv6_message(Random& random) {
  static constexpr std::uint8_t kTypes[] = {1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 200};
  const std::uint8_t type = kTypes[random() % std::size(kTypes)];
  Bytes rest = be32(type == 134 ? 0x40000708 : 0);
  if (type == 134) rest = rest + be32(0) + be32(0);
  if (type >= 130 && type != 133 && type != 134) rest = rest + test::raw(test::kOurs6);
  if (type < 128) {
    rest = rest + test::ipv6(static_cast<std::uint8_t>(random() % 2 == 0 ? 6 : 58), Bytes(20),
                             {.source = test::kOurs6, .destination = test::kPeer6});
  } else if (type >= 133) {
    rest = rest + Bytes{1, 1} + test::mac(test::kPeerMac);
    if (type == 134)
      rest = rest + Bytes{3, 4, 64, 0xc0} + be32(3600) + be32(1800) + be32(0) + test::raw(ip("2001:db8:7::"));
    if (type == 134) rest = rest + Bytes{5, 1, 0, 0} + be32(1280 + random() % 300);
  }
  damage(random, rest);
  test::Ip6Options options;
  options.hop_limit = type >= 133 ? 255 : 1;
  if (random() % 2 == 0) options.source = test::kRouter6;
  if (random() % 8 == 0) options.source = IpAddress();
  if (random() % 3 == 0) options.destination = ip("ff02::1");
  return test::icmpv6(type, 0, rest, options);
}

/// Extension headers of any kind before something.
Bytes ipv6_packet(Random& random) {
  Bytes payload = test::with_l4_checksum6(be16(1) + be16(2) + be16(28) + be16(0) + Bytes(20), 6, 17);
  std::uint8_t next = 17;
  for (std::uint32_t headers = random() % 4; headers > 0; --headers) {
    static constexpr std::uint8_t kKinds[] = {0, 43, 44, 60};
    const std::uint8_t kind = kKinds[random() % std::size(kKinds)];
    Bytes header = Bytes{next, 0} + be16(static_cast<std::uint16_t>(random() % 64)) + be32(random() % 4);
    payload = header + payload;
    next = kind;
  }
  Bytes packet = test::ipv6(next, payload);
  damage(random, packet);
  return packet;
}

Bytes ipv4_packet(Random& random) {
  static constexpr std::uint8_t kProtocols[] = {1, 2, 6, 17, 41};
  const std::uint8_t protocol = kProtocols[random() % std::size(kProtocols)];
  Bytes payload;
  if (protocol == 6) {
    payload = test::tcp(1000, 80, random() % 100, 0, static_cast<std::uint8_t>(random()), Bytes(random() % 64));
  } else if (protocol == 17) {
    payload = test::udp(1, 2, Bytes(random() % 64));
  } else {
    payload = Bytes(random() % 64, static_cast<std::uint8_t>(random()));
    if (random() % 2 == 0) payload = be32(static_cast<std::uint32_t>(3) << 24) + be32(1400) + test::ipv4(6, Bytes(20));
    damage(random, payload);
    payload = test::icmp(payload.empty() ? 8 : payload[0], 0, payload);
  }
  test::IpOptions options;
  if (random() % 3 == 0) options.fragment = static_cast<std::uint16_t>((random() % 2) << 13 | random() % 200);
  if (random() % 4 == 0) options.destination = Ipv4Address(224, 0, 0, 1);
  Bytes packet = test::ipv4(protocol, payload, options);
  if (random() % 4 == 0) damage(random, packet);
  return packet;
}

Bytes any_frame(Random& random) {
  Bytes frame;
  switch (random() % 5) {
    case 0: {
      Bytes packet = test::arp(static_cast<std::uint16_t>(1 + random() % 2), test::kPeerMac, test::kPeer, MacAddress(),
                               test::kOurs);
      damage(random, packet);
      frame = test::ethernet(packet, 0x0806);
      break;
    }
    case 1:
      frame = test::ethernet(ipv4_packet(random));
      break;
    case 2:
      frame = test::ethernet6(ipv6_packet(random));
      break;
    default:
      frame = test::ethernet6(icmpv6_message(random));
  }
  if (random() % 20 == 0) damage(random, frame);
  return frame;
}

TEST(StackRobustness, DamagedFramesDoNoHarm) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Bench bench(config());
    ASSERT_TRUE(bench.stack.tcp().listen({}, {IpAddress(), 80}, 4));
    for (int step = 0; step < 20'000; ++step) {
      const Bytes frame = any_frame(random);
      const auto verdict = random() % 2 == 0 ? Verdict::kUnverified : Verdict::kGood;
      bench.receive(frame, verdict, verdict);
      if (random() % 8 == 0) bench.pass(std::chrono::milliseconds(random() % 500));
      if (random() % 16 == 0) static_cast<void>(bench.stack.icmp().send_echo(bench.now, test::kPeer6, 1, 8));
      (void)bench.frames();
      while (bench.stack.icmp().poll_event()) {
      }
    }
    const Network& network = bench.stack.network();
    EXPECT_LE(network.neighbours(true).size(), 64u);
    EXPECT_LE(network.neighbours(false).size(), 64u);
    EXPECT_LE(network.interface().addresses().size(), 64u);
    EXPECT_LE(network.routes().size(), 64u);
    // Of every kind something was taken, or the test shows nothing.
    const Counters& counters = bench.stack.counters();
    for (const auto counter :
         {&Counters::arp_requests_in, &Counters::ndp_solicitations_in, &Counters::ndp_advertisements_in,
          &Counters::router_advertisements_in, &Counters::fragments_in, &Counters::icmp_echo_requests_in,
          &Counters::tcp_in, &Counters::udp_in, &Counters::ipv6_routing, &Counters::icmp_errors_out}) {
      EXPECT_GT(counters.*counter, 0u);
    }
    const auto answered = counters.icmp_echo_requests_in;
    bench.receive(test::ethernet6(test::icmpv6(128, 0, be16(1) + be16(1))));
    EXPECT_EQ(counters.icmp_echo_requests_in, answered + 1);
  }
}

}  // namespace
}  // namespace sockwire::stack
