// SPDX-License-Identifier: Apache-2.0
// 10GBASE-R (IEEE 802.3 clause 49) between two MACs.
#include <gtest/gtest.h>

#include "tests/hls/line/line_harness.hpp"
#include "tests/hls/line/reference_64b66b.hpp"

namespace sockwire::test {
namespace {

using Code = sim::Code10GBaseR;

TEST(Line10GBaseR, NativeAndVerilatedAgreeInEveryClock) {
  for (const std::uint32_t seed : {1u, 2u}) {
    const LockstepResult result = lockstep<Code>(seed, 150'000);
    EXPECT_EQ(result.difference, "") << "seed " << seed;
    EXPECT_GT(result.frames_received, 1000u) << "seed " << seed;
    for (int i = 0; i < kLineCounters; ++i) EXPECT_GT(result.counted[i], 0u) << "counter " << i << ", seed " << seed;
  }
}

TEST(Line10GBaseR, WhatGoesInComesOut) {
  const RoundTripResult result = round_trip<Code>(3, 300'000);
  EXPECT_EQ(result.difference, "");
  EXPECT_GE(result.bytes, 300'000u);
}

TEST(Line10GBaseR, NoSingleBitErrorInsideAFramePassesForGood) {
  const SymbolErrorResult result = symbol_errors<Code>(4, 1);
  EXPECT_EQ(result.failure, "");
  EXPECT_GE(result.tried, 10u * 66);
  EXPECT_EQ(result.undetected, 0u);
  EXPECT_EQ(result.not_recovered, 0u);
}

// Figure 49-12: each position is left at its first bad header, the right one takes 64.
TEST(Line10GBaseR, LocksFromEveryAlignment) {
  const LockResult result = lock_symbols<Code>(5, 3, 66 * 64 + 64);
  EXPECT_EQ(result.failures, 0);
  EXPECT_EQ(result.tries, 3 * 66);
}

void push(BitText& bits, const Block66& block) {
  for (int i = 0; i < 2; ++i) bits += block.sync[i] ? '1' : '0';
  for (int i = 0; i < 64; ++i) bits += block.data[i] ? '1' : '0';
}

/// A block's payload through a shift register, its header past it.
template <typename Shift>
BitText shifted(const BitText& block, Shift shift) {
  BitText out = block.substr(0, 2);
  for (std::size_t i = 2; i < block.size(); ++i) out += shift(block[i] == '1') ? '1' : '0';
  return out;
}

/// Frames of every length from 64 on, from either lane: 13 octets between two and a multiple of four from there.
std::vector<Bytes> frames_of_all_lengths(LineWriter<8>& writer, std::mt19937& random) {
  std::vector<Bytes> sent;
  writer.idle(64);
  for (std::size_t bytes = 60; bytes < 130; ++bytes) {
    sent.push_back(with_fcs(random_frame(random, bytes)));
    writer.frame(sent.back());
    writer.idle(13);
  }
  writer.idle(64);
  while (writer.symbols.size() % 8 != 0) writer.idle(1);
  return sent;
}

void expect_frames(const std::vector<Seen>& seen, const std::vector<Bytes>& sent) {
  ASSERT_EQ(seen.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_TRUE(seen[i].bytes == sent[i]) << "frame " << i;
    EXPECT_FALSE(seen[i].error) << "frame " << i;
    EXPECT_EQ(plain_fcs(Bytes(seen[i].bytes.begin(), seen[i].bytes.end() - 4)),
              seen[i].bytes[sent[i].size() - 4] | (seen[i].bytes[sent[i].size() - 3] << 8) |
                  (seen[i].bytes[sent[i].size() - 2] << 16) | (std::uint32_t{seen[i].bytes.back()} << 24));
  }
}

TEST(Line10GBaseR, SendsWhatTheReferenceReads) {
  std::mt19937 random(6);
  LineWriter<8> writer;
  const std::vector<Bytes> sent = frames_of_all_lengths(writer, random);
  const auto port = sim::make_native_line_port<Code>();
  LineReader<8> reader;
  ShiftRegister58 descrambler(false);
  int block = 0;
  for (const Line<8>& line : writer.lines()) {
    sim::LinePort<Code>::Inputs inputs;
    inputs.mac_tx = line;
    BitText bits;
    push(bits, port->outputs().line_tx);
    port->step(inputs);
    Line<8> lanes;
    const bool known = reference_lanes(shifted(bits, [&](bool bit) { return descrambler.descramble(bit); }), lanes);
    if (++block < 5) continue;  // reset, the pipeline, a descrambler that knows nothing
    ASSERT_TRUE(known) << "block " << block;
    reader.step(lanes);
  }
  expect_frames(reader.frames, sent);
}

/// A receiver that the reference speaks to.
class Listening {
 public:
  Listening() : port_(sim::make_native_line_port<Code>()) {}

  /// 66 bits a clock, the rest of the last block left over for the next call.
  void hear(const BitText& bits) {
    bits_ += bits;
    std::size_t at = 0;
    for (; at + 66 <= bits_.size(); at += 66) {
      sim::LinePort<Code>::Inputs inputs;
      for (int bit = 0; bit < 2; ++bit) inputs.line_rx.sync[bit] = bits_[at + static_cast<std::size_t>(bit)] == '1';
      for (int bit = 0; bit < 64; ++bit) {
        inputs.line_rx.data[bit] = bits_[at + 2 + static_cast<std::size_t>(bit)] == '1';
      }
      const auto& outputs = port_->outputs();
      if (outputs.rx_enable) reader_.step(outputs.mac_rx);
      mac = outputs.mac_rx;
      for (int i = 0; i < kLineCounters; ++i) counted[i] += outputs.counted[i];
      port_->step(inputs);
    }
    bits_.erase(0, at);
  }
  /// Blocks of idle, those of which `bad` says so with a header that is none.
  template <typename Bad>
  void idle(int blocks, Bad bad) {
    for (int i = 0; i < blocks; ++i) {
      BitText block = scrambled(reference_block(Line<8>{}));
      if (bad(i)) block[0] = block[1];
      hear(block);
    }
  }
  void idle(int blocks) {
    idle(blocks, [](int) { return false; });
  }
  BitText scrambled(const BitText& block) {
    return shifted(block, [this](bool bit) { return scrambler_.scramble(bit); });
  }

  const LineStatus& status() const { return port_->outputs().status; }
  const std::vector<Seen>& frames() const { return reader_.frames; }
  std::uint64_t count(LineCounter counter) const { return counted[static_cast<int>(counter)]; }

  std::uint64_t counted[kLineCounters] = {};
  Line<8> mac;

 private:
  std::unique_ptr<sim::LinePort<Code>> port_;
  LineReader<8> reader_;
  ShiftRegister58 scrambler_{true};
  BitText bits_;
};

TEST(Line10GBaseR, ReadsWhatTheReferenceSendsAtEveryAlignment) {
  std::mt19937 random(7);
  for (std::size_t alignment = 0; alignment < 66; alignment += 5) {
    LineWriter<8> writer;
    const std::vector<Bytes> sent = frames_of_all_lengths(writer, random);
    Listening port;
    port.hear(BitText(alignment, '0'));
    port.idle(1000);
    ASSERT_TRUE(port.status().link) << alignment;
    for (const Line<8>& line : writer.lines()) port.hear(port.scrambled(reference_block(line)));
    port.idle(10);
    expect_frames(port.frames(), sent);
    EXPECT_EQ(port.count(LineCounter::kFrameCut), 0u);
  }
}

// Figure 49-12: with fewer than sixteen bad headers in 64 the lock stays, with sixteen it goes.
TEST(Line10GBaseR, TheLockStandsFifteenBadHeadersIn64) {
  Listening port;
  port.idle(1000);
  ASSERT_TRUE(port.status().locked);
  const std::uint64_t lost = port.count(LineCounter::kLockLost);
  port.idle(64 * 3, [](int i) { return i < 15; });
  EXPECT_TRUE(port.status().locked);
  EXPECT_EQ(port.count(LineCounter::kLockLost), lost);
  port.idle(64 * 3, [](int i) { return i < 32; });
  EXPECT_EQ(port.count(LineCounter::kLockLost), lost + 1);
  port.idle(66 * 64 + 64);
  EXPECT_TRUE(port.status().locked);
}

// Figure 49-13: sixteen bad headers in 125 us, that is in 19531 blocks, end the link while the lock stays; a time of
// 125 us with fewer brings it back. Meanwhile the MAC is told local fault.
TEST(Line10GBaseR, AHighErrorRateEndsTheLink) {
  Listening port;
  port.idle(1000);
  port.idle(20'000, [](int i) { return i % 1400 == 0; });  // 14 or 15 in 125 us
  EXPECT_TRUE(port.status().link);
  port.idle(20'000, [](int i) { return i % 1000 == 0; });
  EXPECT_TRUE(port.status().locked);
  EXPECT_FALSE(port.status().link);
  EXPECT_EQ(port.mac.data, 0x0100009C0100009CULL);
  EXPECT_EQ(port.mac.control, 0x11u);
  EXPECT_EQ(port.count(LineCounter::kLinkLost), 1u);
  port.idle(2 * 19'532);
  EXPECT_TRUE(port.status().link);
}

// Clause 49.2.13.2.3: a frame whose /T/ is followed by neither idle nor a start ends in /E/, and one that idle cuts
// too.
TEST(Line10GBaseR, AFrameThatIsCutReachesTheMacAsBad) {
  std::mt19937 random(8);
  LineWriter<8> writer;
  writer.frame(with_fcs(random_frame(random, 60)));
  std::vector<Line<8>> lines = writer.lines();
  lines.pop_back();  // with /T/
  Listening port;
  port.idle(1000);
  for (const Line<8>& line : lines) port.hear(port.scrambled(reference_block(line)));
  port.idle(20);
  ASSERT_EQ(port.frames().size(), 1u);
  EXPECT_TRUE(port.frames()[0].error);
  EXPECT_EQ(port.count(LineCounter::kFrameCut), 1u);
  EXPECT_EQ(port.count(LineCounter::kFalseCarrier), 0u);

  // Data from nowhere.
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) port.hear(port.scrambled(reference_block(lines[i])));
  port.idle(20);
  EXPECT_EQ(port.count(LineCounter::kFalseCarrier), 1u);
}

}  // namespace
}  // namespace sockwire::test
