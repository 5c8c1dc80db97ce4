// SPDX-License-Identifier: Apache-2.0
// Explicit congestion notification, RFC 3168 section 6.1.
#include <gtest/gtest.h>

#include <string>

#include "lone.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr SeqNum kOurs = Lone::kIss + 1;
constexpr SeqNum kTheirs = Lone::kPeer + 1;
constexpr std::uint32_t kMss = 1460;
constexpr int kEce = wire::kTcpEce;
constexpr int kCwr = wire::kTcpCwr;

class EcnTest : public ::testing::Test {
 protected:
  /// Active open; the SYN-ACK has these flags besides.
  void start(EcnMode mode, int answer) {
    lone.config.ecn = mode;
    lone.connect();
    syn_ = lone.out.at(0);
    Segment syn_ack = lone.segment(Lone::kPeer, kOurs, wire::kTcpSyn | wire::kTcpAckFlag | answer);
    syn_ack.options.mss = 1460;
    lone.deliver(syn_ack);
    lone.take();
  }
  void data_arrives(SeqNum seq, EcnCodepoint codepoint, int flags = 0) {
    Segment segment = lone.segment(seq, kOurs, wire::kTcpAckFlag | flags);
    segment.payload = payload_;
    segment.ecn = codepoint;
    lone.deliver(segment);
  }

  Lone lone;
  Transmit syn_;
  std::array<std::uint8_t, 100> payload_{};
};

// 6.1.1: an ECN-setup SYN has both flags, the answer ECE alone.
TEST_F(EcnTest, IsNegotiated) {
  start(EcnMode::kOffer, kEce);
  EXPECT_EQ(syn_.flags() & (kEce | kCwr), kEce | kCwr);
  EXPECT_TRUE(lone->info().ecn);
}

TEST_F(EcnTest, AnswerWithoutEceIsNo) {
  start(EcnMode::kOffer, 0);
  EXPECT_FALSE(lone->info().ecn);
}

// 6.1.1: a peer that merely copies the flags of our SYN has not understood them.
TEST_F(EcnTest, ReflectedFlagsAreNo) {
  start(EcnMode::kOffer, kEce | kCwr);
  EXPECT_FALSE(lone->info().ecn);
}

TEST_F(EcnTest, IsAcceptedButNotOfferedByDefault) {
  start(EcnMode::kAccept, kEce);
  EXPECT_EQ(syn_.flags() & (kEce | kCwr), 0);
  EXPECT_FALSE(lone->info().ecn);

  Lone passive;
  Segment syn = passive.segment(Lone::kPeer, SeqNum(0), wire::kTcpSyn | kEce | kCwr);
  passive.connection = Connection::accept(passive.config, {}, {}, Lone::kIss, syn, passive.now);
  passive.pump();
  EXPECT_EQ(passive.out.at(0).flags() & (kEce | kCwr), kEce);
}

// 6.1.1.1
TEST_F(EcnTest, RepeatedSynDoesNotOfferIt) {
  lone.config.ecn = EcnMode::kOffer;
  lone.connect();
  lone.take();
  lone.advance(1s);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].flags() & (kEce | kCwr), 0);
}

// 6.1.2, 6.1.4, 6.1.5: data is ECT, pure ACKs and what is sent again are not.
TEST_F(EcnTest, NewDataAloneIsEct) {
  start(EcnMode::kOffer, kEce);
  lone.send("abc");
  EXPECT_TRUE(lone.take().at(0).ect);
  lone.advance(200ms);
  EXPECT_FALSE(lone.take().at(0).ect);
  lone.receive(kTheirs + 5, kOurs, 0, "out of order");
  EXPECT_FALSE(lone.take().at(0).ect);
}

// 6.1.2: one reduction a window, told to the peer by CWR on the first new data.
TEST_F(EcnTest, EchoHalvesTheWindowOnce) {
  lone.config.congestion = CongestionAlgorithm::kNewReno;
  start(EcnMode::kOffer, kEce);
  lone.send(std::string(30 * kMss, 'x'));
  lone.take();
  lone.receive(kTheirs, kOurs + 2 * kMss, kEce);
  EXPECT_EQ(lone->info().cwnd_bytes, 5 * kMss);
  lone.receive(kTheirs, kOurs + 4 * kMss, kEce);
  EXPECT_EQ(lone->info().ecn_reductions, 1u);
  EXPECT_TRUE(lone.take().empty());
  lone.receive(kTheirs, kOurs + 8 * kMss);
  auto out = lone.take();
  ASSERT_FALSE(out.empty());
  EXPECT_EQ(out[0].flags_first & kCwr, kCwr);
  lone.receive(kTheirs, out.back().seq_end());
  for (const Transmit& t : lone.take()) EXPECT_EQ(t.flags() & kCwr, 0) << "once";
  EXPECT_EQ(lone->info().retransmissions, 0u);
}

// 6.1.2: with a window of one segment that is marked too, the next goes when the timer says.
TEST_F(EcnTest, MarkedAtOneSegmentWaitsForTheTimer) {
  lone.config.initial_window_segments = 1;
  lone.config.congestion = CongestionAlgorithm::kNewReno;
  start(EcnMode::kOffer, kEce);
  lone.send(std::string(10 * kMss, 'x'));
  ASSERT_EQ(lone.take().size(), 1u);
  lone.receive(kTheirs, kOurs + kMss, kEce);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(199ms);
  EXPECT_TRUE(lone.take().empty());
  lone.advance(1ms);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].payload_bytes, kMss);
  EXPECT_EQ(lone->info().timeouts, 0u);
  lone.receive(kTheirs, kOurs + 2 * kMss);
  EXPECT_FALSE(lone.take().empty()) << "without a mark at once";
}

// 6.1.3: ECE on every ACK until the sender says CWR.
TEST_F(EcnTest, MarkIsEchoedUntilCwr) {
  start(EcnMode::kOffer, kEce);
  data_arrives(kTheirs, EcnCodepoint::kCongestionExperienced);
  auto out = lone.take();
  ASSERT_EQ(out.size(), 1u) << "at once";
  EXPECT_EQ(out[0].flags() & kEce, kEce);
  data_arrives(kTheirs + 100, EcnCodepoint::kEct0);
  data_arrives(kTheirs + 200, EcnCodepoint::kEct0);
  lone.advance(50ms);
  for (const Transmit& t : lone.take()) EXPECT_EQ(t.flags() & kEce, kEce);
  data_arrives(kTheirs + 300, EcnCodepoint::kEct0, kCwr);
  out = lone.take();
  ASSERT_FALSE(out.empty());
  EXPECT_EQ(out.back().flags() & kEce, 0);
}

TEST_F(EcnTest, FlagsMeanNothingWithoutIt) {
  start(EcnMode::kOff, 0);
  lone.send(std::string(4 * kMss, 'x'));
  lone.receive(kTheirs, kOurs + kMss, kEce);
  EXPECT_EQ(lone->info().ecn_reductions, 0u);
  data_arrives(kTheirs, EcnCodepoint::kCongestionExperienced);
  for (const Transmit& t : lone.take()) {
    EXPECT_EQ(t.flags() & kEce, 0);
    EXPECT_FALSE(t.ect);
  }
}

}  // namespace
}  // namespace sockwire::tcp::test
