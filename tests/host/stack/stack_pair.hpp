// SPDX-License-Identifier: Apache-2.0
// Two stacks joined without cards, without a line and without loss: what one sends is there at once. For what depends
// on how many connections there are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "hls/wire/ipv4.hpp"
#include "hls/wire/tcp.hpp"
#include "tests/host/stack/packets.hpp"

namespace sockwire::stack::test {

class StackPair {
 public:
  /// near_addresses: how many the near stack has: 10.0.0.1, 10.0.0.3, 10.0.0.4 ... The far one is 10.0.0.2.
  explicit StackPair(unsigned near_addresses = 1) : near_(config_of(1)), far_(config_of(2)) {
    for (unsigned i = 1; i < near_addresses; ++i) static_cast<void>(near_.network().add_address(now_, near_prefix(i)));
    settle();
  }

  static Ipv4Address near_address(unsigned i) { return Ipv4Address(0x0a000001u + (i == 0 ? 0 : i + 1)); }
  static Ipv4Address far_address() { return Ipv4Address(0x0a000002u); }
  Stack& near() { return near_; }
  Stack& far() { return far_; }
  TimePoint now() const { return now_; }

  /// Carries everything over, until there is nothing more.
  void settle() {
    while (carry(near_, far_) || carry(far_, near_)) {
    }
  }
  /// Lets time pass, from one deadline to the next.
  void pass(Duration time) {
    const TimePoint end = now_ + time;
    for (;;) {
      settle();
      now_ = std::max(now_, std::min({near_.next_deadline(), far_.next_deadline(), end}));
      near_.on_timeout(now_);
      far_.on_timeout(now_);
      if (now_ == end) break;
    }
    settle();
  }

 private:
  static IpPrefix near_prefix(unsigned i) { return IpPrefix(near_address(i), 16); }
  static Config config_of(std::uint8_t number) {
    Config made;
    made.mac = MacAddress({0x02, 0, 0, 0, 0, number});
    made.ipv4 = {Ipv4Address(10, 0, 0, number), 16};
    made.secret = {number, 0x5c, 0xa1, 0xe0};
    return made;
  }

  /// One output. Returns false if there is none.
  bool carry(Stack& from, Stack& to) {
    const auto output = from.poll_transmit(now_, room_);
    if (!output) return false;
    if (const auto* frame = std::get_if<TxFrame>(&*output)) {
      deliver(to, frame->bytes);
      if (frame->report) from.on_sent(now_, *frame->report, now_);
    } else if (const auto* send = std::get_if<TxSend>(&*output)) {
      cut(from, to, *send);
      from.on_sent(now_, send->key, now_);
    }
    return true;
  }

  void deliver(Stack& to, std::span<const std::uint8_t> frame) {
    ReceivedFrame received;
    received.bytes = frame;
    received.arrived = now_;
    received.l3 = received.l4 = Verdict::kGood;
    to.on_frame(now_, received);
  }

  void cut(Stack& from, Stack& to, const TxSend& send) {
    payload_.resize(send.payload_bytes);
    from.copy_payload(send.key.connection, send.seq, payload_);
    for (std::size_t at = 0; at < payload_.size(); at += send.mss) {
      const std::size_t bytes = std::min<std::size_t>(send.mss, payload_.size() - at);
      frame_.assign(send.header.begin(), send.header.begin() + send.header_bytes);
      frame_.insert(frame_.end(), &payload_[at], &payload_[at] + bytes);
      store_be16(&frame_[send.l3_offset] + wire::kIpv4TotalLength,
                 static_cast<std::uint16_t>(frame_.size() - send.l3_offset));
      std::uint8_t* l4 = &frame_[send.l4_offset];
      store_be32(l4 + wire::kTcpSequence, send.seq.value() + static_cast<std::uint32_t>(at));
      if (at > 0) l4[wire::kTcpFlags] &= static_cast<std::uint8_t>(~send.first_flags);
      if (at + bytes < payload_.size()) l4[wire::kTcpFlags] &= static_cast<std::uint8_t>(~send.last_flags);
      deliver(to, frame_);
    }
  }

  Stack near_;
  Stack far_;
  TimePoint now_ = kStart;
  OpenRoom room_;
  Bytes payload_;
  Bytes frame_;
};

}  // namespace sockwire::stack::test
