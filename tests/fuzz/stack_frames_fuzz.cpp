// SPDX-License-Identifier: Apache-2.0
// Frames of every kind that the stack knows into a whole stack with sockets, built by the fuzzer: headers that hold
// together and bytes of its own inside, checksums filled in more often than not.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "tests/fuzz/fuzz_input.hpp"
#include "tests/host/stack/packets.hpp"

namespace {

using namespace sockwire;
using namespace sockwire::stack;
using namespace std::chrono_literals;
using fuzz::Input;
using fuzz::require;
using test::be16;
using test::be32;
using test::Bytes;
using test::operator+;

Config config(Input& input) {
  Config made = test::config6();
  const std::uint8_t bits = input.byte();
  made.ipv6.router_advertisements = (bits & 1) != 0;
  made.ipv6.link_local = (bits & 2) != 0;
  made.ipv6.dad_transmits = (bits & 4) != 0 ? 1 : 0;
  made.probe_ipv4 = (bits & 8) != 0;
  if ((bits & 16) != 0) made.vlan = 5;
  made.ipv6.enabled = (bits & 32) == 0;
  return made;
}

class Harness {
 public:
  explicit Harness(Input& input) : input_(input), stack_(config(input)) {
    if (input.flag()) (void)stack_.tcp().listen({}, {IpAddress(), 80}, 4);
    const auto bound = stack_.udp().open({IpAddress(), 7});
    if (bound) udp_ = *bound;
    if (input.flag())
      frame(test::ethernet(test::arp(2, test::kPeerMac, test::kPeer, test::kOurMac, test::kOurs), 0x0806));
    drain();
  }

  void run() {
    for (int step = 0; step < 200 && !input_.done(); ++step) {
      one_step();
      drain();
    }
    pass(10min);
  }

 private:
  void one_step() {
    switch (input_.byte() % 16) {
      case 0:
        frame(test::ethernet(arp(), 0x0806, input_.flag() ? MacAddress::broadcast() : test::kOurMac));
        break;
      case 1:
      case 2:
        tcp4();
        break;
      case 3:
        packet4(17, udp());
        break;
      case 4:
        icmp4();
        break;
      case 5:
        packet4(input_.byte(), input_.take(input_.byte()));
        break;
      case 6:
        fragment4();
        break;
      case 7:
        icmp6();
        break;
      case 8:
        tcp6();
        break;
      case 9:
        extensions6();
        break;
      case 10:
        frame(input_.take(input_.two() % 1600));
        break;
      case 11:
        frame(test::ethernet(be16(input_.two() % 8) + be16(0x0800) + input_.take(60), 0x8100));
        break;
      case 12:
        pass(input_.flag() ? Duration(1ms) * input_.two() : Duration(1s) * input_.byte());
        break;
      case 13:
        error4();
        break;
      default:
        application();
    }
  }

  Bytes arp() {
    const std::uint16_t operation = 1 + input_.below(3);
    const Ipv4Address sender(10, 0, 0, static_cast<std::uint8_t>(input_.below(8)));
    const Ipv4Address target(10, 0, 0, static_cast<std::uint8_t>(input_.below(4)));
    return test::arp(operation, MacAddress({2, 0, 0, 0, 0, input_.byte()}), sender, test::kOurMac, target);
  }

  test::IpOptions addresses4() {
    test::IpOptions options;
    switch (input_.byte() % 8) {
      case 0:
        options.source = Ipv4Address(input_.four());
        break;
      case 1:
        options.destination = Ipv4Address(224, 0, 0, input_.byte());
        break;
      case 2:
        options.destination = Ipv4Address(10, 0, 0, 255);
        break;
      default:
        break;
    }
    options.ttl = input_.byte();
    return options;
  }
  void packet4(std::uint8_t protocol, const Bytes& payload) {
    frame(test::ethernet(test::ipv4(protocol, payload, addresses4())));
  }
  void fragment4() {
    test::IpOptions options = addresses4();
    options.fragment = static_cast<std::uint16_t>((input_.flag() ? 0x2000 : 0) | input_.below(400));
    const std::uint8_t protocol = input_.flag() ? 17 : input_.byte();
    frame(test::ethernet(test::ipv4(protocol, input_.take(8 * (1 + input_.below(64))), options)));
  }

  Bytes udp() {
    static constexpr std::uint16_t kPorts[] = {7, 53, 67, 68, 5353};
    const std::uint16_t from = kPorts[input_.below(5)];
    const std::uint16_t to = input_.below(4) == 0 ? input_.two() : kPorts[input_.below(5)];
    return test::udp(from, to, input_.take(input_.byte()), input_.flag());
  }
  void icmp4() {
    const std::uint8_t type = input_.byte() % 20;
    const std::uint8_t code = input_.byte() % 16;
    packet4(1, test::icmp(type, code, input_.take(input_.byte())));
  }
  /// About something that we sent.
  void error4() {
    if (last_.size() < 34) return;
    const bool ipv4 = last_[12] == 0x08 && last_[13] == 0;
    Bytes original(last_.begin() + 14,
                   last_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(last_.size(), 150)));
    if (!original.empty() && input_.below(4) == 0) original[input_.byte() % original.size()] = input_.byte();
    const std::uint8_t code = input_.byte() % 16;
    if (ipv4) {
      const Bytes rest = be16(0) + be16(input_.two()) + original;
      frame(test::ethernet(test::ipv4(1, test::icmp(input_.flag() ? 3 : 11, code, rest))));
    } else {
      frame(test::ethernet6(
          test::icmpv6(static_cast<std::uint8_t>(1 + input_.below(4)), code, be32(input_.two()) + original)));
    }
  }

  /// For the connection that spoke last, near what it expects.
  Bytes segment() {
    const bool fresh = input_.below(8) == 0;
    const std::uint16_t from = fresh ? input_.two() : their_port_;
    const std::uint16_t to = fresh ? 80 : our_port_;
    const std::uint32_t seq = their_next_ + (input_.flag() ? 0 : input_.two() - 100u);
    const std::uint32_t ack = our_next_ + (input_.flag() ? 0 : input_.two() - 100u);
    static constexpr std::uint8_t kFlags[] = {0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14};
    const std::uint8_t flags = input_.below(8) == 0 ? input_.byte() : kFlags[input_.below(7)];
    Bytes options = input_.take(4 * input_.below(11));
    options.resize(options.size() / 4 * 4);
    const Bytes payload = input_.take(input_.byte());
    their_next_ = seq + static_cast<std::uint32_t>(payload.size()) + ((flags & 3) != 0 ? 1 : 0);
    return be16(from) + be16(to) + be32(seq) + be32(ack) +
           Bytes{static_cast<std::uint8_t>((5 + options.size() / 4) << 4), flags} + be16(input_.two()) + be16(0) +
           be16(0) + options + payload;
  }
  void tcp4() { packet4(6, test::with_l4_checksum(segment(), 16, 6)); }
  void tcp6() { frame(test::ethernet6(test::ipv6(6, test::with_l4_checksum6(segment(), 16, 6)))); }

  test::Ip6Options addresses6() {
    test::Ip6Options options;
    const std::uint8_t choice = input_.byte();
    if (choice % 4 == 0) options.source = test::kRouter6;
    if (choice % 16 == 1) options.source = IpAddress();
    if (choice % 3 == 0) options.destination = test::ip(input_.flag() ? "ff02::1" : "ff02::1:ff00:1");
    options.hop_limit = choice % 8 == 7 ? 64 : 255;
    return options;
  }
  void icmp6() {
    static constexpr std::uint8_t kTypes[] = {1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143};
    const std::uint8_t type = kTypes[input_.below(15)];
    Bytes rest;
    if (type == 135 || type == 136) {
      rest = be32(input_.four()) + test::raw(input_.flag() ? test::kOurs6 : test::kPeer6) +
             Bytes{static_cast<std::uint8_t>(1 + input_.below(2)), 1} + test::mac(test::kPeerMac);
    } else if (type == 134) {
      rest = be32(input_.four()) + be32(input_.two()) + be32(input_.two());
    }
    frame(test::ethernet6(test::icmpv6(type, input_.byte() % 4, rest + input_.take(input_.byte()), addresses6())));
  }
  void extensions6() {
    static constexpr std::uint8_t kKinds[] = {0, 43, 44, 60, 59, 51, 17, 6};
    Bytes payload = input_.take(input_.byte());
    std::uint8_t next = kKinds[input_.below(8)];
    for (std::uint32_t headers = input_.below(6); headers > 0; --headers) {
      payload = Bytes{next, static_cast<std::uint8_t>(input_.below(2))} + input_.take(6) + payload;
      next = kKinds[input_.below(4)];
    }
    frame(test::ethernet6(test::ipv6(next, payload, addresses6())));
  }

  void application() {
    switch (input_.byte() % 10) {
      case 0:
      case 1:
        if (connections_.size() < 8) {
          const IpAddress peer = input_.flag() ? IpAddress(test::kPeer) : test::kPeer6;
          if (const auto id = stack_.tcp().connect(now_, {}, {}, {peer, 80})) connections_.push_back(*id);
        }
        break;
      case 2:
        for (const ConnectionId id : connections_) (void)stack_.tcp().send(now_, id, Bytes(input_.two() % 5000));
        break;
      case 3: {
        Bytes out(4096);
        for (const ConnectionId id : connections_) (void)stack_.tcp().recv(now_, id, out);
        break;
      }
      case 4:
        if (!connections_.empty()) {
          stack_.tcp().close(now_, connections_.back());
          connections_.pop_back();
        }
        break;
      case 5:
        (void)stack_.icmp().send_echo(now_, input_.flag() ? IpAddress(test::kPeer) : test::kPeer6, input_.byte(),
                                      input_.byte());
        break;
      case 6:
        (void)stack_.udp().send(now_, udp_, tcp::Endpoint{test::kPeer, 53}, input_.take(40));
        break;
      case 7:
        stack_.on_card_lost(now_);
        break;
      case 8:
        room_.frames = input_.flag();
        room_.payload_bytes = input_.two();
        stack_.on_room(now_);
        break;
      default:
        if (const auto id = stack_.tcp().accept(1)) connections_.push_back(*id);
    }
  }

  void frame(const Bytes& bytes) {
    ReceivedFrame received;
    received.bytes = bytes;
    received.arrived = now_;
    const std::uint8_t verdict = input_.byte();
    received.l3 = verdict % 4 == 0 ? Verdict::kUnverified : Verdict::kGood;
    received.l4 = verdict % 4 <= 1 ? Verdict::kUnverified : Verdict::kGood;
    stack_.on_frame(now_, received);
    drain();
  }

  void pass(Duration time) {
    const TimePoint end = now_ + time;
    for (int turns = 0; stack_.next_deadline() <= end && turns < 2000; ++turns) {
      now_ = std::max(now_, stack_.next_deadline());
      stack_.on_timeout(now_);
      drain();
      require(stack_.next_deadline() > now_ || !room_.frames, "a timer that was served is not due again at once");
    }
    now_ = end;
  }

  void drain() {
    int outputs = 0;
    while (auto output = stack_.poll_transmit(now_, room_)) {
      require(++outputs < 5000, "the stack does not talk for ever");
      if (const auto* sent = std::get_if<TxFrame>(&*output)) check_frame(*sent);
      if (const auto* sent = std::get_if<TxSend>(&*output)) check_send(*sent);
    }
    while (stack_.tcp().poll_event()) {
    }
    while (stack_.icmp().poll_event()) {
    }
    require(stack_.network().neighbours(true).size() <= 64, "the ARP cache is bounded");
    require(stack_.network().neighbours(false).size() <= 64, "the neighbour cache is bounded");
  }

  void check_frame(const TxFrame& sent) {
    const std::size_t most = 14 + 4 + 1500;
    require(sent.bytes.size() >= 14 && sent.bytes.size() <= most, "a frame fits the link");
    require(!sent.insert_l4 || (sent.l4_offset < sent.bytes.size() && sent.checksum_offset + 2u <= sent.bytes.size()),
            "the checksum lies in the frame");
    last_ = sent.bytes;
    if (sent.report) stack_.on_sent(now_, *sent.report, now_);
    note_tcp(sent.bytes, sent.l4_offset, 0);
  }
  void check_send(const TxSend& sent) {
    require(sent.payload_bytes > 0 && sent.mss > 0, "a super-segment has data");
    require(sent.header_bytes <= kMaxTemplateBytes && sent.l4_offset < sent.header_bytes, "the template fits");
    Bytes data(sent.payload_bytes);
    require(stack_.copy_payload(sent.key.connection, sent.seq, data) == data.size(), "its data is there");
    note_tcp({sent.header.begin(), sent.header.begin() + sent.header_bytes}, sent.l4_offset, sent.payload_bytes);
    last_.assign(sent.header.begin(), sent.header.begin() + sent.header_bytes);
    if (input_.below(4) != 0) stack_.on_sent(now_, sent.key, now_);
  }
  /// So that segments can be made that suit what was sent last.
  void note_tcp(const Bytes& bytes, std::size_t l4, std::uint32_t payload) {
    if (l4 < 14 + 20 || bytes.size() < l4 + 20) return;
    const bool ipv6 = l4 >= 54 && (bytes[l4 - 40] >> 4) == 6;
    if (bytes[l4 - (ipv6 ? 34 : 11)] != 6) return;
    our_port_ = load_be16(&bytes[l4]);
    their_port_ = load_be16(&bytes[l4 + 2]);
    our_next_ = load_be32(&bytes[l4 + 4]) + payload + ((bytes[l4 + 13] & 3) != 0 ? 1 : 0);
    if ((bytes[l4 + 13] & 0x10) != 0) their_next_ = load_be32(&bytes[l4 + 8]);
  }

  Input& input_;
  TimePoint now_{1s};
  Stack stack_;
  test::OpenRoom room_;
  std::vector<ConnectionId> connections_;
  UdpSocketId udp_{};
  Bytes last_;
  std::uint16_t our_port_ = 80;
  std::uint16_t their_port_ = 1000;
  std::uint32_t our_next_ = 0;
  std::uint32_t their_next_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  Harness(input).run();
  return 0;
}
