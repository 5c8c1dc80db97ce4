// SPDX-License-Identifier: Apache-2.0
// The receive path as the engine has it: line -> mac_rx -> receive_parser -> packet_buffer -> event_writer -> events.
#include <gtest/gtest.h>

#include "hls/checksum/receive_parser.hpp"
#include "hls/mac/packet_buffer.hpp"
#include "tests/hls/card/event_bench.hpp"

namespace sockwire::test {
namespace {

template <int kBytes>
struct ReceivePath {
  RxBench<kBytes> mac;
  Process<ReceiveParserState<kBytes>> parser;
  stream<RxBeat<kBytes>> parsed{2};
  stream<RxDescriptor> parsed_descriptor{2};
  Process<PacketBufferState<kBytes>> buffer;
  bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)> beats;
  mem<RxDescriptor, kPacketBufferFrames> descriptors;
  pulse<kPacketBufferCounters> buffer_counters;
  wire<bool> buffer_busy;
  EventBench<kBytes> writer;
  std::uint64_t passed = 0;
  std::uint64_t overflow = 0;

  void step(const Line<kBytes>& in, bool ready = true) {
    mac.line.drive(in);
    writer.step(ready);
    buffer.step(packet_buffer<kBytes>, beats, descriptors, parsed, parsed_descriptor, writer.frame, writer.descriptor,
                buffer_counters, buffer_busy);
    parser.step(receive_parser<kBytes>, mac.frame, writer.now_ns, parsed, parsed_descriptor);
    mac.process.step(mac_rx<kBytes>, mac.line, mac.enable, mac.config, mac.frame, mac.pause, mac.counters, mac.busy);
    writer.tick_all();
    tick(beats, descriptors, buffer_counters, buffer_busy, parsed, parsed_descriptor, mac.line, mac.enable, mac.config,
         mac.frame, mac.pause, mac.counters, mac.busy);
    passed += buffer_counters.read()[0];
    overflow += buffer_counters.read()[1];
    for (int i = 0; i < kMacRxCounters; ++i) mac.counted[i] += mac.counters.read()[i];
  }
};

template <typename Width>
class ReceivePathTest : public testing::Test {};
template <int kWidth>
using Width = std::integral_constant<int, kWidth>;
using Widths = testing::Types<Width<1>, Width<8>>;
TYPED_TEST_SUITE(ReceivePathTest, Widths);

/// Frames of the given lengths at full line rate, with the gaps that a transmitter makes.
template <int kBytes>
std::vector<Line<kBytes>> full_rate(const std::vector<Bytes>& frames) {
  TxBench<kBytes> tx;
  for (const Bytes& frame : frames) tx.send(frame);
  std::vector<Line<kBytes>> lines;
  while (!tx.done()) {
    tx.step();
    lines.push_back(tx.line.read());
  }
  for (int i = 0; i < 100; ++i) lines.push_back(Line<kBytes>{});
  return lines;
}

template <int kBytes>
void no_drops(const std::vector<Bytes>& frames) {
  ReceivePath<kBytes> path;
  for (const auto& line : full_rate<kBytes>(frames)) path.step(line);
  for (int i = 0; i < 4000; ++i) path.step(Line<kBytes>{});
  EXPECT_EQ(path.overflow, 0u);
  EXPECT_EQ(path.mac.total(), 0u);
  ASSERT_EQ(path.writer.seen.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(path.writer.seen[i].type(), card::Event::kReceive);
    ASSERT_EQ(path.writer.seen[i].body(), padded(frames[i])) << i;
  }
}

TYPED_TEST(ReceivePathTest, TenThousandMinimumFramesAtFullRateWithoutADrop) {
  std::mt19937 random(80);
  std::vector<Bytes> frames;
  for (int i = 0; i < 10000; ++i) frames.push_back(random_frame(random, 60));
  no_drops<TypeParam::value>(frames);
}

// Every length is the worst for some stage: 65 bytes have 9 beats of 8, with 16 of header 11 of the 11.125 there are.
TYPED_TEST(ReceivePathTest, EveryLengthAtFullRateWithoutADrop) {
  for (std::size_t bytes : {61, 64, 65, 66, 72, 73, 1513, 1514, 1517, 1518}) {
    std::mt19937 random(81);
    std::vector<Bytes> frames;
    for (int i = 0; i < 300; ++i) frames.push_back(random_frame(random, bytes));
    no_drops<TypeParam::value>(frames);
  }
}

// The host stalls at random: whole frames are lost and counted, and nothing else happens.
TYPED_TEST(ReceivePathTest, StalledEventsLoseWholeFramesOnly) {
  for (unsigned seed = 82; seed < 87; ++seed) {
    std::mt19937 random(seed);
    std::vector<Bytes> frames;
    for (int i = 0; i < 400; ++i) {
      const std::size_t range = random() % 2 ? 60 : 1459;
      frames.push_back(random_frame(random, 60 + random() % range));
    }
    ReceivePath<TypeParam::value> path;
    bool ready = true;
    for (const auto& line : full_rate<TypeParam::value>(frames)) {
      if (random() % 500 == 0) ready = !ready;
      path.step(line, ready);
    }
    for (int i = 0; i < 20000; ++i) path.step(Line<TypeParam::value>{});
    EXPECT_GT(path.overflow, 0u);
    EXPECT_EQ(path.mac.total(), 0u) << "the packet buffer takes all that comes";
    EXPECT_EQ(path.passed + path.overflow, frames.size()) << "seed " << seed;
    EXPECT_EQ(path.writer.seen.size(), path.passed);
    std::size_t at = 0;
    for (const Event& event : path.writer.seen) {
      while (at < frames.size() && frames[at] != event.body()) ++at;
      ASSERT_LT(at++, frames.size()) << "seed " << seed;
    }
    EXPECT_FALSE(path.buffer_busy.read());
    EXPECT_FALSE(path.writer.busy.read());
    EXPECT_FALSE(path.mac.busy.read());
  }
}

}  // namespace
}  // namespace sockwire::test
