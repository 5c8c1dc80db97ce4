// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/ring.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sockwire::tcp {
namespace {

std::vector<std::uint8_t> content(const SeqRing& ring, SeqNum begin, std::size_t bytes) {
  std::vector<std::uint8_t> out(bytes);
  ring.read(begin, out);
  return out;
}

/// Byte of the stream at a sequence number.
std::uint8_t byte_at(SeqNum at) { return static_cast<std::uint8_t>(at.value() * 167 >> 3); }

std::vector<std::uint8_t> stream(SeqNum begin, std::size_t bytes) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(byte_at(begin + static_cast<std::uint32_t>(i)));
  return out;
}

void put(SeqRing& ring, SeqNum begin, SeqNum at, std::size_t bytes) {
  ring.reserve(begin, at + static_cast<std::uint32_t>(bytes));
  ring.write(at, stream(at, bytes));
}

TEST(SeqRing, MemoryFollowsWhatIsHeld) {
  SeqRing ring(1 << 20);
  EXPECT_EQ(ring.memory_bytes(), 0u);
  put(ring, SeqNum(100), SeqNum(100), 1);
  EXPECT_EQ(ring.memory_bytes(), 2048u);
  put(ring, SeqNum(100), SeqNum(101), 5000);
  EXPECT_EQ(ring.memory_bytes(), 8192u);
  put(ring, SeqNum(100), SeqNum(100), 1 << 20);
  EXPECT_EQ(ring.memory_bytes(), std::size_t{1} << 20);
}

TEST(SeqRing, MemoryIsNeverMoreThanTheCapacity) {
  SeqRing ring(64);
  put(ring, SeqNum(0), SeqNum(0), 3);
  EXPECT_EQ(ring.memory_bytes(), 64u);
}

// Whatever is held when the memory grows is held afterwards, across the wraps of the ring and of the numbers.
TEST(SeqRing, GrowingLosesNothing) {
  const std::uint64_t seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int turn = 0; turn < 200; ++turn) {
    SeqRing ring(1 << 16);
    SeqNum begin(static_cast<std::uint32_t>(turn % 2 == 0 ? random() : std::uint64_t{0} - random() % 5000));
    SeqNum end = begin;
    for (int step = 0; step < 30; ++step) {
      const auto more =
          static_cast<std::uint32_t>(std::min<std::size_t>(random() % 6000, ring.capacity() - (end - begin)));
      put(ring, begin, end, more);
      end += more;
      begin += static_cast<std::uint32_t>(random() % ((end - begin) / 2 + 1));
      ASSERT_EQ(content(ring, begin, end - begin), stream(begin, end - begin)) << "turn " << turn << ", step " << step;
    }
  }
}

TEST(SeqRing, MemoryThatIsNotNeededAnyMoreIsGivenBack) {
  SeqRing ring(1 << 20);
  put(ring, SeqNum(0), SeqNum(0), 1 << 18);
  SeqNum at(1 << 18);
  int empty = 0;
  for (; empty < 1000 && ring.memory_bytes() >= std::size_t{1} << 18; ++empty) {
    ring.on_empty();
    put(ring, at, at, 10);
    ++at;
  }
  EXPECT_EQ(ring.memory_bytes(), 2048u);
  EXPECT_GT(empty, 10) << "a short pause is no reason";
}

TEST(SeqRing, MemoryThatIsNeededNowAndThenIsKept) {
  SeqRing ring(1 << 20);
  SeqNum at(0);
  put(ring, at, at, 1 << 18);
  for (int i = 0; i < 1000; ++i) {
    ring.on_empty();
    put(ring, at, at, i % 20 == 0 ? 1 << 17 : 10);
    ASSERT_EQ(ring.memory_bytes(), std::size_t{1} << 18);
  }
}

}  // namespace
}  // namespace sockwire::tcp
