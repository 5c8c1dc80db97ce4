// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/header.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sockwire::tcp {
namespace {

using Bytes = std::vector<std::uint8_t>;

// RFC 9293 3.1, figure 1, byte by byte.
TEST(TcpHeader, WritesTheFieldsInNetworkOrder) {
  Transmit transmit;
  transmit.seq = SeqNum(0x01020304);
  transmit.ack = SeqNum(0x0a0b0c0d);
  transmit.window = 0x7210;
  transmit.flags_first = wire::kTcpAckFlag;
  transmit.flags_last = wire::kTcpAckFlag | wire::kTcpPsh;
  Bytes bytes(header_bytes(transmit));
  EXPECT_EQ(write_header(transmit, {0x1f90, 0x0050}, bytes), 20u);
  EXPECT_EQ(bytes,
            (Bytes{0x1f, 0x90, 0x00, 0x50, 1, 2, 3, 4, 0x0a, 0x0b, 0x0c, 0x0d, 0x50, 0x18, 0x72, 0x10, 0, 0, 0, 0}));
}

TEST(TcpHeader, WhatIsWrittenIsRead) {
  Transmit transmit;
  transmit.seq = SeqNum(77);
  transmit.flags_first = transmit.flags_last = wire::kTcpSyn;
  transmit.window = 64240;
  transmit.options.mss = 1460;
  transmit.options.timestamps = Timestamps{5, 6};
  Bytes bytes(header_bytes(transmit));
  write_header(transmit, {1, 2}, bytes);
  bytes.push_back(0x42);
  const auto parsed = parse_header(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->ports.source, 1);
  EXPECT_EQ(parsed->ports.destination, 2);
  EXPECT_EQ(parsed->segment.seq, SeqNum(77));
  EXPECT_TRUE(parsed->segment.syn());
  EXPECT_EQ(parsed->segment.window, 64240);
  EXPECT_EQ(parsed->segment.options, transmit.options);
  ASSERT_EQ(parsed->segment.payload.size(), 1u);
  EXPECT_EQ(parsed->segment.payload[0], 0x42);
  EXPECT_EQ(parsed->segment.length(), 2u);  // SYN and one byte
}

TEST(TcpHeader, RefusesImpossibleLengths) {
  Bytes bytes(20, 0);
  bytes[12] = 0x50;
  EXPECT_TRUE(parse_header(bytes));
  bytes[12] = 0x40;
  EXPECT_FALSE(parse_header(bytes)) << "a header of 16 bytes";
  bytes[12] = 0x60;
  EXPECT_FALSE(parse_header(bytes)) << "a header longer than the segment";
  bytes[12] = 0x50;
  bytes.pop_back();
  EXPECT_FALSE(parse_header(bytes));
}

// RFC 9293 3.10.7.1
TEST(TcpHeader, ResetForASegmentToNobody) {
  Segment syn;
  syn.seq = SeqNum(500);
  syn.flags = wire::kTcpSyn;
  const auto answer = reset_for(syn);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->flags(), wire::kTcpRst | wire::kTcpAckFlag);
  EXPECT_EQ(answer->seq, SeqNum(0));
  EXPECT_EQ(answer->ack, SeqNum(501));

  Segment ack;
  ack.ack = SeqNum(1234);
  ack.flags = wire::kTcpAckFlag;
  const auto to_ack = reset_for(ack);
  ASSERT_TRUE(to_ack);
  EXPECT_EQ(to_ack->flags(), wire::kTcpRst);
  EXPECT_EQ(to_ack->seq, SeqNum(1234));

  Segment reset;
  reset.flags = wire::kTcpRst;
  EXPECT_FALSE(reset_for(reset));
}

}  // namespace
}  // namespace sockwire::tcp
