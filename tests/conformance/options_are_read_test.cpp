// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.1 and 3.2 (MUST-4, MUST-5, MUST-6, MUST-7, MUST-64): options in any segment, in any order, at any
// alignment; unknown ones are skipped by their length; an impossible length drops the segment and nothing more.
#include <gtest/gtest.h>

#include "host/tcp/header.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A header with `options` behind it, padded with zeros to whole words, and one byte of data.
std::optional<ParsedHeader> parse(Bytes options) {
  static Bytes segment;  // what the result looks into
  options.resize((options.size() + 3) / 4 * 4);
  segment.assign(20, 0);
  segment[12] = static_cast<std::uint8_t>((20 + options.size()) / 4 << 4);
  segment[13] = wire::kTcpAckFlag;
  segment.insert(segment.end(), options.begin(), options.end());
  segment.push_back('d');
  return parse_header(segment);
}

const Bytes kMssOption{2, 4, 0x05, 0xb4};
const Bytes kScaleOption{3, 3, 7};
const Bytes kTimestampsOption{8, 10, 0, 0, 0, 5, 0, 0, 0, 6};

Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(Rfc9293, OptionsMayComeInAnyOrder) {
  const Options expected{1460, 7, Timestamps{5, 6}, false};
  for (const Bytes& order :
       {join({kMssOption, kScaleOption, kTimestampsOption}), join({kTimestampsOption, kScaleOption, kMssOption}),
        join({kScaleOption, kTimestampsOption, kMssOption})}) {
    const auto parsed = parse(order);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->segment.options, expected);
  }
}

TEST(Rfc9293, OptionsNeedNoAlignment) {
  for (std::size_t nops = 0; nops < 4; ++nops) {
    const auto parsed = parse(join({Bytes(nops, 1), kTimestampsOption}));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->segment.options.timestamps, (Timestamps{5, 6})) << nops;
  }
}

TEST(Rfc9293, OptionsMayBeInAnySegment) {
  const auto parsed = parse(kMssOption);
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->segment.syn());
  EXPECT_EQ(parsed->segment.payload.size(), 1u);
  EXPECT_EQ(parsed->segment.options.mss, 1460);
}

TEST(Rfc9293, UnknownOptionsAreSkipped) {
  const auto parsed = parse(join({{253, 6, 1, 2, 3, 4}, {77, 2}, kMssOption}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->segment.options, (Options{1460, std::nullopt, std::nullopt, false}));
}

TEST(Rfc9293, EndOfListEndsTheOptions) {
  const auto parsed = parse(join({{0}, kMssOption}));
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->segment.options.mss);
}

TEST(Rfc9293, IllegalOptionLengthDropsTheSegment) {
  EXPECT_FALSE(parse({2, 0, 0, 0}));
  EXPECT_FALSE(parse({253, 1, 0, 0}));
  EXPECT_FALSE(parse({1, 1, 253, 3})) << "behind the end of the header";
  EXPECT_FALSE(parse({1, 1, 1, 253})) << "no room for the length";
}

}  // namespace
}  // namespace sockwire::tcp::test
