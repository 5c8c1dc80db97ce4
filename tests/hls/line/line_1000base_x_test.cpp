// SPDX-License-Identifier: Apache-2.0
// 1000BASE-X (IEEE 802.3 clauses 36 and 37) between two MACs.
#include <gtest/gtest.h>

#include "tests/hls/line/line_harness.hpp"
#include "tests/hls/line/reference_1000base_x.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code1000BaseX;

TEST(Line1000BaseX, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 300'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 500u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line1000BaseX, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 300'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 300'000u);
}

// Each bit of each code-group from the SFD to the end of the frame, and each other code-group that the code has.
TEST(Line1000BaseX, NoSingleWrongCodeGroupInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 11);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 69u * 400 / 11);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
}

// Figure 36-9: the first comma comes within four code-groups of /C/, and is cut out of two symbols; two more, and a
// code-group of data after the last. The receiver's pipeline adds eight.
TEST(Line1000BaseX, LocksFromEveryAlignmentWithThreeCommas) {
  constexpr int kPipeline = 8;
  const LockResult result = lock_symbols<Code>(5, 20, 4 + 1 + 4 + 4 + 1 + kPipeline);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 20 * 10);
}

std::string text(const CodeGroup& group) {
  std::string out;
  for (int bit = 0; bit < 10; ++bit) out += group[bit] ? '1' : '0';
  return out;
}

// Frames of every length from 64 on, so of either parity, as a reader sees them that knows the tables alone.
TEST(Line1000BaseX, SendsWhatTheReferenceReads) {
  std::mt19937 random(6);
  JoinedPorts<Code> ports;
  ASSERT_TRUE(ports.link_up());
  FrameSource<1> source;
  source.idle(20);  // a comma for the reader to begin with
  std::vector<Bytes> sent;
  for (std::size_t bytes = 60; bytes < 160; ++bytes) {
    sent.push_back(with_fcs(random_frame(random, bytes)));
    source.frame(sent.back(), 12 + static_cast<int>(random() % 3));
  }
  source.idle(100);
  std::string bits;
  while (!source.empty()) {
    bits += text(ports.near().outputs().line_tx);
    ports.step(source, [](CodeGroup&) {});
  }
  ReferenceReader reader;
  reader.read(bits.substr(7));
  EXPECT_EQ(reader.fault, "");
  ASSERT_EQ(reader.frames.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_TRUE(reader.frames[i] == sent[i]) << "frame " << i;
  EXPECT_GT(reader.idles, 100u * 4);
}

/// A receiver that the reference speaks to.
class Listening {
 public:
  Listening() : port_(sim::make_native_line_port<Code>()) { port_->shorten_timers(); }

  /// Ten bits a clock, the rest of the last code-group left over for the next call.
  void hear(const std::string& bits) {
    bits_ += bits;
    std::size_t at = 0;
    for (; at + 10 <= bits_.size(); at += 10) {
      sim::LinePort<Code>::Inputs inputs;
      for (int bit = 0; bit < 10; ++bit) inputs.line_rx[bit] = bits_[at + static_cast<std::size_t>(bit)] == '1';
      const auto& outputs = port_->outputs();
      sent_ += text(outputs.line_tx);
      if (outputs.rx_enable) reader_.step(outputs.mac_rx);
      if (outputs.rx_enable && outputs.mac_rx.error && !outputs.mac_rx.valid) ++false_carrier_clocks;
      for (int i = 0; i < kLineCounters; ++i) counted[i] += outputs.counted[i];
      port_->step(inputs);
    }
    bits_.erase(0, at);
  }

  /// Clause 37 with a partner that can do `ability`: it says so, then that it has heard, then idle.
  void negotiate(ReferenceSender& sender, unsigned ability) {
    sender.bits.clear();
    sender.config(700, 0);
    sender.config(100, ability);
    sender.config(700, ability | 0x4000);
    sender.idle(1400);
    hear(sender.bits);
    sender.bits.clear();
  }

  const LineStatus& status() const { return port_->outputs().status; }
  const std::vector<Seen>& frames() const { return reader_.frames; }
  std::string sent() const { return sent_; }

  std::uint64_t counted[kLineCounters] = {};
  std::uint64_t false_carrier_clocks = 0;

 private:
  std::unique_ptr<sim::LinePort<Code>> port_;
  LineReader<1> reader_;
  std::string bits_;
  std::string sent_;
};

constexpr int kViolation = static_cast<int>(LineCounter::kCodeViolation);
constexpr int kFalseCarrier = static_cast<int>(LineCounter::kFalseCarrier);
constexpr int kFrameCut = static_cast<int>(LineCounter::kFrameCut);

// Figure 37-6, from either side: what the partner hears is nothing, then full duplex and PAUSE, then that with the
// acknowledge bit, then idle.
TEST(Line1000BaseX, NegotiatesWithTheReference) {
  Listening port;
  ReferenceSender sender;
  port.negotiate(sender, 0x0020);
  EXPECT_TRUE(port.status().locked);
  EXPECT_TRUE(port.status().link);
  ReferenceReader reader;
  reader.read(port.sent());
  EXPECT_EQ(reader.fault, "");
  std::vector<unsigned> said;
  for (const unsigned config : reader.configs) {
    if (said.empty() || said.back() != config) said.push_back(config);
  }
  EXPECT_EQ(said, (std::vector<unsigned>{0x0000, 0x01A0, 0x41A0}));
  EXPECT_GT(reader.idles, 600u);
}

// Clause 37.3.1.4: the link timer is 10 ms, 1,250,000 clocks; it runs before ability detection, after the acknowledge
// and before the link. Two ports that are switched on together need three of them, and some code-groups for each
// exchange.
TEST(Line1000BaseX, TheLinkTakesThreeLinkTimers) {
  const auto near = sim::make_native_line_port<Code>();
  const auto far = sim::make_native_line_port<Code>();
  std::uint64_t clocks = 0;
  for (; clocks < 4'000'000 && !near->outputs().status.link; ++clocks) {
    sim::LinePort<Code>::Inputs near_inputs;
    sim::LinePort<Code>::Inputs far_inputs;
    near_inputs.line_rx = far->outputs().line_tx;
    far_inputs.line_rx = near->outputs().line_tx;
    near->step(near_inputs);
    far->step(far_inputs);
  }
  EXPECT_GE(clocks, 3u * 1'250'000);
  EXPECT_LE(clocks, 3u * 1'250'000 + 200);
}

// Clause 37.2.1.2: a partner of half duplex alone has nothing in common with this end.
TEST(Line1000BaseX, NoLinkWithAPartnerOfHalfDuplex) {
  Listening port;
  ReferenceSender sender;
  port.negotiate(sender, 0x0040);
  EXPECT_TRUE(port.status().locked);
  EXPECT_FALSE(port.status().link);
}

TEST(Line1000BaseX, NegotiatesAgainWhenThePartnerDoes) {
  Listening port;
  ReferenceSender sender;
  port.negotiate(sender, 0x0020);
  ASSERT_TRUE(port.status().link);
  sender.config(6, 0);
  port.hear(sender.bits);
  EXPECT_FALSE(port.status().link);
  EXPECT_EQ(port.counted[static_cast<int>(LineCounter::kLinkLost)], 1u);
  port.negotiate(sender, 0x0020);
  EXPECT_TRUE(port.status().link);
}

TEST(Line1000BaseX, ReadsWhatTheReferenceSendsAtEveryAlignment) {
  std::mt19937 random(7);
  for (std::size_t alignment = 0; alignment < 10; ++alignment) {
    Listening port;
    ReferenceSender sender;
    port.hear(std::string(alignment, '0'));
    port.negotiate(sender, 0x0020);
    std::vector<Bytes> sent;
    for (std::size_t bytes = 60; bytes < 90; ++bytes) {
      sent.push_back(with_fcs(random_frame(random, bytes)));
      sender.frame(sent.back());
      sender.idle(4);
    }
    sender.idle(20);
    port.hear(sender.bits);
    ASSERT_EQ(port.frames().size(), sent.size()) << alignment;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      EXPECT_TRUE(port.frames()[i].bytes == sent[i]) << alignment;
      EXPECT_FALSE(port.frames()[i].error) << alignment;
    }
    for (const int counter : {kViolation, kFalseCarrier, kFrameCut}) EXPECT_EQ(port.counted[counter], 0u);
  }
}

// Figure 36-7b, FALSE_CARRIER: a carrier that /S/ does not begin is no frame, until the next K28.5.
TEST(Line1000BaseX, ACarrierWithoutStartIsAFalseOne) {
  Listening port;
  ReferenceSender sender;
  port.negotiate(sender, 0x0020);
  for (int i = 0; i < 10; ++i) sender.octet(0x55);
  sender.idle(20);
  port.hear(sender.bits);
  EXPECT_TRUE(port.frames().empty());
  EXPECT_EQ(port.counted[kFalseCarrier], 1u);
  EXPECT_EQ(port.false_carrier_clocks, 10u);
}

// EARLY_END and RX_DATA_ERROR: a frame that idle follows without /T/, and /V/ inside one.
TEST(Line1000BaseX, AFrameWithoutEndAndOneWithAnErrorReachTheMacAsBad) {
  std::mt19937 random(8);
  const Bytes frame = with_fcs(random_frame(random, 60));
  Listening port;
  ReferenceSender sender;
  port.negotiate(sender, 0x0020);
  sender.special(27, 7);
  for (int i = 0; i < 6; ++i) sender.octet(0x55);
  sender.octet(0xD5);
  for (const std::uint8_t byte : frame) sender.octet(byte);
  sender.idle(20);
  port.hear(sender.bits);
  ASSERT_EQ(port.frames().size(), 1u);
  EXPECT_TRUE(port.frames()[0].error);
  EXPECT_EQ(port.counted[kFrameCut], 1u);

  sender.bits.clear();
  sender.special(27, 7);
  sender.octet(0xD5);
  sender.octet(frame[0]);
  sender.special(30, 7);
  for (const std::uint8_t byte : frame) sender.octet(byte);
  sender.end();
  sender.idle(20);
  port.hear(sender.bits);
  ASSERT_EQ(port.frames().size(), 2u);
  EXPECT_TRUE(port.frames()[1].error);
  EXPECT_EQ(port.counted[kFrameCut], 1u);
  EXPECT_EQ(port.counted[kViolation], 0u) << "/V/ is a code-group of the code";
}

}  // namespace
}  // namespace sockwire::test
