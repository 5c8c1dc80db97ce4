// SPDX-License-Identifier: Apache-2.0
// 10BASE-T (IEEE 802.3 clauses 7 and 14) between two MACs.
#include <gtest/gtest.h>

#include "hls/line/line_10base_t.hpp"
#include "tests/hls/line/lock_10base_t.hpp"
#include "tests/hls/line/manchester_reference.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code10BaseT;

TEST(Line10BaseT, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 1'000'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 20u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line10BaseT, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 20'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 20'000u);
}

// Every other level in place of each sample: the sum over the half bit outvotes it.
TEST(Line10BaseT, NoSingleWrongSampleInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 17);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 69u * 64 * 2 / 17);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
  EXPECT_EQ(result.harmless, result.tried);
}

// 14.2.1.2: of the preamble no more than five bits are lost.
TEST(Line10BaseT, LocksWithinFiveBits) {
  const LockResult result = lock_symbols<Code>(5, 20, 5 * 8);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 20);
}

// ---- against the standard's words
// ------------------------------------------------------------------------------------

/// Octets with preamble and SFD.
Bytes on_the_line(const Bytes& frame) {
  Bytes octets(7, 0x55);
  octets.push_back(0xD5);
  octets.insert(octets.end(), frame.begin(), frame.end());
  return octets;
}

char letter(const LineLevel& level) { return level == kLevelPositive ? 'H' : level == kLevelNegative ? 'L' : '.'; }

/// The transmitter by itself.
struct Transmitter {
  Process<Line10BaseTTxState> process;
  wire<Line<1>> mac;
  wire<bool> link;
  wire<bool> short_timers;
  wire<bool> enable;
  wire<LineLevel> line;

  Transmitter() { link.drive(true); }
  /// A clock with what the MAC drives; returns the level.
  LineLevel step(const Line<1>& in) {
    mac.drive(in);
    process.step(line_10base_t_tx, mac, link, short_timers, enable, line);
    tick(mac, link, short_timers, enable, line);
    return line.value();
  }
};

/// The levels that the transmitter drives for frames with `idle_bytes` after each, from reset on.
std::string transmitted(const std::vector<Bytes>& frames, int idle_bytes, int clocks) {
  Transmitter transmitter;
  FrameSource<1> source;
  source.idle(4);
  for (const Bytes& frame : frames) source.frame(frame, idle_bytes);
  std::string levels;
  for (int clock = 0; clock < clocks; ++clock) {
    levels += letter(transmitter.step(source.drive(transmitter.enable.value())));
  }
  return levels;
}

// The first octets of any frame, drawn by hand from 7.3.1.1: 1 0 1 0 1 0 1 0 ..., 1 0 1 0 1 0 1 1, then 0x03.
TEST(Manchester, ReferenceIsAsDrawn) {
  EXPECT_EQ(manchester_halves({0x55}), "LHHLLHHLLHHLLHHL");
  EXPECT_EQ(manchester_halves({0xD5, 0x03}), "LHHLLHHLLHHLLHLHLHLHHLHLHLHLHLHL");
  EXPECT_EQ(manchester_octets(manchester_halves({0xD5, 0x03})), (Bytes{0xD5, 0x03}));
  EXPECT_EQ(manchester_octets("LHHLLHHLLHHLLHHH"), std::nullopt);
}

// 14.3.1.2.1: the last positive transition is followed by 250 ns or more above zero, and no more than 4.5 bit times.
TEST(Line10BaseTTransmitter, DrivesFramesAndStartsOfIdleAsTheStandardSays) {
  std::mt19937 random(6);
  for (int round = 0; round < 20; ++round) {
    const Bytes frame = random_frame_with_fcs(random, 100);
    const std::string halves = manchester_halves(on_the_line(frame));
    std::string levels = transmitted({frame}, 12, 64 * static_cast<int>(frame.size() + 40));
    levels.erase(0, levels.find('L'));
    ASSERT_GT(levels.size(), 4 * halves.size() + 64);
    for (std::size_t i = 0; i < 4 * halves.size(); ++i) ASSERT_EQ(levels[i], halves[i / 4]) << "round " << round;
    const std::size_t rise = levels.rfind('L', 4 * halves.size()) + 1;
    const std::size_t fall = levels.find('.', rise);
    EXPECT_GE(fall - rise, 20u);
    EXPECT_LE(fall - rise, 36u);
    EXPECT_EQ(levels.find_first_not_of('.', fall), std::string::npos);
  }
}

// 14.2.1.7 and figure 14-12: 100 ns, positive, 16 +- 8 ms apart. For 40 ms.
TEST(Line10BaseTTransmitter, SendsLinkPulses) {
  const std::string levels = transmitted({}, 0, 3'200'000);
  std::vector<std::size_t> begins;
  for (std::size_t at = levels.find('H'); at != std::string::npos; at = levels.find('H', at)) {
    begins.push_back(at);
    at = levels.find_first_not_of('H', at);
    EXPECT_EQ(at - begins.back(), 8u);
  }
  EXPECT_EQ(levels.find('L'), std::string::npos);
  ASSERT_GE(begins.size(), 3u);
  for (std::size_t i = 1; i < begins.size(); ++i) {
    EXPECT_GE(begins[i] - begins[i - 1], 8u * 80'000);
    EXPECT_LE(begins[i] - begins[i - 1], 24u * 80'000);
  }
}

// 14.2.1.6: nothing but link pulses after 20 to 150 ms, until the MAC was idle for 250 to 750 ms.
TEST(Line10BaseTTransmitter, StopsAJabber) {
  constexpr std::uint64_t kMillisecond = 80'000;
  Transmitter transmitter;
  std::uint64_t clocks = 0;
  // Until there is this level, or a time has passed; whether there was.
  const auto shows = [&](unsigned level, bool sending, std::uint64_t milliseconds) {
    Line<1> octet;
    octet.valid = sending;
    octet.data = 0x55;
    for (const std::uint64_t end = clocks + milliseconds * kMillisecond; clocks < end; ++clocks) {
      if (transmitter.step(octet) == level) return true;
    }
    return false;
  };
  ASSERT_TRUE(shows(kLevelNegative, true, 1));
  clocks = 0;
  ASSERT_TRUE(shows(kLevelZero, true, 150));
  EXPECT_GE(clocks, 20 * kMillisecond);
  EXPECT_FALSE(shows(kLevelNegative, true, 20));
  EXPECT_TRUE(shows(kLevelPositive, true, 24));  // a link pulse
  EXPECT_FALSE(shows(kLevelNegative, false, 250));
  EXPECT_FALSE(shows(kLevelNegative, true, 2));
  EXPECT_FALSE(shows(kLevelNegative, false, 750));
  EXPECT_TRUE(shows(kLevelNegative, true, 1));
}

// Figure 14-6: with its link test failed an MAU sends link pulses alone, and it begins again where the MAC is idle.
TEST(Line10BaseTTransmitter, SendsNothingButLinkPulsesWhileTheLinkTestFails) {
  Transmitter transmitter;
  transmitter.short_timers.drive(true);
  const auto levels = [&](bool sending, int octets) {
    Line<1> octet;
    octet.valid = sending;
    octet.data = 0x55;
    std::string all;
    for (int clock = 0; clock < 64 * octets; ++clock) all += letter(transmitter.step(octet));
    return all;
  };
  const auto pulses_alone = [](const std::string& all) {
    return all.find('L') == std::string::npos && all.find("HHHHHHHHH") == std::string::npos;
  };
  transmitter.link.drive(false);
  EXPECT_TRUE(pulses_alone(levels(false, 20)));
  const std::string sent = levels(true, 40);
  EXPECT_TRUE(pulses_alone(sent));
  EXPECT_NE(sent.find('H'), std::string::npos);
  transmitter.link.drive(true);
  EXPECT_TRUE(pulses_alone(levels(true, 40))) << "the rest of a frame that nobody saw begin";
  levels(false, 2);
  EXPECT_NE(levels(true, 10).find('L'), std::string::npos);
  // Lost inside an octet: it is finished, then there is a start of idle, and no jabber afterwards.
  for (int clock = 0; clock < 32; ++clock) transmitter.step(Line<1>(transmitter.mac.value()));
  transmitter.link.drive(false);
  const std::string cut = levels(true, 4);
  const std::size_t end = cut.rfind('L');
  ASSERT_NE(end, std::string::npos);
  EXPECT_LE(end, 64U);
  EXPECT_GE(cut.find('.', end) - end, 20U);
  transmitter.link.drive(true);
  levels(false, 2);
  EXPECT_NE(levels(true, 10).find('L'), std::string::npos);
}

// ---- the receiver, from levels of the reference ---------------------------------------------------------------------

/// A receiver with its link up.
class Receiver {
 public:
  Receiver() {
    port_->shorten_timers();
    for (int i = 0; i < 4; ++i) pulse(kLevelPositive, 8);
  }

  void levels(char letter, int clocks) {
    for (int clock = 0; clock < clocks; ++clock) {
      sim::LinePort<Code>::Inputs inputs;
      inputs.line_rx = letter == 'H' ? kLevelPositive : letter == 'L' ? kLevelNegative : kLevelZero;
      port_->step(inputs);
      if (port_->outputs().rx_enable) reader.step(port_->outputs().mac_rx);
      if (port_->outputs().rx_enable && port_->outputs().mac_rx.dribble) ++dribbles;
      for (int i = 0; i < kLineCounters; ++i) counted[i] += port_->outputs().counted[i];
    }
  }
  void pulse(unsigned level, int clocks) {
    levels(level == kLevelPositive ? 'H' : 'L', clocks);
    levels('.', 300);
  }
  void halves(const std::string& letters) {
    for (const char letter : letters) levels(letter, 4);
  }
  int count(LineCounter counter) const { return counted[static_cast<int>(counter)]; }
  LineStatus status() const { return port_->outputs().status; }

  LineReader<1> reader;
  int dribbles = 0;
  int counted[kLineCounters] = {};

 private:
  std::unique_ptr<sim::LinePort<Code>> port_ = sim::make_native_line_port<Code>();
};

TEST(Line10BaseTReceiver, ReadsWhatTheReferenceWrites) {
  std::mt19937 random(7);
  Receiver receiver;
  ASSERT_TRUE(receiver.status().link);
  for (int round = 0; round < 50; ++round) {
    const Bytes frame = random_frame_with_fcs(random, 200);
    receiver.halves(manchester_halves(on_the_line(frame)));
    receiver.levels('H', 20 + static_cast<int>(random() % 16));
    receiver.levels('.', 700 + static_cast<int>(random() % 8));
    ASSERT_EQ(receiver.reader.frames.size(), 1u);
    EXPECT_EQ(receiver.reader.frames[0].bytes, frame);
    EXPECT_FALSE(receiver.reader.frames[0].error);
    receiver.reader.frames.clear();
  }
  for (const int counted : receiver.counted) EXPECT_EQ(counted, 0);
}

// 4.2.4.2.1: what is more than whole octets is cut off, and said.
TEST(Line10BaseTReceiver, SaysThatBitsDribbled) {
  std::mt19937 random(8);
  for (int bits = 0; bits < 8; ++bits) {
    Receiver receiver;
    const Bytes frame = random_frame_with_fcs(random, 100);
    receiver.halves(manchester_halves(on_the_line(frame)) +
                    manchester_halves({0xA6}).substr(0, 2 * static_cast<std::size_t>(bits)));
    receiver.levels('H', 20);
    receiver.levels('.', 700);
    ASSERT_EQ(receiver.reader.frames.size(), 1u);
    EXPECT_EQ(receiver.reader.frames[0].bytes, frame);
    EXPECT_EQ(receiver.dribbles, bits != 0 ? 1 : 0) << bits;
  }
}

// 14.3.1.3.2 c: a single cycle of a sine of 4 to 16 MHz, of either polarity; b: below 2 MHz for ever.
TEST(Line10BaseTReceiver, SquelchRejectsWhatItShould) {
  Receiver receiver;
  for (int half = 2; half <= 10; ++half) {
    for (const char* const cycle : {"HL", "LH"}) {
      receiver.levels(cycle[0], half);
      receiver.levels(cycle[1], half);
      receiver.levels('.', 100);
    }
  }
  for (int i = 0; i < 40; ++i) receiver.levels(i % 2 == 0 ? 'H' : 'L', 21);
  receiver.levels('.', 100);
  EXPECT_TRUE(receiver.reader.frames.empty());
  EXPECT_EQ(receiver.count(LineCounter::kFalseCarrier), 0);
}

// Figure 14-6.
TEST(Line10BaseTReceiver, LinkComesWithPulsesOrAFrameAndGoesWithout) {
  Receiver receiver;
  ASSERT_TRUE(receiver.status().link);
  receiver.levels('.', 3000);
  EXPECT_FALSE(receiver.status().link);
  EXPECT_EQ(receiver.count(LineCounter::kLinkLost), 1);
  for (int i = 0; i < 10; ++i) {  // too soon after one another
    receiver.levels('H', 8);
    receiver.levels('.', 20);
  }
  EXPECT_FALSE(receiver.status().link);
  receiver.levels('.', 3000);
  for (int i = 0; i < 2; ++i) receiver.pulse(kLevelPositive, 8);
  EXPECT_FALSE(receiver.status().link);
  receiver.pulse(kLevelPositive, 8);
  EXPECT_TRUE(receiver.status().link);
  // A frame brings it too, but is not delivered.
  receiver.levels('.', 3000);
  std::mt19937 random(9);
  receiver.halves(manchester_halves(on_the_line(random_frame_with_fcs(random, 100))));
  receiver.levels('H', 20);
  receiver.levels('.', 100);
  EXPECT_TRUE(receiver.status().link);
  EXPECT_TRUE(receiver.reader.frames.empty());
}

}  // namespace
}  // namespace sockwire::test
