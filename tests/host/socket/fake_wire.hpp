// SPDX-License-Identifier: Apache-2.0
// Two hosts on a cable in virtual time, without cards: what a card does to a super-segment is done here in software, by
// the words of the contract.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <vector>

#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/tcp.hpp"
#include "host/base/byte_order.hpp"
#include "host/socket/host.hpp"
#include "host/stack/internet_checksum.hpp"

namespace sockwire::test {

using Frame = std::vector<std::uint8_t>;

class FakeWorld final : public World {
 public:
  TimePoint now() const override { return now_; }

  bool advance(TimePoint deadline) override {
    if (actions_.empty() || actions_.top().time > deadline) {
      if (deadline == kNever) return false;
      now_ = deadline;
      return true;
    }
    const Action next = actions_.top();
    actions_.pop();
    now_ = next.time;
    next.run();
    return true;
  }

  void at(TimePoint time, std::function<void()> run) { actions_.push({time, order_++, std::move(run)}); }

 private:
  struct Action {
    TimePoint time;
    std::uint64_t order;
    std::function<void()> run;
    bool operator<(const Action& other) const { return time != other.time ? time > other.time : order > other.order; }
  };
  TimePoint now_{};
  std::uint64_t order_ = 0;
  std::priority_queue<Action> actions_;
};

/// One end of the cable, 1 Gb/s.
class FakePort final : public Port {
 public:
  explicit FakePort(FakeWorld& world, std::size_t ring_bytes = 32768) : world_(world), ring_bytes_(ring_bytes) {}

  void join(FakePort& peer) {
    peer_ = &peer;
    peer.peer_ = this;
  }

  /// Frames for which it says true do not arrive.
  std::function<bool(const Frame&)> lose = [](const Frame&) { return false; };
  Duration delay = std::chrono::microseconds(5);
  std::vector<Frame> sent;  ///< All frames, if record is set.
  bool record = false;
  std::size_t sends = 0;
  std::size_t largest_send = 0;
  std::vector<stack::ConnectionId> closed;

  bool frame() override { return control_queued_ < 4; }
  std::size_t payload(stack::ConnectionId connection) override {
    const std::size_t queued = queued_[connection];
    return queued >= ring_bytes_ / 2 ? 0 : ring_bytes_ / 2;
  }

  bool poll(TimePoint /*now*/, PortEvents& events) override {
    const auto inbox = std::move(inbox_);
    inbox_.clear();
    for (const auto& deliver : inbox) deliver(events);
    return !inbox.empty();
  }

  void transmit(TimePoint now, stack::TxFrame frame) override {
    fill_checksums(frame.bytes, frame.insert_l3, frame.l3_offset, frame.insert_l4, frame.l4_offset,
                   frame.checksum_offset, frame.pseudo_sum);
    ++control_queued_;
    const TimePoint departed = put_on_wire(now, std::move(frame.bytes));
    world_.at(departed, [this] { --control_queued_; });
    if (frame.report) report(departed, *frame.report, 0);
  }

  void transmit(TimePoint now, const stack::TxSend& send, const PayloadSource& source) override {
    ++sends;
    largest_send = std::max<std::size_t>(largest_send, send.payload_bytes);
    Frame data(send.payload_bytes);
    source.copy_payload(send.key.connection, send.seq, data);
    TimePoint departed = now;
    for (std::size_t at = 0; at < data.size(); at += send.mss) {
      departed = put_on_wire(now, cut(send, data, at));
    }
    queued_[send.key.connection] += send.payload_bytes;
    report(departed, send.key, send.payload_bytes);
  }

  void update(TimePoint, const stack::SoftState&) override {}
  void release(TimePoint, const stack::Release&) override {}
  void close(TimePoint, stack::ConnectionId connection) override { closed.push_back(connection); }

  /// A frame from nowhere.
  void inject(Frame frame) {
    inbox_.push_back([frame = std::move(frame), this](PortEvents& events) {
      stack::ReceivedFrame received;
      received.bytes = frame;
      received.arrived = world_.now();
      events.on_frame(received);
    });
  }

 private:
  static void fill_checksums(Frame& frame, bool l3, std::size_t l3_offset, bool l4, std::size_t l4_offset,
                             std::size_t checksum_offset, std::uint16_t pseudo_sum) {
    if (l4) {
      store_be16(&frame[checksum_offset], stack::internet_checksum(std::span(frame).subspan(l4_offset), pseudo_sum));
    }
    if (l3)
      store_be16(&frame[l3_offset + wire::kIpv4Checksum],
                 stack::internet_checksum(std::span(frame).subspan(l3_offset, 20)));
  }

  static Frame cut(const stack::TxSend& send, const Frame& data, std::size_t at) {
    const std::size_t bytes = std::min<std::size_t>(send.mss, data.size() - at);
    const bool first = at == 0;
    const bool last = at + bytes == data.size();
    Frame frame(send.header.begin(), send.header.begin() + send.header_bytes);
    frame.insert(frame.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                 data.begin() + static_cast<std::ptrdiff_t>(at + bytes));
    std::uint8_t* l3 = &frame[send.l3_offset];
    std::uint8_t* l4 = &frame[send.l4_offset];
    if (send.ipv6) {
      store_be16(l3 + wire::kIpv6PayloadLength, static_cast<std::uint16_t>(frame.size() - send.l4_offset));
    } else {
      store_be16(l3 + wire::kIpv4TotalLength, static_cast<std::uint16_t>(frame.size() - send.l3_offset));
      store_be16(l3 + wire::kIpv4Id, static_cast<std::uint16_t>(send.ip_id + at / send.mss));
    }
    store_be32(l4 + wire::kTcpSequence, send.seq.value() + static_cast<std::uint32_t>(at));
    store_be32(l4 + wire::kTcpAck, send.soft.rcv_nxt.value());
    store_be16(l4 + wire::kTcpWindow, send.soft.window);
    if (!first) l4[wire::kTcpFlags] &= static_cast<std::uint8_t>(~send.first_flags);
    if (!last) l4[wire::kTcpFlags] &= static_cast<std::uint8_t>(~send.last_flags);
    if (send.tsecr_offset != 0) store_be32(&frame[send.tsecr_offset], send.soft.tsecr);
    const auto length = static_cast<std::uint32_t>(frame.size() - send.l4_offset);
    const std::uint32_t pseudo = send.pseudo_sum + length;
    fill_checksums(frame, !send.ipv6, send.l3_offset, true, send.l4_offset, send.l4_offset + wire::kTcpChecksum,
                   static_cast<std::uint16_t>((pseudo & 0xffff) + (pseudo >> 16)));
    return frame;
  }

  TimePoint put_on_wire(TimePoint now, Frame frame) {
    frame.resize(std::max<std::size_t>(frame.size(), 60));
    line_free_ = std::max(line_free_, now) + std::chrono::nanoseconds(8 * (frame.size() + 24));
    if (record) sent.push_back(frame);
    if (!lose(frame) && peer_ != nullptr) {
      world_.at(line_free_ + delay, [frame = std::move(frame), this]() mutable { peer_->inject(std::move(frame)); });
    }
    return line_free_;
  }

  void report(TimePoint departed, const stack::DepartureKey& key, std::size_t bytes) {
    world_.at(departed, [this, departed, key, bytes] {
      queued_[key.connection] -= bytes;
      inbox_.push_back([departed, key](PortEvents& events) { events.on_sent(key, departed); });
    });
  }

  FakeWorld& world_;
  std::size_t ring_bytes_;
  FakePort* peer_ = nullptr;
  TimePoint line_free_{};
  int control_queued_ = 0;
  std::map<stack::ConnectionId, std::size_t> queued_;
  std::vector<std::function<void(PortEvents&)>> inbox_;
};

/// 2001:db8::NUMBER.
inline IpAddress ipv6_of(std::uint8_t number) {
  std::array<std::uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
  bytes[15] = number;
  return IpAddress(bytes);
}

inline stack::Config config_of(std::uint8_t number) {
  stack::Config config;
  config.mac = MacAddress({0x02, 0, 0, 0, 0, number});
  config.ipv4 = {Ipv4Address(10, 0, 0, number), 24};
  config.ipv6.enabled = true;
  config.ipv6.addresses = {IpPrefix(ipv6_of(number), 64)};
  config.ipv6.link_local = false;
  config.ipv6.router_advertisements = false;
  config.ipv6.dad_transmits = 0;
  config.secret = {number, 0xa5, 3, 7};
  return config;
}

/// 10.0.0.1 and 10.0.0.2, 2001:db8::1 and ::2.
struct Pair {
  FakeWorld world;
  Loop loop{world};
  FakePort near_port{world};
  FakePort far_port{world};
  Host near{config_of(1), near_port, loop};
  Host far{config_of(2), far_port, loop};

  Pair() { near_port.join(far_port); }
  ~Pair() = default;
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  static Endpoint far_at(std::uint16_t port) { return {Ipv4Address(10, 0, 0, 2), port}; }
  int far_listener(std::uint16_t port, int backlog = 8) {
    const int descriptor = *far.socket();
    (void)far.bind(descriptor, {Ipv4Address(), port});
    (void)far.listen(descriptor, backlog);
    return descriptor;
  }
};

}  // namespace sockwire::test
