// SPDX-License-Identifier: Apache-2.0
// Frames by hand, and what a stack makes of them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "host/base/byte_order.hpp"
#include "host/stack/internet_checksum.hpp"
#include "host/stack/stack.hpp"

namespace sockwire::stack::test {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

inline const MacAddress kOurMac({0x02, 0, 0, 0, 0, 0x01});
inline const MacAddress kPeerMac({0x02, 0, 0, 0, 0, 0x02});
inline const Ipv4Address kOurs(10, 0, 0, 1);
inline const Ipv4Address kPeer(10, 0, 0, 2);
inline constexpr TimePoint kStart{};

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline Bytes be16(std::uint16_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
inline Bytes be32(std::uint32_t value) {
  return be16(static_cast<std::uint16_t>(value >> 16)) + be16(static_cast<std::uint16_t>(value));
}
inline Bytes mac(const MacAddress& address) { return {address.bytes().begin(), address.bytes().end()}; }

inline Bytes ethernet(const Bytes& payload, std::uint16_t type = 0x0800, MacAddress to = kOurMac,
                      MacAddress from = kPeerMac) {
  Bytes frame = mac(to) + mac(from) + be16(type) + payload;
  if (frame.size() < 60) frame.resize(60);  // padding, IEEE 802.3 clause 3.2.8
  return frame;
}

/// RFC 826: hardware 1, protocol 0x0800, lengths 6 and 4.
inline Bytes arp(std::uint16_t operation, MacAddress sender_mac, Ipv4Address sender, MacAddress target_mac,
                 Ipv4Address target) {
  return be16(1) + be16(0x0800) + Bytes{6, 4} + be16(operation) + mac(sender_mac) + be32(sender.value()) +
         mac(target_mac) + be32(target.value());
}

struct IpOptions {
  Ipv4Address source = kPeer;
  Ipv4Address destination = kOurs;
  std::uint16_t fragment = 0;
  std::uint8_t ttl = 64;
};

/// RFC 791 3.1, with the checksum computed word by word.
inline Bytes ipv4(std::uint8_t protocol, const Bytes& payload, const IpOptions& options = {}) {
  Bytes header = Bytes{0x45, 0} + be16(static_cast<std::uint16_t>(20 + payload.size())) + be16(1) +
                 be16(options.fragment) + Bytes{options.ttl, protocol} + be16(0) + be32(options.source.value()) +
                 be32(options.destination.value());
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) sum += load_be16(&header[i]);
  sum = (sum & 0xffff) + (sum >> 16);
  store_be16(&header[10], static_cast<std::uint16_t>(~sum));
  return header + payload;
}

inline Bytes with_l4_checksum(Bytes segment, std::size_t at, std::uint8_t protocol, Ipv4Address source = kPeer,
                              Ipv4Address destination = kOurs) {
  Bytes summed = be32(source.value()) + be32(destination.value()) + Bytes{0, protocol} +
                 be16(static_cast<std::uint16_t>(segment.size())) + segment;
  if (summed.size() % 2 != 0) summed.push_back(0);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < summed.size(); i += 2) sum += load_be16(&summed[i]);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  store_be16(&segment[at], static_cast<std::uint16_t>(~sum));
  return segment;
}

/// A TCP segment without options.
inline Bytes tcp(std::uint16_t from, std::uint16_t to, std::uint32_t seq, std::uint32_t ack, std::uint8_t flags,
                 const Bytes& payload = {}) {
  return with_l4_checksum(
      be16(from) + be16(to) + be32(seq) + be32(ack) + Bytes{0x50, flags} + be16(65535) + be16(0) + be16(0) + payload,
      16, 6);
}

inline Bytes udp(std::uint16_t from, std::uint16_t to, const Bytes& payload, bool checksum = true) {
  Bytes datagram = be16(from) + be16(to) + be16(static_cast<std::uint16_t>(8 + payload.size())) + be16(0) + payload;
  return checksum ? with_l4_checksum(datagram, 6, 17) : datagram;
}

/// RFC 792; rest: from byte 4 on.
inline Bytes icmp(std::uint8_t type, std::uint8_t code, const Bytes& rest) {
  Bytes message = Bytes{type, code, 0, 0} + rest;
  store_be16(&message[2], internet_checksum(message));
  return message;
}

inline const IpAddress kOurs6 = *IpAddress::parse("2001:db8::1");
inline const IpAddress kPeer6 = *IpAddress::parse("2001:db8::2");
inline const IpAddress kRouter6 = *IpAddress::parse("fe80::fe");

inline IpAddress ip(const char* text) { return *IpAddress::parse(text); }
inline Bytes raw(const IpAddress& address) { return {address.bytes().begin(), address.bytes().end()}; }

struct Ip6Options {
  IpAddress source = kPeer6;
  IpAddress destination = kOurs6;
  std::uint8_t hop_limit = 64;
};

/// RFC 8200 3. payload: with extension headers, if any.
inline Bytes ipv6(std::uint8_t next_header, const Bytes& payload, const Ip6Options& options = {}) {
  return Bytes{0x60, 0, 0, 0} + be16(static_cast<std::uint16_t>(payload.size())) +
         Bytes{next_header, options.hop_limit} + raw(options.source) + raw(options.destination) + payload;
}

/// Fills in a checksum over the pseudo header of RFC 8200 8.1, word by word.
inline Bytes with_l4_checksum6(Bytes segment, std::size_t at, std::uint8_t protocol, const Ip6Options& options = {}) {
  Bytes summed = raw(options.source) + raw(options.destination) + be32(static_cast<std::uint32_t>(segment.size())) +
                 Bytes{0, 0, 0, protocol} + segment;
  if (summed.size() % 2 != 0) summed.push_back(0);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < summed.size(); i += 2) sum += load_be16(&summed[i]);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  store_be16(&segment[at], static_cast<std::uint16_t>(~sum));
  return segment;
}

/// An ICMPv6 message in its packet; rest: from byte 4 on.
inline Bytes icmpv6(std::uint8_t type, std::uint8_t code, const Bytes& rest, const Ip6Options& options = {}) {
  return ipv6(58, with_l4_checksum6(Bytes{type, code, 0, 0} + rest, 2, 58, options), options);
}

/// The other hosts' multicast MAC address is theirs to know: RFC 2464 7.
inline Bytes ethernet6(const Bytes& packet, MacAddress to = kOurMac) { return ethernet(packet, 0x86dd, to); }

inline Config config() {
  Config made;
  made.mac = kOurMac;
  made.ipv4 = {kOurs, 24};
  made.gateway = Ipv4Address(10, 0, 0, 254);
  made.secret = {9, 8, 7, 6, 5, 4, 3, 2, 1};
  return made;
}

/// kOurs6, without asking for anything: no link-local address, no routers, no duplicate address detection.
inline Config config6() {
  Config made = config();
  made.ipv6.enabled = true;
  made.ipv6.addresses = {IpPrefix(kOurs6, 64)};
  made.ipv6.gateway = kRouter6;
  made.ipv6.link_local = false;
  made.ipv6.router_advertisements = false;
  made.ipv6.dad_transmits = 0;
  return made;
}

/// Takes everything, as much as is said.
struct OpenRoom final : Room {
  bool frame() override { return frames; }
  std::size_t payload(ConnectionId) override { return payload_bytes; }
  bool frames = true;
  std::size_t payload_bytes = 65535;
};

/// A stack and what came out of it.
struct Bench {
  explicit Bench(const Config& made = config()) : stack(made) {}

  Stack stack;
  OpenRoom room;
  TimePoint now = kStart;

  /// Verified by the stack itself, as nobody did before.
  void receive(const Bytes& frame) { receive(frame, Verdict::kUnverified, Verdict::kUnverified); }
  void receive(const Bytes& frame, Verdict l3, Verdict l4) {
    ReceivedFrame received;
    received.bytes = frame;
    received.arrived = now;
    received.l3 = l3;
    received.l4 = l4;
    stack.on_frame(now, received);
  }
  template <typename T>
  std::vector<T> take() {
    std::vector<T> outputs;
    while (auto output = stack.poll_transmit(now, room)) {
      if (auto* wanted = std::get_if<T>(&*output)) outputs.push_back(std::move(*wanted));
    }
    return outputs;
  }
  std::vector<TxFrame> frames() { return take<TxFrame>(); }
  /// The peer answers for its address.
  void know_peer() {
    receive(ethernet(arp(1, kPeerMac, kPeer, MacAddress(), kOurs), 0x0806, MacAddress::broadcast()));
    (void)frames();
  }
  /// The IPv6 peer asks for us, and so tells its own address.
  void know_peer6() {
    pass(Duration::zero());
    receive(ethernet6(icmpv6(135, 0, be32(0) + raw(kOurs6) + Bytes{1, 1} + mac(kPeerMac),
                             {.source = kPeer6, .destination = ip("ff02::1:ff00:1"), .hop_limit = 255})));
    (void)frames();
  }
  void pass(Duration time) {
    now += time;
    stack.on_timeout(now);
  }
};

}  // namespace sockwire::stack::test
