// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.1: reserved bits are zero in what is sent and ignored in what comes.
#include <gtest/gtest.h>

#include "host/tcp/header.hpp"
#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

TEST(Rfc9293, ReservedBitsAreZeroAndIgnored) {
  Lone lone;
  lone.establish();
  lone.send("data");
  std::array<std::uint8_t, 60> bytes{};
  const std::size_t size = write_header(lone.out.at(0), {1, 2}, bytes);
  EXPECT_EQ(bytes[12] & 0x0f, 0);
  bytes[12] |= 0x0f;
  const auto parsed = parse_header({bytes.data(), size});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->segment.flags, lone.out[0].flags());
}

}  // namespace
}  // namespace sockwire::tcp::test
