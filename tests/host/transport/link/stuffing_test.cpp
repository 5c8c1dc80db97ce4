// SPDX-License-Identifier: Apache-2.0
// Stuffing to the card against the examples that COBS is described with; from the card against the same, with each code
// moved behind its block.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "host/transport/link/stuffing.hpp"

namespace sockwire::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes stuffed(const Bytes& frame) {
  Bytes line;
  transport::stuff(frame, line);
  return line;
}

Bytes counting(std::uint8_t from, std::size_t count) {
  Bytes bytes(count);
  std::iota(bytes.begin(), bytes.end(), from);
  return bytes;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The examples of Wikipedia's article "Consistent Overhead Byte Stuffing", its cases 1 to 11, which is where most
// implementations take their tests from.
struct Example {
  Bytes data;
  Bytes line;
};

std::vector<Example> examples() {
  return {
      {{0x00}, {0x01, 0x01, 0x00}},
      {{0x00, 0x00}, {0x01, 0x01, 0x01, 0x00}},
      {{0x00, 0x11, 0x00}, {0x01, 0x02, 0x11, 0x01, 0x00}},
      {{0x11, 0x22, 0x00, 0x33}, {0x03, 0x11, 0x22, 0x02, 0x33, 0x00}},
      {{0x11, 0x22, 0x33, 0x44}, {0x05, 0x11, 0x22, 0x33, 0x44, 0x00}},
      {{0x11, 0x00, 0x00, 0x00}, {0x02, 0x11, 0x01, 0x01, 0x01, 0x00}},
      {counting(1, 254), joined({{0xFF}, counting(1, 254), {0x00}})},
      {joined({{0}, counting(1, 254)}), joined({{0x01, 0xFF}, counting(1, 254), {0x00}})},
      {counting(1, 255), joined({{0xFF}, counting(1, 254), {0x02, 0xFF, 0x00}})},
      {joined({counting(2, 254), {0x00}}), joined({{0xFF}, counting(2, 254), {0x01, 0x01, 0x00}})},
      {joined({counting(3, 253), {0x00, 0x01}}), joined({{0xFE}, counting(3, 253), {0x02, 0x01, 0x00}})},
  };
}

TEST(Stuffing, ToTheCardIsConsistentOverheadByteStuffing) {
  for (const Example& example : examples()) EXPECT_EQ(stuffed(example.data), example.line);
}

/// The same blocks, each with its code behind it, and no delimiter.
Bytes codes_behind(const Bytes& line) {
  Bytes out;
  for (std::size_t at = 0; line[at] != 0; at += line[at]) {
    const auto block = line.begin() + static_cast<std::ptrdiff_t>(at);
    out.insert(out.end(), block + 1, block + line[at]);
    out.push_back(line[at]);
  }
  return out;
}

TEST(Stuffing, FromTheCardHasTheCodesBehindTheBlocks) {
  for (const Example& example : examples()) {
    Bytes out;
    ASSERT_TRUE(transport::unstuff(codes_behind(example.line), out));
    EXPECT_EQ(out, example.data);
  }
}

TEST(Stuffing, RefusesWhatNoCardSends) {
  Bytes out;
  EXPECT_FALSE(transport::unstuff(Bytes{0x05, 0x11, 0x09}, out));  // a code that reaches beyond the beginning
  EXPECT_FALSE(transport::unstuff(Bytes{0x11, 0x00}, out));
  EXPECT_FALSE(transport::unstuff(Bytes{0x11, 0x00, 0x22, 0x04}, out));
}

}  // namespace
}  // namespace sockwire::test
