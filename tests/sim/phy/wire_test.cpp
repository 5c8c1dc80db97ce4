// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/wire.hpp"

#include <gtest/gtest.h>

#include <map>

#include "sim/phy/cable.hpp"
#include "sim/phy/soft_mac.hpp"

namespace sockwire::sim {
namespace {

template <int kBytes>
bool same(const Line<kBytes>& a, const Line<kBytes>& b);
template <>
bool same(const Line<1>& a, const Line<1>& b) {
  return a.valid == b.valid && a.error == b.error && a.dribble == b.dribble && (!a.valid || a.data == b.data);
}
template <>
bool same(const Line<8>& a, const Line<8>& b) {
  return a.data == b.data && a.control == b.control;
}

std::vector<std::uint8_t> numbered(std::uint32_t number, std::size_t bytes) {
  std::vector<std::uint8_t> frame(bytes, 0xA5);
  for (std::size_t i = 0; i < 4; ++i) frame[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return frame;
}

std::uint32_t number_of(const ReceivedFrame& frame) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number |= static_cast<std::uint32_t>(frame.bytes.at(i)) << (8 * i);
  return number;
}

/// Sends numbered frames with the least gap, a cycle in and a cycle out at a time, and collects what arrives intact.
template <int kBytes>
std::vector<std::uint32_t> run(Wire<kBytes>& wire, int frames, std::size_t bytes,
                               std::vector<ReceivedFrame>* all = nullptr) {
  FrameEncoder<kBytes> encoder;
  FrameDecoder<kBytes> decoder;
  std::vector<std::uint32_t> numbers;
  std::uint64_t now = 0;
  const auto cycle = [&](const Line<kBytes>& line) {
    now += 8;
    wire.push(now, line);
    if (!decoder.push(now, wire.pull(now))) return;
    if (all != nullptr) all->push_back(decoder.frame());
    if (decoder.frame().fault == FrameFault::kNone) numbers.push_back(number_of(decoder.frame()));
  };
  for (int i = 0; i < frames; ++i) {
    const auto burst = encoder.encode(numbered(static_cast<std::uint32_t>(i), bytes));
    for (int gap = 0; gap < burst.gap_before && gap < kGapCycles<kBytes>; ++gap) cycle({});
    for (const auto& line : burst.lines) cycle(line);
  }
  while (wire.next_arrival_ns() != kNeverNs) cycle({});
  return numbers;
}

template <typename Width>
class WireTest : public testing::Test {};
using Widths = testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;
TYPED_TEST_SUITE(WireTest, Widths);

TYPED_TEST(WireTest, WithoutImpairmentsEachCycleLeavesAsItCame) {
  constexpr int kBytes = TypeParam::value;
  Wire<kBytes> wire({}, 1);
  FrameEncoder<kBytes> encoder;
  Random random(9);
  std::uint64_t now = 0;
  for (int i = 0; i < 200; ++i) {
    const auto burst = encoder.encode(numbered(1, 60 + random.below(400)));
    std::vector<Line<kBytes>> lines(i == 0 ? 20u : static_cast<std::size_t>(burst.gap_before));
    lines.insert(lines.end(), burst.lines.begin(), burst.lines.end());
    for (const auto& line : lines) {
      now += 8;
      wire.push(now, line);
      ASSERT_TRUE(same<kBytes>(wire.pull(now), line)) << "frame " << i;
    }
  }
  EXPECT_EQ(wire.counters().frames, 200u);
  EXPECT_EQ(wire.counters().delivered, 200u);
}

TYPED_TEST(WireTest, DelayShiftsByItsTimeAndKeepsTheGaps) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.delay_ns = 80'000;
  Wire<kBytes> wire(impairments, 1);
  std::vector<ReceivedFrame> delayed;
  EXPECT_EQ(run(wire, 50, 100, &delayed).size(), 50u);
  Wire<kBytes> straight({}, 1);
  std::vector<ReceivedFrame> direct;
  run(straight, 50, 100, &direct);
  ASSERT_EQ(delayed.size(), direct.size());
  for (std::size_t i = 0; i < direct.size(); ++i) EXPECT_EQ(delayed[i].start_ns, direct[i].start_ns + 80'000) << i;
}

// 20,000 frames at 2 %: 400 expected, standard deviation 20; five of them either way.
TYPED_TEST(WireTest, LosesAtItsRateAndCountsThem) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.loss = 0.02;
  Wire<kBytes> wire(impairments, 3);
  const auto numbers = run(wire, 20'000, 60);
  EXPECT_EQ(numbers.size() + wire.counters().lost, 20'000u);
  EXPECT_NEAR(static_cast<double>(wire.counters().lost), 400, 100);
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
}

TYPED_TEST(WireTest, LosesTheOneFrameThatIsNamed) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.lose_frame = 3;
  Wire<kBytes> wire(impairments, 3);
  EXPECT_EQ(run(wire, 5, 60), (std::vector<std::uint32_t>{0, 1, 3, 4}));
  EXPECT_EQ(wire.counters().lost, 1u);
}

TYPED_TEST(WireTest, DuplicatesWholeFrames) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.duplication = 0.1;
  Wire<kBytes> wire(impairments, 4);
  std::map<std::uint32_t, int> seen;
  for (const auto number : run(wire, 1000, 60)) ++seen[number];
  EXPECT_EQ(seen.size(), 1000u);
  std::uint64_t twice = 0;
  for (const auto& [number, times] : seen) {
    EXPECT_LE(times, 2) << number;
    twice += times == 2 ? 1 : 0;
  }
  EXPECT_EQ(twice, wire.counters().duplicated);
  EXPECT_NEAR(static_cast<double>(twice), 100, 48);
}

TYPED_TEST(WireTest, ReorderedFramesAreOvertakenByAtMostAFew) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.reordering = 0.05;
  Wire<kBytes> wire(impairments, 5);
  auto numbers = run(wire, 2000, 60);
  ASSERT_EQ(numbers.size(), 2000u);
  EXPECT_FALSE(std::is_sorted(numbers.begin(), numbers.end()));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    EXPECT_LE(std::abs(static_cast<int>(numbers[i]) - static_cast<int>(i)), 12);
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], i);
  EXPECT_NEAR(static_cast<double>(wire.counters().reordered), 100, 49);
}

TYPED_TEST(WireTest, AHeldFrameLeavesWhenNothingFollows) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.reordering = 1;
  impairments.hold_ns = 5000;
  Wire<kBytes> wire(impairments, 5);
  std::vector<ReceivedFrame> all;
  EXPECT_EQ(run(wire, 1, 60, &all).size(), 1u);
  EXPECT_GE(all.at(0).start_ns, 5000u);
}

TYPED_TEST(WireTest, BitErrorsBreakFramesAndNothingElse) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.bit_error_rate = 1e-4;
  Wire<kBytes> wire(impairments, 6);
  std::vector<ReceivedFrame> all;
  const auto numbers = run(wire, 5000, 200, &all);
  EXPECT_GT(wire.counters().bit_errors, 500u);
  EXPECT_LT(numbers.size(), 4800u);
  EXPECT_GT(numbers.size(), 3000u);
  for (const auto& frame : all) {
    if (frame.fault == FrameFault::kNone) {
      EXPECT_EQ(frame.bytes, numbered(number_of(frame), 200));
    }
  }
}

TYPED_TEST(WireTest, SameSeedSameFate) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.loss = impairments.reordering = impairments.duplication = 0.1;
  impairments.bit_error_rate = 1e-5;
  Wire<kBytes> one(impairments, 77);
  Wire<kBytes> two(impairments, 77);
  Wire<kBytes> other(impairments, 78);
  const auto first = run(one, 1000, 90);
  EXPECT_EQ(first, run(two, 1000, 90));
  EXPECT_NE(first, run(other, 1000, 90));
}

TYPED_TEST(WireTest, ASlowerLinkInThePathSpacesFrames) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.rate_bps = 100'000'000;
  Wire<kBytes> wire(impairments, 1);
  std::vector<ReceivedFrame> all;
  run(wire, 10, 1000, &all);
  ASSERT_EQ(all.size(), 10u);
  // Preamble, frame and FCS are 1012 octets: 80,960 ns at 100 Mb/s; a column more where the frame does not fill its
  // last one.
  EXPECT_NEAR(static_cast<double>(all[9].start_ns - all[0].start_ns) / 9, 80'960, 700);
}

TYPED_TEST(WireTest, DropsWhatTheQueueCannotHold) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.queue_frames = 5;
  Wire<kBytes> wire(impairments, 1);
  FrameEncoder<kBytes> encoder;
  for (std::uint32_t i = 0; i < 20; ++i) wire.push_burst(0, encoder.encode(numbered(i, 60)));
  EXPECT_EQ(wire.counters().queue_drops, 15u);
}

TYPED_TEST(WireTest, SaysWhenToComeBack) {
  constexpr int kBytes = TypeParam::value;
  Impairments impairments;
  impairments.delay_ns = 1'000'000;
  Wire<kBytes> wire(impairments, 1);
  EXPECT_EQ(wire.next_arrival_ns(), kNeverNs);
  FrameEncoder<kBytes> encoder;
  wire.push_burst(5, encoder.encode(numbered(1, 60)));
  EXPECT_EQ(wire.next_arrival_ns(), 1'000'005u);
  EXPECT_TRUE(is_idle(wire.pull(1'000'004)));
  EXPECT_FALSE(is_idle(wire.pull(1'000'005)));
  EXPECT_EQ(wire.next_arrival_ns(), 0u);
}

TYPED_TEST(WireTest, CableCarriesBothWays) {
  constexpr int kBytes = TypeParam::value;
  Cable<kBytes> cable({}, {}, 1);
  FrameEncoder<kBytes> encoder;
  const auto burst_a = encoder.encode(numbered(1, 100));
  FrameEncoder<kBytes> encoder_b;
  const auto burst_b = encoder_b.encode(numbered(2, 300));
  FrameDecoder<kBytes> at_a;
  FrameDecoder<kBytes> at_b;
  std::uint64_t now = 0;
  for (std::size_t i = 0; i < 2 || cable.a().next_arrival_ns() != kNeverNs; ++i, now += 8) {
    const auto from_a = i < burst_a.lines.size() ? burst_a.lines[i] : Line<kBytes>{};
    const auto from_b = i < burst_b.lines.size() ? burst_b.lines[i] : Line<kBytes>{};
    if (at_a.push(now, cable.a().exchange(now, from_a).rx)) {
      EXPECT_EQ(number_of(at_a.frame()), 2u);
    }
    if (at_b.push(now, cable.b().exchange(now, from_b).rx)) {
      EXPECT_EQ(number_of(at_b.frame()), 1u);
    }
  }
  EXPECT_EQ(at_a.counts()[0], 1u);
  EXPECT_EQ(at_b.counts()[0], 1u);
}

}  // namespace
}  // namespace sockwire::sim
