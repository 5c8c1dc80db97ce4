// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/channel.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sockwire::sim {
namespace {

Line<1> byte_line(std::uint8_t data, bool error = false) {
  Line<1> line;
  line.data = data;
  line.valid = true;
  line.error = error;
  return line;
}

bool same(const Line<1>& a, const Line<1>& b) {
  return a.valid == b.valid && a.error == b.error && a.dribble == b.dribble && (!a.valid || a.data == b.data);
}

/// Nibbles as a string of hex digits, '.' for idle, through the assembler; '|' marks an end, '/' one with dribble.
std::string assemble(const std::string& nibbles) {
  NibbleAssembler assembler;
  std::string result;
  bool carrier = false;
  const std::string padded = nibbles + std::string(nibbles.size() % 2 + 16, '.');
  for (std::size_t i = 0; i < padded.size(); ++i) {
    Nibble nibble;
    if (padded[i] != '.') {
      nibble.valid = true;
      nibble.data = static_cast<std::uint8_t>(std::stoi(padded.substr(i, 1), nullptr, 16));
    }
    assembler.push(nibble);
    if (i % 2 == 0) continue;
    const Line<1> line = assembler.pop();
    if (line.valid) {
      char text[3];
      std::snprintf(text, sizeof text, "%02X", static_cast<unsigned>(line.data));
      result += text;
      carrier = true;
    } else if (carrier) {
      result += line.dribble ? '/' : '|';
      carrier = false;
    }
  }
  EXPECT_TRUE(assembler.quiet());
  return result;
}

// IEEE 802.3 22.2.3: the low nibble of each octet goes first.
TEST(NibbleAssembler, PairsNibblesLowFirst) {
  EXPECT_EQ(assemble("..555555555555555D1234.."), "55555555555555D52143|");
}

// IEEE 802.3 22.2.3.2.2: a receiver may see any number of preamble nibbles; the SFD sets the boundary.
TEST(NibbleAssembler, AlignsToTheStartDelimiterAfterAnOddPreamble) {
  EXPECT_EQ(assemble("5555D1234"), "5555D52143|");
  EXPECT_EQ(assemble("5D12"), "D521|");
}

// IEEE 802.3 22.2.3.5: an odd nibble at the end is not part of an octet.
TEST(NibbleAssembler, ReportsAnOddNibbleAtTheEnd) { EXPECT_EQ(assemble("55555D12345"), "5555D52143/"); }

TEST(NibbleAssembler, ShowsTheEndEvenIfCarrierDropsForOneNibbleOnly) {
  EXPECT_EQ(assemble("555D12.345D67"), "55D521|43D576|");
  EXPECT_EQ(assemble("55D12.3455D678"), "55D521|4355D576/");
}

TEST(NibbleAssembler, PassesCarrierWithoutStart) { EXPECT_EQ(assemble("123456"), "214365|"); }

TEST(Channel1, IsTransparentWithoutErrors) {
  Channel<1> channel(0, 1);
  std::vector<Line<1>> sent;
  for (int i = 0; i < 7; ++i) sent.push_back(byte_line(0x55));
  sent.push_back(byte_line(0xD5));
  for (int i = 0; i < 300; ++i) sent.push_back(byte_line(static_cast<std::uint8_t>(i * 7), i % 50 == 49));
  for (int i = 0; i < 12; ++i) sent.emplace_back();
  for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_TRUE(same(channel.carry(sent[i]), sent[i])) << i;
  EXPECT_TRUE(channel.quiet());
}

// The short cut for undisturbed bytes must not differ from the nibble path. A rate so small that nothing flips still
// takes the same path, so compare with a bare assembler.
TEST(Channel1, ShortCutEqualsNibblePath) {
  Channel<1> channel(0, 1);
  NibbleAssembler assembler;
  Random random(42);
  for (int frame = 0; frame < 50; ++frame) {
    const auto bytes = 1 + random.below(100);
    std::vector<Line<1>> lines(5, byte_line(0x55));
    lines.push_back(byte_line(0xD5));
    for (std::uint64_t i = 0; i < bytes; ++i) {
      lines.push_back(byte_line(static_cast<std::uint8_t>(random.next()), random.chance(0.05)));
    }
    lines.resize(lines.size() + 1 + random.below(12));
    for (const Line<1>& line : lines) {
      for (int i = 0; i < 2; ++i) {
        assembler.push({static_cast<std::uint8_t>(line.data >> (4 * i) & 0xF), line.valid, line.error});
      }
      ASSERT_TRUE(same(channel.carry(line), assembler.pop()));
    }
  }
}

TEST(Channel1, FlipsControlBitsToo) {
  // With every bit flipped, valid data vanishes: dv goes to 0 and er to 1.
  Channel<1> channel(1.0, 7);
  const Line<1> out = channel.carry(byte_line(0x12));
  EXPECT_FALSE(out.valid);
  EXPECT_TRUE(out.error);
  EXPECT_EQ(channel.bit_errors(), 12u);
}

TEST(Channel8, FlipsDataAndControl) {
  Channel<8> channel(1.0, 7);
  Line<8> in;
  in.data = 0x0123456789ABCDEFULL;
  in.control = 0x01;
  const Line<8> out = channel.carry(in);
  EXPECT_EQ(out.data, ~0x0123456789ABCDEFULL);
  EXPECT_EQ(out.control, 0xFEu);
  EXPECT_EQ(channel.bit_errors(), 72u);
}

// 10^6 columns of 72 bits at 1e-5: 720 errors expected, standard deviation 27; five of them either way.
TEST(Channel8, KeepsTheRate) {
  Channel<8> channel(1e-5, 11);
  Line<8> in;
  in.data = 0;
  in.control = 0;
  std::uint64_t flipped = 0;
  std::uint64_t flipped_control = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const Line<8> out = channel.carry(in);
    flipped += static_cast<std::uint64_t>(__builtin_popcountll(out.data)) +
               static_cast<std::uint64_t>(__builtin_popcount(static_cast<unsigned>(out.control)));
    flipped_control += static_cast<std::uint64_t>(__builtin_popcount(static_cast<unsigned>(out.control)));
  }
  EXPECT_NEAR(static_cast<double>(flipped), 720, 135);
  EXPECT_NEAR(static_cast<double>(flipped_control), 80, 45);
  EXPECT_EQ(flipped, channel.bit_errors());
}

TEST(Channel8, LeavesIdleAloneButNotTheGap) {
  Channel<8> channel(1.0, 3);
  EXPECT_TRUE(is_idle(channel.carry(Line<8>{})));
  Line<8> frame;
  frame.control = 0;
  channel.carry(frame);
  EXPECT_FALSE(channel.quiet());
  EXPECT_FALSE(is_idle(channel.carry(Line<8>{})));
}

}  // namespace
}  // namespace sockwire::sim
