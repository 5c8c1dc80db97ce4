// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/send_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sockwire::tcp {
namespace {

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What is left of a range.
std::string text(const SendBuffer& buffer, SeqNum seq, std::size_t size) {
  std::string result(size, '\0');
  const std::size_t there = buffer.copy(seq, {reinterpret_cast<std::uint8_t*>(result.data()), size});
  return result.substr(size - there);
}

TEST(SendBuffer, TakesWhatFits) {
  SendBuffer buffer(16, SeqNum(5));
  EXPECT_EQ(buffer.append(bytes("0123456789")), 10u);
  EXPECT_EQ(buffer.append(bytes("abcdefghij")), 6u);
  EXPECT_EQ(buffer.space(), 0u);
  EXPECT_EQ(text(buffer, SeqNum(5), 16), "0123456789abcdef");
}

// The ring wraps, and so do the sequence numbers.
TEST(SendBuffer, ReleasesFromTheFrontAcrossBothWraps) {
  SendBuffer buffer(16, SeqNum(0xfffffff8u));
  EXPECT_EQ(buffer.append(bytes("0123456789abcdef")), 16u);
  buffer.release_to(SeqNum(2));  // ten bytes
  EXPECT_EQ(buffer.space(), 10u);
  EXPECT_EQ(buffer.append(bytes("ABCDEFGHIJKLM")), 10u);
  EXPECT_EQ(text(buffer, SeqNum(2), 16), "abcdefABCDEFGHIJ");
}

TEST(SendBuffer, ViewOfWhatWasReleasedIsShort) {
  SendBuffer buffer(16, SeqNum(0));
  buffer.append(bytes("0123456789"));
  buffer.release_to(SeqNum(4));
  EXPECT_EQ(text(buffer, SeqNum(2), 4), "45");
  EXPECT_EQ(text(buffer, SeqNum(0), 4), "");
}

TEST(SendBuffer, CapacityIsRoundedUpToAPowerOfTwo) { EXPECT_EQ(SendBuffer(100000, SeqNum(0)).capacity(), 131072u); }

}  // namespace
}  // namespace sockwire::tcp
