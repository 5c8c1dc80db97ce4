// SPDX-License-Identifier: Apache-2.0
// Nagle, windows, probes, retransmission: what the sending half does with a peer that the test plays.
#include "host/tcp/sender.hpp"

#include <gtest/gtest.h>

#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;
constexpr std::uint32_t kMss = 1460;

std::string text(std::size_t bytes) { return std::string(bytes, 'x'); }

// --- what is sent ----------------------------------------------------------------------------------------------------

// RFC 9293 3.7.4: a short segment waits while one is unacknowledged.
TEST(Sender, NagleHoldsBackASecondShortSegment) {
  Lone lone;
  lone.establish();
  lone.send("a");
  EXPECT_EQ(lone.take().size(), 1u);
  lone.send("b");
  lone.send("c");
  EXPECT_TRUE(lone.take().empty());
  lone.receive(kTheirs, kOurs + 1);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(lone.payload(out[0]), "bc");
  EXPECT_TRUE(out[0].flags_last & wire::kTcpPsh);
}

TEST(Sender, NoDelaySendsAtOnce) {
  Lone lone;
  lone.config.nodelay = true;
  lone.establish();
  lone.send("a");
  lone.send("b");
  EXPECT_EQ(lone.take().size(), 2u);
}

TEST(Sender, SwitchingNaglesAlgorithmOffReleasesWhatItHeld) {
  Lone lone;
  lone.establish();
  lone.send("a");
  lone.send("b");
  lone.take();
  lone->set_nodelay(lone.now, true);
  lone.pump();
  EXPECT_EQ(lone.take().size(), 1u);
}

TEST(Sender, FinReleasesWhatNagleHeld) {
  Lone lone;
  lone.establish();
  lone.send("a");
  lone.send("b");
  lone.take();
  lone->shutdown_write(lone.now);
  lone.pump();
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(lone.payload(out[0]), "b");
  EXPECT_TRUE(out[0].fin());
}

// One super-segment up to the congestion window (RFC 6928: ten segments), which the card cuts.
TEST(Sender, BulkGoesAsASuperSegment) {
  Lone lone;
  lone.establish();
  lone.send(text(50000));
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].payload_bytes, 10 * kMss);
  EXPECT_EQ(out[0].mss, kMss);
  EXPECT_EQ(out[0].flags(), wire::kTcpAckFlag) << "no PSH while there is more";
}

TEST(Sender, RoomOnTheCardCutsToWholeSegments) {
  Lone lone;
  lone.establish();
  lone.room = 4000;
  lone.departs = false;
  lone->send(lone.now, std::vector<std::uint8_t>(50000));
  const auto first = lone->poll_transmit(lone.now, 4000);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->payload_bytes, 2 * kMss);
  EXPECT_FALSE(lone->poll_transmit(lone.now, 1459));
  EXPECT_FALSE(lone->poll_transmit(lone.now, 0));
}

TEST(Sender, PeersWindowIsNotOverrun) {
  Lone lone;
  lone.peer_window = 4000;
  lone.establish();
  lone.send(text(20000));
  std::uint32_t sent = 0;
  for (const Transmit& t : lone.take()) sent += t.payload_bytes;
  EXPECT_LE(sent, 4000u);
  EXPECT_EQ(sent, 2 * kMss);
  lone.receive(kTheirs, kOurs + 2 * kMss);
  sent = 0;
  for (const Transmit& t : lone.take()) sent += t.payload_bytes;
  EXPECT_EQ(sent, 2 * kMss);
}

// RFC 9293 3.8.6.2.1: no silly segment for a few bytes of window.
TEST(Sender, SillyWindowIsNotFilled) {
  Lone lone;
  lone.peer_window = 4 * kMss;
  lone.establish();
  lone.send(text(20000));
  lone.take();
  lone.peer_window = 4 * kMss - 1360;
  lone.receive(kTheirs, kOurs + kMss);  // room for 100 bytes
  EXPECT_TRUE(lone.take().empty());
}

TEST(Sender, WritableComesBackAfterAShortSend) {
  Lone lone;
  lone.establish();
  const std::vector<std::uint8_t> data(100000);
  EXPECT_EQ(lone->send(lone.now, data), 65536u);
  lone.pump();
  lone.take_events();
  lone.receive(kTheirs, kOurs + 10 * kMss);
  EXPECT_TRUE(lone.take_events().empty()) << "a quarter of the buffer is not free yet";
  lone.receive(kTheirs, kOurs + 20 * kMss);
  EXPECT_EQ(lone.take_events(), std::vector<Event>{Event::kWritable});
}

// --- probes ----------------------------------------------------------------------------------------------------------

// RFC 9293 3.8.6.1: at least one octet, first after a time-out, then with growing intervals, without an end.
TEST(Sender, ZeroWindowIsProbedWithOneByte) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  EXPECT_TRUE(lone.take().empty());
  TimePoint last = lone.now;
  Duration previous{0};
  for (int i = 0; i < 5; ++i) {
    while (lone.out.empty()) lone.advance(10ms);
    ASSERT_EQ(lone.out.size(), 1u);
    EXPECT_EQ(lone.out[0].seq, kOurs);
    EXPECT_EQ(lone.out[0].payload_bytes, 1u);
    EXPECT_GT(lone.now - last, previous);
    previous = lone.now - last;
    last = lone.now;
    lone.take();
    lone.receive(kTheirs, kOurs);  // still closed
    EXPECT_TRUE(lone.take().empty());
  }
  EXPECT_EQ(lone->info().zero_window_probes, 5u);
  EXPECT_EQ(lone->info().timeouts, 0u) << "a closed window is no loss";
  EXPECT_GE(lone->info().cwnd_bytes, 10 * kMss);
}

TEST(Sender, WindowThatOpensWithoutTheProbesByteStartsFromIt) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  lone.advance(2s);
  lone.take();
  lone.peer_window = 1000;
  lone.receive(kTheirs, kOurs);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(lone.payload(out[0]), "hello");
}

TEST(Sender, WindowThatOpensWithTheProbesByteGoesOnBehindIt) {
  Lone lone;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  lone.advance(2s);
  lone.take();
  lone.peer_window = 1000;
  lone.receive(kTheirs, kOurs + 1);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(lone.payload(out[0]), "ello");
}

TEST(Sender, PeerThatAnswersNoProbeIsGivenUp) {
  Lone lone;
  lone.config.max_retransmissions = 4;
  lone.peer_window = 0;
  lone.establish();
  lone.send("hello");
  lone.advance(1h);
  EXPECT_EQ(lone.take().size(), 4u);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kTimedOut, Event::kClosed}));
}

// --- retransmission --------------------------------------------------------------------------------------------------

// RFC 6298 5.1, 5.4 to 5.6: after RTO the earliest segment, then twice as long.
TEST(Sender, TimeoutRetransmitsTheEarliestSegmentAndBacksOff) {
  Lone lone;
  lone.establish();  // the handshake's sample makes RTO 200 ms
  lone.send(text(3 * kMss));
  lone.take();
  lone.advance(199ms);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ms);
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs);
  EXPECT_EQ(out[0].payload_bytes, kMss);
  EXPECT_TRUE(out[0].retransmission);
  lone.advance(399ms);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ms);
  EXPECT_EQ(lone.take().size(), 1u);
}

// RFC 5681 3.1 and 3.2: the rest goes again in slow start, as ACKs come.
TEST(Sender, AfterATimeoutTheRestFollowsInSlowStart) {
  Lone lone;
  lone.establish();
  lone.send(text(6 * kMss));
  lone.advance(200ms);
  lone.take();
  lone.receive(kTheirs, kOurs + kMss);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs + kMss);
  EXPECT_EQ(out[0].payload_bytes, 2 * kMss);
}

// What the peer had already is skipped.
TEST(Sender, CumulativeAckAfterATimeoutSkipsWhatArrived) {
  Lone lone;
  lone.establish();
  lone.send(text(6 * kMss));
  lone.advance(200ms);
  lone.take();
  lone.receive(kTheirs, kOurs + 6 * kMss);
  EXPECT_TRUE(lone.take().empty());
  EXPECT_TRUE(lone->all_acked());
  EXPECT_EQ(lone->next_deadline(), kNever);
}

// RFC 5681 3.2
TEST(Sender, ThreeDuplicatesRetransmitWithoutWaiting) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  lone.take();
  lone.receive(kTheirs, kOurs);
  lone.receive(kTheirs, kOurs);
  EXPECT_TRUE(lone.take().empty());
  lone.receive(kTheirs, kOurs);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs);
  EXPECT_EQ(out[0].payload_bytes, kMss);
  EXPECT_EQ(lone->info().fast_retransmits, 1u);
}

// RFC 6582 3.2: a partial ACK names the next hole.
TEST(Sender, PartialAckRetransmitsTheNextHole) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  for (int i = 0; i < 3; ++i) lone.receive(kTheirs, kOurs);
  lone.take();
  lone.receive(kTheirs, kOurs + 3 * kMss);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs + 3 * kMss);
  EXPECT_TRUE(out[0].retransmission);
}

// RFC 5681 2: with data, or with another window, it is no duplicate.
TEST(Sender, DataAndWindowUpdatesAreNoDuplicates) {
  Lone lone;
  lone.establish();
  lone.send(text(8 * kMss));
  lone.take();
  for (int i = 0; i < 4; ++i) lone.receive(kTheirs + 3 * i, kOurs, 0, "abc");
  for (int i = 0; i < 4; ++i) {
    lone.peer_window -= 10;
    lone.receive(kTheirs + 12, kOurs);
  }
  EXPECT_EQ(lone->info().dup_acks_in, 0u);
  for (const Transmit& t : lone.take()) EXPECT_FALSE(t.retransmission);
}

// RFC 3042
TEST(Sender, FirstTwoDuplicatesReleaseNewData) {
  Lone lone;
  lone.establish();
  lone.send(text(20 * kMss));
  lone.take();
  lone.receive(kTheirs, kOurs);
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].seq, kOurs + 10 * kMss);
  EXPECT_EQ(out[0].payload_bytes, kMss);
}

// Karn, RFC 6298 3: what was sent twice measures nothing.
TEST(Sender, RetransmittedDataIsNoSample) {
  Lone lone;
  lone.establish();
  const Duration before = lone->info().srtt;
  lone.send("abc");
  lone.advance(250ms);
  lone.receive(kTheirs, kOurs + 3);
  EXPECT_EQ(lone->info().srtt, before);
}

TEST(Sender, GivesUpAfterTooManyRetransmissions) {
  Lone lone;
  lone.config.max_retransmissions = 5;
  lone.establish();
  lone.send("abc");
  lone.take();
  lone.advance(1h);
  EXPECT_EQ(lone.take().size(), 5u);
  EXPECT_EQ(lone.take_events(), (std::vector<Event>{Event::kTroubled, Event::kTimedOut, Event::kClosed}));
}

TEST(Sender, PathMssShrinksWhatIsSent) {
  Lone lone;
  lone.establish();
  lone->on_path_mss(lone.now, 500);
  lone.send(text(1200));
  const auto out = lone.take();
  ASSERT_FALSE(out.empty());
  EXPECT_EQ(out[0].mss, 500);
}

}  // namespace
}  // namespace sockwire::tcp::test
