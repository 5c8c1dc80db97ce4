// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/options.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace sockwire::tcp {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes encode(const Options& options) {
  Bytes bytes(encoded_options_bytes(options));
  EXPECT_EQ(encode_options(options, bytes), bytes.size());
  return bytes;
}

// RFC 9293 3.2: kind 2, length 4.
TEST(TcpOptions, MssAloneIsFourBytes) {
  EXPECT_EQ(encode({.mss = 1460, .window_scale = {}, .timestamps = {}}), (Bytes{2, 4, 0x05, 0xb4}));
}

// RFC 7323 appendix A: NOP NOP, kind 8, length 10.
TEST(TcpOptions, TimestampsAreAlignedWithTwoNops) {
  EXPECT_EQ(encode({.mss = {}, .window_scale = {}, .timestamps = Timestamps{0x01020304, 0xa0b0c0d0}}),
            (Bytes{1, 1, 8, 10, 1, 2, 3, 4, 0xa0, 0xb0, 0xc0, 0xd0}));
}

TEST(TcpOptions, WhatIsWrittenIsRead) {
  const Options options{8960, 7, Timestamps{0xdeadbeef, 1}, true};
  const Bytes bytes = encode(options);
  EXPECT_EQ(bytes.size() % 4, 0u);
  EXPECT_LE(bytes.size(), kMaxOptionBytes);
  EXPECT_EQ(decode_options(bytes), options);
}

// What Linux sends on a SYN: MSS, SACK permitted, timestamps, NOP, window scale.
TEST(TcpOptions, ReadsALinuxSyn) {
  const Bytes bytes{2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 1, 3, 3, 7};
  EXPECT_EQ(decode_options(bytes), (Options{1460, 7, Timestamps{0x12345678, 0}, true}));
}

// RFC 7323 2.3
TEST(TcpOptions, WindowScaleIsLimitedTo14) { EXPECT_EQ(decode_options(Bytes{3, 3, 200, 0})->window_scale, 14); }

// RFC 9293 3.2: unknown options are skipped by their length; nothing counts after the end of the list.
TEST(TcpOptions, SkipsUnknownAndStopsAtTheEnd) {
  EXPECT_EQ(decode_options(Bytes{254, 4, 9, 9, 2, 4, 1, 0, 0, 3, 3, 7}), (Options{256, {}, {}, false}));
}

TEST(TcpOptions, KnownKindOfWrongLengthIsSkipped) {
  EXPECT_EQ(decode_options(Bytes{2, 6, 1, 1, 1, 1, 3, 3, 7, 1}), (Options{{}, 7, {}, false}));
}

// RFC 9293 3.1 (MUST-7): an illegal length must not be walked over.
TEST(TcpOptions, ImpossibleLengthsAreRefused) {
  EXPECT_FALSE(decode_options(Bytes{2, 0, 0, 0}));
  EXPECT_FALSE(decode_options(Bytes{2, 1, 0, 0}));
  EXPECT_FALSE(decode_options(Bytes{8, 10, 1, 1}));
  EXPECT_FALSE(decode_options(Bytes{1, 1, 1, 2}));
}

}  // namespace
}  // namespace sockwire::tcp
