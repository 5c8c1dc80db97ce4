// SPDX-License-Identifier: Apache-2.0
#include "hls/mac/crc32.hpp"

#include <gtest/gtest.h>

#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {
namespace {

std::uint64_t word(const Bytes& bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8 && at + i < bytes.size(); ++i) value |= std::uint64_t(bytes[at + i]) << (8 * i);
  return value;
}

std::uint32_t by_bytes(const Bytes& bytes) {
  std::uint32_t crc = kCrc32Initial;
  for (const std::uint8_t byte : bytes) crc = crc32_beat<1>(crc, byte);
  return crc;
}

std::uint32_t by_beats(const Bytes& bytes) {
  std::uint32_t crc = kCrc32Initial;
  for (std::size_t at = 0; at < bytes.size(); at += 8) crc = crc32_beat<8>(crc, word(bytes, at));
  return crc;
}

Bytes text(const char* characters) {
  return Bytes(characters, characters + std::char_traits<char>::length(characters));
}

// The check value of CRC-32/ISO-HDLC (the CRC of IEEE 802.3), as ITU-T V.42's and every CRC catalogue lists it.
TEST(Crc32, CheckValue) {
  EXPECT_EQ(~by_bytes(text("123456789")), 0xCBF43926u);
  EXPECT_EQ(~crc32_rewind(by_beats(text("123456789")), 7), 0xCBF43926u);
  EXPECT_EQ(plain_fcs(text("123456789")), 0xCBF43926u);
}

// The residue of IEEE 802.3: 0xC704DD7B unreflected, so 0xDEBB20E3 in a reflected register.
TEST(Crc32, ResidueAfterTheFcs) { EXPECT_EQ(by_bytes(with_fcs(text("any frame"))), kCrc32Residue); }

TEST(Crc32, BeatsEqualBytesForEveryTailLength) {
  std::mt19937 random(1);
  for (std::size_t bytes = 1; bytes < 200; ++bytes) {
    Bytes data(bytes);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
    const auto zeros = static_cast<unsigned>((8 - bytes % 8) % 8);
    EXPECT_EQ(~crc32_rewind(by_beats(data), zeros), plain_fcs(data)) << bytes << " bytes, seed 1";
    const Bytes whole = with_fcs(data);
    const auto left = static_cast<unsigned>((8 - whole.size() % 8) % 8);
    EXPECT_EQ(by_beats(whole), crc32_residue(left)) << bytes << " bytes, seed 1";
  }
}

// What hlsc makes hardware of, and what the native model runs.
TEST(Crc32, NetworkEqualsTables) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 10000; ++i) {
    const auto crc = static_cast<std::uint32_t>(random());
    const std::uint64_t data = random();
    ASSERT_EQ(detail::crc32_beat_network<8>(crc, data), detail::crc32_beat_tables<8>(crc, data)) << "seed 2";
    ASSERT_EQ(detail::crc32_beat_network<1>(crc, data & 0xFF), detail::crc32_beat_tables<1>(crc, data & 0xFF));
  }
}

TEST(Crc32, AnySingleBitErrorIsSeen) {
  const Bytes whole = with_fcs(text("0123456789abcdef"));
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes wrong = whole;
    wrong[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_NE(by_bytes(wrong), kCrc32Residue) << bit;
  }
}

}  // namespace
}  // namespace sockwire::test
