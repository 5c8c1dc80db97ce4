// SPDX-License-Identifier: Apache-2.0
// A driver and a software card, joined.
#pragma once

#include <cstdint>
#include <vector>

#include "host/card/driver.hpp"
#include "tests/host/card/soft_card.hpp"

namespace sockwire::test {

/// The byte that connection `id` has at `seq`: no two neighbours, rings or connections look alike.
inline std::uint8_t pattern(card::ConnectionId id, std::uint32_t seq) {
  std::uint32_t x = seq * 2654435761u ^ (id + 1) * 40503u;
  x ^= x >> 15;
  return static_cast<std::uint8_t>(x * 2246822519u >> 24);
}

class PatternSource final : public card::PayloadSource {
 public:
  std::size_t copy_payload(card::ConnectionId id, std::uint32_t seq, std::span<std::uint8_t> out) override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = pattern(id, seq + static_cast<std::uint32_t>(i));
    return out.size();
  }
};

/// A template of Ethernet, IPv4 and TCP whose flags byte is `flags`.
inline std::vector<std::uint8_t> tcp_template(std::uint8_t flags) {
  std::vector<std::uint8_t> bytes(14 + 20 + 20);
  bytes[34 + 13] = flags;
  return bytes;
}

struct Rig {
  explicit Rig(int bytes_per_beat = 1, std::uint64_t seed = 1, const card::DriverConfig& config = {})
      : card(77, bytes_per_beat, seed), driver(source, config) {}

  static TimePoint at(std::uint64_t ns) { return TimePoint(Duration(static_cast<std::int64_t>(ns))); }
  TimePoint now() const { return at(now_ns); }

  /// Gives the card up to `most` commands; returns how many there were.
  int commands(int most = 1 << 20) {
    int count = 0;
    while (count < most && driver.poll_command(now(), message)) {
      card.push(message);
      ++count;
    }
    return count;
  }
  void notices() {
    while (auto notice = driver.poll_notice()) all.push_back(*notice);
  }
  int events() {
    int count = 0;
    while (auto one = card.pop_event()) {
      driver.on_event(now(), *one);
      notices();
      ++count;
    }
    return count;
  }
  /// Until neither has anything to do.
  void settle() {
    for (bool busy = true; busy;) {
      now_ns += 1000;
      busy = commands() > 0;
      notices();
      while (card.step(now_ns)) busy = true;
      busy |= events() > 0;
    }
  }
  void start(std::uint8_t epoch = 1) {
    driver.start(now(), epoch);
    settle();
  }
  template <typename T>
  std::vector<T> take() {
    std::vector<T> result;
    for (const card::Notice& notice : all) {
      if (const T* one = std::get_if<T>(&notice)) result.push_back(*one);
    }
    std::erase_if(all, [](const card::Notice& notice) { return std::holds_alternative<T>(notice); });
    return result;
  }
  void send(card::ConnectionId id, std::uint32_t seq, std::uint32_t bytes, std::uint32_t tag, std::uint8_t flags = 0x10,
            std::uint8_t last_flags = 0) {
    const std::vector<std::uint8_t> header = tcp_template(flags);
    card::SendRequest request;
    request.tag = tag;
    request.seq = seq;
    request.bytes = bytes;
    request.mss = 1000;
    request.header_template = header;
    request.last_flags = last_flags;
    driver.send(now(), id, request);
  }

  std::uint64_t now_ns = 1000;
  PatternSource source;
  SoftCard card;
  card::Driver driver;
  card::Message message;
  std::vector<card::Notice> all;
};

}  // namespace sockwire::test
