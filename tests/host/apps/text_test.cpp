// SPDX-License-Identifier: Apache-2.0
#include "host/apps/text.hpp"

#include <gtest/gtest.h>

#include "host/apps/far_side.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/progress.hpp"
#include "host/apps/sha256.hpp"

namespace sockwire::apps {
namespace {

using namespace std::chrono_literals;

TEST(Text, ReadsDurations) {
  EXPECT_EQ(parse_duration("10ms"), Duration(10ms));
  EXPECT_EQ(parse_duration("250us"), Duration(250us));
  EXPECT_EQ(parse_duration("1.5s"), Duration(1500ms));
  EXPECT_EQ(parse_duration("40ns"), Duration(40ns));
  EXPECT_EQ(parse_duration("3"), Duration(3ms));
  EXPECT_EQ(parse_duration("0"), Duration(0));
  for (const char* wrong : {"", "ms", "-1ms", "1 ms", "1h", "nan", "inf", "1e9s", "1ms2"}) {
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  }
}

TEST(Text, ReadsProbabilities) {
  EXPECT_EQ(parse_probability("0.01"), 0.01);
  EXPECT_EQ(parse_probability("1%"), 0.01);
  EXPECT_EQ(parse_probability("1e-6"), 1e-6);
  EXPECT_EQ(parse_probability("1"), 1.0);
  for (const char* wrong : {"", "%", "1.1", "101%", "-0.1", "nan", "0,5", "1%%"}) {
    EXPECT_FALSE(parse_probability(wrong)) << wrong;
  }
}

TEST(Text, WritesNumbersForPeople) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(4194304), "4,194,304");
  EXPECT_EQ(bytes_text(999), "999 bytes");
  EXPECT_EQ(bytes_text(4194304), "4.19 MB");
  EXPECT_EQ(bytes_text(999'600), "1.00 MB");
  EXPECT_EQ(rate_text(987.4e6), "987 Mb/s");
  EXPECT_EQ(duration_text(1250us), "1.25 ms");
  EXPECT_EQ(duration_text(12ns), "12 ns");
}

TEST(Progress, LineSaysHowFarAndHowLong) {
  EXPECT_EQ(progress_line(1'000'000, 4'000'000, 0.5),
            " 25 %  [=======>                      ]  1.00 MB of 4.00 MB  2.00 MB/s  2 s left");
  EXPECT_EQ(progress_line(4'000'000, 4'000'000, 2),
            "100 %  [==============================]  4.00 MB of 4.00 MB  2.00 MB/s");
  EXPECT_EQ(progress_line(1500, std::nullopt, 1), "1.50 kB  1.50 kB/s");
  EXPECT_EQ(progress_line(0, 0, 0), "100 %  [==============================]  0 bytes of 0 bytes  ");
}

TEST(FarSide, ReadsSizesFromPaths) {
  EXPECT_EQ(size_of_path("/1234"), 1234u);
  EXPECT_EQ(size_of_path("/100k"), 100'000u);
  EXPECT_EQ(size_of_path("/4M"), 4'000'000u);
  EXPECT_EQ(size_of_path("/4MB.bin"), 4'000'000u);
  for (const char* wrong : {"", "/", "/x", "4M", "/4X", "/-1"}) EXPECT_FALSE(size_of_path(wrong)) << wrong;
}

// The first outputs of SplitMix64 from seed 1234567, as the reference implementation's author (Vigna) publishes them.
TEST(Pattern, IsSplitMix64) {
  EXPECT_EQ(pattern_word(1234567, 0), 6457827717110365317ULL);
  EXPECT_EQ(pattern_word(1234567, 1), 3203168211198807973ULL);
  EXPECT_EQ(pattern_word(1234567, 2), 9817491932198370423ULL);
}

TEST(Pattern, DoesNotDependOnHowItIsCut) {
  std::vector<std::uint8_t> whole(100);
  fill_pattern(7, 3, whole);
  std::vector<std::uint8_t> pieces(100);
  for (std::size_t at = 0; at < 100; at += 7) {
    fill_pattern(7, 3 + at, std::span(pieces).subspan(at, std::min<std::size_t>(7, 100 - at)));
  }
  EXPECT_EQ(whole, pieces);
}

// FIPS 180-4's example "abc" (NIST, example values for SHA-256), and the empty message.
TEST(Sha256, HasTheStandardsValues) {
  Sha256 sha;
  sha.update(std::vector<std::uint8_t>{'a', 'b', 'c'});
  EXPECT_EQ(sha.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha.finish(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace sockwire::apps
