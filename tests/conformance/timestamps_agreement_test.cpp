// SPDX-License-Identifier: Apache-2.0
// RFC 7323 3.2: timestamps need the option in both SYNs; then every segment but a RST has them, and one without is
// dropped; if they were not agreed on, the option is ignored.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr Options kWithTimestamps{1460, std::nullopt, Timestamps{100, 0}, false};
constexpr Options kWithout{1460, std::nullopt, std::nullopt, false};

class Timestamped : public ::testing::Test {
 protected:
  Timestamped() { lone.config.timestamps = true; }
  void receive(SeqNum seq, const std::string& data, std::uint32_t tsval, int flags = 0) {
    Segment segment = lone.segment(seq, lone->snd_una(), flags | wire::kTcpAckFlag);
    segment.options.timestamps = Timestamps{tsval, 0};
    segment.payload = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
    lone.deliver(segment);
  }
  Lone lone;
};

TEST_F(Timestamped, SynEchoesNothing) {
  lone.connect();
  ASSERT_TRUE(lone.out.at(0).options.timestamps);
  EXPECT_EQ(lone.out[0].options.timestamps->tsecr, 0u);
}

TEST_F(Timestamped, SynAckHasTheOptionOnlyIfTheSynHad) {
  lone.accept(kWithout);
  EXPECT_FALSE(lone.out.at(0).options.timestamps);
  Lone other;
  other.config.timestamps = true;
  other.accept(kWithTimestamps);
  ASSERT_TRUE(other.out.at(0).options.timestamps);
  EXPECT_EQ(other.out[0].options.timestamps->tsecr, 100u);
}

TEST_F(Timestamped, EverySegmentHasTheOption) {
  lone.connect();
  lone.take();
  Segment syn_ack = lone.segment(Lone::kPeer, kOurs, wire::kTcpSyn | wire::kTcpAckFlag);
  syn_ack.options = kWithTimestamps;
  lone.deliver(syn_ack);
  lone.send("data");
  receive(kTheirs + 10, "gap", 101);
  lone.advance(1s);  // retransmissions
  lone->shutdown_write(lone.now);
  lone.pump();
  const auto out = lone.take();
  EXPECT_GE(out.size(), 4u);
  for (const Transmit& transmit : out) EXPECT_TRUE(transmit.options.timestamps);
}

TEST_F(Timestamped, SegmentWithoutTheOptionIsDroppedAndEndsNothing) {
  lone.establish(kWithTimestamps);
  lone.receive(kTheirs, kOurs, 0, "data");
  EXPECT_EQ(lone->readable_bytes(), 0u);
  EXPECT_TRUE(lone.take().empty()) << "in silence";
  EXPECT_EQ(lone->state(), State::kEstablished);
  receive(kTheirs, "data", 101);
  EXPECT_EQ(lone.read(), "data");
}

TEST_F(Timestamped, OptionThatWasNotAgreedOnIsIgnored) {
  lone.establish(kWithout);
  receive(kTheirs, "abc", 200);
  receive(kTheirs + 3, "def", 100);  // older, if it meant anything
  EXPECT_EQ(lone.read(), "abcdef");
  lone.send("data");
  EXPECT_FALSE(lone.out.back().options.timestamps) << "nor is it sent";
}

TEST_F(Timestamped, ResetHasTheOption) {
  lone.establish(kWithTimestamps);
  lone->abort(lone.now);
  lone.pump();
  ASSERT_EQ(lone.out.size(), 1u);
  ASSERT_TRUE(lone.out[0].rst());
  EXPECT_TRUE(lone.out[0].options.timestamps);
}

// RFC 7323 4.3: TS.Recent is of the segment that reaches back to the last ACK, so a hole keeps it.
TEST_F(Timestamped, EchoIsOfTheSegmentThatMovedTheWindow) {
  lone.establish(kWithTimestamps);
  receive(kTheirs + 3, "def", 300);
  EXPECT_EQ(lone.take().at(0).options.timestamps->tsecr, 100u);
  receive(kTheirs, "abc", 250);
  EXPECT_EQ(lone.take().at(0).options.timestamps->tsecr, 250u);
}

// RFC 7323 4.3: of two that wait for one ACK, the earlier is echoed, so that the delay is measured too.
TEST_F(Timestamped, EchoIsOfTheEarliestThatWaits) {
  lone.establish(kWithTimestamps);
  receive(kTheirs, text(kMss), 300);
  receive(kTheirs + kMss, text(kMss), 310);
  const auto out = lone.take();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].options.timestamps->tsecr, 300u);
}

}  // namespace
}  // namespace sockwire::tcp::test
