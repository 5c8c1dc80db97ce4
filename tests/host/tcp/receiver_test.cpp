// SPDX-License-Identifier: Apache-2.0
// Order, windows, acknowledgements: what the receiving half does with a peer that the test plays.
#include "host/tcp/receiver.hpp"

#include <gtest/gtest.h>

#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;
constexpr std::uint32_t kMss = 1460;

std::string text(std::size_t bytes, char c = 'x') { return std::string(bytes, c); }

class Receive : public ::testing::Test {
 protected:
  void SetUp() override { lone.establish(); }
  Lone lone;
};

// RFC 9293 3.8.6.3: every second full segment.
TEST_F(Receive, EverySecondFullSegmentIsAcknowledged) {
  lone.receive(kTheirs, kOurs, 0, text(kMss));
  EXPECT_TRUE(lone.take().empty());
  lone.receive(kTheirs + kMss, kOurs, 0, text(kMss));
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].kind, TransmitKind::kPureAck);
  EXPECT_EQ(out[0].ack, kTheirs + 2 * kMss);
}

TEST_F(Receive, SingleSegmentIsAcknowledgedAfter40Milliseconds) {
  lone.receive(kTheirs, kOurs, 0, "abc");
  lone.advance(39ms);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ms);
  EXPECT_EQ(lone.take().size(), 1u);
  EXPECT_EQ(lone->next_deadline(), kNever);
}

TEST_F(Receive, CoalescedSegmentsCountAsMany) {
  Segment segment = lone.segment(kTheirs, kOurs, wire::kTcpAckFlag);
  const std::string data = text(5 * kMss);
  segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
  segment.merged_segments = 5;
  lone.deliver(segment);
  EXPECT_EQ(lone.take().size(), 1u);
  EXPECT_EQ(lone->info().rcv_mss, kMss);
}

TEST_F(Receive, AckRidesOnTheAnswer) {
  lone.receive(kTheirs, kOurs, 0, "ping");
  lone.send("pong");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 4);
  lone.advance(1ms);
  EXPECT_TRUE(lone.take().empty());
  EXPECT_NE(lone->next_deadline(), kNever) << "the retransmission timer";
}

// RFC 5681 4.2: out of order at once, each; and when the gap is filled.
TEST_F(Receive, OutOfOrderDataIsKeptAndAnsweredAtOnce) {
  lone.receive(kTheirs + 3, kOurs, 0, "def");
  lone.receive(kTheirs + 6, kOurs, 0, "ghi");
  auto out = lone.take();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].ack, kTheirs);
  EXPECT_EQ(out[1].ack, kTheirs);
  EXPECT_EQ(out[0].window, out[1].window) << "else the peer would not count them as duplicates";
  EXPECT_EQ(lone->readable_bytes(), 0u);
  lone.receive(kTheirs, kOurs, 0, "abc");
  out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 9);
  EXPECT_EQ(lone.read(), "abcdefghi");
}

TEST_F(Receive, OverlapsAreTrimmed) {
  lone.receive(kTheirs, kOurs, 0, "abcd");
  lone.receive(kTheirs + 2, kOurs, 0, "cdef");
  EXPECT_EQ(lone.read(), "abcdef");
  EXPECT_EQ(lone->info().counters.duplicate_bytes, 2u);
}

// RFC 9293 3.10.7.4, first: an old segment is acknowledged and dropped.
TEST_F(Receive, OldSegmentIsAcknowledgedAndDropped) {
  lone.receive(kTheirs, kOurs, 0, "abc");
  lone.take();
  lone.receive(kTheirs, kOurs, 0, "abc");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 3);
  EXPECT_EQ(lone.read(), "abc");
  EXPECT_EQ(lone->info().counters.out_of_window, 1u);
}

TEST_F(Receive, WhatLiesBeyondTheWindowIsNotTaken) {
  lone.receive(kTheirs + 65530, kOurs, 0, "0123456789");
  lone.receive(kTheirs, kOurs, 0, text(65530));
  EXPECT_EQ(lone->rcv_nxt(), kTheirs + 65536) << "what the buffer holds, one more than a header can announce";
}

TEST_F(Receive, WindowShrinksAsDataWaitsAndOpensAsItIsRead) {
  lone.receive(kTheirs, kOurs, 0, text(40000));
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].window, 65535 - 40000);
  lone.read();
  out = lone.take();
  ASSERT_EQ(out.size(), 1u) << "a window update";
  EXPECT_EQ(out[0].window, 65535);
}

// RFC 9293 3.8.6.2.2: the window does not open by less than a segment.
TEST_F(Receive, WindowDoesNotOpenByAFewBytes) {
  lone.receive(kTheirs, kOurs, 0, text(65535));
  auto out = lone.take();
  EXPECT_EQ(out.back().window, 0);
  std::array<std::uint8_t, 100> some;
  for (int i = 0; i < 14; ++i) {
    lone->recv(lone.now, some);
    lone.pump();
    EXPECT_TRUE(lone.take().empty());
  }
  std::array<std::uint8_t, 1600> more;
  lone->recv(lone.now, more);
  lone.pump();
  out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_GE(out[0].window, 2 * kMss);
}

// RFC 9293 3.10.7.4, first: a zero window still takes valid ACKs, and answers probes.
TEST_F(Receive, ZeroWindowAnswersProbesAndTakesTheirAcks) {
  lone.receive(kTheirs, kOurs, 0, text(65535));
  lone.send("abc");
  lone.take();
  lone.receive(kTheirs + 65535, kOurs + 3, 0, "p");
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].ack, kTheirs + 65535);
  EXPECT_EQ(out[0].window, 0);
  EXPECT_EQ(lone->snd_una(), kOurs + 3);
}

TEST_F(Receive, PeekLeavesTheDataWhereItIs) {
  lone.receive(kTheirs, kOurs, 0, "abc");
  std::array<std::uint8_t, 2> some{};
  EXPECT_EQ(lone->peek(some), 2u);
  EXPECT_EQ(some[1], 'b');
  EXPECT_EQ(lone.read(), "abc");
}

TEST_F(Receive, ReadableIsReportedOncePerPoll) {
  lone.receive(kTheirs, kOurs, 0, "abc");
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kReadable});
  lone.receive(kTheirs + 3, kOurs, wire::kTcpFin, "def");
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kReadable, Event::kPeerClosed}));
}

TEST_F(Receive, UrgentDataIsOrdinaryAndCounted) {
  lone.receive(kTheirs, kOurs, wire::kTcpUrg, "abc");
  EXPECT_EQ(lone.read(), "abc");
  EXPECT_EQ(lone->info().counters.urgent, 1u);
}

/// A receiver of a megabyte, and a peer that fills its window.
class WindowGrowth : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kSegment = 1024;
  void SetUp() override {
    lone.config.window_scale = true;
    lone.config.receive_buffer_bytes = 1 << 20;
  }
  void establish() { lone.establish(Options{1460, 0, std::nullopt, false}); }
  std::uint32_t window() const { return lone.connection->info().rcv_wnd_bytes; }
  void receive(std::uint32_t bytes, bool read) {
    for (std::uint32_t done = 0; done < bytes; done += kSegment) {
      lone.receive(kTheirs + came, kOurs, 0, text(kSegment));
      came += kSegment;
      if (read) lone.read();
    }
  }
  Lone lone;
  std::uint32_t came = 0;
};

TEST_F(WindowGrowth, FollowsWhatIsRead) {
  establish();
  EXPECT_EQ(window(), 65536u);
  std::uint32_t before = window();
  while (before < 4 * 65536) {
    // No faster than a peer in slow start, whose queue on the way would overflow if the window opened at a stroke.
    receive(2 * kSegment, true);
    EXPECT_LE(window(), before + 2 * kSegment + kMss);
    before = window();
  }
  EXPECT_EQ(came, 3u * 65536);
  receive(4 << 20, true);
  EXPECT_LE(window(), 1u << 20) << "and no further";
  EXPECT_GE(window(), (1u << 20) - kMss) << "but for less than a segment (RFC 9293 3.8.6.2.2)";
}

// What is taken of a peer that only sends, and of an application that does not read, is the first window.
TEST_F(WindowGrowth, DoesNotForWhoDoesNotRead) {
  establish();
  receive(65536, false);
  EXPECT_EQ(window(), 0u);
  EXPECT_EQ(lone->readable_bytes(), 65536u);
  lone.receive(kTheirs + came, kOurs, 0, "more");
  EXPECT_EQ(lone->readable_bytes(), 65536u);
  // Reading slowly, with much left to be read, is no reason either.
  std::array<std::uint8_t, 4 * kSegment> in{};
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(lone->recv(lone.now, in), in.size());
    lone.pump();
    receive(4 * kSegment, false);
  }
  EXPECT_EQ(lone->readable_bytes(), 65536u);
}

TEST_F(WindowGrowth, IsAllAtOnceIfAskedFor) {
  lone.config.initial_window_bytes = 0;
  establish();
  EXPECT_EQ(window(), 1u << 20);
}

// RFC 9293 3.8.6, SHLD-14: what the peer was told of is taken, also after a rest.
TEST_F(WindowGrowth, TheRightEdgeStaysAtRest) {
  establish();
  receive(1 << 20, true);
  receive(0, true);
  const std::uint32_t known = window();
  ASSERT_GT(known, 65536u);
  lone.advance(10s);
  ASSERT_TRUE(lone->rest(lone.now));
  EXPECT_EQ(window(), known);
  receive(known, false);
  EXPECT_EQ(lone->readable_bytes(), known);
}

}  // namespace
}  // namespace sockwire::tcp::test
