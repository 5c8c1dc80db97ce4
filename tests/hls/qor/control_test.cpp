// SPDX-License-Identifier: Apache-2.0
// The kernels of the quality table that decide, arbitrate and move bytes, against plain models of what they do.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/hls/qor/frame_arbiter.hpp"
#include "tests/hls/qor/header_strip.hpp"
#include "tests/hls/qor/pipe.hpp"
#include "tests/hls/qor/uart_receiver.hpp"
#include "tests/hls/qor/window_check.hpp"

namespace sockwire {
namespace {

constexpr unsigned kSeed = 7;

SegmentVerdict verdict_of(const SegmentNumbers& segment, const ConnectionNumbers& connection) {
  WindowCheckState state;
  stream<SegmentNumbers> in;
  wire<ConnectionNumbers> numbers(connection);
  stream<SegmentVerdict> out;
  in.push(segment);
  tick(in, out);
  window_check(state, in, numbers, out);
  in.finish(true);
  out.finish(true);
  tick(in, out);
  return out.front();
}

/// RFC 9293 3.4 and 3.10.7.4 without modular arithmetic: octets are numbered from RCV.NXT, far from any wrap.
bool plainly_acceptable(std::int64_t first_from_nxt, unsigned length, std::int64_t window) {
  if (length == 0 && window == 0) return first_from_nxt == 0;
  const std::int64_t last = first_from_nxt + (length == 0 ? 0 : length - 1);
  const auto inside = [&](std::int64_t octet) { return octet >= 0 && octet < window; };
  return inside(first_from_nxt) || (length != 0 && inside(last));
}

TEST(QorWindowCheck, TheFourRowsOfTheTableAroundTheirEdges) {
  std::mt19937 random(kSeed);
  for (const std::int64_t window : {0, 1, 2, 1000, 65535, 65536, 1 << 29}) {
    for (const unsigned length : {0u, 1u, 2u, 999u, 1000u, 1460u, 65535u}) {
      for (const std::int64_t edge : {std::int64_t(0), window, -std::int64_t(length), window - std::int64_t(length)}) {
        for (std::int64_t offset = edge - 2; offset <= edge + 2; ++offset) {
          ConnectionNumbers connection;
          connection.rcv_nxt = random();
          connection.rcv_wnd = static_cast<std::uint64_t>(window);
          SegmentNumbers segment;
          segment.seq = static_cast<std::uint64_t>(connection.rcv_nxt) + static_cast<std::uint64_t>(offset);
          segment.length = length;
          EXPECT_EQ(verdict_of(segment, connection).acceptable, plainly_acceptable(offset, length, window))
              << "window " << window << " length " << length << " offset " << offset << " seed " << kSeed;
        }
      }
    }
  }
}

TEST(QorWindowCheck, AnAckIsNewBetweenUnacknowledgedAndNext) {
  std::mt19937 random(kSeed);
  for (const std::int64_t flight : {0, 1, 2, 1460, 1 << 29}) {
    for (const std::int64_t edge : {std::int64_t(0), flight}) {
      for (std::int64_t offset = edge - 2; offset <= edge + 2; ++offset) {
        ConnectionNumbers connection;
        connection.snd_una = random();
        connection.snd_nxt = static_cast<std::uint64_t>(connection.snd_una) + static_cast<std::uint64_t>(flight);
        SegmentNumbers segment;
        segment.ack = static_cast<std::uint64_t>(connection.snd_una) + static_cast<std::uint64_t>(offset);
        EXPECT_EQ(verdict_of(segment, connection).new_ack, offset > 0 && offset <= flight) << flight << " " << offset;
      }
    }
  }
}

// Each source sends frames marked with its number; they come out whole, and who waits is served in turn.
TEST(QorFrameArbiter, ServesWholeFramesInTurn) {
  std::mt19937 random(kSeed);
  Process<FrameArbiterState> process;
  std::array<stream<Beat<1>>, 4> in;
  stream<Beat<1>> out;
  std::array<unsigned, 4> sent{};
  std::array<unsigned, 4> received{};
  std::vector<unsigned> order;
  int owner = -1;
  for (int cycle = 0; cycle < 20'000; ++cycle) {
    for (unsigned source = 0; source < 4; ++source) {
      if (in[source].full() || (cycle < 10'000 && random() % 4 != 0)) continue;
      Beat<1> beat;
      beat.data = source << 6 | (sent[source] & 63);
      beat.keep = 1;
      beat.last = sent[source]++ % 5 == source;
      in[source].push(beat);
    }
    if (!out.empty() && (cycle > 10'000 || random() % 4 != 0)) {
      const Beat<1> beat = out.pop();
      const unsigned source = static_cast<unsigned>(beat.data) >> 6;
      EXPECT_TRUE(owner == -1 || owner == static_cast<int>(source)) << "a frame was interrupted, seed " << kSeed;
      EXPECT_EQ(static_cast<unsigned>(beat.data) & 63, received[source] & 63);
      EXPECT_EQ(beat.last, received[source]++ % 5 == source);
      owner = beat.last ? -1 : static_cast<int>(source);
      if (beat.last && cycle > 10'050) order.push_back(source);
    }
    process.step(frame_arbiter, in[0], in[1], in[2], in[3], out);
    tick(in[0], in[1], in[2], in[3], out);
  }
  // All of them wait all the time.
  ASSERT_GT(order.size(), 1000u);
  for (std::size_t i = 1; i < order.size(); ++i) ASSERT_EQ(order[i], (order[i - 1] + 1) % 4);
}

TEST(QorHeaderStrip, FramesOfEveryLengthWithoutTheirFirstTwoBytes) {
  std::mt19937 random(kSeed);
  std::vector<Beat<8>> in;
  std::vector<Bytes> expected;
  for (std::size_t length = 1; length < 100; ++length) {
    const Bytes bytes = random_bytes(random, length);
    for (const Beat<8>& beat : beats_of<8>(bytes)) in.push_back(beat);
    if (length > 2) expected.emplace_back(bytes.begin() + 2, bytes.end());
  }
  Pipe<HeaderStripState, Beat<8>, Beat<8>> pipe(header_strip);
  std::vector<Bytes> frames(1);
  for (const Beat<8>& beat : pipe.put(in)) {
    if (!beat.last) {
      EXPECT_EQ(beat.keep, 0xFFu);
    }
    test::append(frames.back(), beat, 8);
    if (beat.last) frames.emplace_back();
  }
  frames.pop_back();
  EXPECT_EQ(frames, expected) << "seed " << kSeed;
}

/// The receiver with a line that is given level by level.
struct SerialLine {
  Process<UartReceiverState> process;
  wire<bool> line{true};
  wire<ap_uint<12>> cycles_per_bit;
  stream<ap_uint<8>> received;
  pulse<2> errors;
  Bytes bytes;
  std::array<int, 2> counted{};
  bool stall = false;

  void level(bool value, unsigned cycles) {
    for (unsigned i = 0; i < cycles; ++i) {
      line.drive(value);
      if (!stall && !received.empty()) bytes.push_back(static_cast<std::uint8_t>(received.pop()));
      process.step(uart_receiver, line, cycles_per_bit, received, errors);
      tick(line, cycles_per_bit, received, errors);
      for (int bit = 0; bit < 2; ++bit) counted[static_cast<std::size_t>(bit)] += errors.read()[bit] ? 1 : 0;
    }
  }
  void send(std::uint8_t byte, unsigned cycles, bool stop = true) {
    level(false, cycles);
    for (int bit = 0; bit < 8; ++bit) level(((byte >> bit) & 1) != 0, cycles);
    level(stop, cycles);
  }
};

// A sender that is up to 4% off at 64 cycles a bit, back to back and with pauses.
TEST(QorUartReceiver, BytesAtSlightlyWrongSpeeds) {
  for (const unsigned cycles : {62u, 63u, 64u, 65u, 66u}) {
    SerialLine serial;
    serial.cycles_per_bit.drive(63);
    std::mt19937 random(kSeed);
    const Bytes sent = random_bytes(random, 300);
    serial.level(true, 100);
    for (const std::uint8_t byte : sent) {
      serial.send(byte, cycles);
      serial.level(true, random() % 2 == 0 ? 0 : random() % 300);
    }
    serial.level(true, 200);
    EXPECT_EQ(serial.bytes, sent) << cycles;
    EXPECT_EQ(serial.counted, (std::array<int, 2>{0, 0})) << cycles;
  }
}

TEST(QorUartReceiver, SpikesMissingStopBitsAndFullStreams) {
  SerialLine serial;
  serial.cycles_per_bit.drive(15);
  serial.level(true, 50);
  serial.level(false, 5);
  serial.level(true, 200);
  EXPECT_TRUE(serial.bytes.empty());
  serial.send(0x5A, 16, false);
  serial.level(true, 200);
  EXPECT_EQ(serial.counted, (std::array<int, 2>{1, 0}));
  serial.stall = true;
  for (const std::uint8_t byte : {1, 2, 3}) serial.send(byte, 16);
  serial.level(true, 100);
  serial.stall = false;
  serial.level(true, 10);
  EXPECT_EQ(serial.counted, (std::array<int, 2>{1, 1}));
  EXPECT_EQ(serial.bytes, (Bytes{1, 2}));
}

}  // namespace
}  // namespace sockwire
