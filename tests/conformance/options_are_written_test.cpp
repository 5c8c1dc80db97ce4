// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.1 and 3.2 (MUST-68, MUST-69): every option but NOP and the end of the list has its length, and the header
// ends on a word without anything but zeros behind the end of the list.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, WrittenOptionsHaveTheirLengths) {
  const Options all{1460, 7, Timestamps{1, 2}, true};
  std::array<std::uint8_t, kMaxOptionBytes> bytes{};
  const std::size_t size = encode_options(all, bytes);
  ASSERT_EQ(size % 4, 0u);
  std::size_t at = 0;
  while (at < size && bytes[at] != 0) {
    if (bytes[at] == 1) {
      ++at;
      continue;
    }
    ASSERT_LT(at + 1, size);
    ASSERT_GE(bytes[at + 1], 2);
    at += bytes[at + 1];
  }
  for (; at < size; ++at) EXPECT_EQ(bytes[at], 0);
  EXPECT_EQ(at, size) << "the last option ends where the header does";
}

}  // namespace
}  // namespace sockwire::tcp::test
