// SPDX-License-Identifier: Apache-2.0
#include "hls/mac/mac_tx.hpp"

#include <gtest/gtest.h>

#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {
namespace {

template <typename Width>
class MacTx : public testing::Test {};
template <int kWidth>
using Width = std::integral_constant<int, kWidth>;
using Widths = testing::Types<Width<1>, Width<8>>;
TYPED_TEST_SUITE(MacTx, Widths);

constexpr int kFrames = 0;
constexpr int kUnderflow = 1;
constexpr int kPaused = 2;

// IEEE 802.3 clauses 3.2 and 4.2.3.3: preamble, SFD, padding to 60 bytes, FCS.
TYPED_TEST(MacTx, EveryLengthGetsPreamblePaddingAndFcs) {
  TxBench<TypeParam::value> bench;
  std::mt19937 random(2);
  for (std::size_t bytes = 1; bytes <= 1518; ++bytes) bench.send(random_frame(random, bytes));
  bench.run();
  ASSERT_EQ(bench.reader.frames.size(), 1518u);
  for (std::size_t i = 0; i < 1518; ++i) {
    const Seen& seen = bench.reader.frames[i];
    EXPECT_EQ(seen.bytes, with_fcs(padded(bench.queue[i].first))) << i + 1 << " bytes, seed 2";
    EXPECT_EQ(seen.preamble, 7u);
    EXPECT_FALSE(seen.error);
  }
  EXPECT_EQ(bench.counted[kFrames], 1518u);
  EXPECT_EQ(bench.counted[kUnderflow], 0u);
}

// Clause 4.4.2: interPacketGap of 96 bits; a width-1 MAC keeps it exactly.
TEST(MacTxGmii, ExactlyTwelveByteTimesBetweenFrames) {
  TxBench<1> bench;
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) bench.send(random_frame(random, 1 + random() % 1518));
  bench.run();
  for (std::size_t i = 1; i < 300; ++i) {
    EXPECT_EQ(bench.reader.frames[i].start - bench.reader.frames[i - 1].end, 12u) << i << ", seed 3";
  }
}

// Clause 46.3.1.4: starts in lane 0 or 4 only, gaps of 9 to 15 octets with /T/, 12 on average for every mix.
TEST(MacTxXgmii, DeficitIdleCountAveragesTwelve) {
  for (std::size_t fixed : {0, 60, 61, 62, 63, 64, 65, 66, 67, 1514, 1515, 1516, 1517, 1518}) {
    TxBench<8> bench;
    std::mt19937 random(4);
    const std::size_t count = 401;
    for (std::size_t i = 0; i < count; ++i) {
      bench.send(random_frame(random, fixed != 0 ? fixed : 60 + random() % 1459));
    }
    bench.run();
    ASSERT_EQ(bench.reader.frames.size(), count);
    std::size_t sum = 0;
    std::size_t lane4 = 0;
    for (std::size_t i = 1; i < count; ++i) {
      const std::size_t gap = bench.reader.frames[i].start - bench.reader.frames[i - 1].end;
      EXPECT_GE(gap, 9u);
      EXPECT_LE(gap, 15u);
      EXPECT_EQ(bench.reader.frames[i].start % 4, 0u);
      lane4 += bench.reader.frames[i].start % 8 == 4;
      sum += gap;
      // The deficit never exceeds three octets over any run from the start.
      EXPECT_GE(sum + 3, 12 * i) << "length " << fixed;
      EXPECT_LE(sum, 12 * i) << "length " << fixed;
    }
    // 8 + 4 + 12 octets go with each frame: a length of whole beats never leaves its lane.
    if (fixed == 0 || fixed % 8 != 0) {
      EXPECT_GT(lane4, 50u) << fixed;
    }
  }
}

// Departure: the tag comes back when the last bit has left, with the time; not before, nor for the unreported.
TYPED_TEST(MacTx, DepartureTellsTagAndTime) {
  TxBench<TypeParam::value> bench;
  std::mt19937 random(5);
  for (int i = 0; i < 40; ++i) {
    FrameInfo info;
    info.report = i % 3 != 0;
    info.tag = 1000 + i;
    info.seq_end = 0xFFFFFF00u + static_cast<unsigned>(i);
    info.segments = i;
    info.slot = i % 8;
    bench.send(random_frame(random, 1 + random() % 200), info);
  }
  bench.run();
  std::size_t at = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    if (i % 3 == 0) continue;
    ASSERT_LT(at, bench.departures.size());
    const Departure& left = bench.departures[at++];
    EXPECT_EQ(left.tag, 1000 + i);
    EXPECT_EQ(left.seq_end, (0xFFFFFF00u + i) & 0xFFFFFFFF);
    EXPECT_EQ(left.segments, i);
    EXPECT_EQ(left.slot, i % 8);
    const auto last = static_cast<double>(bench.reader.frames[i].end) / TypeParam::value;
    EXPECT_NEAR(static_cast<double>(left.time_ns), last, 4) << "in cycles";
  }
  EXPECT_EQ(at, bench.departures.size());
}

TYPED_TEST(MacTx, WaitsWithTheNextFrameWhileDeparturesHaveNoRoom) {
  TxBench<TypeParam::value> bench;
  FrameInfo info;
  info.report = true;
  for (int i = 0; i < 8; ++i) bench.send(Bytes(60, 1), info);
  bench.stall_departures = true;
  for (int i = 0; i < 2000; ++i) bench.step();
  EXPECT_EQ(bench.reader.frames.size(), 4u);
  bench.stall_departures = false;
  bench.run();
  EXPECT_EQ(bench.reader.frames.size(), 8u);
  EXPECT_EQ(bench.departures.size(), 8u);
}

// A beat that comes late: the frame must not look right to anybody, and the next one is unharmed.
TYPED_TEST(MacTx, UnderflowMakesTheFrameWrongAndIsCounted) {
  for (int cycles = 3; cycles < 40; ++cycles) {
    TxBench<TypeParam::value> bench;
    bench.send(Bytes(400, 0x11));
    bench.send(Bytes(100, 0x22));
    for (int i = 0; i < cycles; ++i) bench.step();
    bench.starve = true;
    for (int i = 0; i < 400; ++i) bench.step();
    bench.starve = false;
    bench.run();
    ASSERT_EQ(bench.reader.frames.size(), 2u) << cycles;
    const Seen& cut = bench.reader.frames[0];
    EXPECT_TRUE(cut.error) << cycles;
    ASSERT_LT(cut.bytes.size(), 404u);
    if (TypeParam::value == 1 && cut.bytes.size() >= 4) {
      const Bytes body(cut.bytes.begin(), cut.bytes.end() - 4);
      EXPECT_NE(cut.bytes, with_fcs(body)) << cycles;
    }
    EXPECT_EQ(bench.reader.frames[1].bytes, with_fcs(Bytes(100, 0x22))) << cycles;
    EXPECT_EQ(bench.counted[kUnderflow], 1u) << cycles;
    EXPECT_EQ(bench.counted[kFrames], 1u) << cycles;
    EXPECT_GE(bench.reader.frames[1].start - cut.end, 12u);
  }
}

// Annex 31B.3: the frame under way is finished, then nothing starts for `quanta` times 512 bit times.
TYPED_TEST(MacTx, PauseHoldsTheNextFrameForItsQuanta) {
  constexpr std::size_t kQuantumBytes = 64;
  TxBench<TypeParam::value> bench;
  for (int i = 0; i < 3; ++i) bench.send(Bytes(1000, 0x33));
  for (int i = 0; i < 20; ++i) bench.step();
  bench.pause.push(PauseRequest{50});
  const std::size_t asked = bench.cycle * TypeParam::value;
  bench.run();
  ASSERT_EQ(bench.reader.frames.size(), 3u);
  EXPECT_EQ(bench.reader.frames[0].bytes, with_fcs(Bytes(1000, 0x33)));
  const std::size_t held = bench.reader.frames[1].start - asked;
  EXPECT_GE(held, 50 * kQuantumBytes);
  EXPECT_LE(held, 50 * kQuantumBytes + 6 * TypeParam::value);
  EXPECT_EQ(bench.counted[kPaused], 1u);
  EXPECT_EQ(bench.reader.frames[2].start - bench.reader.frames[1].end, 12u);
}

TYPED_TEST(MacTx, PauseOfZeroEndsAPause) {
  TxBench<TypeParam::value> bench;
  bench.pause.push(PauseRequest{65535});
  bench.step();
  bench.step();
  EXPECT_TRUE(bench.busy.read());
  bench.send(Bytes(60, 1));
  for (int i = 0; i < 500; ++i) bench.step();
  EXPECT_TRUE(bench.reader.frames.empty());
  bench.pause.push(PauseRequest{0});
  bench.run(1000);
  EXPECT_EQ(bench.reader.frames.size(), 1u);
  EXPECT_FALSE(bench.busy.read());
}

// MII's pace: the line moves only when it is enabled.
TEST(MacTxGmii, EnableSetsThePace) {
  TxBench<1> bench;
  bench.send(Bytes(60, 0x5A));
  bench.send(Bytes(61, 0x5B));
  for (int i = 0; i < 4000; ++i) {
    bench.enable.drive(i % 10 == 0);
    bench.step();
  }
  ASSERT_EQ(bench.reader.frames.size(), 2u);
  EXPECT_EQ(bench.reader.frames[0].bytes, with_fcs(Bytes(60, 0x5A)));
  EXPECT_EQ(bench.reader.frames[1].start - bench.reader.frames[0].end, 12u);
}

}  // namespace
}  // namespace sockwire::test
