// SPDX-License-Identifier: Apache-2.0
#include "hls/mac/mac_rx.hpp"

#include <gtest/gtest.h>

#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {
namespace {

template <typename Width>
class MacRx : public testing::Test {};
template <int kWidth>
using Width = std::integral_constant<int, kWidth>;
using Widths = testing::Types<Width<1>, Width<8>>;
TYPED_TEST_SUITE(MacRx, Widths);

constexpr int kFcs = 0;
constexpr int kAlignment = 1;
constexpr int kRunt = 2;
constexpr int kGiant = 3;
constexpr int kSymbol = 4;
constexpr int kFiltered = 5;
constexpr int kPause = 6;
constexpr int kNoSfd = 7;
constexpr int kLost = 8;

constexpr std::uint64_t kBroadcastAddress = 0xFFFFFFFFFFFF;
constexpr std::uint64_t kMulticastAddress = 0x01005E000001ULL;  // wire order 01-00-00-5E-00-01
constexpr std::uint64_t kPauseAddress = 0x010000C28001ULL;      // 01-80-C2-00-00-01

Bytes pause_frame(unsigned quanta, std::uint64_t destination = kPauseAddress) {
  Bytes frame(60, 0);
  for (std::size_t i = 0; i < 6; ++i) frame[i] = static_cast<std::uint8_t>(destination >> (8 * i));
  frame[6] = 0x02;
  frame[12] = 0x88;
  frame[13] = 0x08;
  frame[15] = 0x01;
  frame[16] = static_cast<std::uint8_t>(quanta >> 8);
  frame[17] = static_cast<std::uint8_t>(quanta);
  return frame;
}

// What the plain CRC of mac_bench.hpp appends is accepted and cut off, at every length and start lane.
TYPED_TEST(MacRx, EveryLengthAtEveryStart) {
  RxBench<TypeParam::value> bench;
  std::mt19937 random(10);
  LineWriter<TypeParam::value> wire;
  std::vector<Bytes> sent;
  wire.idle(8);
  for (std::size_t bytes = 60; bytes <= 1518; ++bytes) {
    for (int lane = 0; lane < (TypeParam::value == 8 ? 2 : 1); ++lane) {
      wire.idle(4 + 4 * lane + 8);
      sent.push_back(random_frame(random, bytes));
      wire.frame(with_fcs(sent.back()));
    }
  }
  bench.run(wire);
  EXPECT_EQ(bench.good, sent) << "seed 10";
  EXPECT_EQ(bench.total(), 0u);
  EXPECT_EQ(bench.bad, 0);
  EXPECT_FALSE(bench.busy.read());
}

// Clause 46.2.1: a receiver gets along with five octets between /T/ inclusive and /S/.
TYPED_TEST(MacRx, MinimumFramesWithTheSmallestGap) {
  RxBench<TypeParam::value> bench;
  std::mt19937 random(11);
  LineWriter<TypeParam::value> wire;
  std::vector<Bytes> sent;
  wire.idle(8);
  for (std::size_t i = 0; i < 3000; ++i) {
    sent.push_back(random_frame(random, 60 + (i < 1000 ? 0 : random() % 9)));
    wire.frame(with_fcs(sent.back()));
    wire.idle(TypeParam::value == 8 ? 4 : 1);
  }
  bench.run(wire);
  EXPECT_EQ(bench.good, sent) << "seed 11";
  EXPECT_EQ(bench.total(), 0u);
}

TYPED_TEST(MacRx, ShortenedPreambleIsAccepted) {
  RxBench<TypeParam::value> bench;
  std::mt19937 random(12);
  LineWriter<TypeParam::value> wire;
  std::vector<Bytes> sent;
  for (int preamble = TypeParam::value == 8 ? 7 : 0; preamble <= 7; ++preamble) {
    wire.idle(12);
    sent.push_back(random_frame(random, 60));
    if (preamble == 0) {
      wire.symbols.push_back({0xD5, false});
      for (const std::uint8_t byte : with_fcs(sent.back())) wire.symbols.push_back({byte, false});
    } else {
      wire.frame(with_fcs(sent.back()), preamble);
    }
  }
  bench.run(wire);
  EXPECT_EQ(bench.good, sent);
}

TYPED_TEST(MacRx, AddressFilter) {
  struct Case {
    std::uint64_t destination;
    bool promiscuous, all_multicast, broadcast, accepted;
  };
  const Case cases[] = {
      {kOwnAddress, false, false, false, true},       {kOwnAddress ^ 0x040000000000, false, true, true, false},
      {kOwnAddress ^ 0x04, false, true, true, false}, {kOwnAddress ^ 0x04, true, false, false, true},
      {kBroadcastAddress, false, false, true, true},  {kBroadcastAddress, false, false, false, false},
      {kMulticastAddress, false, false, true, false}, {kMulticastAddress, false, true, false, true},
      {kMulticastAddress, true, false, false, true},
  };
  for (const Case& one : cases) {
    RxBench<TypeParam::value> bench;
    MacConfig config;
    config.address = kOwnAddress;
    config.promiscuous = one.promiscuous;
    config.all_multicast = one.all_multicast;
    config.broadcast = one.broadcast;
    bench.config.drive(config);
    std::mt19937 random(13);
    LineWriter<TypeParam::value> wire;
    wire.idle(12);
    wire.frame(with_fcs(random_frame(random, 100, one.destination)));
    wire.idle(12);
    bench.run(wire);
    EXPECT_EQ(bench.good.size(), one.accepted ? 1u : 0u) << &one - cases;
    EXPECT_EQ(bench.counted[kFiltered], one.accepted ? 0u : 1u);
    EXPECT_EQ(bench.total(), one.accepted ? 0u : 1u);
  }
}

/// A frame that something is wrong with, between two that are right: it is counted under `counter`, and they arrive.
template <int kBytes, typename Spoil>
RxBench<kBytes> spoiled(std::size_t bytes, Spoil spoil) {
  RxBench<kBytes> bench;
  std::mt19937 random(14);
  const Bytes before = random_frame(random, 64);
  const Bytes after = random_frame(random, 65);
  LineWriter<kBytes> wire;
  wire.idle(16);
  wire.frame(with_fcs(before));
  wire.idle(16);
  Bytes whole = with_fcs(random_frame(random, bytes));
  const std::size_t start = wire.frame(whole);
  spoil(wire.symbols, start);
  wire.idle(24);
  wire.frame(with_fcs(after));
  wire.idle(16);
  bench.run(wire);
  EXPECT_GE(bench.good.size(), 2u);
  if (bench.good.size() >= 2) {
    EXPECT_EQ(bench.good.front(), before);
    EXPECT_EQ(bench.good.back(), after);
  }
  EXPECT_FALSE(bench.busy.read());
  return bench;
}

TYPED_TEST(MacRx, AnyWrongBitIsAnFcsError) {
  for (std::size_t byte = 8; byte < 8 + 71; ++byte) {
    auto bench = spoiled<TypeParam::value>(
        67, [&](auto& symbols, std::size_t start) { symbols[start + byte].data ^= 1 << (byte % 8); });
    EXPECT_EQ(bench.counted[kFcs], 1u) << byte;
    EXPECT_EQ(bench.total(), 1u) << byte;
    EXPECT_EQ(bench.good.size(), 2u);
  }
}

// Shorter than 64 bytes with FCS (clause 4.2.4.2.2), whatever the FCS says.
TYPED_TEST(MacRx, Runts) {
  for (std::size_t bytes = 1; bytes < 60; ++bytes) {
    auto bench = spoiled<TypeParam::value>(bytes, [](auto&, std::size_t) {});
    EXPECT_EQ(bench.counted[kRunt], 1u) << bytes;
    EXPECT_EQ(bench.total(), 1u) << bytes;
    EXPECT_EQ(bench.good.size(), 2u);
  }
}

TYPED_TEST(MacRx, Giants) {
  for (std::size_t bytes : {1519, 1520, 1521, 1522, 1523, 1524, 1525, 1526, 1527, 2000, 9000, 70000}) {
    auto bench = spoiled<TypeParam::value>(bytes, [](auto&, std::size_t) {});
    EXPECT_EQ(bench.counted[kGiant], 1u) << bytes;
    EXPECT_EQ(bench.total(), 1u) << bytes;
    EXPECT_EQ(bench.good.size(), 2u);
  }
  auto longest = spoiled<TypeParam::value>(1518, [](auto&, std::size_t) {});
  EXPECT_EQ(longest.total(), 0u);
  EXPECT_EQ(longest.good.size(), 3u);
}

TYPED_TEST(MacRx, SymbolErrorAnywhereInAFrame) {
  for (std::size_t byte = 8; byte < 8 + 71; ++byte) {
    auto bench =
        spoiled<TypeParam::value>(67, [&](auto& symbols, std::size_t start) { symbols[start + byte].error = true; });
    EXPECT_EQ(bench.counted[kSymbol], 1u) << byte;
    EXPECT_EQ(bench.total(), 1u) << byte;
    EXPECT_EQ(bench.good.size(), 2u);
  }
}

// Clause 4.2.4.2.1: a dribble nibble is dropped; it is an alignment error only with a wrong FCS.
TEST(MacRxGmii, DribbleNibble) {
  for (const bool wrong : {false, true}) {
    auto bench = spoiled<1>(80, [&](auto& symbols, std::size_t start) {
      Symbol end;
      end.dribble = true;
      symbols.push_back(end);
      if (wrong) symbols[start + 40].data ^= 0x10;
    });
    EXPECT_EQ(bench.counted[kAlignment], wrong ? 1u : 0u);
    EXPECT_EQ(bench.total(), wrong ? 1u : 0u);
    EXPECT_EQ(bench.good.size(), wrong ? 2u : 3u);
  }
}

TEST(MacRxGmii, CarrierWithoutSfd) {
  for (int bytes : {1, 7, 40, 300}) {
    RxBench<1> bench;
    LineWriter<1> wire;
    wire.idle(4);
    for (int i = 0; i < bytes; ++i) wire.symbols.push_back({0x55, false});
    wire.idle(4);
    bench.run(wire);
    EXPECT_EQ(bench.counted[kNoSfd], 1u) << bytes;
    EXPECT_EQ(bench.total(), 1u) << bytes;
    EXPECT_EQ(bench.bad, 0);
  }
}

// Table 35-2: RX_ER with 0x0E and no RX_DV.
TEST(MacRxGmii, FalseCarrierIsCountedOncePerBurst) {
  RxBench<1> bench;
  LineWriter<1> wire;
  for (int burst = 0; burst < 3; ++burst) {
    wire.idle(4);
    for (int i = 0; i < 5; ++i) wire.symbols.push_back({0x0E, true, true});
  }
  bench.run(wire);
  EXPECT_EQ(bench.counted[kNoSfd], 3u);
  EXPECT_EQ(bench.total(), 3u);
}

TEST(MacRxXgmii, DataWithoutStartIsCountedOnce) {
  for (std::size_t lane : {0, 4}) {
    auto bench = spoiled<8>(100, [&](auto& symbols, std::size_t start) {
      if (start % 8 == lane) symbols[start].control = false;
      if (start % 8 != lane) symbols[start].data = 0x07;
    });
    EXPECT_EQ(bench.counted[kNoSfd], 1u);
    EXPECT_EQ(bench.total(), 1u);
    EXPECT_EQ(bench.good.size(), 2u);
  }
}

TEST(MacRxXgmii, StartWithoutSfdIsCountedOnce) {
  auto bench = spoiled<8>(100, [](auto& symbols, std::size_t start) { symbols[start + 7].data = 0x55; });
  EXPECT_EQ(bench.counted[kNoSfd], 1u);
  EXPECT_EQ(bench.total(), 1u);
}

// Control bits go wrong anywhere: each carrier costs at most itself, and nothing wedges.
TEST(MacRxXgmii, AnyControlBitErrorIsCountedAndSurvived) {
  for (std::size_t at = 0; at < 8 + 71 + 1; ++at) {
    for (const std::uint8_t data : {0x00, 0x07, 0xFB, 0xFD, 0xFE, 0x9C}) {
      auto bench = spoiled<8>(67, [&](auto& symbols, std::size_t start) {
        symbols[start + at].control = !symbols[start + at].control;
        if (symbols[start + at].control) symbols[start + at].data = data;
      });
      EXPECT_EQ(bench.good.size(), 2u) << at << " " << int(data);
      EXPECT_GE(bench.total(), 1u) << at << " " << int(data);
      EXPECT_LE(bench.total(), 2u) << at << " " << int(data);
    }
  }
}

TYPED_TEST(MacRx, PauseIsHandedOnAndNeverPassedUp) {
  for (const bool honoured : {false, true}) {
    RxBench<TypeParam::value> bench;
    MacConfig config;
    config.address = kOwnAddress;
    config.promiscuous = true;
    config.pause = honoured;
    bench.config.drive(config);
    LineWriter<TypeParam::value> wire;
    wire.idle(8);
    wire.frame(with_fcs(pause_frame(0xABCD)));
    wire.idle(8);
    wire.frame(with_fcs(pause_frame(0x0102, kOwnAddress)));  // annex 31B.1 also allows the station's own address
    wire.idle(8);
    Bytes other = pause_frame(7);
    other[15] = 0x02;  // another opcode
    wire.frame(with_fcs(other));
    wire.idle(8);
    bench.run(wire);
    EXPECT_EQ(bench.pauses, honoured ? (std::vector<unsigned>{0xABCD, 0x0102}) : std::vector<unsigned>{});
    EXPECT_EQ(bench.counted[kPause], 2u);
    EXPECT_EQ(bench.good, (std::vector<Bytes>{other}));
  }
}

TYPED_TEST(MacRx, WrongPauseFrameIsNotObeyed) {
  RxBench<TypeParam::value> bench;
  LineWriter<TypeParam::value> wire;
  Bytes whole = with_fcs(pause_frame(0xABCD));
  whole[17] ^= 1;
  wire.idle(8);
  wire.frame(whole);
  wire.idle(8);
  bench.run(wire);
  EXPECT_TRUE(bench.pauses.empty());
  EXPECT_EQ(bench.counted[kFcs], 1u);
}

// Whoever reads stalls at random: every frame arrives whole, or is counted as lost and, if begun, ends bad.
TYPED_TEST(MacRx, StalledOutputLosesWholeFramesAndCountsThem) {
  for (unsigned seed = 20; seed < 40; ++seed) {
    RxBench<TypeParam::value> bench;
    std::mt19937 random(seed);
    LineWriter<TypeParam::value> wire;
    std::vector<Bytes> sent;
    for (std::size_t i = 0; i < 100; ++i) {
      wire.idle(12);
      sent.push_back(random_frame(random, 60 + random() % 300));
      wire.frame(with_fcs(sent.back()));
    }
    wire.idle(12);
    for (const auto& line : wire.lines()) {
      if (random() % 100 == 0) bench.stall = random() % 8 == 0;
      bench.step(line);
    }
    bench.stall = false;
    bench.settle();
    EXPECT_EQ(bench.good.size() + bench.counted[kLost], sent.size()) << "seed " << seed;
    EXPECT_EQ(bench.total(), bench.counted[kLost]) << "seed " << seed;
    EXPECT_LE(static_cast<std::uint64_t>(bench.bad), bench.counted[kLost]);
    std::size_t at = 0;
    for (const Bytes& frame : bench.good) {
      while (at < sent.size() && sent[at] != frame) ++at;
      ASSERT_LT(at++, sent.size()) << "a frame that was never sent, seed " << seed;
    }
  }
}

// The two halves together: what mac_tx says on the line, mac_rx understands.
TYPED_TEST(MacRx, LoopbackFromMacTx) {
  TxBench<TypeParam::value> tx;
  RxBench<TypeParam::value> rx;
  std::mt19937 random(15);
  std::vector<Bytes> sent;
  for (int i = 0; i < 400; ++i) {
    Bytes frame = random_frame(random, 14 + random() % 1505);
    tx.send(frame);
    sent.push_back(padded(frame));
  }
  while (!tx.done()) {
    tx.step();
    rx.step(tx.line.read());
  }
  for (int i = 0; i < 20; ++i) {
    tx.step();
    rx.step(tx.line.read());
  }
  EXPECT_EQ(rx.good, sent) << "seed 15";
  EXPECT_EQ(rx.total(), 0u);
}

}  // namespace
}  // namespace sockwire::test
