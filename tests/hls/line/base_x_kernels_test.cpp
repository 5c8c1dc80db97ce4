// SPDX-License-Identifier: Apache-2.0
// The kernels of 100BASE-TX against the standard: what the transmitter sends is read by a receiver that works bit by
// bit (reference_100base_x.hpp), what the receiver gets is made by such a transmitter.
#include <gtest/gtest.h>

#include <random>

#include "hls/line/code_4b5b.hpp"
#include "sim/dut/line_port.hpp"
#include "tests/hls/line/reference_100base_x.hpp"
#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {
namespace {

using sim::Code100BaseTx;
using Port = sim::LinePort<Code100BaseTx>;

constexpr std::uint32_t kSeed = 100;
constexpr int kLinkGroups = 8400;  // 336 us

// ---- 4B/5B ----------------------------------------------------------------------------------------------------------

// IEEE 802.3 table 24-1, all 32 code-groups.
TEST(Code4b5b, IsTable24Dash1) {
  static const std::string kDigits = "0123456789ABCDEF";
  ASSERT_EQ(base_x::table_24_1().size(), 32U);
  for (const auto& [text, letter] : base_x::table_24_1()) {
    const auto group = static_cast<unsigned>(std::stoul(text, nullptr, 2));
    const std::size_t digit = kDigits.find(letter);
    const Decoded4b5b decoded = decode_4b5b(group);
    EXPECT_EQ(decoded.data, digit != std::string::npos) << text;
    if (digit == std::string::npos) continue;
    EXPECT_EQ(decoded.nibble, digit) << text;
    EXPECT_EQ(encode_4b5b(static_cast<unsigned>(digit)), group) << text;
  }
  EXPECT_EQ(kGroupI, std::stoul(base_x::group_of('I'), nullptr, 2));
  EXPECT_EQ(kGroupJ, std::stoul(base_x::group_of('J'), nullptr, 2));
  EXPECT_EQ(kGroupK, std::stoul(base_x::group_of('K'), nullptr, 2));
  EXPECT_EQ(kGroupT, std::stoul(base_x::group_of('T'), nullptr, 2));
  EXPECT_EQ(kGroupR, std::stoul(base_x::group_of('R'), nullptr, 2));
  EXPECT_EQ(kGroupH, std::stoul(base_x::group_of('H'), nullptr, 2));
}

// ---- transmit -------------------------------------------------------------------------------------------------------

/// A port whose MAC sends lines, one each time it is enabled; the reference reads what leaves.
class Sending {
 public:
  std::vector<Line<1>> lines;
  base_x::Receiver receiver;

  void run(int clocks) {
    for (int i = 0; i < clocks; ++i) {
      const Port::Outputs& outputs = port_->outputs();
      receiver.level(outputs.line_tx);
      Port::Inputs inputs;
      if (outputs.tx_enable) now_ = at_ < lines.size() ? lines[at_++] : Line<1>{};
      inputs.mac_tx = now_;
      port_->step(inputs);
    }
  }

 private:
  std::unique_ptr<Port> port_ = sim::make_native_line_port<Code100BaseTx>();
  std::size_t at_ = 0;
  Line<1> now_;
};

TEST(Line100BaseTxTransmit, SendsFramesAsStreams) {
  std::mt19937 random(kSeed);
  LineWriter<1> writer;
  std::vector<std::string> expected;
  for (int i = 0; i < 20; ++i) {
    writer.idle(12 + static_cast<int>(random() % 9));
    const Bytes frame = with_fcs(random_frame(random, 60 + random() % 200));
    writer.frame(frame);
    expected.push_back(base_x::stream_of(frame) + "II");
  }
  Sending sending;
  sending.lines = writer.lines();
  sending.run(static_cast<int>(10 * (sending.lines.size() + 4)));
  EXPECT_EQ(sending.receiver.streams(), expected) << "seed " << kSeed;
}

// Figure 24-8: TRANSMIT ERROR sends /H/; an error with the first octet shows after /J/K/.
TEST(Line100BaseTxTransmit, SendsHaltForErrors) {
  LineWriter<1> writer;
  writer.idle(12);
  writer.symbols.push_back({0x55, false, true});
  writer.symbols.push_back({0x12, false});
  writer.symbols.push_back({0x34, false, true});
  writer.symbols.push_back({0x56, false});
  Sending sending;
  sending.lines = writer.lines();
  sending.run(10 * 30);
  EXPECT_EQ(sending.receiver.streams(), std::vector<std::string>{"JKHHHH65TRII"});
}

// The standard's key repeats after 2047 bits and begins anywhere; idle is the key's complement.
TEST(Line100BaseTxTransmit, IdleIsTheCipherOfOnes) {
  const auto port = sim::make_native_line_port<Code100BaseTx>();
  std::vector<LineLevel> expected;
  base_x::Sender sender(0x7FF);
  sender.idle(1000, expected);
  for (const LineLevel& level : expected) {
    port->step({});
    ASSERT_EQ(port->outputs().line_tx, level);
  }
}

// ---- receive --------------------------------------------------------------------------------------------------------

/// A port that gets levels, and what came of them.
class Receiving {
 public:
  LineReader<1> reader;
  std::uint64_t counted[kLineCounters] = {};
  std::uint64_t false_carriers = 0;  ///< at the MAC
  std::uint64_t dribbles = 0;
  std::uint64_t clocks = 0;
  base_x::Sender sender;
  std::vector<LineLevel> levels;

  explicit Receiving(unsigned seed = 0x2A5) : sender(seed) {}

  const LineStatus& status() const { return port_->outputs().status; }
  std::uint64_t count(LineCounter counter) const { return counted[static_cast<int>(counter)]; }

  void clock(const RecoveredLevels& in) {
    Port::Inputs inputs;
    inputs.line_rx = in;
    port_->step(inputs);
    const Port::Outputs& outputs = port_->outputs();
    for (int i = 0; i < kLineCounters; ++i) counted[i] += outputs.counted[i] ? 1 : 0;
    ++clocks;
    if (!outputs.rx_enable) return;
    const Line<1>& line = outputs.mac_rx;
    false_carriers += !line.valid && line.error && line.data == 0x0E;
    dribbles += !line.valid && line.dribble;
    reader.step(line);
  }
  /// All of `levels`, one in a clock; every `skip`th clock without one, every `twice`th with two.
  void run(int skip = 0, int twice = 0) {
    std::size_t at = 0;
    for (int i = 1; at < levels.size(); ++i) {
      RecoveredLevels in;
      in.count = skip != 0 && i % skip == 0 ? 0 : 1;
      if (twice != 0 && i % twice == 0 && at + 1 < levels.size()) in.count = 2;
      if (in.count != 0) in.first = levels[at++];
      if (in.count == 2) in.second = levels[at++];
      clock(in);
    }
    levels.clear();
  }
  void symbols(const std::string& text) {
    sender.symbols(text, levels);
    run();
  }
  void idle(int groups) {
    sender.idle(groups, levels);
    run();
  }
  /// From nothing to a link.
  void link_up() {
    idle(kLinkGroups);
    ASSERT_TRUE(status().link);
    for (std::uint64_t& one : counted) one = 0;
  }

 private:
  std::unique_ptr<Port> port_ = sim::make_native_line_port<Code100BaseTx>();
};

void expect_frames(const LineReader<1>& reader, const std::vector<Bytes>& frames) {
  ASSERT_EQ(reader.frames.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(reader.frames[i].bytes, frames[i]) << i;
    EXPECT_FALSE(reader.frames[i].error) << i;
  }
}

/// Frames at all bit offsets to each other, by levels at this pace.
void expect_frames_arrive(int skip, int twice) {
  std::mt19937 random(kSeed);
  Receiving receiving(static_cast<unsigned>(1 + random() % 2047));
  receiving.link_up();
  std::vector<Bytes> frames;
  for (int i = 0; i < 40; ++i) {
    frames.push_back(with_fcs(random_frame(random, 60 + random() % 300)));
    receiving.sender.symbols(base_x::stream_of(frames.back()), receiving.levels);
    receiving.sender.bits(std::string(60 + random() % 60, '1'), receiving.levels);
  }
  receiving.run(skip, twice);
  expect_frames(receiving.reader, frames);
  for (int i = 0; i < kLineCounters; ++i) EXPECT_EQ(receiving.counted[i], 0U) << i << ", seed " << kSeed;
}

TEST(Line100BaseTxReceive, FindsFramesAtAnyBit) { expect_frames_arrive(0, 0); }
// The far end's clock is not ours: 100 ppm is a symbol less, or one more, in ten thousand clocks; more here.
TEST(Line100BaseTxReceive, TakesClocksWithoutASymbol) { expect_frames_arrive(7, 0); }
TEST(Line100BaseTxReceive, TakesClocksWithTwoSymbols) { expect_frames_arrive(0, 7); }
TEST(Line100BaseTxReceive, TakesTwoSymbolsInEveryClock) { expect_frames_arrive(0, 1); }

// A preamble that lost a nibble on its way: bytes are aligned at the SFD. IEEE 802.3 clause 22.2.3.
TEST(Line100BaseTxReceive, AlignsBytesAtTheStartOfFrame) {
  Receiving receiving;
  receiving.link_up();
  for (const char* preamble : {"JK5555D", "JK55555D", "JKD", "JK5D"})
    receiving.symbols(std::string(preamble) + "1234TRIII");
  ASSERT_EQ(receiving.reader.frames.size(), 4U);
  for (const Seen& seen : receiving.reader.frames) EXPECT_EQ(seen.bytes, (Bytes{0x21, 0x43}));
}

TEST(Line100BaseTxReceive, ReportsAnOddNibble) {
  Receiving receiving;
  receiving.link_up();
  receiving.symbols("JK55D12TRIII");
  EXPECT_EQ(receiving.dribbles, 0U);
  receiving.symbols("JK55D123TRIII");
  EXPECT_EQ(receiving.dribbles, 1U);
  expect_frames(receiving.reader, {{0x21}, {0x21}});
}

// Figure 24-11: DATA ERROR, for each code-group that is no data.
TEST(Line100BaseTxReceive, MarksCodeGroupsThatAreNoData) {
  for (const auto& [bits, letter] : base_x::table_24_1()) {
    Receiving receiving;
    receiving.link_up();
    receiving.sender.symbols("IIJK55D12", receiving.levels);
    receiving.sender.bits(bits, receiving.levels);
    receiving.symbols("3TRIIII");
    const bool data = std::string("0123456789ABCDEF").find(letter) != std::string::npos;
    ASSERT_EQ(receiving.reader.frames.size(), 1U) << bits;
    EXPECT_EQ(receiving.reader.frames[0].error, !data) << bits;
    EXPECT_EQ(receiving.reader.frames[0].bytes.size(), 2U) << bits;
    EXPECT_EQ(receiving.count(LineCounter::kCodeViolation), data ? 0U : 1U) << bits;
    EXPECT_EQ(receiving.count(LineCounter::kFrameCut), 0U) << bits;
  }
}

// Figure 24-11: PREMATURE END.
TEST(Line100BaseTxReceive, CutsAFrameThatEndsInIdle) {
  Receiving receiving;
  receiving.link_up();
  receiving.symbols("JK55D1234IIIIJK55D12TRIII");
  ASSERT_EQ(receiving.reader.frames.size(), 2U);
  EXPECT_TRUE(receiving.reader.frames[0].error);
  EXPECT_FALSE(receiving.reader.frames[1].error);
  EXPECT_EQ(receiving.reader.frames[1].bytes, Bytes{0x21});
  EXPECT_EQ(receiving.count(LineCounter::kFrameCut), 1U);
}

// Figure 24-11: BAD SSD, and clause 24.3, carrier detect: carrier is two zeros that are not neighbours.
TEST(Line100BaseTxReceive, ReportsFalseCarrier) {
  for (const char* start : {"0", "1", "H", "JJ", "JI", "J0", "KJ", "R", "T"}) {
    Receiving receiving;
    receiving.link_up();
    receiving.symbols(std::string(start) + "12345IIIIJK55D12TRIII");
    EXPECT_EQ(receiving.count(LineCounter::kFalseCarrier), 1U) << start;
    EXPECT_EQ(receiving.false_carriers, 1U) << start;
    expect_frames(receiving.reader, {{0x21}});
  }
}

TEST(Line100BaseTxReceive, TakesSingleZerosInIdleForNoCarrier) {
  Receiving receiving;
  receiving.link_up();
  for (int i = 0; i < 5; ++i) {
    std::string bits(30, '1');
    bits[static_cast<std::size_t>(10 + i)] = '0';
    if (i % 2 == 1) bits[static_cast<std::size_t>(11 + i)] = '0';
    receiving.sender.bits(bits, receiving.levels);
  }
  receiving.symbols("IIJK55D12TRIII");
  EXPECT_EQ(receiving.count(LineCounter::kFalseCarrier), 0U);
  expect_frames(receiving.reader, {{0x21}});
}

// ---- signal, lock, link ---------------------------------------------------------------------------------------------

// Figure 24-15: stabilize_timer is 330 us to 1000 us.
TEST(Line100BaseTxLink, ComesUpAfterTheStabilizeTimer) {
  Receiving receiving;
  std::uint64_t locked_at = 0;
  while (!receiving.status().link && receiving.clocks < 200'000) {
    receiving.idle(1);
    if (receiving.status().locked && locked_at == 0) locked_at = receiving.clocks;
  }
  const double us = static_cast<double>(receiving.clocks - locked_at) * 0.008;
  EXPECT_GT(us, 330);
  EXPECT_LT(us, 1000);
  EXPECT_LT(locked_at, 200U);
}

TEST(Line100BaseTxLink, LocksInOneGapBetweenFrames) {
  std::mt19937 random(kSeed);
  Receiving receiving;
  for (int i = 0; i < 3 && !receiving.status().locked; ++i) {
    receiving.symbols(base_x::stream_of(with_fcs(random_frame(random, 1514))));
    EXPECT_FALSE(receiving.status().locked) << "seed " << kSeed;
    receiving.idle(22);  // 12 octets less /T/R/
    EXPECT_TRUE(receiving.status().locked);
  }
}

// ANSI X3.263 clause 7.2.3.1.1: 60 bits of idle are enough where there is a signal.
TEST(Line100BaseTxLink, LocksOnSixtyBitsOfIdle) {
  Receiving receiving;
  receiving.symbols(std::string(200, '6'));
  ASSERT_TRUE(receiving.status().signal);
  EXPECT_FALSE(receiving.status().locked);
  receiving.idle(12);
  receiving.symbols("66");
  EXPECT_TRUE(receiving.status().locked);
}

// Clause 7.2.3.3 f: 29 bits in 361 us are enough to keep it.
TEST(Line100BaseTxLink, KeepsALockWithTwentyNineBitsOfIdleNowAndThen) {
  Receiving receiving;
  receiving.link_up();
  for (int i = 0; i < 6; ++i) {
    receiving.symbols(std::string(9'000, '6'));  // 360 us
    receiving.sender.bits("0" + std::string(29, '1') + "0", receiving.levels);
    receiving.run();
  }
  EXPECT_TRUE(receiving.status().locked);
  EXPECT_EQ(receiving.count(LineCounter::kLockLost), 0U);
}

TEST(Line100BaseTxLink, GivesUpALockWithoutIdleFor722Microseconds) {
  Receiving receiving;
  receiving.link_up();
  receiving.symbols("JK55D" + std::string(18'000, '6'));  // 720 us
  EXPECT_TRUE(receiving.status().link);
  receiving.symbols(std::string(100, '6'));
  EXPECT_FALSE(receiving.status().locked);
  EXPECT_FALSE(receiving.status().link);
  EXPECT_EQ(receiving.count(LineCounter::kLockLost), 1U);
  EXPECT_EQ(receiving.count(LineCounter::kLinkLost), 1U);
  EXPECT_EQ(receiving.count(LineCounter::kFrameCut), 1U);
  ASSERT_EQ(receiving.reader.frames.size(), 1U);
  EXPECT_TRUE(receiving.reader.frames[0].error);
  receiving.idle(kLinkGroups);
  EXPECT_TRUE(receiving.status().link);
}

TEST(Line100BaseTxLink, GoesDownWithTheSignal) {
  Receiving receiving;
  receiving.link_up();
  receiving.symbols("JK55D1234");
  for (const unsigned level : {kLevelZero, kLevelPositive}) {
    receiving.levels.assign(1100, level);
    receiving.run();
    EXPECT_FALSE(receiving.status().signal);
    EXPECT_FALSE(receiving.status().locked);
    EXPECT_FALSE(receiving.status().link);
  }
  EXPECT_EQ(receiving.count(LineCounter::kFrameCut), 1U);
  receiving.idle(kLinkGroups);
  EXPECT_TRUE(receiving.status().link);
  receiving.symbols("JK55D12TRIII");
  EXPECT_EQ(receiving.reader.frames.back().bytes, Bytes{0x21});
}

// A transition in each symbol would be idle with a key of zeros, which no cipher has.
TEST(Line100BaseTxLink, DoesNotLockOnALineWithoutACipher) {
  Receiving receiving;
  for (int i = 0; i < 50'000; ++i) {
    static constexpr std::array<unsigned, 4> kCycle = {kLevelZero, kLevelPositive, kLevelZero, kLevelNegative};
    receiving.levels.emplace_back(kCycle[static_cast<std::size_t>(i) % 4]);
  }
  receiving.run();
  EXPECT_TRUE(receiving.status().signal);
  EXPECT_FALSE(receiving.status().locked);
}

// Not levels of MLT-3: from one polarity to the other, or back to the same one.
TEST(Line100BaseTxReceive, CountsLevelsThatMlt3DoesNotHave) {
  Receiving receiving;
  receiving.link_up();
  receiving.sender.idle(4, receiving.levels);
  std::size_t at = 1;
  while (receiving.levels[at] == kLevelZero) ++at;
  receiving.levels[at] = receiving.levels[at] == kLevelPositive ? kLevelNegative : kLevelPositive;
  receiving.run();
  receiving.idle(2);
  EXPECT_GT(receiving.count(LineCounter::kCodeViolation), 0U);
}

}  // namespace
}  // namespace sockwire::test
