// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/usb/link_fuzz.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include "host/transport/link/endpoint.hpp"
#include "host/transport/link/frame.hpp"
#include "sim/dut/link_port.hpp"

namespace sockwire::bench {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kSession = 9;
constexpr std::uint64_t kGoodBytesMax = 4096;

/// One round's bytes: random ones, with or without delimiters among them, or frames of which some bytes were changed,
/// lost or repeated.
Bytes rubbish(std::mt19937_64& random, std::size_t bytes) {
  Bytes out;
  Bytes scratch;
  const unsigned kind = static_cast<unsigned>(random() % 3);
  while (out.size() < bytes) {
    if (kind == 0) {
      out.push_back(static_cast<std::uint8_t>(random()));
    } else if (kind == 1) {
      out.push_back(static_cast<std::uint8_t>(1 + random() % 255));  // no delimiter at all
    } else {
      Bytes payload(random() % 1025);
      for (std::uint8_t& byte : payload) byte = static_cast<std::uint8_t>(random());
      transport::LinkFrame frame;
      frame.type = static_cast<LinkType>(random() % 8);
      frame.session = random() % 2 == 0 ? kSession : static_cast<std::uint8_t>(random());
      frame.number = static_cast<std::uint8_t>(random());
      frame.held = {static_cast<std::uint8_t>(random()), static_cast<std::uint16_t>(random()),
                    static_cast<std::uint8_t>(random())};
      frame.payload = payload;
      Bytes line;
      transport::write_frame(frame, scratch, line);
      for (int faults = 0; faults < 3; ++faults) line[random() % line.size()] = static_cast<std::uint8_t>(random());
      if (random() % 2 == 0) line.erase(line.begin() + static_cast<std::ptrdiff_t>(random() % line.size()));
      out.insert(out.end(), line.begin(), line.end());
    }
  }
  out.resize(bytes);
  return out;
}

/// The card's end: kernels that are given bytes, and whose counter of good frames is looked at.
class CardEnd {
 public:
  CardEnd() : link_(sim::make_native_link()) {}

  void give(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) give(byte);
  }
  std::uint64_t good_frames() const { return good_; }

 private:
  void give(std::uint8_t byte) {
    sim::LinkInputs inputs;
    inputs.line_tx_ready = true;
    inputs.line_rx_valid = true;
    inputs.line_rx.data = byte;
    // A byte every 100 cycles at 12 Mbaud; what they would wait for has happened after a few.
    for (int cycle = 0; cycle < 40; ++cycle) {
      inputs.now_ns = time_ns_ += 8;
      link_->step(inputs);
      inputs.line_rx_valid = false;
      good_ += (link_->outputs().counted >> static_cast<unsigned>(LinkCounter::kFrames)) & 1;
    }
  }

  std::unique_ptr<sim::LinkPort> link_;
  std::uint64_t time_ns_ = 0;
  std::uint64_t good_ = 0;
};

/// Good frames as a sender in bulk makes them: long ones, one after the other.
Bytes good_frame(std::mt19937_64& random, LinkType type, std::uint8_t number, Bytes& scratch) {
  Bytes payload(link_frame::kPayloadMax);
  for (std::uint8_t& byte : payload) byte = static_cast<std::uint8_t>(random());
  transport::LinkFrame frame;
  frame.type = type;
  frame.session = kSession;
  frame.number = number;
  frame.held.limit = kLinkSlots;
  frame.payload = payload;
  Bytes line;
  transport::write_frame(frame, scratch, line);
  return line;
}

/// The bytes of a frame to the host: each code behind its block.
Bytes to_host(const Bytes& to_card) {
  Bytes out;
  for (std::size_t at = 0; to_card[at] != 0; at += to_card[at]) {
    const auto block = to_card.begin() + static_cast<std::ptrdiff_t>(at);
    out.insert(out.end(), block + 1, block + to_card[at]);
    out.push_back(to_card[at]);
  }
  out.push_back(0);
  return out;
}

/// Good bytes until a frame is taken, or more than kGoodBytesMax.
template <typename Give, typename Taken>
std::uint64_t resync(std::mt19937_64& random, Give give, Taken taken) {
  Bytes scratch;
  std::uint64_t bytes = 0;
  const std::uint64_t before = taken();
  while (bytes <= kGoodBytesMax && taken() == before) {
    const Bytes line = good_frame(random, LinkType::kData, 0, scratch);
    give(line);
    bytes += line.size();
  }
  return bytes;
}

}  // namespace

FuzzResult fuzz_link(std::uint64_t seed, std::uint64_t bytes) {
  std::mt19937_64 random(seed);
  FuzzResult result;
  CardEnd card;
  Bytes scratch;
  card.give(good_frame(random, LinkType::kSync, 0, scratch));
  transport::LinkEndpoint host({}, [](std::uint32_t baud) { return baud; });
  TimePoint now{};
  host.start(now, kSession - 1);
  static_cast<void>(host.poll_line(now));  // SYNC, which takes the session's number
  host.on_bytes(now, to_host(good_frame(random, LinkType::kSync, kLinkCardClockMhz, scratch)));
  while (result.bytes < bytes) {
    const Bytes noise = rubbish(random, 1 + random() % 20'000);
    result.bytes += noise.size();
    ++result.rounds;
    card.give(noise);
    const std::uint64_t at_card =
        resync(random, [&](const Bytes& line) { card.give(line); }, [&] { return card.good_frames(); });
    host.on_bytes(now, noise);
    const std::uint64_t at_host = resync(
        random, [&](const Bytes& line) { host.on_bytes(now, to_host(line)); },
        [&] { return host.counters().frames_in; });
    result.resync_bytes_max = std::max({result.resync_bytes_max, at_card, at_host});
    if (at_card > kGoodBytesMax) result.failure = "; the card hangs in round " + std::to_string(result.rounds);
    if (at_host > kGoodBytesMax) result.failure = "; the host hangs in round " + std::to_string(result.rounds);
    if (!result.failure.empty()) return result;
  }
  return result;
}

}  // namespace sockwire::bench
