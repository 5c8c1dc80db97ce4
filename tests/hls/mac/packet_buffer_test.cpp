// SPDX-License-Identifier: Apache-2.0
#include "hls/mac/packet_buffer.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {
namespace {

struct Held {
  Bytes bytes;
  unsigned status = 0;
  bool bad = false;
};

/// The kernel and a plain model of it: frames go in as they would from the parser, descriptors a little later.
template <int kBytes>
struct BufferBench {
  Process<PacketBufferState<kBytes>> process;
  bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)> beats;
  mem<RxDescriptor, kPacketBufferFrames> descriptors;
  stream<RxBeat<kBytes>> frame_in{2};
  stream<RxDescriptor> descriptor_in{2};
  stream<Beat<kBytes>> frame_out{2};
  stream<RxDescriptor> descriptor_out{2};
  pulse<kPacketBufferCounters> counters;
  wire<bool> busy;

  std::vector<Held> received;
  Bytes current;
  std::deque<RxDescriptor> about;
  std::uint64_t counted[kPacketBufferCounters] = {};
  int descriptor_delay = 0;
  std::deque<std::pair<int, RxDescriptor>> due;
  int now = 0;

  /// Returns false if the input beat was not taken: the write side must never let that happen.
  void step(const RxBeat<kBytes>* beat, const RxDescriptor* descriptor, bool drain) {
    if (beat != nullptr) {
      ASSERT_FALSE(frame_in.full()) << "the write side waited";
      frame_in.push(*beat);
      if (descriptor != nullptr) due.emplace_back(now + descriptor_delay, *descriptor);
    }
    if (!due.empty() && due.front().first <= now && !descriptor_in.full()) {
      descriptor_in.push(due.front().second);
      due.pop_front();
    }
    if (drain && !descriptor_out.empty()) about.push_back(descriptor_out.pop());
    if (drain && !frame_out.empty()) {
      const Beat<kBytes> out = frame_out.pop();
      append(current, out, kBytes);
      if (out.last) {
        ASSERT_FALSE(about.empty()) << "a frame before its descriptor";
        EXPECT_EQ(about.front().bytes, current.size());
        received.push_back({current, static_cast<unsigned>(about.front().status), false});
        about.pop_front();
        current.clear();
      }
    }
    process.step(packet_buffer<kBytes>, beats, descriptors, frame_in, descriptor_in, frame_out, descriptor_out,
                 counters, busy);
    tick(beats, descriptors, frame_in, descriptor_in, frame_out, descriptor_out, counters, busy);
    for (int i = 0; i < kPacketBufferCounters; ++i) counted[i] += counters.read()[i];
    ++now;
  }
  void put(const Held& frame, std::mt19937& random, int drain_percent) {
    for (std::size_t at = 0; at < frame.bytes.size(); at += kBytes) {
      RxBeat<kBytes> beat = make_beat<kBytes, RxBeat<kBytes>>(frame.bytes, at);
      beat.bad = beat.last && frame.bad;
      RxDescriptor descriptor;
      descriptor.bytes = frame.bytes.size();
      descriptor.status = frame.status;
      const bool told = beat.last && !frame.bad;
      step(&beat, told ? &descriptor : nullptr, static_cast<int>(random() % 100) < drain_percent);
    }
  }
  void settle() {
    for (int i = 0; i < 20000; ++i) step(nullptr, nullptr, true);
  }
};

template <typename Width>
class PacketBuffer : public testing::Test {};
template <int kWidth>
using Width = std::integral_constant<int, kWidth>;
using Widths = testing::Types<Width<1>, Width<8>>;
TYPED_TEST_SUITE(PacketBuffer, Widths);

Held random_held(std::mt19937& random) {
  Held frame;
  frame.bad = random() % 4 == 0;
  const std::size_t range = random() % 2 ? 1459 : 40;
  frame.bytes = random_frame(random, frame.bad ? 1 + random() % 1518 : 60 + random() % range);
  frame.status = static_cast<unsigned>(random() & 0xFF);
  return frame;
}

TYPED_TEST(PacketBuffer, DeliversGoodFramesAndRollsBackBadOnes) {
  for (int delay : {0, 1, 3, 5}) {
    BufferBench<TypeParam::value> bench;
    bench.descriptor_delay = delay;
    std::mt19937 random(30);
    std::vector<Bytes> expected;
    for (int i = 0; i < 300; ++i) {
      const Held frame = random_held(random);
      bench.put(frame, random, 100);
      if (!frame.bad) expected.push_back(frame.bytes);
    }
    bench.settle();
    ASSERT_EQ(bench.received.size(), expected.size()) << "seed 30, delay " << delay;
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(bench.received[i].bytes, expected[i]);
    EXPECT_EQ(bench.counted[0], expected.size());
    EXPECT_EQ(bench.counted[1], 0u);
    EXPECT_FALSE(bench.busy.read());
  }
}

// Random frames and a slow reader: what comes out is what went in, in order, less whole frames, each counted.
TYPED_TEST(PacketBuffer, OverflowLosesWholeFramesAndCountsThem) {
  for (unsigned seed = 31; seed < 41; ++seed) {
    BufferBench<TypeParam::value> bench;
    bench.descriptor_delay = static_cast<int>(seed % 4);
    std::mt19937 random(seed);
    std::vector<Held> sent;
    for (int i = 0; i < 300; ++i) {
      const Held frame = random_held(random);
      bench.put(frame, random, i < 150 ? 10 * static_cast<int>(seed % 2) : 70);
      if (!frame.bad) sent.push_back(frame);
    }
    bench.settle();
    EXPECT_GT(bench.counted[1], 0u);
    EXPECT_EQ(bench.counted[0], bench.received.size());
    EXPECT_EQ(bench.counted[0] + bench.counted[1], sent.size()) << "seed " << seed;
    std::size_t at = 0;
    for (const Held& frame : bench.received) {
      while (at < sent.size() && (sent[at].bytes != frame.bytes || sent[at].status != frame.status)) ++at;
      ASSERT_LT(at++, sent.size()) << "a frame that was never sent, or out of order, seed " << seed;
    }
  }
}

TYPED_TEST(PacketBuffer, HoldsTwoMaximumFrames) {
  BufferBench<TypeParam::value> bench;
  std::mt19937 random(50);
  for (int i = 0; i < 2; ++i) bench.put({random_frame(random, 1518), 0, false}, random, 0);
  bench.settle();
  EXPECT_EQ(bench.received.size(), 2u);
  EXPECT_EQ(bench.counted[1], 0u);
}

TYPED_TEST(PacketBuffer, HoldsThirtyTwoMinimumFrames) {
  BufferBench<TypeParam::value> bench;
  std::mt19937 random(51);
  // Two descriptors and two beats of the first frame leave at once; the reader takes none of them.
  for (int i = 0; i < 40; ++i) bench.put({random_frame(random, 60), 0, false}, random, 0);
  bench.settle();
  EXPECT_GE(bench.received.size(), 32u);
  EXPECT_EQ(bench.received.size() + bench.counted[1], 40u);
}

TYPED_TEST(PacketBuffer, CountsWhatIsPassedUpMarked) {
  BufferBench<TypeParam::value> bench;
  std::mt19937 random(52);
  const unsigned statuses[] = {0x45, 0x81, 0x02, 0x49, 0x11, 0x00, 0x01};  // of card::ReceiveStatus
  for (const unsigned status : statuses) bench.put({random_frame(random, 60), status, false}, random, 100);
  bench.settle();
  EXPECT_EQ(bench.counted[0], 7u);
  EXPECT_EQ(bench.counted[2], 1u) << "0x02";
  EXPECT_EQ(bench.counted[3], 1u) << "0x49";
  EXPECT_EQ(bench.counted[4], 1u) << "0x11";
  EXPECT_EQ(bench.counted[5], 2u) << "0x00 and 0x01";
}

}  // namespace
}  // namespace sockwire::test
